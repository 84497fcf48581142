"""Combining, pasting, sampling, one of each, mailing groups, saved criteria."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Contact, ContactMailingGroup, MailingGroup
from segments import audience, log, saved, worksheet
from segments.criteria import Criteria
from segments.models import SavedCriteria, Segment
from segments.tests.conftest import everybody, named, names, statements
from segments.worksheet import WorksheetError


@pytest.fixture
def people(contact: Any) -> list[Contact]:
    """Ann, Ben, Cy and Dee."""
    return [
        contact(name, email=f"{name.lower()}@example.com") for name in ("Ann", "Ben", "Cy", "Dee")
    ]


def filled(number: str, *contacts: Contact, by: Any) -> Segment:
    """An open segment with these contacts."""
    segment = Segment.objects.create(number=number, description=number)
    worksheet.add_contacts(segment, named(*(one.number for one in contacts)), by=by)
    return segment


class TestCombine:
    """Add, remove or keep by another segment, open or logged."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [("add", ["Ann", "Ben", "Cy"]), ("reduce", ["Ann"]), ("refine", ["Ben"])],
    )
    def test_with_an_open_one(
        self, people: list[Contact], marketer: Any, kind: str, expected: list[str]
    ) -> None:
        ann, ben, cy, _dee = people
        here, there = filled("A", ann, ben, by=marketer), filled("B", ben, cy, by=marketer)
        assert audience.overlap(here, there) == audience.Overlap(1, 1, 1)
        step = worksheet.combine(here, there, kind, by=marketer)
        assert step is not None
        assert sorted(names(here)) == expected
        assert step.words["en"] == ["is or was on a segment (Open segment: B)"]

    def test_with_a_logged_one(
        self, segment: Segment, people: list[Contact], marketer: Any
    ) -> None:
        ann, ben, cy, _dee = people
        worksheet.add_contacts(segment, named(ben.number, cy.number), by=marketer)
        logged = log.log_segment(segment, by=marketer)
        here = filled("A", ann, ben, by=marketer)
        assert audience.overlap(here, logged) == audience.Overlap(1, 1, 1)
        worksheet.combine(here, logged, "reduce", by=marketer)
        assert names(here) == ["Ann"]

    @pytest.mark.parametrize("kind", ["reduce", "refine"])
    @pytest.mark.parametrize("is_logged", [False, True])
    def test_goes_line_to_line(
        self, segment: Segment, people: list[Contact], marketer: Any, kind: str, is_logged: bool
    ) -> None:
        """The table of contacts is not asked: half a million of them would be looked up for it."""
        ann, ben, cy, _dee = people
        here, there = filled("A", ann, ben, by=marketer), filled("B", ben, cy, by=marketer)
        other: Any = there
        if is_logged:
            worksheet.combine(segment, there, "add", by=marketer)
            other = log.log_segment(segment, by=marketer)
        with CaptureQueriesContext(connection) as captured:
            worksheet.combine(here, other, kind, by=marketer)
        assert names(here) == {"reduce": ["Ann"], "refine": ["Ben"]}[kind]
        assert [query for query in captured if "crm_contact" in query["sql"]] == []

    def test_undone_lines_of_the_other_do_not_count(
        self, people: list[Contact], marketer: Any
    ) -> None:
        ann, ben, *_others = people
        here, there = filled("A", ann, by=marketer), filled("B", ben, by=marketer)
        worksheet.go_back(there, by=marketer)
        assert worksheet.combine(here, there, "add", by=marketer) is None
        with pytest.raises(WorksheetError, match="Combine by"):
            worksheet.combine(here, there, "multiply", by=marketer)


