"""Jobs: the lease, its loss, going on, cancelling, failing, files."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from crm import work
from crm.models import Job, JobFile, JobState, MailingGroup
from crm.work.beside import beside
from crm.work.claiming import MOST_STALLED, claim
from crm.work.kinds import Kind, kinds
from crm.work.lease import Cancelled, Lease, LeaseLost, Stopped

CHUNKS = 5


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _known_kinds() -> Iterator[None]:
    """What a test adds to the kinds of work goes with it."""
    before = dict(kinds)
    yield
    kinds.clear()
    kinds.update(before)
    work.stopping.clear()


def write_groups(job: Job, progress: work.Progress, fail_at: int | None = None) -> dict[str, Any]:
    """Five chunks of one row each."""
    for number in range(job.position or 0, CHUNKS):
        with transaction.atomic():
            MailingGroup.objects.create(code=f"G{number}")
            if number == fail_at:
                raise ValueError("no more")
            progress(number + 1, CHUNKS, position=number + 1)
    return {"written": MailingGroup.objects.count()}


@pytest.fixture
def job(marketer: User) -> Job:
    """A job that writes five rows."""
    work.kind("groups", label="Groups")(write_groups)
    return work.start("groups", user=marketer)


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def groups() -> list[str]:
    return list(MailingGroup.objects.order_by("code").values_list("code", flat=True))


def content(file: JobFile) -> bytes:
    with file.file.open() as opened:
        return bytes(opened.read())


def run() -> bool:
    return work.run_next(heartbeat=False)


ALL = [f"G{number}" for number in range(CHUNKS)]


def test_from_start_to_end(job: Job, marketer: User) -> None:
    assert (job.state, job.user, job.percent) == (JobState.QUEUED, marketer, None)
    assert run() is True
    ended = now(job)
    assert (ended.state, ended.done, ended.total, ended.percent) == (JobState.DONE, 5, 5, 100)
    assert (ended.result, ended.error, ended.worker, ended.lease_until) == (
        {"written": 5}, "", "", None,
    )  # fmt: skip
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert groups() == ALL
    assert run() is False


def test_an_unknown_kind_is_not_started(marketer: User) -> None:
    with pytest.raises(KeyError):
        work.start("no such work", user=marketer)
    assert not Job.objects.exists()


def test_a_kind_that_the_code_has_forgotten_fails(job: Job) -> None:
    del kinds["groups"]
    run()
    assert now(job).state == JobState.FAILED
    assert now(job).error == "This version does not know such work: groups."


def test_what_was_left_is_taken_up_at_the_same_place(job: Job) -> None:
    taken = claim("dead:1")
    assert taken is not None
    lease = Lease(taken)
    with transaction.atomic():
        MailingGroup.objects.create(code="G0")
        lease(1, CHUNKS, position=1)
    assert run() is False  # the lease holds
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run() is True
    assert groups() == ALL
    assert (now(job).state, now(job).attempts, now(job).stalled) == (JobState.DONE, 2, 0)


def test_who_lost_the_lease_cannot_commit(job: Job) -> None:
    first = claim("slow:1")
    assert first is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim("slow:1")  # even where the other is called the same
    assert second is not None
    with pytest.raises(LeaseLost):
        write_groups(first, Lease(first))
    assert groups() == []
    with pytest.raises(LeaseLost):
        Lease(first).end(JobState.DONE)
    Lease(second)(1, CHUNKS, position=1)
    assert (now(job).position, now(job).state) == (1, JobState.RUNNING)


def test_failing_tells_why_keeps_what_is_done_and_can_be_retried(job: Job) -> None:
    kinds["groups"] = Kind("groups", "Groups", lambda job, go: write_groups(job, go, fail_at=2))
    run()
    assert groups() == ["G0", "G1"]
    failed = now(job)
    assert (failed.state, failed.position) == (JobState.FAILED, 2)
    assert "ValueError: no more" in failed.error
    kinds["groups"] = Kind("groups", "Groups", write_groups)
    retried = work.retry(failed)
    assert (retried.state, retried.error, retried.ended_at) == (JobState.QUEUED, "", None)
    run()
    assert groups() == ALL
    with pytest.raises(work.NotNow):
        work.retry(now(job))


def test_a_refusal_is_a_sentence(job: Job) -> None:
    def refuse(_job: Job, _progress: work.Progress) -> None:
        raise work.Refused("There is no letter.")

    kinds["groups"] = Kind("groups", "Groups", refuse)
    run()
    assert (now(job).state, now(job).error) == (JobState.FAILED, "There is no letter.")


def test_later_is_called_again_and_not_before(job: Job) -> None:
    def wait(_job: Job, _progress: work.Progress) -> None:
        raise work.Later(60)

    kinds["groups"] = Kind("groups", "Groups", wait)
    assert run() is True
    assert now(job).state == JobState.QUEUED
    assert run() is False
    Job.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert run() is True


def test_cancelling_a_waiting_job(job: Job) -> None:
    assert work.cancel(job).state == JobState.CANCELLED
    assert run() is False
    with pytest.raises(work.NotNow):
        work.cancel(job)


def test_cancelling_a_running_job_takes_the_open_chunk_back(job: Job) -> None:
    def cancelled_meanwhile(job: Job, progress: work.Progress) -> None:
        with transaction.atomic():
            MailingGroup.objects.create(code="KEPT")
            progress(1, 3, position=1)
        work.cancel(job)
        with transaction.atomic():
            MailingGroup.objects.create(code="TAKEN BACK")
            progress(2, 3, position=2)

    kinds["groups"] = Kind("groups", "Groups", cancelled_meanwhile)
    run()
    ended = now(job)
    assert (ended.state, ended.position, ended.cancel_requested) == (JobState.CANCELLED, 1, False)
    assert groups() == ["KEPT"]


def test_cancelling_a_job_whose_worker_is_dead(job: Job) -> None:
    claim("dead:1")
    assert work.cancel(job).state == JobState.RUNNING
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run() is False
    assert now(job).state == JobState.CANCELLED


def test_a_worker_that_is_to_end_hands_the_job_back(job: Job) -> None:
    work.stopping.set()
    run()
    assert (now(job).state, now(job).worker, groups()) == (JobState.QUEUED, "", [])
    work.stopping.clear()
    run()
    assert groups() == ALL


def test_a_job_that_kills_its_workers_is_given_up(job: Job) -> None:
    for attempt in range(MOST_STALLED):
        assert claim(f"dead:{attempt}") is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run() is False
    assert now(job).state == JobState.FAILED
    assert "ended 5 times" in now(job).error


def test_interruptions_are_not_swallowed_on_the_way() -> None:
    for interruption in (LeaseLost, Cancelled, Stopped):
        assert not issubclass(interruption, Exception)


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_little_is_written(job: Job) -> None:
    taken = claim("worker:1")
    assert taken is not None
    lease = Lease(taken)
    for number in range(1, 100):
        lease(number, 100)
    assert now(job).done == 1


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_while_rows_are_read_and_others_write(job: Job) -> None:
    """An export is in the middle of its rows when somebody saves something."""
    for number in range(3):
        MailingGroup.objects.create(code=f"OLD{number}")
    taken = claim("worker:1")
    assert taken is not None
    lease = Lease(taken)
    rows = MailingGroup.objects.order_by("code").values_list("code", flat=True).iterator(1)
    read = [next(rows)]
    beside(lambda: MailingGroup.objects.create(code="ZNEW").pk)
    lease(1, 3)
    read += rows
    assert (now(job).done, read) == (1, ["OLD0", "OLD1", "OLD2"])
    assert groups() == [*read, "ZNEW"]


@pytest.mark.django_db(transaction=True)
def test_who_reads_is_told_of_an_end_too(job: Job) -> None:
    """Somebody does not want it any more; or another worker has it."""
    MailingGroup.objects.create(code="A")
    MailingGroup.objects.create(code="B")
    for change, interruption in (
        ({"cancel_requested": True}, Cancelled),
        ({"attempts": 9}, LeaseLost),
    ):
        Job.objects.update(state=JobState.QUEUED, cancel_requested=False, lease_until=None)
        taken = claim("worker:1")
        assert taken is not None
        rows: Any = MailingGroup.objects.iterator(1)
        next(rows)
        beside(partial(Job.objects.update, **change))
        with pytest.raises(interruption):
            Lease(taken)(1, 2)
        rows.close()


@pytest.mark.django_db(transaction=True)
def test_start_tells_django_tasks_and_the_task_does_the_work(job: Job) -> None:
    from django_tasks_db.models import DBTaskResult

    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [job.pk], "kwargs": {}}
    task.task.call(job.pk)
    task.task.call(job.pk)  # a second time finds nothing to do
    assert (now(job).state, groups()) == (JobState.DONE, ALL)


def test_the_job_speaks_the_language_of_who_started_it(marketer: User) -> None:
    from django.utils import translation
    from django.utils.translation import gettext

    work.kind("speak", label="Speak")(lambda _job, _progress: {"said": gettext("Contacts")})
    with translation.override("fi"):
        job = work.start("speak", user=marketer)
    run()
    with translation.override("fi"):
        assert now(job).result == {"said": gettext("Contacts")}


class TestFiles:
    """What jobs are given and make."""

    def test_given_and_made(self, marketer: User) -> None:
        def copy(job: Job, _progress: work.Progress) -> None:
            given = job.files.get(is_result=False)
            with work.new_file(job, "copy.txt") as out:
                out.write(content(given).upper())

        work.kind("copy", label="Copy")(copy)
        job = work.start("copy", user=marketer, files={"../../in.txt": ContentFile(b"words")})
        given = job.files.get()
        assert (given.name, given.size, given.is_result) == ("../../in.txt", 5, False)
        path = str(given.file.name)
        assert path.startswith("jobs/")
        assert path.endswith("/in.txt")
        run()
        made = job.files.get(is_result=True)
        assert (made.name, content(made)) == ("copy.txt", b"WORDS")

    @pytest.mark.django_db(transaction=True)
    def test_a_second_file_of_that_name_takes_the_place_of_the_first(self, job: Job) -> None:
        taken = claim("worker:1")
        assert taken is not None
        for words in (b"one", b"two"):
            with work.new_file(taken, "a.txt") as out:
                out.write(words)
        assert [content(file) for file in job.files.all()] == [b"two"]
        assert len(default_storage.listdir("jobs")[0]) == 1

    def test_nothing_is_kept_of_a_torn_file_or_a_lost_lease(self, job: Job) -> None:
        taken = claim("worker:1")
        assert taken is not None
        with pytest.raises(TypeError), work.new_file(taken, "a.txt") as out:
            out.write("no bytes")  # type: ignore[call-overload]
        Job.objects.update(attempts=7)
        with pytest.raises(LeaseLost), work.new_file(taken, "a.txt") as out:
            out.write(b"whole")
        assert not JobFile.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_they_expire_and_old_jobs_are_forgotten(
        self, job: Job, marketer: User, settings: Any
    ) -> None:
        settings.JOB_FILE_DAYS, settings.JOB_DAYS = 7, 90
        taken = claim("worker:1")
        assert taken is not None
        with work.new_file(taken, "a.txt") as out:
            out.write(b"words")
        Lease(taken).end(JobState.DONE)
        work.start("groups", user=marketer, files={"kept.txt": ContentFile(b"kept")})
        assert work.tidy() == 0
        Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=8))
        assert work.tidy() == 1
        assert [file.name for file in JobFile.objects.all()] == ["kept.txt"]
        assert len(default_storage.listdir("jobs")[0]) == 1
        Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=91))
        work.tidy()
        assert Job.objects.count() == 1

    @pytest.mark.usefixtures("db")
    def test_files_that_a_crash_left_without_a_row_go_after_a_day(self) -> None:
        import os

        path = default_storage.save("jobs/x/a.txt", ContentFile(b"left"))
        assert work.tidy() == 0
        yesterday = (timezone.now() - timedelta(days=2)).timestamp()
        os.utime(default_storage.path(path), (yesterday, yesterday))
        assert work.tidy() == 1
        assert not default_storage.exists("jobs/x")
