"""Two contacts become one: everything moves, nothing is lost, and what refuses it."""

import datetime
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from crm import duplicates, references
from crm.merging import merge
from crm.models import (
    AlternativeAddress,
    Campaign,
    Contact,
    ContactMailingGroup,
    ContactProfileAnswer,
    DuplicatePair,
    FormerNumber,
    MailingGroup,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
    Purchase,
)
from crm.references import MergeRefused
from interactions.models import CampaignTarget, InteractionLogEntry
from segments import log, worksheet
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, named, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(contact: Any) -> Contact:
    return contact("Ann", email="ann@x.example")


@pytest.fixture
def anne(contact: Any) -> Contact:
    return contact("Anne", phone="1", city="Turku", address="Katu 1")


def test_everything_that_names_the_other_names_the_kept_one(
    ann: Contact, anne: Contact, gift: MailingGroup, marketer: Any
) -> None:
    both = MailingGroup.objects.create(code="BOTH")
    for one, group in ((ann, both), (anne, both), (anne, gift)):
        ContactMailingGroup.objects.create(contact=one, group=group)
    Purchase.objects.create(contact=anne, item="A", posting_date="2026-01-01", amount=1)
    campaigns = [Campaign.objects.create(description=name) for name in ("one", "two")]
    for one, campaign in ((ann, campaigns[0]), (anne, campaigns[0]), (anne, campaigns[1])):
        CampaignTarget.objects.create(contact=one, campaign=campaign, by_hand=True)
    merge(ann, anne, by=marketer)
    assert sorted(ann.mailing_groups.values_list("group__code", flat=True)) == ["BOTH", "GIFT"]
    assert ann.purchases.count() == 1
    assert CampaignTarget.objects.filter(contact=ann).count() == 2
    assert list(Contact.objects.values_list("name", flat=True)) == ["Ann"]
    assert FormerNumber.objects.get().contact == ann


def test_no_table_is_forgotten() -> None:
    """Each key to a contact in the whole project is one that a merge moves."""
    from django.apps import apps

    every = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Contact
    }
    assert set(references.keys()) == every


def test_what_the_kept_one_lacks_is_filled_and_what_is_chosen_taken(
    ann: Contact, anne: Contact, marketer: Any
) -> None:
    merge(ann, anne, taken=["name", "nonsense"], by=marketer)
    ann.refresh_from_db()
    assert (ann.name, ann.email, ann.phone) == ("Anne", "ann@x.example", "1")
    assert (ann.address, ann.city, ann.changed_by) == ("Katu 1", "Turku", marketer)
    assert "anne" in ann.search_text.split()


def test_halves_of_two_addresses_are_never_put_together(
    contact: Any, anne: Contact, marketer: Any
) -> None:
    kept = contact("Ann", city="Hanko")
    merge(kept, anne, by=marketer)
    kept.refresh_from_db()
    assert (kept.address, kept.city) == ("", "Hanko")


@pytest.mark.parametrize("blocked_one", ["kept", "other"])
def test_a_block_is_never_lost(contact: Any, marketer: Any, blocked_one: str) -> None:
    blocks = {"privacy_blocked": True, "exclude_from_segment": True}
    kept, other = (
        contact(name, **(blocks if name == blocked_one else {})) for name in ("kept", "other")
    )
    merge(kept, other, by=marketer)
    kept.refresh_from_db()
    assert (kept.privacy_blocked, kept.exclude_from_segment) == (True, True)


def test_a_minor_needs_the_consent_of_each(contact: Any, marketer: Any) -> None:
    kept = contact("A", minor=True, parental_consent=True)
    merge(kept, contact("B", minor=True), by=marketer)
    kept.refresh_from_db()
    assert (kept.minor, kept.parental_consent, kept.is_blocked) == (True, False, True)


def test_of_addresses_that_overlap_the_kept_ones_stay(
    ann: Contact, anne: Contact, marketer: Any
) -> None:
    day = datetime.date
    for one, code, first, last in (
        (ann, "MINE", day(2026, 6, 1), day(2026, 6, 30)),
        (anne, "CLASH", day(2026, 6, 30), None),
        (anne, "SPRING", day(2026, 3, 1), day(2026, 5, 31)),
    ):
        AlternativeAddress.objects.create(contact=one, code=code, starts_on=first, ends_on=last)
    merge(ann, anne, by=marketer)
    codes = ann.alternative_addresses.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["MINE", "SPRING"]


def test_a_question_for_one_answer_keeps_one(ann: Contact, anne: Contact, marketer: Any) -> None:
    sheet = ProfileQuestionnaire.objects.create(code="Q")
    for several in (False, True):
        question = ProfileQuestion.objects.create(
            questionnaire=sheet, text="?", multiple_answers=several
        )
        for one, letter in ((ann, "A"), (anne, "B")):
            answer = ProfileAnswer.objects.create(question=question, code=f"{letter}{several}")
            ContactProfileAnswer.objects.create(contact=one, answer=answer)
    merge(ann, anne, by=marketer)
    answers = ann.profile_answers.order_by("answer__code").values_list("answer__code", flat=True)
    assert list(answers) == ["AFalse", "ATrue", "BTrue"]


def test_people_move_to_the_kept_company(company: Any, contact: Any, marketer: Any) -> None:
    kept, other = company("Alfa"), company("Beta", people=["Zoe"])
    merge(kept, other, by=marketer)
    zoe = Contact.objects.get(name="Zoe")
    assert (zoe.company, "alfa" in zoe.search_text, "beta" in zoe.search_text) == (
        kept,
        True,
        False,
    )


