"""Documents on a storage that has no files of its own, as object storage has none; reading."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from config.tests.bucket import Bucket
from crm import work
from crm.models import Job, JobFile
from crm.storage import Documents, StorageAway
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


def stored_file() -> JobFile:
    job = Job.objects.create(kind="x")
    JobFile.objects.create(job=job, name="a.txt", file=ContentFile(b"one\ntwo\n", name="a.txt"))
    return JobFile.objects.get()


def read_lines(file: Any) -> list[bytes]:
    """Read to its end in every way that files are read here."""
    lines, whole = list(iter(file)), b"".join(file.chunks())
    file.seek(0)
    piece = bytearray(3)
    assert (file.readinto(piece), bytes(piece), file.tell()) == (3, b"one", 3)
    assert whole == b"one" + file.read() == b"".join(lines)
    return lines


def test_a_file_is_read_again(bucket: Bucket) -> None:
    file = stored_file().file
    for _time in range(2):
        with file.open("rb"):
            assert read_lines(file) == [b"one\n", b"two\n"]
    opened = default_storage.open(str(file.name))
    assert (opened.size, len(opened), opened.read()) == (8, 8, b"one\ntwo\n")
    assert opened.open().read() == b"one\ntwo\n"
    opened.close()
    with pytest.raises(ValueError, match="closed"):
        opened.read()
    with opened.open("rb"):
        assert opened.read() == b"one\ntwo\n"


@pytest.mark.parametrize(
    "ask",
    [
        lambda file: file.open("rb"),
        lambda file: file.open(),
        lambda file: file.size,
        lambda file: file.storage.open(file.name),
    ],
)
def test_a_file_asked_for_again_when_the_storage_is_away(
    bucket: Bucket, ask: Callable[[Any], object]
) -> None:
    file = stored_file().file
    with file.open("rb"):
        assert file.read() == b"one\ntwo\n"
    bucket.stop()
    with pytest.raises(StorageAway):
        ask(file)
    with pytest.raises(ValueError, match="closed"):
        file.seek(0)
    with pytest.raises(NotImplementedError):
        str(file.url)


def test_what_was_opened_before_needs_the_storage_no_more(bucket: Bucket) -> None:
    file = stored_file().file
    with file.open("rb") as opened:
        bucket.stop()
        assert read_lines(opened) == [b"one\n", b"two\n"]
        assert opened.open("rb").read() == b"one\ntwo\n"
        assert opened.file.size == 8
    with pytest.raises(StorageAway):
        assert opened.size


def test_a_disk_that_fails_when_it_is_read() -> None:
    """The memory of a process at its beginning: a file that opens, and answers EIO."""
    disk = Documents("django.core.files.storage.FileSystemStorage", {"location": "/proc/self"})
    for way in ("read", "readline"):
        with disk.open("mem") as file, pytest.raises(StorageAway):
            getattr(file, way)()


def test_files_are_read_only(in_memory: None) -> None:
    for mode in ("wb", "r+b", "r"):
        with pytest.raises(ValueError, match="to be read"):
            default_storage.open("x", mode)
