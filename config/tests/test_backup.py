"""A copy made while people work, put into a fresh place, passes every check there is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config.tests.conftest import Run
from crm import backup
from crm.models import AuditEntry, Contact
from interactions import documents
from interactions.models import Document, InteractionLogEntry

pytestmark = pytest.mark.usefixtures("programs")

COUNT = (
    "from crm.models import *; from interactions.models import *; "
    "print(Contact.objects.count(), InteractionLogEntry.objects.count(), "
    "Document.objects.count(), AuditEntry.objects.count())"
)


def test_a_restored_copy_passes_every_check(
    demo: Callable[[str], Client], tmp_path: Path, elsewhere: Run
) -> None:
    counts = " ".join(
        str(model.objects.count()) for model in (Contact, InteractionLogEntry, Document, AuditEntry)
    )
    copy = tmp_path / "copy"
    call_command("backup", copy)
    Contact.objects.update(city="After the copy")
    told = elsewhere("restore", str(copy))
    assert (told.returncode, "check_integrity" in told.stdout) == (0, True), told.stderr
    assert counts in elsewhere("shell", "-v0", "-c", COUNT).stdout
    for check in ("check_integrity", "verify_log"):
        done = elsewhere(check)
        assert done.returncode == 0, done.stdout + done.stderr
    again = elsewhere("restore", str(copy))
    assert (again.returncode, "The database is not empty." in again.stderr) == (1, True)


def test_a_copy_is_for_its_owner_alone(transactional_db: None, tmp_path: Path) -> None:
    copy = tmp_path / "somewhere" / "copy"
    call_command("backup", copy)
    assert copy.stat().st_mode & 0o777 == 0o700


def test_what_comes_between_the_two_copies_is_in_it(
    demo: Callable[[str], Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter that is uploaded while the database is about to be copied."""
    copy_database = backup._copy_database
    stored: list[Document] = []

    def upload_first(folder: Path) -> None:
        from interactions.starter import cover_sheet

        stored.append(documents.store(cover_sheet(), name="late.docx", by=None))
        copy_database(folder)

    monkeypatch.setattr(backup, "_copy_database", upload_first)
    manifest = backup.back_up(tmp_path / "copy")
    assert f"media/{stored[0].path}" in manifest["files"]


@pytest.mark.parametrize("harm", ["altered", "lost", "no manifest", "other engine"])
def test_a_copy_that_is_not_whole_is_refused(
    transactional_db: None, settings: Any, tmp_path: Path, harm: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    default_storage.save("a/b.docx", ContentFile(b"letter"))
    copy = tmp_path / "copy"
    backup.back_up(copy)
    manifest = copy / "manifest.json"
    if harm == "altered":
        (copy / "media/a/b.docx").write_bytes(b"other!")
    elif harm == "lost":
        (copy / "media/a/b.docx").unlink()
    elif harm == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text(manifest.read_text().replace(connection.vendor, "oracle"))
    sentences = {
        "altered": "is missing from the copy, or was altered",
        "lost": "is missing from the copy, or was altered",
        "no manifest": "is no copy of ours",
        "other engine": "another kind of database",
    }
    with pytest.raises(CommandError, match=sentences[harm]):
        call_command("restore", copy)


def test_nothing_is_written_over(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", tmp_path)


def test_a_missing_program_is_named(
    transactional_db: None, settings: Any, tmp_path: Path, postgres: bool
) -> None:
    settings.PG_BIN = str(tmp_path)
    settings.MEDIA_ROOT = tmp_path / "media"
    if postgres:
        with pytest.raises(CommandError, match="pg_dump is not installed"):
            call_command("backup", tmp_path / "copy")
    else:
        call_command("backup", tmp_path / "copy")
