"""Editing an earlier step, drift, refresh, explain."""

from typing import Any

import pytest

from crm.models import Contact, MailingGroup
from segments import replay, worksheet
from segments.criteria import Criteria
from segments.explain import explain
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, named, names, statements
from segments.worksheet import WorksheetError

GIFTED = {"mailing_groups": {"group": ["GIFT"]}}


@pytest.fixture
def story(
    contact: Any, gift: MailingGroup, in_group: Any, marketer: Any
) -> tuple[Segment, dict[str, Contact]]:
    """Add the gifted (Ann, Ben, Cy), remove Ben, add Dee by hand; Cy has a comment."""
    people = {name: contact(name) for name in ("Ann", "Ben", "Cy", "Dee", "Eve")}
    in_group(gift, people["Ann"], people["Ben"], people["Cy"])
    segment = Segment.objects.create(number="S", description="Story")
    worksheet.add_contacts(segment, Criteria(GIFTED), by=marketer)
    worksheet.reduce_contacts(segment, named(people["Ben"].number), by=marketer)
    worksheet.add_contact(segment, people["Dee"], by=marketer)
    line = SegmentLine.objects.get(contact=people["Cy"])
    LineOverride.objects.create(line=line, personal_comment="Dear old Cy")
    return segment, people


def state(segment: Segment) -> Any:
    """Everything that must not change when something is only looked at."""
    segment.refresh_from_db()
    return (
        segment.current_step,
        list(SegmentStep.objects.filter(segment=segment).values()),
        list(SegmentLine.objects.filter(segment=segment).order_by("pk").values()),
        list(LineOverride.objects.order_by("pk").values()),
        Segment.objects.count(),
    )


class TestEdit:
    """edit_step and its preview."""

    def test_shows_the_difference_and_writes_nothing(self, story: Any, marketer: Any) -> None:
        segment, people = story
        before = state(segment)
        wider = named(people["Cy"].number, people["Eve"].number)
        told = replay.difference_of_edit(segment, 1, wider, by=marketer)
        assert (told.added, told.removed, told.kept) == (1, 1, 2)
        assert [one.name for one in told.sample_added] == ["Eve"]
        assert [one.name for one in told.sample_removed] == ["Ann"]
        assert state(segment) == before

    def test_replays_from_there_and_keeps_overrides(self, story: Any, marketer: Any) -> None:
        segment, people = story
        wider = named(people["Ben"].number, people["Cy"].number, people["Eve"].number)
        step = replay.edit_step(segment, 1, wider, by=marketer)
        assert (step.number, step.criteria) == (1, wider.data)
        assert names(segment) == ["Cy", "Eve", "Dee"]
        assert [one.kind for one in segment.steps.order_by("number")] == [
            "add",
            "reduce",
            "add_by_hand",
        ]
        line = SegmentLine.objects.present(segment).get(contact=people["Cy"])
        assert line.override.personal_comment == "Dear old Cy"
        assert LineOverride.objects.count() == 1
        assert Segment.objects.count() == 1

    def test_a_step_that_moves_nobody_any_more_stays(self, story: Any, marketer: Any) -> None:
        segment, people = story
        replay.edit_step(segment, 1, named(people["Ann"].number), by=marketer)
        assert list(
            segment.steps.order_by("number").values_list("kind", "added", "removed", "lines_after")
        ) == [("add", 1, 0, 1), ("reduce", 0, 0, 1), ("add_by_hand", 1, 0, 2)]
        worksheet.go_to_step(segment, 1, by=marketer)
        assert names(segment) == ["Ann"]

    def test_overrides_of_doubled_contacts_stay_apart(self, contact: Any, marketer: Any) -> None:
        ann, ben = contact("Ann"), contact("Ben")
        segment = Segment.objects.create(number="D")
        worksheet.add_contacts(segment, named(ann.number), by=marketer)
        worksheet.add_contacts(segment, named(ann.number), by=marketer, allow_existing=True)
        for line, text in zip(segment.lines.order_by("pk"), ("first", "second"), strict=True):
            LineOverride.objects.create(line=line, personal_comment=text)
        replay.edit_step(segment, 1, named(ann.number, ben.number), by=marketer)
        lines = SegmentLine.objects.present(segment).order_by("pk")
        assert list(lines.values_list("contact__name", "override__personal_comment")) == [
            ("Ann", "first"),
            ("Ben", None),
            ("Ann", "second"),
        ]

    def test_refusals(self, story: Any, marketer: Any) -> None:
        segment, people = story
        before = state(segment)
        ann = named(people["Ann"].number)
        for number, criteria, words in (
            (3, ann, "Only steps that ask"),
            (9, ann, "no step 9"),
            (1, named("NOBODY"), "There is no NOBODY"),
            (1, everybody(), "everybody"),
        ):
            with pytest.raises(WorksheetError, match=words):
                replay.edit_step(segment, number, criteria, by=marketer)
        assert state(segment) == before