class TestPaste:
    """A list of numbers or addresses, with a report."""

    def test_reports_what_became_of_each(
        self, people: list[Contact], contact: Any, marketer: Any
    ) -> None:
        contact("Twin", email="ANN@example.com")
        pasted = audience.match_list(
            f"{people[1].number}\nNOBODY, ann@example.com; CY@Example.com\tgone@example.com"
        )
        assert pasted == audience.Pasted(
            numbers=sorted([people[1].number, people[2].number]),
            unknown=["NOBODY", "gone@example.com"],
            ambiguous=["ann@example.com"],
        )
        segment = Segment.objects.create(number="P")
        step = audience.paste(segment, pasted, by=marketer)
        assert step is not None
        assert (step.kind, names(segment)) == ("paste", ["Ben", "Cy"])

    @pytest.mark.parametrize(
        "text", ["", " \n,;", " ".join(f"N{index}" for index in range(10_001))]
    )
    def test_refuses_nothing_and_too_much(self, db: None, text: str) -> None:
        with pytest.raises(WorksheetError):
            audience.match_list(text)

    def test_refuses_a_list_of_strangers(self, db: None, marketer: Any) -> None:
        segment = Segment.objects.create(number="P")
        with pytest.raises(WorksheetError, match="Nobody"):
            audience.paste(segment, audience.match_list("X1 X2"), by=marketer)


class TestSample:
    """At random, but the same again with the same seed."""

    @pytest.fixture
    def hundred(self, contact: Any, marketer: Any) -> Segment:
        segment = Segment.objects.create(number="H")
        for _index in range(100):
            contact()
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        return segment

    def test_keeps_so_many(self, hundred: Segment, marketer: Any) -> None:
        step = audience.sample(hundred, by=marketer, count=30)
        assert step is not None
        assert (step.removed, step.lines_after, len(names(hundred))) == (70, 30, 30)
        assert step.words["en"] == ["30 contacts at random"]

    def test_percent_and_seed(self, hundred: Segment, marketer: Any) -> None:
        audience.sample(hundred, by=marketer, percent=10, seed="once")
        first = names(hundred)
        worksheet.go_back(hundred, by=marketer)
        audience.sample(hundred, by=marketer, percent=10, seed="once")
        assert names(hundred) == first
        assert len(first) == 10
        worksheet.go_back(hundred, by=marketer)
        audience.sample(hundred, by=marketer, percent=10, seed="twice")
        assert names(hundred) != first

    @pytest.mark.parametrize(
        "size", [{}, {"count": 0}, {"count": -1}, {"percent": 0}, {"percent": 100}, {"percent": -3}]
    )
    def test_refuses_nonsense(self, hundred: Segment, marketer: Any, size: dict[str, Any]) -> None:
        with pytest.raises(WorksheetError, match="Give a number"):
            audience.sample(hundred, by=marketer, **size)


class TestOnePer:
    """The first in order stays."""

    @pytest.fixture
    def mixed(self, company: Any, contact: Any, marketer: Any) -> Segment:
        firm = company("Firm", email="Info@firm.fi", address="Katu 1", city="Oulu")
        contact("Ann", company=firm, email="info@firm.fi", address="katu 1", city="oulu")
        contact("Ben", company=firm, email="ben@firm.fi")
        contact("Cy")
        contact("Dee")
        segment = Segment.objects.create(number="M")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        assert names(segment) == ["Cy", "Dee", "Firm", "Ann", "Ben"]
        return segment

    @pytest.mark.parametrize(
        ("what", "expected"),
        [
            ("company", ["Cy", "Dee", "Firm"]),
            ("email", ["Cy", "Dee", "Firm", "Ben"]),
            ("address", ["Cy", "Dee", "Firm", "Ben"]),
        ],
    )
    def test_keeps_the_first(
        self, mixed: Segment, marketer: Any, what: str, expected: list[str]
    ) -> None:
        step = audience.one_per(mixed, what, by=marketer)
        assert step is not None
        assert names(mixed) == expected
        assert "the first in order stays" in step.words["en"][0]

    def test_refuses_other_words(self, mixed: Segment, marketer: Any) -> None:
        with pytest.raises(WorksheetError, match="One for each"):
            audience.one_per(mixed, "planet", by=marketer)


