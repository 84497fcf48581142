"""Workers as processes: killed, they lose nothing; asked to end, they hand their job back.

KILLS says how often a worker is killed in the long test.
"""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from config.tests.processes import kill, wait_until, worker, workers
from config.tests.working import tell_kinds
from crm import work
from crm.models import Job, JobState, MailingGroup
from crm.work.kinds import kinds

KILLS = int(os.environ.get("KILLS", "3"))

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_world(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    tell_kinds()
    yield
    kinds.pop("test.rows")


def start(name: str, total: int, user: User | None = None) -> Job:
    return work.start("test.rows", user=user, total=total, name=name)


def state(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def written(name: str) -> list[int]:
    codes = MailingGroup.objects.filter(code__startswith=name).values_list("code", flat=True)
    return sorted(int(code.removeprefix(name)) for code in codes)


def _more_than(count: int) -> Callable[[], bool]:
    return lambda: MailingGroup.objects.count() > count


def test_killed_workers_lose_nothing_and_do_nothing_twice() -> None:
    jobs = {name: start(name, 400 + 200 * KILLS) for name in ("A", "B", "C")}
    lots = random.Random(7)
    with workers(2) as running:
        for _kill in range(KILLS):
            wait_until(_more_than(MailingGroup.objects.count()))
            victim = lots.randrange(len(running))
            kill(running[victim])
            running[victim] = worker()
        wait_until(lambda: not Job.objects.active().exists(), 120)
    for name, job in jobs.items():
        job.refresh_from_db()
        assert (job.state, job.error, job.done) == (JobState.DONE, "", job.total)
        assert written(name) == list(range(job.total or 0))
    attempts = sum(Job.objects.values_list("attempts", flat=True))
    assert len(jobs) < attempts <= len(jobs) + KILLS
    assert MailingGroup.objects.values("description").distinct().count() > 1


def test_sigterm_hands_the_job_back_at_once() -> None:
    job = start("A", 100_000)
    with workers(1) as running:
        wait_until(MailingGroup.objects.exists)
        running[0].send_signal(signal.SIGTERM)
        assert running[0].wait(timeout=15) == 0
    job.refresh_from_db()
    assert (job.state, job.worker, job.position) == (JobState.QUEUED, "", job.done)
    assert written("A") == list(range(job.done))


def test_cancel_reaches_a_worker() -> None:
    job = start("A", 100_000)
    with workers(1):
        wait_until(MailingGroup.objects.exists)
        work.cancel(job)
        wait_until(lambda: state(job) == JobState.CANCELLED, 15)
    job.refresh_from_db()
    assert written("A") == list(range(job.done))


def test_batch_does_what_there_is_and_ends() -> None:
    job = start("A", 30)
    assert worker("--batch").wait(timeout=60) == 0
    assert state(job) == JobState.DONE
    assert written("A") == list(range(30))
