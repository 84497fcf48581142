"""The reference's rules of delivering attachments (2.18 and quirks 19 to 21), in our semantics."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail

from crm.models import Contact, Job
from interactions import delivery, documents
from interactions.delivery.packs import ZIP
from interactions.models import Delivery, LoggedSegment, PrintPack
from interactions.tests.conftest import log, own_letter
from interactions.tests.test_delivery import Entry, deliver, first, scope, states

LETTER_LESS = {"document": None}


def sent() -> Any:
    return mail.outbox


class TestWhatIsDelivered:
    """Each needs a way and a letter; each has its own state."""

    @pytest.mark.parametrize("change", [{"correspondence_type": ""}, LETTER_LESS])
    def test_neither_without_a_way_nor_without_a_letter(
        self, queued: LoggedSegment, marketer: User, change: dict[str, Any]
    ) -> None:
        queued.entries.update(delivery="")
        queued.entries.filter(position=1).update(**change)
        assert delivery.queue(scope(queued), by=marketer) == 2
        deliver(queued)
        assert states(queued) == ["", "delivered", "delivered"]

    def test_by_mail_and_on_paper_at_once(self, queued: LoggedSegment, marketer: User) -> None:
        """Mails leave no pack behind, and a pack holds no letter that went by mail (quirk 20)."""
        queued.entries.filter(position=2).update(correspondence_type="hard_copy")
        kinds = [job.kind for job in delivery.begin(scope(queued), by=marketer)]
        assert sorted(kinds) == ["delivery.mail", "delivery.pack"]
        deliver(queued)
        assert states(queued) == ["delivered", "queued", "delivered"]
        pack = delivery.make_pack(scope(queued), by=marketer, file_format=ZIP)
        assert pack.entries == [queued.entries.get(position=2).pk]

    def test_mails_alone_make_no_pack(self, queued: LoggedSegment, marketer: User) -> None:
        delivery.begin(scope(queued), by=marketer)
        deliver(queued)
        assert set(Job.objects.values_list("kind", flat=True)) == {"delivery.mail"}
        assert not PrintPack.objects.exists()


class TestTheLetter:
    """A line's own letter goes as it is; a missing salutation spoils nothing."""

    @pytest.fixture
    def own(self, queued: LoggedSegment) -> LoggedSegment:
        letter = own_letter("Only for «Formal_Salutation» as it is")
        queued.entries.filter(position=1).update(document=letter, own_document=True)
        return queued

    def test_its_own_is_attached_as_it_was_stored(self, own: LoggedSegment) -> None:
        own.entries.update(send_word_as_attachment=True)
        deliver(own)
        document = first(own).document
        assert document is not None
        assert sent()[0].attachments[0][1] == documents.read(document)
        assert sent()[1].attachments[0][1] != documents.read(document)

    def test_its_own_is_the_body_unmerged(self, own: LoggedSegment) -> None:
        deliver(own)
        assert "Only for" in sent()[0].body
        assert "Dear" not in sent()[0].body
        assert "Dear Ms Jones" in sent()[1].body

    def test_its_own_is_in_the_pack_as_it_was_stored(
        self, own: LoggedSegment, marketer: User
    ) -> None:
        import zipfile

        own.entries.update(correspondence_type="hard_copy")
        pack = delivery.make_pack(scope(own), by=marketer, file_format=ZIP)
        document = first(own).document
        assert document is not None
        with pack.file.open() as file, zipfile.ZipFile(file) as archive:
            assert archive.read(archive.namelist()[0]) == documents.read(document)

    def test_who_has_no_salutation_spoils_nothing(
        self, queued: LoggedSegment, marketer: User
    ) -> None:
        """Check warned of it; the letter has the plain greeting (quirk 20)."""
        nobody = Contact.objects.create(first_name="Dee", surname="Doe", email="d@example.com")
        log(queued, nobody, 4, "en", correspondence_type="email", delivery=Delivery.QUEUED)
        deliver(queued)
        assert states(queued) == ["delivered"] * 4
        assert "Dear Sir or Madam" in sent()[3].body or "Dee Doe" in sent()[3].body

    def test_without_a_subject_the_description_is_it(self, queued: LoggedSegment) -> None:
        queued.entries.update(subject="")
        deliver(queued)
        assert {one.subject for one in sent()} == {"Spring offer"}

    def test_namesakes_have_files_of_their_own(self, queued: LoggedSegment, marketer: User) -> None:
        import zipfile

        ann = first(queued).contact
        assert ann is not None
        twin = Contact.objects.create(
            first_name=ann.first_name, surname=ann.surname, company=ann.company
        )
        log(queued, twin, 4, "en", correspondence_type="hard_copy", delivery=Delivery.QUEUED)
        queued.entries.update(correspondence_type="hard_copy")
        pack = delivery.make_pack(scope(queued), by=marketer, file_format=ZIP)
        with pack.file.open() as file, zipfile.ZipFile(file) as archive:
            found = [name for name in archive.namelist() if "Ann Smith" in name]
        assert found == [
            "0001 Blooms & Co - Ann Smith.docx",
            "0004 Blooms & Co - Ann Smith.docx",
        ]


def test_delivery_is_of_one_segment(queued: LoggedSegment, template: Any, marketer: User) -> None:
    """Whatever is decided for one leaves the letters of another alone."""
    other = LoggedSegment.objects.create(segment_number="SM00002", description="Other")
    contact = Contact.objects.create(name="Leak", email="leak@example.com")
    leak = log(other, contact, 1, "en", correspondence_type="email", delivery=Delivery.QUEUED)
    deliver(queued)
    for state, decide in (
        (Delivery.DELIVERED, lambda: delivery.resend(scope(queued), by=marketer, way="hard_copy")),
        (Delivery.FAILED, lambda: delivery.retry(scope(queued), by=marketer)),
        (Delivery.QUEUED, lambda: delivery.cancel(scope(queued))),
        (Delivery.DELIVERED, lambda: delivery.refresh(scope(queued), by=marketer)),
    ):
        Entry.objects.filter(logged_segment__isnull=False).update(delivery=state)
        decide()
        leak.refresh_from_db()
        assert (leak.delivery, leak.correspondence_type) == (state, "email")
    assert [one.to for one in sent() if one.to == ["leak@example.com"]] == []
