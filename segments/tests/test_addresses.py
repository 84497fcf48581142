"""The address that holds on the line's date: in letters, in Check, in the log."""

from typing import Any

import pytest

from crm.models import AlternativeAddress, Contact
from interactions.models import InteractionLogEntry
from segments import log, worksheet
from segments.effective import EffectiveLines
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, statements

pytestmark = pytest.mark.django_db
HOME = {"address": "Katu 1", "address_2": "A 2", "post_code": "00100", "city": "Helsinki"}
HUT = {"address": "Rantatie 9", "post_code": "10900", "city": "Hanko", "country": "FI"}


@pytest.fixture
def summer(segment: Segment, contact: Any, marketer: Any) -> Segment:
    """Ann, who is at her hut in June, and Ben, who never is; the segment is of June the 1st."""
    ann = contact("Ann", phone="1", email="ann@home.example", **HOME)
    contact("Ben", email="ben@home.example", **HOME)
    AlternativeAddress.objects.create(
        contact=ann, code="HUT", starts_on="2026-06-01", ends_on="2026-06-30", phone="2", **HUT
    )
    Segment.objects.update(date="2026-06-01")
    segment.refresh_from_db()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def facts(segment: Segment, *names: str) -> list[tuple[str, ...]]:
    lines = EffectiveLines(segment)
    rows = lines.with_facts(lines.lines()).values_list("facts", flat=True)
    return [tuple(row[name] for name in ("name", *names)) for row in rows]


def on(segment: Segment, day: str) -> Segment:
    Segment.objects.filter(pk=segment.pk).update(date=day)
    segment.refresh_from_db()
    return segment


def test_the_address_of_the_day_takes_the_place_of_the_whole_block(summer: Segment) -> None:
    assert facts(summer, "address", "address_2", "city", "country", "phone", "email") == [
        ("Ann", "Rantatie 9", "", "Hanko", "FI", "2", "ann@home.example"),
        ("Ben", "Katu 1", "A 2", "Helsinki", "", "", "ben@home.example"),
    ]


@pytest.mark.parametrize(
    ("day", "city"),
    [
        ("2026-05-31", "Helsinki"),
        ("2026-06-01", "Hanko"),
        ("2026-06-30", "Hanko"),
        ("2026-07-01", "Helsinki"),
    ],
)
def test_both_ends_belong_to_it(summer: Segment, day: str, city: str) -> None:
    assert facts(on(summer, day), "city") == [("Ann", city), ("Ben", "Helsinki")]


def test_an_open_end_holds_for_ever_and_the_lines_own_date_counts(summer: Segment) -> None:
    AlternativeAddress.objects.update(ends_on=None)
    assert facts(on(summer, "2099-01-01"), "city")[0] == ("Ann", "Hanko")
    line = SegmentLine.objects.get(contact__name="Ann")
    LineOverride.objects.create(line=line, date="2026-01-01")
    assert facts(summer, "city")[0] == ("Ann", "Helsinki")


def test_check_and_log_ask_the_email_of_the_day(summer: Segment, marketer: Any) -> None:
    AlternativeAddress.objects.update(email="ann@hut.example")
    Contact.objects.update(email="", correspondence_type="email")
    Segment.objects.update(correspondence_type="email", ignore_contact_correspondence_type=True)
    summer.refresh_from_db()
    problems = {one.code: one.count for one in log.check(summer, send=True)}
    assert problems == {"no_address": 1}
    log.log_segment(summer, by=marketer)
    entries = InteractionLogEntry.objects.order_by("position")
    assert [(one.correspondence_type, one.merge_values["email"]) for one in entries] == [
        ("email", "ann@hut.example"),
        ("", ""),
    ]


def test_the_look_up_costs_no_statement_a_line(
    summer: Segment, contact: Any, marketer: Any
) -> None:
    facts(summer)  # the set-up's row is made when it is first read
    few = statements(lambda: facts(summer, "city"))
    for _more in range(30):
        one = contact("Zoe", **HOME)
        AlternativeAddress.objects.create(contact=one, code="A", starts_on="2026-01-01", **HUT)
    worksheet.add_contacts(summer, everybody(), by=marketer, confirm_all=True)
    assert len(facts(summer)) == 32
    assert statements(lambda: facts(summer, "city")) == few
