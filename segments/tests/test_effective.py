"""What a line says: each value along the chain line -> segment -> template (-> contact)."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.models import Campaign, Contact, Salesperson
from interactions.models import InteractionTemplate, TemplateLanguage
from segments import worksheet
from segments.effective import EffectiveLines
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import named


@pytest.fixture
def line(segment: Segment, contact: Any, marketer: Any) -> SegmentLine:
    """The only line of the segment."""
    worksheet.add_contact(segment, contact("Ann", email="ann@example.com"), by=marketer)
    return SegmentLine.objects.get(segment=segment)


def said(segment: Segment, name: str) -> Any:
    """What the only line says now."""
    segment.refresh_from_db()
    return getattr(EffectiveLines(segment).lines(name).get(), f"says_{name}")


def change(row: Any, **values: Any) -> None:
    """Stores some values of a row."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def override(line: SegmentLine, **values: Any) -> None:
    LineOverride.objects.update_or_create(line=line, defaults=values)


CHAINS = [
    ("description", "description", "On the line", "On the segment", None),
    ("information_flow", "information_flow", "inbound", "outbound", "inbound"),
    ("initiated_by", "initiated_by", "them", "us", "them"),
    ("cost", "unit_cost", Decimal("3.00"), Decimal("2.00"), Decimal("1.00")),
    ("duration", "unit_duration", 3, 2, 1),
    ("campaign_target", "campaign_target", False, True, False),
    ("campaign_response", "campaign_response", False, True, False),
    ("date", "date", datetime.date(2026, 1, 1), datetime.date(2026, 2, 2), None),
]


@pytest.mark.parametrize(("name", "header", "own", "above", "last"), CHAINS)
def test_line_then_segment_then_template(
    segment: Segment, line: SegmentLine, name: str, header: str, own: Any, above: Any, last: Any
) -> None:
    """Every plain value: the first of line, segment, template that is not empty."""
    if last is not None:
        change(segment.template, **{header: last})
        change(segment, **{header: "" if isinstance(last, str) else None})
        assert said(segment, name) == last
    change(segment, **{header: above})
    assert said(segment, name) == above
    override(line, **{name: own})
    assert said(segment, name) == own


def test_header_edits_are_followed_and_an_override_stays(
    segment: Segment, line: SegmentLine, contact: Any, marketer: Any
) -> None:
    """Two header edits after a line override; reset brings the line back to the header."""
    worksheet.add_contact(segment, contact("Ben"), by=marketer)
    override(line, description="For Ann alone")
    for text in ("First", "Second"):
        change(segment, description=text)
        texts = EffectiveLines(segment).lines("description")
        assert list(texts.values_list("contact__name", "says_description")) == [
            ("Ann", "For Ann alone"),
            ("Ben", text),
        ]
    LineOverride.objects.filter(line=line).update(description="")
    assert set(
        EffectiveLines(segment).lines("description").values_list("says_description", flat=True)
    ) == {"Second"}


def test_a_template_of_the_line_brings_its_values(
    segment: Segment, line: SegmentLine, template: InteractionTemplate
) -> None:
    """What neither line nor segment says comes from the template that the line has in force."""
    visit = InteractionTemplate.objects.create(
        code="VISIT", group=template.group, unit_cost=80, unit_duration=60
    )
    override(line, template=visit)
    assert (said(segment, "template_id"), said(segment, "cost"), said(segment, "duration")) == (
        visit.pk,
        80,
        60,
    )
    change(segment, unit_cost=5)
    assert said(segment, "cost") == 5


def test_nothing_anywhere(segment: Segment, line: SegmentLine) -> None:
    """Without a template and with an empty header there is nothing, not an error."""
    change(segment, template=None, description="", salesperson=None)
    row = EffectiveLines(segment).lines().get()
    assert (row.says_template_id, row.says_description, row.says_salesperson_id) == (None, "", None)
    assert (row.says_cost, row.says_duration, row.says_document_id, row.says_language) == (
        0,
        0,
        None,
        "",
    )


def test_salesperson_ends_with_the_contacts(segment: Segment, line: SegmentLine) -> None:
    """Line, else segment, else contact."""
    theirs = Salesperson.objects.create(code="CC", name="Contact's")
    own = Salesperson.objects.create(code="LL", name="Line's")
    Contact.objects.update(salesperson=theirs)
    assert said(segment, "salesperson_id") == segment.salesperson_id
    change(segment, salesperson=None)
    assert said(segment, "salesperson_id") == theirs.pk
    override(line, salesperson=own)
    assert said(segment, "salesperson_id") == own.pk


def test_campaign_may_come_from_the_template(segment: Segment, line: SegmentLine) -> None:
    """Line, else segment, else template."""
    one, two = (Campaign.objects.create(description=text) for text in ("One", "Two"))
    assert said(segment, "campaign_id") is None
    change(segment.template, campaign=one)
    assert said(segment, "campaign_id") == one.pk
    change(segment, campaign=two)
    assert said(segment, "campaign_id") == two.pk