class TestDrift:
    """What playing the trail again today would change, and making it so."""

    def test_nothing(self, story: Any, marketer: Any) -> None:
        segment, _people = story
        assert replay.drift(segment, by=marketer).is_none
        assert replay.refresh(segment, by=marketer) is None

    def test_told_and_then_done_as_one_step(
        self, story: Any, gift: MailingGroup, in_group: Any, marketer: Any
    ) -> None:
        segment, people = story
        in_group(gift, people["Eve"])
        people["Ann"].mailing_groups.all().delete()
        before = state(segment)
        told = replay.drift(segment, by=marketer)
        assert (told.added, told.removed, told.kept) == (1, 1, 2)
        assert state(segment) == before
        step = replay.refresh(segment, by=marketer)
        assert step is not None
        assert (step.kind, step.added, step.removed, step.lines_after) == ("refresh", 1, 1, 3)
        assert names(segment) == ["Cy", "Dee", "Eve"]
        assert LineOverride.objects.get().line.contact == people["Cy"]
        worksheet.go_back(segment, by=marketer)
        assert names(segment) == ["Ann", "Cy", "Dee"]

    def test_told_by_name_and_nothing_is_left_behind(
        self, story: Any, gift: MailingGroup, in_group: Any, marketer: Any
    ) -> None:
        """Each contact once, also where it stands twice; what was undone counts for nothing."""
        segment, people = story
        worksheet.add_contacts(
            segment, named(people["Ann"].number), by=marketer, allow_existing=True
        )
        worksheet.remove_lines(
            segment, SegmentLine.objects.filter(contact=people["Cy"]), by=marketer
        )
        worksheet.go_back(segment, by=marketer)
        assert names(segment) == ["Ann", "Cy", "Dee", "Ann"]
        in_group(gift, people["Eve"])
        people["Cy"].mailing_groups.all().delete()
        Contact.objects.filter(pk=people["Ann"].pk).update(privacy_blocked=True)
        before = state(segment), Segment.whole.count(), SegmentStep.objects.count()
        told = replay.drift(segment, by=marketer)
        assert (told.added, told.removed, told.kept) == (1, 2, 1)
        assert [one.name for one in told.sample_added] == ["Eve"]
        assert [one.name for one in told.sample_removed] == ["Ann", "Cy"]
        assert (state(segment), Segment.whole.count(), SegmentStep.objects.count()) == before
        replay.refresh(segment, by=marketer)
        assert names(segment) == ["Dee", "Eve"]
        assert Segment.whole.count() == before[1]

    def test_of_a_fresh_segment_the_same_lines_are_asked(self, story: Any) -> None:
        """Its key is kept from the planner, and finds the same."""
        segment, _people = story
        fresh = Segment.objects.get(pk=segment.pk)
        fresh.is_fresh = True
        for at in (None, 0, 1, 2, 3):
            lines = [SegmentLine.objects.present(one, at) for one in (segment, fresh)]
            assert list(lines[0]) == list(lines[1])
            assert lines[0].count() == lines[1].filter(contact__in=Contact.objects.all()).count()
        other = Segment.objects.create(number="O")
        other.is_fresh = True
        assert not SegmentLine.objects.present(other).exists()
        assert "(SELECT " in str(SegmentLine.objects.present(other).query)
        assert "(SELECT " not in str(SegmentLine.objects.present(segment).query)

    def test_by_saved_criteria(self, story: Any, marketer: Any) -> None:
        segment, _people = story
        kept = worksheet.save_criteria(segment, code="K", by=marketer, numbers=[1])
        told = replay.drift(segment, by=marketer, saved=kept)
        assert (told.added, told.removed, told.kept) == (1, 1, 2)
        step = replay.refresh(segment, by=marketer, saved=kept)
        assert step is not None
        assert sorted(names(segment)) == ["Ann", "Ben", "Cy"]
        assert step.words["en"] == ["by saved criteria K"]


def test_statements_do_not_grow(contact: Any, marketer: Any) -> None:
    """Looking and doing, with two contacts and with thirty."""
    costs = []
    for count in (2, 30):
        numbers = [contact().number for _index in range(count)]
        segment = Segment.objects.create(number=f"S{count}")
        worksheet.add_contacts(segment, named(*numbers[:-1]), by=marketer)
        worksheet.reduce_contacts(segment, named(numbers[0]), by=marketer)
        all_of_them = named(*numbers)
        costs.append(
            [
                statements(lambda: replay.difference_of_edit(segment, 1, all_of_them, by=marketer)),  # noqa: B023
                statements(lambda: replay.edit_step(segment, 1, all_of_them, by=marketer)),  # noqa: B023
                statements(lambda: replay.drift(segment, by=marketer)),  # noqa: B023
            ]
        )
    assert costs[0] == costs[1]


class TestExplain:
    """Why somebody is in, or out."""

    def test_in_since_which_step_by_which_values(self, story: Any) -> None:
        segment, people = story
        told = explain(segment, people["Ann"])
        assert (told.is_in, told.reason) == (True, "In since step 1.")
        assert [(one.sentence, one.holds) for one in told.steps[0].conditions] == [
            ("is in a mailing group: Gifts", True)
        ]
        assert told.steps[1].sentence == "Does not match today."

    def test_out_and_why(self, story: Any, contact: Any, marketer: Any) -> None:
        segment, people = story
        assert explain(segment, people["Ben"]).reason == "Removed by step 2."
        assert explain(segment, people["Eve"]).reason == "No step has matched the contact."
        shy = contact("Shy", exclude_from_segment=True)
        assert explain(segment, shy).reason == "The contact is excluded from segments."
        bad = contact("Bad", privacy_blocked=True)
        assert explain(segment, bad).reason == "The contact is blocked and enters no segment."
        worksheet.go_to_step(segment, 2, by=marketer)
        told = explain(segment, people["Dee"])
        assert (told.is_in, told.reason) == (False, "Added by step 3, which has been undone.")

    def test_by_the_company(self, company: Any, contact: Any, marketer: Any) -> None:
        firm = company("Firm", ["Ann"])
        segment = Segment.objects.create(number="C")
        worksheet.add_contacts(segment, named(firm.number), by=marketer, expand_companies=True)
        told = explain(segment, Contact.objects.get(name="Ann"))
        assert told.steps[0].sentence == "Matches today with its company."