class TestMailingGroup:
    """All contacts of the segment into a group; the others out only when told so."""

    def test_counts_and_does(
        self, people: list[Contact], gift: MailingGroup, in_group: Any, marketer: Any
    ) -> None:
        ann, ben, cy, dee = people
        in_group(gift, ben, cy, dee)
        segment = filled("G", ann, ben, by=marketer)
        assert audience.preview_mailing_group(segment, gift) == audience.GroupChange(1, 1, 2)
        assert worksheet.apply_mailing_group(segment, gift) == 1
        members = ContactMailingGroup.objects.filter(group=gift).order_by("contact__name")
        assert list(members.values_list("contact__name", flat=True)) == ["Ann", "Ben", "Cy", "Dee"]
        assert worksheet.apply_mailing_group(segment, gift, replace=True) == 0
        assert list(members.values_list("contact__name", flat=True)) == ["Ann", "Ben"]

    def test_other_groups_are_left_alone(
        self, people: list[Contact], gift: MailingGroup, in_group: Any, marketer: Any
    ) -> None:
        other = MailingGroup.objects.create(code="MOVE")
        in_group(other, people[3])
        worksheet.apply_mailing_group(filled("G", people[0], by=marketer), gift, replace=True)
        assert ContactMailingGroup.objects.filter(group=other).count() == 1


