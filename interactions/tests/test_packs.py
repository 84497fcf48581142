"""Print packs: in order, kept with the logged segment, the same bytes again."""

import csv
import hashlib
import io
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from crm import work
from crm.models import Contact, Job, JobState
from interactions import cancelling, delivery, proofs
from interactions.delivery.packs import PDF, ZIP
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment, PrintPack


@pytest.fixture
def to_print(logged: LoggedSegment) -> LoggedSegment:
    """Two letters to be printed; the second of the three goes by e-mail."""
    logged.entries.update(correspondence_type="hard_copy", delivery=Delivery.QUEUED)
    Contact.objects.filter(first_name="Beth").update(email="beth@example.com")
    logged.entries.filter(position=2).update(correspondence_type="email")
    return logged


def states(logged: LoggedSegment) -> list[str]:
    return list(logged.entries.order_by("position").values_list("delivery", flat=True))


def content(pack: PrintPack) -> bytes:
    with pack.file.open() as file:
        return bytes(file.read())


def text_of(data: bytes) -> str:
    return "\n".join(part.text for part in docx.Document(BytesIO(data)).paragraphs)


def test_a_pack_of_what_waits(to_print: LoggedSegment, marketer: User) -> None:
    pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
    assert (pack.letters, pack.by, pack.name) == (2, marketer, "SM00001 print 1.zip")
    data = content(pack)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (pack.size, pack.sha256)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == [
            "0001 Blooms & Co - Ann Smith.docx",
            "0003 Blooms & Co - Cilla Laine.docx",
            "manifest.csv",
        ]
        assert "Comment <1> for Ann" in text_of(archive.read(names[0]))
        rows = list(csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        assert rows[1][3] == hashlib.sha256(archive.read(names[0])).hexdigest()
    assert states(to_print) == ["delivered", "queued", "delivered"]
    with pytest.raises(work.Refused):
        delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)


def test_the_same_bytes_again(to_print: LoggedSegment, marketer: User) -> None:
    pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
    Contact.objects.filter(first_name="Ann").update(surname="Other", privacy_blocked=True)
    InteractionLogEntry.objects.update(delivery="failed")
    out = BytesIO()
    assert delivery.make_again(pack, out) == pack.sha256
    assert out.getvalue() == content(pack)


@pytest.mark.libreoffice
def test_as_pdf_the_same_bytes_again(to_print: LoggedSegment, marketer: User) -> None:
    from pypdf import PdfReader

    pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=PDF)
    assert pack.name == "SM00001 print 1.pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(content(pack))).pages]
    assert [("Ann" in page, "Cilla" in page) for page in pages] == [(True, False), (False, True)]
    assert delivery.make_again(pack, BytesIO()) == pack.sha256


def test_blocked_contacts_are_not_in_it(to_print: LoggedSegment, marketer: User) -> None:
    Contact.objects.filter(first_name="Ann").update(privacy_blocked=True)
    pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
    assert pack.letters == 1
    assert states(to_print) == ["failed", "queued", "delivered"]
    entry = to_print.entries.get(position=1)
    assert (entry.delivery_error, entry.pk in pack.entries) == ("The contact is blocked.", False)


