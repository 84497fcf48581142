"""Documents in a bucket of S3, by a server that runs beside the test; also when it is gone."""

import io
import socket
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.settings import BASE_DIR
from config.tests import bucket as buckets
from config.tests import processes
from config.tests.conftest import Run
from crm import erasing, storage, work
from crm.models import Contact, Job, JobState
from crm.work.files import delete_orphans
from interactions import delivery, documents
from interactions.models import (
    Delivery,
    Document,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    PrintPack,
    TemplateLanguage,
)
from segments.models import Segment, SegmentLine

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def letter(text: str) -> ContentFile[bytes]:
    written, data = docx.Document(), io.BytesIO()
    written.add_paragraph(text)
    written.save(data)
    return ContentFile(data.getvalue(), name="letter.docx")


def new_language() -> TemplateLanguage:
    """A language of a template that has none of it yet, by its address; see `add`."""
    template = InteractionTemplate.objects.filter(languages__document__isnull=False).earliest("pk")
    template.languages.filter(language="sv").delete()
    return TemplateLanguage(template=template, language="sv", subject="Hej")


def add(client: Client, row: TemplateLanguage, text: str) -> Any:
    path = f"/templates/{row.template.code}/languages/new/"
    given = {"language": row.language, "subject": row.subject, "letter": letter(text)}
    return client.post(path, given)


def test_the_environment_names_the_storage(bucket: buckets.Bucket, tmp_path: Path) -> None:
    from config.tests.test_settings import PRODUCTION, run

    told = run(
        "manage.py", "shell", "-v0", "-c",
        "from django.core.files.storage import default_storage as storage\n"
        "storage.save('a/b', __import__('io').BytesIO(b'c')); print(type(storage.inner).__name__)",
        **PRODUCTION, **bucket.environment, VAR_DIR=str(tmp_path),
    )  # fmt: skip
    assert (told.stdout.strip(), told.returncode) == ("S3Storage", 0), told.stderr
    assert bucket.names() == {"a/b"}


def test_a_letter_is_uploaded_read_and_deleted(house: buckets.Bucket) -> None:
    client, row = client_of("manager"), new_language()
    before = house.names()
    answer = add(client, row, "Hej {{ Contact_Name }}")
    assert answer.status_code == 302
    document = TemplateLanguage.objects.get(template=row.template, language="sv").document
    assert document is not None
    assert house.names() - before == {document.path}
    assert house.grants(document.path) == {"owner"}
    path = f"/templates/{row.template.code}/"
    for page in (path, f"{path}languages/sv/preview/"):
        html = client.get(page).content.decode()
        assert house.url not in html
        assert document.path not in html
    assert "Hej" in html
    kept = client.get(f"/documents/{document.sha256}/")
    assert docx.Document(io.BytesIO(kept.getvalue())).paragraphs[0].text.startswith("Hej")
    assert Client().get(f"/documents/{document.sha256}/").status_code == 302
    assert client.post(f"{path}languages/sv/delete/").status_code == 302
    assert house.names() == before


def test_a_lines_own_letter(house: buckets.Bucket) -> None:
    line = SegmentLine.objects.filter(segment__in=Segment.objects.all()).earliest("pk")
    url = reverse("segments:line_letter", args=[line.segment.number, line.pk])
    client, before = client_of("marketer"), house.names()
    client.post(url, {"letter": letter("For you alone")})
    document = Document.objects.latest("pk")
    assert house.names() - before == {document.path}
    page = client.get(reverse("segments:line", args=[line.segment.number, line.pk]))
    assert "For you alone" in page.content.decode()


def waiting() -> LoggedSegment:
    """A logged segment whose letters wait to be printed."""
    logged = LoggedSegment.objects.filter(entries__document__isnull=False).earliest("pk")
    letters = logged.entries.exclude(document=None)
    letters.update(correspondence_type="hard_copy", delivery=Delivery.QUEUED)
    return logged


def test_a_pack_is_made_by_a_worker_and_given_to_who_may_have_it(house: buckets.Bucket) -> None:
    logged = waiting()
    delivery.begin(delivery.Scope.of(logged), by=User.objects.get(username="marketer"))
    # A process of its own, which knows the storage by its environment alone, without LibreOffice.
    done = processes.worker("--batch", PATH="", **house.environment).wait(timeout=120)
    assert (done, PrintPack.objects.count()) == (0, 1), list(Job.objects.values("state", "error"))
    pack = PrintPack.objects.get()
    assert house.grants(str(pack.file.name)) == {"owner"}
    answer = client_of("marketer").get(f"{pack.get_absolute_url()}?as_made=1")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as letters:
        assert (letters.testzip(), len(letters.namelist())) == (None, pack.letters + 1)
    assert pack.is_as_made()
    nobody = User.objects.create_user("nobody")
    assert client_of(nobody.username).get(pack.get_absolute_url()).status_code == 403
    assert Client().get(pack.get_absolute_url()).status_code == 302
    people = Contact.whole.filter(interactions__in=pack.entries)
    erasing.erase(list(people), by=None, reason="asked for")
    assert str(pack.file.name) not in house.names()