class TestSavedCriteria:
    """Kept under a code, played again on today's contacts."""

    @pytest.fixture
    def source(
        self, people: list[Contact], gift: MailingGroup, in_group: Any, marketer: Any
    ) -> Segment:
        ann, ben, cy, dee = people
        in_group(gift, ann, ben)
        segment = Segment.objects.create(number="S")
        worksheet.add_contacts(
            segment, Criteria({"mailing_groups": {"group": ["GIFT"]}}), by=marketer
        )
        worksheet.add_contact(segment, cy, by=marketer)
        worksheet.reduce_contacts(segment, named(ben.number), by=marketer)
        worksheet.add_contact(segment, dee, by=marketer)
        worksheet.go_back(segment, by=marketer)
        return segment

    def test_by_hand_and_undone_steps_are_left_out(self, source: Segment, marketer: Any) -> None:
        kept = worksheet.save_criteria(source, code=" gifts ", description="Gifts", by=marketer)
        assert (kept.code, kept.by) == ("GIFTS", marketer)
        assert [step["kind"] for step in kept.steps] == ["add", "reduce"]
        chosen = worksheet.save_criteria(source, code="HAND", by=marketer, numbers=[2])
        assert [step["kind"] for step in chosen.steps] == ["add_by_hand"]

    def test_refusals(self, source: Segment, marketer: Any) -> None:
        worksheet.save_criteria(source, code="GIFTS", by=marketer)
        for options, words in (
            ({"code": "gifts"}, "already"),
            ({"code": "  "}, "need a code"),
            ({"code": "X", "numbers": [9]}, "no step"),
        ):
            with pytest.raises(WorksheetError, match=words):
                worksheet.save_criteria(source, by=marketer, **options)
        assert SavedCriteria.objects.count() == 1

    def test_played_against_todays_contacts(
        self, source: Segment, people: list[Contact], in_group: Any, gift: Any, marketer: Any
    ) -> None:
        kept = worksheet.save_criteria(source, code="GIFTS", by=marketer)
        in_group(gift, people[3])
        segment = Segment.objects.create(number="T")
        step = worksheet.reuse_criteria(segment, kept, by=marketer)
        assert step is not None
        assert (step.number, names(segment)) == (2, ["Ann", "Dee"])
        kept.refresh_from_db()
        assert kept.last_used_by == marketer

    def test_options_are_kept_for_refine_too(
        self, company: Any, contact: Any, marketer: Any
    ) -> None:
        """The reference drops Entire Companies when it replays Refine (quirk 11)."""
        company("Firm", ["Ann"])
        segment = Segment.objects.create(number="S")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        ann = Contact.objects.get(name="Ann")
        contact("Cy")
        worksheet.refine_contacts(segment, named(ann.number), by=marketer, entire_companies=True)
        again = Segment.objects.create(number="T")
        kept = SavedCriteria.objects.create(
            code="K",
            steps=[
                {"kind": "add", "criteria": {}, "options": {}},
                {"kind": "refine", "criteria": {"contact": {"number": [ann.number]}},
                 "options": {"entire_companies": True}},
            ],
        )  # fmt: skip
        worksheet.reuse_criteria(again, kept, by=marketer)
        assert names(again) == ["Firm", "Ann"]

    def test_a_stale_code_refuses_all_steps(
        self, source: Segment, gift: MailingGroup, marketer: Any
    ) -> None:
        kept = worksheet.save_criteria(source, code="GIFTS", by=marketer)
        gift.links.all().delete()
        gift.delete()
        segment = Segment.objects.create(number="T")
        with pytest.raises(WorksheetError, match=r"Step 1: .*GIFT"):
            worksheet.reuse_criteria(segment, kept, by=marketer)
        assert names(segment) == []
        assert "GIFT" in saved.words(kept)[0]["sentences"][0]

    def test_json_goes_out_and_comes_in(self, source: Segment, marketer: Any) -> None:
        kept = worksheet.save_criteria(source, code="GIFTS", description="Ä", by=marketer)
        text = saved.export_json(kept)
        with pytest.raises(WorksheetError, match="already"):
            saved.import_json(text, by=marketer)
        kept.delete()
        again = saved.import_json(text, by=marketer)
        assert (again.code, again.description, again.steps) == ("GIFTS", "Ä", kept.steps)

    @pytest.mark.parametrize(
        "content",
        [
            "no json",
            "[]",
            json.dumps({"format": "other"}),
            json.dumps({"format": saved.FORMAT, "code": 1}),
            json.dumps({"format": saved.FORMAT, "code": "X", "steps": []}),
            json.dumps({"format": saved.FORMAT, "code": "X", "steps": ["add"]}),
            json.dumps({"format": saved.FORMAT, "code": "X", "steps": [{"kind": "drop"}]}),
            json.dumps(
                {"format": saved.FORMAT, "code": "X", "steps": [{"kind": "add", "criteria": 1}]}
            ),
            json.dumps(
                {"format": saved.FORMAT, "code": "X",
                 "steps": [{"kind": "add", "criteria": {}, "options": {"sudo": True}}]}
            ),
            json.dumps(
                {"format": saved.FORMAT, "code": "X",
                 "steps": [{"kind": "sample", "options": {"count": "many", "seed": "x"}}]}
            ),
        ],
    )  # fmt: skip
    def test_wrong_files_are_refused(self, marketer: Any, content: str) -> None:
        with pytest.raises(WorksheetError):
            saved.import_json(content, by=marketer)
        assert SavedCriteria.objects.count() == 0


def test_statements_do_not_grow(contact: Any, gift: MailingGroup, marketer: Any) -> None:
    """Each operation with one contact and with thirty."""
    costs = []
    for count in (1, 30):
        numbers = [contact(email=f"e{count}-{index}@x.fi").number for index in range(count + 1)]
        here = Segment.objects.create(number=f"H{count}")
        there = Segment.objects.create(number=f"T{count}")
        worksheet.add_contacts(there, named(*numbers), by=marketer)
        pasted = audience.match_list(" ".join(numbers))
        costs.append(
            [
                statements(lambda: audience.match_list(" ".join(numbers))),  # noqa: B023
                statements(lambda: audience.paste(here, pasted, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.combine(here, there, "reduce", by=marketer)),  # noqa: B023
                statements(lambda: audience.overlap(here, there)),  # noqa: B023
                statements(lambda: worksheet.go_back(here, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.apply_mailing_group(here, gift)),  # noqa: B023
                statements(lambda: audience.sample(here, by=marketer, count=1)),  # noqa: B023
                statements(lambda: worksheet.go_back(here, by=marketer)),  # noqa: B023
                statements(lambda: audience.one_per(there, "company", by=marketer)),  # noqa: B023
            ]
        )
    assert costs[0] == costs[1]
