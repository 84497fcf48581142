"""Pages of jobs, and the command."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from crm import work
from crm.models import Job, JobFile, JobState
from crm.work.files import attach

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def job_of(user: User, **fields: Any) -> Job:
    return Job.objects.create(user=user, kind="test.kind <b>", **{"total": 1000, **fields})


@pytest.fixture
def mine(marketer: User) -> Job:
    """The marketer's running job, with a file it made and one it was given."""
    job = job_of(marketer, state=JobState.RUNNING, done=250)
    attach(job, "made <b>.zip", ContentFile(b"made"))
    attach(job, "given.csv", ContentFile(b"given"), is_result=False)
    return job


@pytest.fixture
def theirs(manager: User) -> Job:
    return job_of(manager, state=JobState.FAILED, error="Secret reason")


def at(job: Job, name: str = "job", *more: Any) -> str:
    return reverse(f"crm:{name}", args=[job.pk, *more])


def test_a_job_shows_how_far_it_is_and_asks_again(marketer_client: Client, mine: Job) -> None:
    page = marketer_client.get(at(mine))
    words = page.content.decode()
    assert "250 of 1,000" in words
    assert 'value="25" max="100"' in words
    assert f'hx-get="{at(mine)}" hx-trigger="every 1s"' in words
    assert "<noscript><a" in words
    assert "made &lt;b&gt;.zip" in words
    assert "given.csv" not in words
    assert "test.kind &lt;b&gt;" in words
    assert "Cancel the job" in words
    part = marketer_client.get(at(mine), headers=HTMX).content.decode()
    assert "<html" not in part
    assert "250 of 1,000" in part


def test_at_its_end_it_does_not_ask_again(marketer_client: Client, mine: Job) -> None:
    Job.objects.update(state=JobState.DONE)
    words = marketer_client.get(at(mine)).content.decode()
    assert "every 1s" not in words
    assert "noscript" not in words
    assert "Cancel the job" not in words


def test_the_badge_counts_ones_own_active_jobs(
    marketer_client: Client, manager_client: Client, mine: Job, theirs: Job
) -> None:
    badge = reverse("crm:job_badge")
    assert "1 job running" in marketer_client.get(badge).content.decode()
    assert "1 job running" in marketer_client.get(reverse("home")).content.decode()
    assert manager_client.get(badge).content.decode().strip() == ""


def test_the_badge_costs_one_query(
    marketer_client: Client, mine: Job, django_assert_num_queries: Any
) -> None:
    from django.template import Context, Template

    with django_assert_num_queries(1):
        Template("{% load jobs %}{% job_badge %}").render(Context({"user": mine.user}))


def test_one_sees_ones_own_and_a_manager_all(
    marketer_client: Client, manager_client: Client, reader_client: Client, mine: Job, theirs: Job
) -> None:
    listed = reverse("crm:jobs")
    assert marketer_client.get(listed).context["rows"].count() == 1
    assert manager_client.get(listed).context["rows"].count() == 2
    assert reader_client.get(listed).context["rows"].count() == 0
    assert marketer_client.get(at(theirs)).status_code == 404
    assert manager_client.get(at(mine)).status_code == 200
    for name in ("job_cancel", "job_retry"):
        assert marketer_client.post(at(theirs, name)).status_code == 404
        assert marketer_client.get(at(mine, name)).status_code == 405
    assert Client().get(at(mine)).status_code == 302
    theirs.refresh_from_db()
    assert theirs.state == JobState.FAILED


def test_an_unknown_job(marketer_client: Client) -> None:
    for name in ("job", "job_cancel", "job_retry"):
        assert marketer_client.post(reverse(f"crm:{name}", args=[99])).status_code in (404, 405)
    assert marketer_client.get(reverse("crm:job", args=[99])).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(
    marketer_client: Client, marketer: User, mine: Job, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            marketer_client.get(reverse("crm:jobs"))
        counts.append(len(captured))
        job_of(marketer)
        job_of(marketer)
    assert counts[0] == counts[1]


def test_cancel_and_retry(marketer_client: Client, mine: Job) -> None:
    answer = marketer_client.post(at(mine, "job_cancel"), follow=True)
    assert "The job is being cancelled." in answer.content.decode()
    assert "It ends at its next step." in answer.content.decode()
    mine.refresh_from_db()
    assert mine.cancel_requested
    answer = marketer_client.post(at(mine, "job_retry"), follow=True)
    assert "Only a job that failed or was cancelled" in answer.content.decode()
    Job.objects.update(state=JobState.CANCELLED)
    marketer_client.post(at(mine, "job_retry"))
    mine.refresh_from_db()
    assert (mine.state, mine.cancel_requested) == (JobState.QUEUED, False)


def test_files_for_those_who_may_see_the_job(
    marketer_client: Client, manager_client: Client, reader_client: Client, mine: Job, theirs: Job
) -> None:
    file = mine.files.get(is_result=True)
    answer: Any = marketer_client.get(at(mine, "job_file", file.pk))
    assert b"".join(answer) == b"made"
    assert answer["Content-Disposition"].startswith("attachment")
    theirs_too: Any = manager_client.get(at(mine, "job_file", file.pk))
    assert b"".join(theirs_too) == b"made"
    assert reader_client.get(at(mine, "job_file", file.pk)).status_code == 404
    assert manager_client.get(at(theirs, "job_file", file.pk)).status_code == 404
    file.file.delete(save=False)
    file_row = JobFile.objects.get(pk=file.pk)
    assert file_row.file.name
    assert marketer_client.get(at(mine, "job_file", file.pk)).status_code == 404


class TestCommand:
    """manage.py jobs."""

    def run(self, *arguments: str) -> str:
        out = StringIO()
        call_command("jobs", *arguments, stdout=out)
        return out.getvalue()

    def test_list(self, mine: Job, theirs: Job) -> None:
        lines = self.run().splitlines()
        assert [line.split()[0] for line in lines] == [str(theirs.pk), str(mine.pk)]
        assert "250/1000 marketer" in lines[1]
        assert "Secret reason" in lines[0]

    def test_json_and_state(self, mine: Job, theirs: Job) -> None:
        (row,) = json.loads(self.run("list", "--state", "failed", "--json"))
        assert (row["id"], row["state"], row["error"]) == (theirs.pk, "failed", "Secret reason")

    def test_retry_and_cancel(self, theirs: Job) -> None:
        (row,) = json.loads(self.run("retry", str(theirs.pk), "--json"))
        assert row["state"] == "queued"
        assert "cancelled" in self.run("cancel", str(theirs.pk))
        with pytest.raises(CommandError, match="has ended"):
            self.run("cancel", str(theirs.pk))

    @pytest.mark.usefixtures("db")
    def test_unknown(self) -> None:
        with pytest.raises(CommandError, match="There is no job 99"):
            self.run("retry", "99")
        with pytest.raises(CommandError, match="There is no job"):
            self.run("cancel")


def test_readers_of_jobs_do_not_learn_of_kinds_that_are_gone(marketer: User) -> None:
    assert work.kind_of(job_of(marketer)) is None
