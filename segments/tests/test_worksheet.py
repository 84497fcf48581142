"""The worksheet's operations: what comes in, what goes out, and that undo loses nothing."""

from typing import Any

import pytest

from crm.models import Contact
from interactions.models import Document
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, named, names, statements
from segments.worksheet import WorksheetError

GIFTED = {"mailing_groups": {"group": ["GIFT"]}}


class TestAdd:
    """add_contacts."""

    def test_adds_those_that_match_and_tells(
        self, segment: Segment, contact: Any, gift: Any, in_group: Any, marketer: Any
    ) -> None:
        inside, _outside = contact("Inside"), contact("Outside")
        in_group(gift, inside)
        step = worksheet.add_contacts(segment, Criteria(GIFTED), by=marketer)
        assert step is not None
        assert names(segment) == ["Inside"]
        assert (step.number, step.kind, step.added, step.removed, step.lines_after) == (
            1,
            "add",
            1,
            0,
            1,
        )
        assert (step.by, step.criteria) == (marketer, GIFTED)
        assert step.words["en"] == ["is in a mailing group: Gifts"]
        assert segment.current_step == 1

    def test_order_is_company_then_its_people_by_name(
        self, segment: Segment, contact: Any, company: Any, marketer: Any
    ) -> None:
        company("Öljy Oy", ["Åke Öst", "Aino Aho"])
        company("Aalto Oy", ["Zeta Äijä"])
        contact("Ville Vapaa")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        assert names(segment) == [
            "Ville Vapaa",
            "Aalto Oy",
            "Zeta Äijä",
            "Öljy Oy",
            "Aino Aho",
            "Åke Öst",
        ]

    def test_never_twice_unless_told(self, segment: Segment, contact: Any, marketer: Any) -> None:
        one = contact("One")
        worksheet.add_contacts(segment, named(one.number), by=marketer)
        assert worksheet.add_contacts(segment, named(one.number), by=marketer) is None
        assert SegmentStep.objects.filter(segment=segment).count() == 1
        worksheet.add_contacts(segment, named(one.number), by=marketer, allow_existing=True)
        assert names(segment) == ["One", "One"]

    @pytest.mark.parametrize("flaw", [{"privacy_blocked": True}, {"minor": True}])
    def test_blocked_never_come(
        self, segment: Segment, contact: Any, marketer: Any, flaw: dict[str, Any]
    ) -> None:
        contact("Good")
        contact("Bad", **flaw)
        worksheet.add_contacts(
            segment, everybody(), by=marketer, confirm_all=True, ignore_exclusion=True
        )
        assert names(segment) == ["Good"]

    def test_minor_with_consent_comes(self, segment: Segment, contact: Any, marketer: Any) -> None:
        contact("Young", minor=True, parental_consent=True)
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        assert names(segment) == ["Young"]

    def test_excluded_come_only_when_exclusion_is_ignored(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        shy = contact("Shy", exclude_from_segment=True)
        assert worksheet.add_contacts(segment, named(shy.number), by=marketer) is None
        worksheet.add_contacts(segment, named(shy.number), by=marketer, ignore_exclusion=True)
        assert names(segment) == ["Shy"]

    def test_expansion_brings_colleagues_but_not_excluded_ones(
        self, segment: Segment, contact: Any, company: Any, marketer: Any
    ) -> None:
        firm = company("Firm", ["Ann"])
        ben = contact("Ben", company=firm)
        contact("Cy", company=firm, exclude_from_segment=True)
        company("Other", ["Dee"])
        worksheet.add_contacts(segment, named(ben.number), by=marketer, expand_companies=True)
        assert names(segment) == ["Firm", "Ann", "Ben"]

    def test_include_companies_brings_the_employer_alone(
        self, segment: Segment, contact: Any, company: Any, marketer: Any
    ) -> None:
        firm = company("Firm", ["Ann"])
        ben, alone = contact("Ben", company=firm), contact("Alone")
        worksheet.add_contacts(
            segment, named(ben.number, alone.number), by=marketer, include_companies=True
        )
        assert names(segment) == ["Alone", "Firm", "Ben"]

    def test_everybody_needs_a_yes(self, segment: Segment, contact: Any, marketer: Any) -> None:
        contact()
        with pytest.raises(WorksheetError, match="everybody"):
            worksheet.add_contacts(segment, everybody(), by=marketer)
        assert names(segment) == []

    def test_wrong_criteria_are_refused(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        contact()
        with pytest.raises(WorksheetError, match="There is no NOBODY"):
            worksheet.add_contacts(segment, named("NOBODY"), by=marketer)
        with pytest.raises(WorksheetError, match="mailing_group"):
            worksheet.add_contacts(segment, Criteria({"mailing_group": {}}), by=marketer)
        assert names(segment) == []


class TestByHand:
    """add_contact and remove_lines."""

    def test_adds_one_as_a_step(self, segment: Segment, contact: Any, marketer: Any) -> None:
        one = contact("One")
        step = worksheet.add_contact(segment, one, by=marketer)
        assert step is not None
        assert (step.kind, step.criteria) == ("add_by_hand", {"contact": {"number": [one.number]}})
        assert worksheet.add_contact(segment, one, by=marketer) is None
        assert names(segment) == ["One"]

    def test_refuses_blocked_and_excluded(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        with pytest.raises(WorksheetError, match="blocked"):
            worksheet.add_contact(segment, contact(privacy_blocked=True), by=marketer)
        shy = contact("Shy", exclude_from_segment=True)
        with pytest.raises(WorksheetError, match="excluded"):
            worksheet.add_contact(segment, shy, by=marketer)
        worksheet.add_contact(segment, shy, by=marketer, ignore_exclusion=True)
        assert names(segment) == ["Shy"]

    def test_removes_lines_of_this_segment_only(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        a, b = contact("A"), contact("B")
        other = Segment.objects.create(description="Other")
        for one in (segment, other):
            worksheet.add_contacts(one, named(a.number, b.number), by=marketer)
        lines = SegmentLine.objects.filter(contact=a)
        step = worksheet.remove_lines(segment, lines, by=marketer)
        assert step is not None
        assert (step.removed, step.lines_after) == (1, 1)
        assert names(segment) == ["B"]
        assert names(other) == ["A", "B"]
        assert worksheet.remove_lines(segment, lines, by=marketer) is None


class TestReduceAndRefine:
    """reduce_contacts and refine_contacts."""

    @pytest.fixture
    def filled(self, segment: Segment, contact: Any, company: Any, marketer: Any) -> Segment:
        company("Firm", ["Ann", "Ben"])
        contact("Cy")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        return segment

    def person(self, name: str) -> Criteria:
        return named(Contact.objects.get(name=name).number)

    def test_reduce_removes_those_that_match(self, filled: Segment, marketer: Any) -> None:
        step = worksheet.reduce_contacts(filled, self.person("Ann"), by=marketer)
        assert step is not None
        assert (step.removed, step.lines_after) == (1, 3)
        assert names(filled) == ["Cy", "Firm", "Ben"]

    def test_reduce_by_entire_companies(self, filled: Segment, marketer: Any) -> None:
        worksheet.reduce_contacts(filled, self.person("Ann"), by=marketer, entire_companies=True)
        assert names(filled) == ["Cy"]

    def test_refine_keeps_those_that_match(self, filled: Segment, marketer: Any) -> None:
        step = worksheet.refine_contacts(filled, self.person("Ann"), by=marketer)
        assert step is not None
        assert (step.removed, step.lines_after) == (3, 1)
        assert names(filled) == ["Ann"]

    def test_refine_by_entire_companies(self, filled: Segment, marketer: Any) -> None:
        worksheet.refine_contacts(filled, self.person("Ann"), by=marketer, entire_companies=True)
        assert names(filled) == ["Firm", "Ann", "Ben"]

    def test_empty_criteria_need_a_yes(self, filled: Segment, marketer: Any) -> None:
        with pytest.raises(WorksheetError, match="everybody"):
            worksheet.reduce_contacts(filled, everybody(), by=marketer)
        worksheet.reduce_contacts(filled, everybody(), by=marketer, confirm_all=True)
        assert names(filled) == []


class TestTimeline:
    """go_back, go_forward, go_to_step, and a new step in the middle."""

    def test_back_and_forward_lose_nothing(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        a, b, c = contact("A"), contact("B"), contact("C")
        worksheet.add_contacts(segment, named(a.number, b.number), by=marketer)
        line = SegmentLine.objects.get(contact=a)
        LineOverride.objects.create(line=line, personal_comment="Greetings to the dog")
        worksheet.reduce_contacts(segment, named(a.number), by=marketer)
        worksheet.add_contacts(segment, named(c.number), by=marketer)
        seen = [names(segment)]
        while worksheet.go_back(segment, by=marketer):
            seen.append(names(segment))
        assert seen == [["B", "C"], ["B"], ["A", "B"], []]
        assert worksheet.go_forward(segment, by=marketer).number == 1  # type: ignore[union-attr]
        assert SegmentLine.objects.present(segment).get(contact=a).override.personal_comment == (
            "Greetings to the dog"
        )
        assert worksheet.go_to_step(segment, 3, by=marketer).number == 3  # type: ignore[union-attr]
        assert names(segment) == ["B", "C"]
        assert worksheet.go_forward(segment, by=marketer) is None

    def test_a_new_step_drops_what_lies_beyond(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        a, b, c = contact("A"), contact("B"), contact("C")
        worksheet.add_contacts(segment, named(a.number, b.number), by=marketer)
        worksheet.reduce_contacts(segment, named(a.number), by=marketer)
        worksheet.add_contacts(segment, named(c.number), by=marketer)
        worksheet.go_to_step(segment, 1, by=marketer)
        step = worksheet.reduce_contacts(segment, named(b.number), by=marketer)
        assert step is not None
        assert (step.number, step.lines_after) == (2, 1)
        assert names(segment) == ["A"]
        assert segment.steps.count() == 2
        assert SegmentLine.objects.filter(contact=c).count() == 0
        worksheet.go_back(segment, by=marketer)
        assert names(segment) == ["A", "B"]

    def test_a_step_that_moves_nobody_drops_nothing(
        self, segment: Segment, contact: Any, marketer: Any
    ) -> None:
        a, b = contact("A"), contact("B")
        worksheet.add_contacts(segment, named(a.number), by=marketer)
        worksheet.add_contacts(segment, named(b.number), by=marketer)
        worksheet.go_back(segment, by=marketer)
        assert worksheet.add_contacts(segment, named(a.number), by=marketer) is None
        worksheet.go_forward(segment, by=marketer)
        assert names(segment) == ["A", "B"]

    def test_unknown_step_is_refused(self, segment: Segment, marketer: Any) -> None:
        with pytest.raises(WorksheetError, match="no step 7"):
            worksheet.go_to_step(segment, 7, by=marketer)

    def test_a_segment_that_is_gone_says_so(self, segment: Segment, marketer: Any) -> None:
        Segment.objects.filter(pk=segment.pk).delete()
        with pytest.raises(worksheet.SegmentGone):
            worksheet.go_back(segment, by=marketer)


class TestPreview:
    """What a step says it will do is what it does."""

    def test_add_adds_up(self, segment: Segment, contact: Any, marketer: Any) -> None:
        already = contact("Already")
        worksheet.add_contact(segment, already, by=marketer)
        contact("New 1")
        contact("New 2")
        contact("Shy", exclude_from_segment=True)
        contact("Blocked", privacy_blocked=True, exclude_from_segment=True)
        told = worksheet.preview(segment, "add", everybody())
        assert (told.matched, told.new, told.already, told.excluded, told.blocked) == (
            5,
            2,
            1,
            1,
            1,
        )
        assert [one.name for one in told.sample] == ["New 1", "New 2"]
        step = worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        assert step is not None
        assert step.added == told.new

    @pytest.mark.parametrize("kind", ["reduce", "refine"])
    def test_removal_adds_up(
        self, segment: Segment, contact: Any, marketer: Any, kind: str
    ) -> None:
        numbers = [contact(f"P{index}").number for index in range(4)]
        worksheet.add_contacts(segment, named(*numbers), by=marketer)
        told = worksheet.preview(segment, kind, named(numbers[0]))
        operation = {
            "reduce": worksheet.reduce_contacts,
            "refine": worksheet.refine_contacts,
        }[kind]
        step = operation(segment, named(numbers[0]), by=marketer)
        assert step is not None
        assert (told.lines, told.removed, told.kept) == (4, step.removed, step.lines_after)


class TestStatements:
    """Sets, not loops: the number of statements does not depend on the number of contacts."""

    @pytest.mark.parametrize("many", [30])
    def test_add_reduce_and_undo(
        self, segment: Segment, contact: Any, marketer: Any, many: int
    ) -> None:
        costs = []
        for count in (1, many):
            one = Segment.objects.create(description=f"{count}")
            start = Contact.objects.count()
            for _index in range(count):
                contact(city=f"City {start}")
            chosen = Criteria({"contact": {"city": [f"City {start}"]}})
            steps = [
                statements(lambda: worksheet.add_contacts(one, chosen, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.go_back(one, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.go_forward(one, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.reduce_contacts(one, chosen, by=marketer)),  # noqa: B023
            ]
            assert len(names(one)) == 0
            costs.append(steps)
        assert costs[0] == costs[1]


class TestLetters:
    """Own letters go with their last use, and not before."""

    @pytest.fixture
    def own(self, segment: Segment, contact: Any, letter: Any, marketer: Any) -> Any:
        """Ann has a letter of her own, and so has the segment in German."""
        worksheet.add_contact(segment, contact("Ann"), by=marketer)
        own = letter("For Ann alone")
        LineOverride.objects.create(line=SegmentLine.objects.get(), document=own)
        SegmentDocument.objects.create(segment=segment, language="de", document=letter("Hallo"))
        return own

    def test_dropping_an_undone_step_releases(
        self, segment: Segment, own: Any, contact: Any, marketer: Any
    ) -> None:
        worksheet.go_back(segment, by=marketer)
        assert Document.objects.filter(pk=own.pk).exists()
        worksheet.add_contact(segment, contact("Ben"), by=marketer)
        assert not Document.objects.filter(pk=own.pk).exists()

    def test_deleting_releases_what_nobody_else_uses(
        self, segment: Segment, own: Any, marketer: Any
    ) -> None:
        other = Segment.objects.create(number="O")
        SegmentDocument.objects.create(segment=other, language="fi", document=own)
        worksheet.delete_segment(segment)
        template_letter = segment.template.languages.get().document_id  # type: ignore[union-attr]
        left = Document.objects.order_by("pk").values_list("pk", flat=True)
        assert sorted(left) == sorted([own.pk, template_letter])

    def test_log_keeps_what_was_sent(self, segment: Segment, own: Any, marketer: Any) -> None:
        logged = log.log_segment(segment, by=marketer)
        assert logged.entries.get().document == own
        assert not Document.objects.filter(name="letter.docx", pk__gt=own.pk).exists()