def test_the_job_makes_it_and_the_page_offers_it(
    to_print: LoggedSegment,
    marketer_client: Client,
    marketer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")  # no LibreOffice: Word documents in a zip file
    jobs = delivery.begin(delivery.Scope.of(to_print), by=marketer)
    assert sorted(job.kind for job in jobs) == ["delivery.mail", "delivery.pack"]
    while work.run_next(heartbeat=False):
        pass
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert states(to_print) == ["delivered"] * 3
    assert [one.to for one in mail.outbox] == [["beth@example.com"]]
    pack = PrintPack.objects.get()
    page = marketer_client.get(to_print.get_absolute_url()).content.decode()
    assert pack.get_absolute_url() in page
    answer: Any = marketer_client.get(pack.get_absolute_url())
    assert b"".join(answer) == content(pack)
    assert answer["Content-Disposition"].startswith("attachment")
    job = Job.objects.get(kind="delivery.pack")
    shown = marketer_client.get(job.get_absolute_url()).content.decode()
    assert "2 letters are ready." in shown
    assert to_print.get_absolute_url() in shown


def test_packs_for_readers_not_for_strangers(
    to_print: LoggedSegment, marketer: User, reader_client: Client
) -> None:
    pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
    answer: Any = reader_client.get(pack.get_absolute_url())
    assert len(b"".join(answer)) == pack.size
    assert Client().get(pack.get_absolute_url()).status_code == 302
    elsewhere = pack.get_absolute_url().replace("SM00001", "SM00002")
    assert reader_client.get(elsewhere).status_code == 404
    pack.file.delete(save=False)
    assert reader_client.get(pack.get_absolute_url()).status_code == 404


class TestStopped:
    """What must not be posted any more is named, and left out of a new pack; the file stays."""

    def test_named_before_the_file_is_given(
        self, to_print: LoggedSegment, marketer: User, reader_client: Client
    ) -> None:
        pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
        url, page = pack.get_absolute_url(), to_print.get_absolute_url()
        assert "must not be posted" not in reader_client.get(page).content.decode()
        Contact.objects.filter(first_name="Ann").update(privacy_blocked=True)
        assert "1 must not be posted any more" in reader_client.get(page).content.decode()
        words = reader_client.get(url).content.decode()
        assert "1 of the 2 letters in this pack must not be posted any more." in words
        assert ("Ann Smith" in words, "Cilla" in words) == (True, False)
        assert "The contact is blocked." in words
        assert "New pack" not in words
        answer: Any = reader_client.get(f"{url}?as_made=1")
        assert b"".join(answer) == content(pack)

    @pytest.mark.parametrize(
        ("why", "said"),
        [
            ("cancelled", "The interaction was cancelled."),
            ("deleted", "1 interaction was deleted"),
            ("gone", "The contact was deleted."),
        ],
    )
    def test_for_whatever_reason(
        self, to_print: LoggedSegment, marketer: User, marketer_client: Client, why: str, said: str
    ) -> None:
        pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
        proofs.prove(to_print)
        entry = InteractionLogEntry.objects.filter(position=3)
        if why == "gone":
            entry.update(contact=None)
        else:
            cancelling.cancel_entries(entry)
        if why == "deleted":
            cancelling.delete_cancelled(entry)
        assert said in marketer_client.get(pack.get_absolute_url()).content.decode()
        page = marketer_client.get(to_print.get_absolute_url()).content.decode()
        assert "1 must not be posted any more" in page

    def test_a_new_pack_without_them(
        self, to_print: LoggedSegment, marketer: User, marketer_client: Client
    ) -> None:
        pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
        Contact.objects.filter(first_name="Ann").update(privacy_blocked=True)
        before = states(to_print)
        url = reverse("interactions:pack_anew", args=["SM00001", pack.pk])
        assert url in marketer_client.get(pack.get_absolute_url()).content.decode()
        page = marketer_client.post(url, follow=True).content.decode()
        assert "without what must not be posted" in page
        assert "It is being worked on." in page
        while work.run_next(heartbeat=False):
            pass
        anew = PrintPack.objects.latest("pk")
        assert (anew.name, anew.letters) == ("SM00001 print 2.zip", 1)
        with zipfile.ZipFile(BytesIO(content(anew))) as archive:
            assert archive.namelist() == ["0003 Blooms & Co - Cilla Laine.docx", "manifest.csv"]
        assert states(to_print) == before
        assert (delivery.make_again(pack, BytesIO()), PrintPack.objects.count()) == (pack.sha256, 2)
        job = Job.objects.get(kind="delivery.repack")
        assert "1 letter is ready" in marketer_client.get(job.get_absolute_url()).content.decode()

    def test_nobody_is_left(
        self, to_print: LoggedSegment, marketer: User, marketer_client: Client
    ) -> None:
        pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
        Contact.objects.update(privacy_blocked=True)
        assert "New pack" not in marketer_client.get(pack.get_absolute_url()).content.decode()
        with pytest.raises(work.Refused):
            delivery.make_anew(pack, by=marketer)
        assert PrintPack.objects.count() == 1

    def test_who_may_not(
        self,
        to_print: LoggedSegment,
        marketer: User,
        reader_client: Client,
        marketer_client: Client,
    ) -> None:
        pack = delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
        url = reverse("interactions:pack_anew", args=["SM00001", pack.pk])
        assert reader_client.post(url).status_code == 403
        assert Client().post(url).status_code == 302
        assert marketer_client.get(url).status_code == 405
        assert marketer_client.post(url.replace("SM00001", "SM00002")).status_code == 404
        assert not Job.objects.exists()


def test_one_letter_again(to_print: LoggedSegment, marketer: User) -> None:
    delivery.make_pack(delivery.Scope.of(to_print), by=marketer, file_format=ZIP)
    ann = delivery.Scope.of(to_print.entries.get(position=1))
    assert delivery.resend(ann, by=marketer) == 1
    job = Job.objects.get()
    assert (job.kind, job.arguments) == ("delivery.pack", {"entry": ann.entry})
    pack = delivery.make_pack(ann, by=marketer, file_format=ZIP)
    assert (pack.logged_segment, pack.letters, pack.name) == (to_print, 1, "SM00001 print 2.zip")


def test_a_single_interaction_has_no_pack(to_print: LoggedSegment, marketer: User) -> None:
    entry = to_print.entries.get(position=1)
    InteractionLogEntry.objects.filter(pk=entry.pk).update(logged_segment=None, segment_number="")
    with pytest.raises(work.Refused):
        delivery.make_pack(delivery.Scope.of(entry), by=marketer, file_format=ZIP)
