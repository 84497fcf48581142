"""The reference's rules of Log and of its follow-up (2.16, 2.17), in our semantics."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import AlternativeAddress, Campaign, Contact, NumberSeries, Salesperson
from interactions import cancelling, documents, letters
from interactions.models import Document, InteractionLogEntry, LoggedSegment, Task
from segments import log, overrides, worksheet
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import everybody

Entries = InteractionLogEntry.objects


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def filled(segment: Segment, contact: Any, marketer: User) -> Segment:
    """Ann with an e-mail address and Ben without."""
    contact("Ann", email="ann@example.com")
    contact("Ben")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def line_of(name: str) -> SegmentLine:
    return SegmentLine.objects.get(contact__name=name)


class TestDialog:
    """2.16.1: what is ticked before anybody ticks."""

    @pytest.mark.parametrize("way", ["hard_copy", ""])
    def test_send_is_ticked_where_something_can_be_delivered(
        self, filled: Segment, marketer_client: Client, template: Any, way: str
    ) -> None:
        template.correspondence_type = way
        template.save()
        form = marketer_client.get(reverse("segments:log", args=[filled.number])).context["form"]
        assert (form["send"].initial, form.fields["send"].disabled) == (bool(way), not way)
        assert not form["follow_up"].initial


class TestNumber:
    """2.16.2 step 1 and quirk 28: a number is logged once, whatever became of the log."""

    @pytest.mark.parametrize("cancelled", [False, True])
    def test_a_logged_number_is_not_taken_again(
        self, filled: Segment, marketer: User, cancelled: bool
    ) -> None:
        logged = log.log_segment(filled, by=marketer)
        if cancelled:
            cancelling.cancel_logged_segment(logged)
        with pytest.raises(ValidationError):
            Segment(number=logged.segment_number).full_clean()

    def test_the_series_passes_over_it(self, filled: Segment, marketer: User) -> None:
        typed = NumberSeries.objects.get(code=NumberSeries.SEGMENT).last_number + 1
        Segment.objects.update(number=f"SM{typed:05}")
        filled.refresh_from_db()
        log.log_segment(filled, by=marketer)
        assert Segment.objects.create(description="Next").number == f"SM{typed + 1:05}"


class TestWhatIsWritten:
    """2.16.2, steps 2 to 7."""

    def test_without_a_description_of_its_own_it_is_called_by_its_number(
        self, filled: Segment, marketer: User
    ) -> None:
        """The lines must say one; the header need not."""
        Segment.objects.update(description="")
        filled.refresh_from_db()
        for name in ("Ann", "Ben"):
            overrides.set_value(filled, line_of(name), "description", f"For {name}", by=marketer)
        logged = log.log_segment(filled, by=marketer)
        assert logged.description == f"Segment {logged.segment_number}"
        said = logged.entries.order_by("position").values_list("description", flat=True)
        assert list(said) == ["For Ann", "For Ben"]
        assert (logged.by, timezone.localdate(logged.logged_at)) == (marketer, timezone.localdate())

    def test_an_empty_segment_is_not_logged(self, segment: Segment, marketer: User) -> None:
        with pytest.raises(log.LogRefused):
            log.log_segment(segment, by=marketer)
        assert not LoggedSegment.objects.exists()

    def test_each_entry_names_the_push_of_its_campaign(
        self, filled: Segment, marketer: User, salesperson: Salesperson
    ) -> None:
        """The date and the salesperson of a push are its first line's."""
        other = Campaign.objects.create(description="Other")
        overrides.set_value(filled, line_of("Ben"), "campaign", other, by=marketer)
        overrides.set_value(filled, line_of("Ben"), "date", "2026-02-03", by=marketer)
        logged = log.log_segment(filled, by=marketer)
        (push,) = logged.campaign_entries.all()
        assert (push.segment_number, push.salesperson, push.by, str(push.date)) == (
            logged.segment_number, salesperson, marketer, "2026-02-03",
        )  # fmt: skip
        ann, ben = logged.entries.order_by("position")
        assert (ann.campaign_entry, ben.campaign_entry) == (None, push)

    def test_what_a_line_says_is_kept_to_the_letter(self, filled: Segment, marketer: User) -> None:
        seller = Salesperson.objects.create(code="B", name="B")
        said: dict[str, Any] = {
            "description": "Own", "salesperson": seller, "date": "2026-02-03", "subject": "Mine",
            "cost": Decimal("9.95"), "duration": 7, "evaluation": "negative",
            "correspondence_type": "email", "information_flow": "inbound", "initiated_by": "them",
            "campaign_response": True, "campaign_target": True,
        }  # fmt: skip
        LineOverride.objects.create(line=line_of("Ann"), **said)
        log.log_segment(filled, by=marketer)
        entry = Entries.get(contact__name="Ann")
        assert {name: getattr(entry, name) for name in said} | {"date": str(entry.date)} == said
        assert (entry.by, entry.group.code, entry.postponed) == (marketer, "LETTERS", False)

    def test_an_address_of_the_season_makes_an_email_possible(
        self, filled: Segment, marketer: User
    ) -> None:
        """Step 6a: with an alternative address that has an e-mail, it stays an e-mail."""
        Segment.objects.update(correspondence_type="email", ignore_contact_correspondence_type=True)
        filled.refresh_from_db()
        AlternativeAddress.objects.create(
            contact=Contact.objects.get(name="Ben"), code="NOW", starts_on="2020-01-01",
            email="now@example.com",
        )  # fmt: skip
        assert log.check(filled, send=True) == []
        logged = log.log_segment(filled, by=marketer, send=True)
        rows = logged.entries.values_list("correspondence_type", "delivery")
        assert list(rows) == [("email", "queued")] * 2

    def test_without_a_way_nothing_is_queued(self, filled: Segment, marketer: User) -> None:
        overrides.set_value(filled, line_of("Ben"), "correspondence_type", "", by=marketer)
        filled.template.correspondence_type = ""  # type: ignore[union-attr]
        filled.template.save()  # type: ignore[union-attr]
        overrides.set_value(filled, line_of("Ann"), "correspondence_type", "hard_copy", by=marketer)
        logged = log.log_segment(filled, by=marketer, send=True)
        rows = logged.entries.order_by("position").values_list("delivery", flat=True)
        assert list(rows) == ["queued", ""]

    def test_documents_outlive_the_worksheet_and_never_change(
        self, filled: Segment, marketer: User, letter: Any
    ) -> None:
        """Steps 5, 6e and 7: what was said is locked; what nobody used goes with the draft."""
        of_all = SegmentDocument.objects.create(
            segment=filled, language="en", document=letter("To all {{ Contact_Name }}")
        )
        unused = SegmentDocument.objects.create(
            segment=filled, language="de", document=letter("An alle")
        )
        overrides.set_value(filled, line_of("Ben"), "document", letter("Ben alone"), by=marketer)
        logged = log.log_segment(filled, by=marketer)
        ann, ben = logged.entries.select_related("document").order_by("position")
        assert ann.document == of_all.document
        assert not Document.objects.filter(pk=unused.document_id).exists()
        assert documents.unused(Document.objects.all()).count() == 0
        for entry, text in ((ann, "To all Ann"), (ben, "Ben alone")):
            data = letters.letter(entry)[1]
            assert [one.text for one in docx.Document(BytesIO(data)).paragraphs] == [text]

    def test_tasks_keep_their_segment(self, filled: Segment, marketer: User) -> None:
        """Step 7, quirk 28: the reference's tasks lose it."""
        number = filled.number
        ann = Contact.objects.get(name="Ann")
        Task.objects.create(contact=ann, description="Call", segment_number=number)
        log.log_segment(filled, by=marketer)
        assert Task.objects.get().segment_number == number

    def test_who_changed_since_is_caught(self, filled: Segment, marketer: User) -> None:
        """2.16.3, quirk 24: the reference logs the blocked and minors without a word."""
        Contact.objects.filter(name="Ann").update(minor=True)
        Contact.objects.filter(name="Ben").update(exclude_from_segment=True)
        found = {one.code: one.severity for one in log.check(filled)}
        assert found == {"no_consent": "error", "excluded": "warning"}
        with pytest.raises(log.LogRefused):
            log.log_segment(filled, by=marketer)


class TestFollowUp:
    """2.17: what it begins with. That it is part of the same transaction: test_log."""

    def test_what_it_begins_with(
        self, filled: Segment, marketer: User, salesperson: Salesperson
    ) -> None:
        salesperson.user = marketer
        salesperson.save()
        campaign = Campaign.objects.create(description="Spring")
        Segment.objects.update(campaign=campaign, date="2026-01-05")
        filled.refresh_from_db()
        logged = log.log_segment(filled, by=marketer, follow_up=True)
        made = Segment.objects.get()
        assert (made.description, made.campaign, made.follows, made.template) == (
            f"Follow-up on {logged.segment_number}", campaign, logged, None,
        )  # fmt: skip
        assert (made.salesperson, made.date, made.by) == (
            salesperson, timezone.localdate(), marketer,
        )  # fmt: skip
        (step,) = made.steps.all()
        assert (step.added, step.lines_after) == (2, 2)

    def test_a_description_that_would_be_too_long_is_cut(
        self, filled: Segment, marketer: User
    ) -> None:
        logged = log.log_segment(filled, by=marketer)
        LoggedSegment.objects.update(segment_number="S" * 20)
        logged.refresh_from_db()
        assert len(log.create_follow_up(logged, by=marketer).description) <= 100