# line, segment (type, ignores), template (type, ignores), contact -> said
CORRESPONDENCE = [
    ("email", "hard_copy", True, "hard_copy", True, "hard_copy", "email"),
    ("", "email", True, "hard_copy", True, "hard_copy", "email"),
    ("", "", True, "hard_copy", False, "email", "email"),
    ("", "", False, "hard_copy", True, "email", "hard_copy"),
    ("", "email", False, "hard_copy", True, "hard_copy", "email"),
    ("", "", False, "hard_copy", False, "", "hard_copy"),
    ("", "email", False, "hard_copy", False, "", "email"),
    ("", "email", False, "hard_copy", False, "hard_copy", "hard_copy"),
    ("", "", False, "", True, "email", "email"),
    ("", "", False, "", False, "", ""),
]


@pytest.mark.parametrize(
    ("own", "above", "segment_ignores", "last", "template_ignores", "preferred", "expected"),
    CORRESPONDENCE,
)
def test_correspondence_type(
    segment: Segment,
    line: SegmentLine,
    own: str,
    above: str,
    segment_ignores: bool,
    last: str,
    template_ignores: bool,
    preferred: str,
    expected: str,
) -> None:
    """Section 5 of the product's design, case by case."""
    Contact.objects.update(correspondence_type=preferred)
    change(
        segment.template,
        correspondence_type=last,
        ignore_contact_correspondence_type=template_ignores,
    )
    change(segment, correspondence_type=above, ignore_contact_correspondence_type=segment_ignores)
    override(line, correspondence_type=own)
    assert said(segment, "correspondence_type") == expected


class TestLanguage:
    """Line; the contact's where there is a letter in it; segment; template. And what follows it."""

    @pytest.fixture(autouse=True)
    def _languages(self, template: InteractionTemplate, letter: Any) -> None:
        self.finnish = letter("Hei {{ Contact_Name }}")
        TemplateLanguage.objects.create(
            template=template, language="fi", subject="Uutisia", document=self.finnish
        )
        TemplateLanguage.objects.create(template=template, language="sv", subject="Nytt")

    def test_the_contacts_where_there_is_a_letter_in_it(
        self, segment: Segment, line: SegmentLine
    ) -> None:
        Contact.objects.update(language="fi")
        assert said(segment, "language") == "fi"
        assert said(segment, "document_id") == self.finnish.pk
        assert said(segment, "subject") == "Uutisia"

    def test_a_language_without_a_letter_falls_back(
        self, segment: Segment, line: SegmentLine
    ) -> None:
        Contact.objects.update(language="sv")
        assert (said(segment, "language"), said(segment, "subject")) == ("en", "News")
        change(segment, language="fi")
        assert (said(segment, "language"), said(segment, "subject")) == ("fi", "Uutisia")

    def test_the_lines_own_wins(self, segment: Segment, line: SegmentLine, letter: Any) -> None:
        Contact.objects.update(language="fi")
        own = letter("Only for Ann")
        override(line, language="en", document=own, subject="Dear Ann")
        assert said(segment, "language") == "en"
        assert (said(segment, "document_id"), said(segment, "subject")) == (own.pk, "Dear Ann")

    def test_the_segments_letter_stands_before_the_templates(
        self, segment: Segment, line: SegmentLine, letter: Any
    ) -> None:
        german = letter("Guten Tag")
        SegmentDocument.objects.create(segment=segment, language="de", document=german)
        Contact.objects.update(language="de")
        assert (said(segment, "language"), said(segment, "document_id")) == ("de", german.pk)
        english = letter("Segment's own")
        SegmentDocument.objects.create(segment=segment, language="en", document=english)
        Contact.objects.update(language="")
        assert said(segment, "document_id") == english.pk

    def test_the_headers_subject_is_in_the_headers_language(
        self, segment: Segment, line: SegmentLine
    ) -> None:
        change(segment, subject="Spring offer")
        assert said(segment, "subject") == "Spring offer"
        Contact.objects.update(language="fi")
        assert said(segment, "subject") == "Uutisia"
        TemplateLanguage.objects.filter(language="fi").update(subject="")
        assert said(segment, "subject") == "Spring offer"


def test_facts_are_those_of_the_line(segment: Segment, line: SegmentLine) -> None:
    """The merge reads the same values as the page."""
    override(line, personal_comment="See you on Friday", subject="For you")
    lines = EffectiveLines(segment)
    facts = lines.with_facts(lines.lines()).get().facts
    assert {
        name: facts[name]
        for name in ("name", "email", "segment_number", "subject", "personal_comment", "language")
    } == {
        "name": "Ann",
        "email": "ann@example.com",
        "segment_number": segment.number,
        "subject": "For you",
        "personal_comment": "See you on Friday",
        "language": "en",
    }
    assert facts["salesperson"]["name"] == "Aino Kallio"


def test_statements_do_not_grow_with_lines(
    segment: Segment, contact: Any, marketer: Any, django_assert_num_queries: Any
) -> None:
    """Three small tables, the subjects that lines have themselves, and the lines."""
    numbers = [contact().number for _index in range(30)]
    worksheet.add_contacts(segment, named(*numbers), by=marketer)
    with django_assert_num_queries(5):
        assert len(EffectiveLines(segment).lines()) == 30