def test_a_copy_goes_back_into_an_empty_bucket(
    house: buckets.Bucket, tmp_path: Path, elsewhere: Run
) -> None:
    copy, kept = str(tmp_path / "copy"), house.names()
    call_command("backup", copy)
    told = elsewhere("restore", copy, **house.environment)
    assert (told.returncode, "storage of documents is not empty" in told.stderr) == (1, True)
    for name in kept:
        default_storage.delete(name)
    house.stop()
    told = elsewhere("restore", copy, **house.environment)
    assert (told.returncode, told.stderr.splitlines()[-1]) == (1, AWAY)
    house.start()
    told = elsewhere("restore", copy, **house.environment)
    assert (told.returncode, house.names()) == (0, kept), told.stderr
    for check in ("check_integrity", "verify_log"):
        done = elsewhere(check, **house.environment)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_lost_or_left_over_is_found(house: buckets.Bucket) -> None:
    call_command("check_integrity")
    call_command("verify_log")
    lost = Document.objects.earliest("pk")
    data = documents.read(lost)
    default_storage.delete(lost.path)
    default_storage.save("documents/ab/" + "ab" * 32, ContentFile(b"left over"))
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--repair")
    assert "documents/ab/" + "ab" * 32 not in house.names()
    default_storage.save(lost.path, ContentFile(data))
    call_command("check_integrity")


def manage(bucket: buckets.Bucket, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=processes.environment(**bucket.environment),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


AWAY = "The storage of documents does not answer. Try again in a while."


def test_pages_say_that_it_does_not_answer(house: buckets.Bucket) -> None:
    client, row = client_of("manager"), new_language()
    document = Document.objects.earliest("pk")
    house.stop()
    answer = client.get(f"/documents/{document.sha256}/")
    assert (answer.status_code, answer["Retry-After"], AWAY in answer.content.decode()) == (
        503,
        "60",
        True,
    )
    html = client.get(f"/documents/{document.sha256}/?x=1").content.decode()
    assert f'href="/documents/{document.sha256}/?x=1"' in html  # to try again
    assert "Go back in the browser" not in html
    # Pages that only tell of a letter do without it.
    entry = InteractionLogEntry.objects.exclude(document=None)[0]
    for page in (
        row.template.get_absolute_url(),
        entry.get_absolute_url(),
        f"/interactions/new/?contact={entry.contact.number}&template={row.template.code}",
    ):
        answer = client.get(page)
        assert (answer.status_code, AWAY in answer.content.decode()) == (200, True), page
    told = manage(house, "check_integrity", "--only", "document_files")
    assert (told.returncode, told.stderr.splitlines()[-1]) == (1, AWAY)


def test_what_is_deleted_meanwhile_is_found_later(house: buckets.Bucket) -> None:
    client, row = client_of("manager"), new_language()
    add(client, row, "Hej {{ Contact_Name }}")
    document = Document.objects.latest("pk")
    house.stop()
    path = f"/templates/{row.template.code}/languages/sv/delete/"
    assert client.post(path).status_code == 302
    assert not Document.objects.filter(pk=document.pk).exists()
    house.start()
    assert document.path in house.names()
    call_command("check_integrity", "--repair")
    assert document.path not in house.names()


@pytest.mark.parametrize("way", ["email", "hard_copy"])
def test_work_waits_and_fails_nothing(house: buckets.Bucket, way: str) -> None:
    letters = waiting().entries.filter(delivery=Delivery.QUEUED)
    letters.update(correspondence_type=way)
    ids = set(letters.values_list("pk", flat=True))
    Contact.objects.filter(pk__in=letters.values("contact")).update(email="ann@example.com")
    scope = delivery.Scope.of(LoggedSegment.objects.get(entries__in=ids))
    delivery.begin(scope, by=User.objects.get(username="marketer"))
    house.stop()
    assert work.run_next(heartbeat=False)
    assert set(Job.objects.values_list("state", "error")) == {(JobState.QUEUED, AWAY)}
    assert set(letters.values_list("pk", flat=True)) == ids
    assert (mail.outbox, PrintPack.objects.count()) == ([], 0)
    house.start()
    Job.objects.update(not_before=None)
    assert work.run_next(heartbeat=False)
    assert set(Job.objects.values_list("state", "error")) == {(JobState.DONE, "")}
    assert not letters.exists()
    made = {"email": (0, len(ids)), "hard_copy": (1, 0)}
    assert (PrintPack.objects.count(), len(mail.outbox)) == made[way]


def test_a_storage_that_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setitem(storage.HURRY, "read_timeout", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.STORAGES = settings.STORAGES | {"default": buckets.Bucket(url).settings}
        began = time.monotonic()
        with pytest.raises(storage.StorageAway):
            default_storage.open("documents/x")
        assert time.monotonic() - began < 5


def test_a_file_left_over_by_a_crash_is_found_without_folders(bucket: buckets.Bucket) -> None:
    default_storage.save("jobs/x/a.txt", ContentFile(b"left"))
    later = timezone.now() + timedelta(minutes=1)
    assert delete_orphans("jobs", set(), timezone.now() - timedelta(hours=1)) == 0
    assert delete_orphans("jobs", set(), later) == 1
    assert bucket.names() == set()
    assert delete_orphans("jobs", set(), later) == 0
