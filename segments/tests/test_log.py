"""Check, Log and follow-up."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Campaign, Contact, Job, MarketingSetup
from interactions import letters
from interactions.models import CampaignEntry, InteractionLogEntry, LoggedSegment
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, named, names


@pytest.fixture
def filled(segment: Segment, contact: Any, marketer: Any) -> Segment:
    """Ann with an e-mail address and Ben without."""
    contact("Ann", email="ann@example.com")
    contact("Ben")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def found(segment: Segment, **options: Any) -> dict[str, tuple[str, int]]:
    """The problems by code."""
    return {
        problem.code: (problem.severity, problem.count) for problem in log.check(segment, **options)
    }


class TestCheck:
    """Every problem at once, counted, in one pass."""

    def test_nothing_to_say(self, filled: Segment) -> None:
        assert log.check(filled, send=True) == []

    def test_empty(self, segment: Segment) -> None:
        assert found(segment) == {"empty": ("error", 0)}

    def test_all_problems_of_all_lines(self, filled: Segment, contact: Any, marketer: Any) -> None:
        Segment.objects.update(template=None, description="", salesperson=None)
        filled.refresh_from_db()
        Contact.objects.filter(name="Ann").update(privacy_blocked=True)
        Contact.objects.filter(name="Ben").update(exclude_from_segment=True)
        worksheet.add_contacts(
            filled, everybody(), by=marketer, confirm_all=True, allow_existing=True,
            ignore_exclusion=True,
        )  # fmt: skip
        assert found(filled) == {
            "no_description": ("error", 3),
            "no_template": ("error", 3),
            "no_salesperson": ("error", 3),
            "blocked": ("error", 1),
            "excluded": ("warning", 2),
            "twice": ("warning", 1),
        }
        assert [one.contact.name for one in log.problem_lines(filled, "blocked")] == ["Ann"]
        assert [one.contact.name for one in log.problem_lines(filled, "twice")] == ["Ben"]
        assert list(log.problem_lines(filled, "no such thing")) == []

    def test_what_matters_for_sending_only(self, filled: Segment) -> None:
        Segment.objects.update(correspondence_type="email", ignore_contact_correspondence_type=True)
        filled.refresh_from_db()
        assert found(filled) == {"no_address": ("warning", 1)}
        assert found(filled, send=True) == {"no_address": ("error", 1)}

    def test_a_letter_is_missing(self, filled: Segment) -> None:
        filled.template.languages.all().delete()  # type: ignore[union-attr]
        assert found(filled) == {"no_document": ("warning", 2)}
        assert found(filled, send=True) == {"no_document": ("error", 2)}

    def test_sentences(self, filled: Segment) -> None:
        Contact.objects.filter(name="Ann").update(minor=True)
        assert [one.sentence for one in log.check(filled)] == [
            "1 line of contacts that are blocked now."
        ]


class TestLog:
    """All of it or nothing."""

    def test_the_worksheet_becomes_entries(self, filled: Segment, marketer: Any) -> None:
        campaign = Campaign.objects.create(description="Spring")
        Segment.objects.update(campaign=campaign)
        filled.refresh_from_db()
        ann = SegmentLine.objects.get(contact__name="Ann")
        LineOverride.objects.create(
            line=ann, description="For Ann", personal_comment="Hello dog", evaluation="positive"
        )
        number = filled.number
        logged = log.log_segment(filled, by=marketer)
        assert (logged.segment_number, logged.description, logged.by, logged.entry_count) == (
            number,
            "Spring letter",
            marketer,
            2,
        )
        entries = logged.entries.order_by("position")
        both = ("Spring letter", Decimal("1.20"), 3, "News", "hard_copy", "en", "", campaign.pk)
        columns = ("cost", "duration", "subject", "correspondence_type", "language", "delivery")
        kept = entries.values_list("contact__name", "description", *columns, "campaign")
        assert list(kept) == [("Ann", "For Ann", *both[1:]), ("Ben", *both)]
        assert list(entries.values_list("position", "evaluation")) == [(1, "positive"), (2, "")]
        assert not Segment.objects.filter(number=number).exists()
        assert SegmentLine.objects.count() == SegmentStep.objects.count() == 0
        assert LineOverride.objects.count() == 0
        entry = CampaignEntry.objects.get()
        assert (entry.campaign, entry.segment_number, entry.interactions.count()) == (
            campaign,
            number,
            2,
        )

    def test_the_letter_of_each_contact(self, filled: Segment, marketer: Any) -> None:
        line = SegmentLine.objects.get(contact__name="Ann")
        LineOverride.objects.create(line=line, personal_comment="Greetings to the dog")
        logged = log.log_segment(filled, by=marketer)
        name, before = letters.letter(logged.entries.get(position=1))
        Contact.objects.update(name="Somebody Else", email="else@example.com")
        again, after = letters.letter(logged.entries.get(position=1))
        assert (name, again) == ("0001 Ann.docx", "0001 Ann.docx")
        (text,) = [part.text for part in docx.Document(BytesIO(before)).paragraphs]
        assert text == "Dear Ann, Greetings to the dog"
        assert [part.text for part in docx.Document(BytesIO(after)).paragraphs] == [text]
        assert after == before

    def test_header_and_trail_are_kept_in_words(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer)
        assert logged.header["template"]["value"] == "LETTER"
        assert logged.header["description"] == {
            "value": "Spring letter",
            "label": {"en": "description", "fi": logged.header["description"]["label"]["fi"]},
            "text": {"en": "Spring letter", "fi": "Spring letter"},
        }
        (step,) = logged.trail
        assert (step["kind"], step["added"], step["by"], step["words"]["en"]) == (
            "add",
            2,
            "marketer",
            ["everybody"],
        )

    def test_steps_beyond_the_pointer_are_not_part_of_it(
        self, filled: Segment, marketer: Any
    ) -> None:
        ben = Contact.objects.get(name="Ben")
        worksheet.reduce_contacts(filled, named(ben.number), by=marketer)
        worksheet.go_back(filled, by=marketer)
        logged = log.log_segment(filled, by=marketer)
        assert (len(logged.trail), logged.entries.count()) == (1, 2)

    def test_errors_refuse_all(self, filled: Segment, marketer: Any) -> None:
        Contact.objects.filter(name="Ann").update(privacy_blocked=True)
        with pytest.raises(log.LogRefused) as refused:
            log.log_segment(filled, by=marketer)
        assert [problem.code for problem in refused.value.problems] == ["blocked"]
        assert LoggedSegment.objects.count() == InteractionLogEntry.objects.count() == 0
        assert names(filled) == ["Ann", "Ben"]

    def test_a_crash_at_the_end_leaves_the_segment_as_it_was(
        self, filled: Segment, marketer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_arguments: Any, **_options: Any) -> None:
            raise RuntimeError("power cut")

        before = (names(filled), filled.current_step, list(SegmentStep.objects.values()))
        monkeypatch.setattr(log, "create_follow_up", crash)
        with pytest.raises(RuntimeError):
            log.log_segment(filled, by=marketer, follow_up=True)
        filled.refresh_from_db()
        assert (names(filled), filled.current_step, list(SegmentStep.objects.values())) == before
        assert LoggedSegment.objects.count() == InteractionLogEntry.objects.count() == 0

    def test_a_second_time_is_told(self, filled: Segment, marketer: Any) -> None:
        again = Segment.objects.get(pk=filled.pk)
        logged = log.log_segment(filled, by=marketer)
        with pytest.raises(log.AlreadyLogged) as refused:
            log.log_segment(again, by=marketer)
        assert refused.value.logged == logged
        assert InteractionLogEntry.objects.count() == 2

    def test_queued_only_with_a_way_and_a_letter(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer, send=True)
        assert set(logged.entries.values_list("delivery", flat=True)) == {"queued"}

    def test_an_email_without_address_is_logged_blank_when_not_sent(
        self, filled: Segment, marketer: Any
    ) -> None:
        Segment.objects.update(correspondence_type="email", ignore_contact_correspondence_type=True)
        filled.refresh_from_db()
        logged = log.log_segment(filled, by=marketer)
        types = logged.entries.order_by("position").values_list("correspondence_type", flat=True)
        assert list(types) == ["email", ""]

    def test_statements_do_not_grow_with_lines(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        MarketingSetup.load()
        costs = []
        for count in (1, 30):
            one = Segment.objects.create(
                description=f"{count}", salesperson=segment.salesperson, template=segment.template
            )
            numbers = [contact().number for _index in range(count)]
            worksheet.add_contacts(one, named(*numbers), by=marketer)
            with CaptureQueriesContext(connection) as captured:
                log.log_segment(one, by=marketer, follow_up=True)
            costs.append(len(captured))
        assert costs[0] == costs[1]


class TestFollowUp:
    """A follow-up starts from the logged segment."""

    def test_each_contact_once_without_cancelled_and_blocked(
        self, filled: Segment, contact: Any, marketer: Any
    ) -> None:
        contact("Cy")
        contact("Dee")
        worksheet.add_contacts(
            filled, everybody(), by=marketer, confirm_all=True, allow_existing=True
        )
        logged = log.log_segment(filled, by=marketer)
        assert logged.entries.count() == 6
        logged.entries.filter(contact__name="Cy").update(cancelled=True)
        Contact.objects.filter(name="Dee").update(privacy_blocked=True)
        follow_up = log.create_follow_up(logged, by=marketer)
        assert names(follow_up) == ["Ann", "Ben"]
        assert (follow_up.follows, follow_up.description) == (
            logged,
            f"Follow-up on {logged.segment_number}",
        )
        assert [step.kind for step in follow_up.steps.all()] == ["reuse_logged"]

    def test_by_outcome(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer)
        logged.entries.filter(contact__name="Ben").update(evaluation="negative")
        follow_up = log.create_follow_up(logged, by=marketer, evaluations=["negative"])
        assert names(follow_up) == ["Ben"]

    def test_with_the_log(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer, follow_up=True)
        follow_up = logged.open_follow_ups.get()
        assert names(follow_up) == ["Ann", "Ben"]

    def test_criteria_reach_the_logged_segment(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer)
        found = Criteria({"segments": {"logged_segment": [logged.segment_number]}}).contacts()
        assert sorted(found.values_list("name", flat=True)) == ["Ann", "Ben"]


class TestSending:
    """Log with sending begins the delivery, and warns of whom nothing may be sent to."""

    def test_the_jobs_are_part_of_it(self, filled: Segment, marketer: Any) -> None:
        logged = log.log_segment(filled, by=marketer, send=True)
        job = Job.objects.get()
        assert (job.kind, job.user, job.arguments) == (
            "delivery.pack", marketer, {"logged": logged.pk},
        )  # fmt: skip

    def test_without_sending_there_is_no_job(self, filled: Segment, marketer: Any) -> None:
        log.log_segment(filled, by=marketer)
        assert not Job.objects.exists()

    def test_who_wants_no_emails(self, filled: Segment) -> None:
        Contact.objects.filter(name="Ann").update(email_opt_out=True)
        assert found(filled, send=True) == {}
        Segment.objects.update(correspondence_type="email", ignore_contact_correspondence_type=True)
        filled.refresh_from_db()
        assert found(filled)["opted_out"] == ("warning", 1)
        assert found(filled, send=True)["opted_out"] == ("error", 1)
        assert [one.contact.name for one in log.problem_lines(filled, "opted_out")] == ["Ann"]