def test_log_entries_keep_what_was_said_and_move(
    segment: Segment, ann: Contact, anne: Contact, marketer: Any
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    number = anne.number
    merge(ann, anne, by=marketer)
    entries = InteractionLogEntry.objects.order_by("position")
    assert {one.contact for one in entries} == {ann}
    assert [one.merge_values["number"] for one in entries] == [ann.number, number]


class TestLines:
    """On one segment one remains, and the trail's numbers stay true."""

    def filled(self, segment: Segment, marketer: Any) -> Segment:
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        return segment

    def counts(self, segment: Segment) -> list[tuple[int, int, int]]:
        steps = SegmentStep.objects.filter(segment=segment).order_by("number")
        return list(steps.values_list("added", "removed", "lines_after"))

    def test_the_kept_ones_line_stays_with_what_it_says(
        self, segment: Segment, ann: Contact, anne: Contact, contact: Any, marketer: Any
    ) -> None:
        contact("Ben")
        self.filled(segment, marketer)
        for one, word in ((ann, "mine"), (anne, "theirs")):
            line = SegmentLine.objects.get(contact=one)
            LineOverride.objects.create(line=line, description=word)
        merge(ann, anne, by=marketer)
        assert names(segment) == ["Ann", "Ben"]
        assert [one.description for one in LineOverride.objects.all()] == ["mine"]
        assert self.counts(segment) == [(2, 0, 2)]

    def test_a_line_of_the_other_alone_moves_with_what_it_says(
        self, segment: Segment, ann: Contact, anne: Contact, marketer: Any
    ) -> None:
        worksheet.add_contacts(segment, named(anne.number), by=marketer)
        LineOverride.objects.create(line=SegmentLine.objects.get(), description="theirs")
        merge(ann, anne, by=marketer)
        assert names(segment) == ["Ann"]
        assert LineOverride.objects.get().line.contact == ann
        assert self.counts(segment) == [(1, 0, 1)]

    def test_the_one_that_is_there_wins_over_one_that_was_taken_out(
        self, segment: Segment, ann: Contact, anne: Contact, marketer: Any
    ) -> None:
        self.filled(segment, marketer)
        worksheet.reduce_contacts(segment, named(ann.number), by=marketer)
        merge(ann, anne, by=marketer)
        assert names(segment) == ["Ann"]
        assert self.counts(segment) == [(1, 0, 1), (0, 0, 1)]
        assert names(segment, at=1) == ["Ann"]

    def test_a_trail_that_names_the_other_is_played_again(
        self, segment: Segment, ann: Contact, anne: Contact, marketer: Any
    ) -> None:
        number = anne.number
        merge(ann, anne, by=marketer)
        worksheet.add_contacts(segment, named(number), by=marketer)
        assert names(segment) == ["Ann"]

    def test_the_statements_do_not_grow(
        self, segment: Segment, contact: Any, template: Any, salesperson: Any, marketer: Any
    ) -> None:
        def cost(lines: int) -> int:
            kept, other = contact("A"), contact("B")
            for _index in range(lines):
                made = Segment.objects.create(template=template, by=marketer)
                numbers = named(kept.number, other.number)
                worksheet.add_contacts(made, numbers, by=marketer)
                Purchase.objects.create(
                    contact=other, item="A", posting_date="2026-01-01", amount=1
                )
            with CaptureQueriesContext(connection) as captured:
                merge(kept, other, by=marketer)
            return len(captured)

        assert cost(1) == cost(30)


class TestRefused:
    """Nothing is written then."""

    def test_different_types(self, company: Any, ann: Contact, marketer: Any) -> None:
        with pytest.raises(MergeRefused, match="cannot be the same contact"):
            merge(ann, company("Alfa"), by=marketer)
        assert Contact.objects.count() == 2

    def test_itself_and_what_is_gone(self, ann: Contact, anne: Contact, marketer: Any) -> None:
        with pytest.raises(MergeRefused, match="deleted or merged"):
            merge(ann, ann, by=marketer)
        Contact.objects.filter(pk=anne.pk).delete()
        with pytest.raises(MergeRefused, match="deleted or merged"):
            merge(ann, anne, by=marketer)

    def test_another_company_while_on_a_segment(
        self, segment: Segment, company: Any, ann: Contact, anne: Contact, marketer: Any
    ) -> None:
        anne.company = company("Alfa")
        anne.save()
        worksheet.add_contacts(segment, named(ann.number), by=marketer)
        with pytest.raises(MergeRefused, match="The company stays while"):
            merge(ann, anne, taken=["company"], by=marketer)
        assert Contact.objects.filter(pk=anne.pk).exists()
        merge(ann, anne, by=marketer)
        ann.refresh_from_db()
        assert ann.company is None


def test_a_merged_pair_is_gone_and_others_of_it_too(
    ann: Contact, anne: Contact, contact: Any, marketer: Any
) -> None:
    third = contact("Annie", email="ann@x.example")
    DuplicatePair.objects.create(first=ann, second=anne, score=90, reasons="name")
    DuplicatePair.objects.create(first=anne, second=third, score=90, reasons="name")
    merge(ann, anne, by=marketer)
    assert not DuplicatePair.objects.exists()
    assert duplicates.find().new == 1


def test_a_deleted_persons_entries_stay_with_the_company(
    segment: Segment, company: Any, marketer: Any
) -> None:
    alfa = company("Alfa", people=["Zoe"])
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    Contact.objects.get(name="Zoe").delete()
    assert {one.contact for one in InteractionLogEntry.objects.all()} == {alfa}
    alfa.delete()
    assert {one.contact for one in InteractionLogEntry.objects.all()} == {None}
