"""Documents on a storage that has no files of its own, as object storage has none."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from crm import work
from crm.models import Job
from interactions.models import Document, LoggedSegment
from segments.demo import load_demo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_memory(settings: Any) -> None:
    """A storage without paths."""
    memory = {"backend": "config.tests.pathless.PathlessStorage"}
    door = {"BACKEND": "crm.storage.Documents", "OPTIONS": memory}
    settings.STORAGES = settings.STORAGES | {"default": door}


@pytest.fixture
def marketer_of_demo(in_memory: None) -> Client:
    from django.contrib.auth.models import User

    load_demo(contacts=60)
    client = Client()
    client.force_login(User.objects.get(username="marketer"))
    return client


def test_there_are_no_paths(in_memory: None) -> None:
    with pytest.raises(NotImplementedError):
        default_storage.path("x")


def test_letters_are_stored_merged_and_proven(marketer_of_demo: Client) -> None:
    logged = LoggedSegment.objects.earliest("pk")
    assert Document.objects.exists()
    answer = marketer_of_demo.get(f"/logged-segments/{logged.segment_number}/letters/")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as letters:
        assert letters.testzip() is None
        assert len(letters.namelist()) > 1
    call_command("verify_log")
    call_command("check_integrity")


def test_jobs_keep_their_files_there(
    marketer_of_demo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.models import User

    from crm.work.kinds import kinds

    def make(job: Job, _progress: Any) -> dict[str, int]:
        with work.new_file(job, "made.txt") as out:
            out.write(b"made")
        return {}

    monkeypatch.setitem(kinds, "test.file", work.Kind("test.file", "A file", make))
    user = User.objects.get(username="marketer")
    job = work.start("test.file", user=user)
    while work.run_next(heartbeat=False):
        pass
    job.refresh_from_db()
    file = job.files.get()
    page = marketer_of_demo.get(f"/jobs/{job.pk}/files/{file.pk}/")
    assert (job.state, page.getvalue()) == ("done", b"made")


def test_a_copy_finds_all_there_is(marketer_of_demo: Client) -> None:
    from crm.backup import _stored

    names = {document.path for document in Document.objects.all()}
    assert names <= set(_stored())
