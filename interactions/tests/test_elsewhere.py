"""Who is elsewhere on the line's date is written to there: letter, label, envelope and e-mail."""

import datetime
import io
from typing import Any

import pytest
from docx import Document as WordDocument

from crm.addresses import email_of
from crm.models import AlternativeAddress, Contact
from interactions import letters
from interactions.models import InteractionLogEntry, LoggedSegment
from interactions.tests.conftest import set_facts
from interactions.tests.test_letters import text_of

pytestmark = pytest.mark.django_db
HOME = "Blooms & Co\nAnn Smith\n1 High Street\nLondon\nUNITED KINGDOM"
COTTAGE = "Blooms & Co\nAnn Smith\n7 Lake Road\nBath\nUNITED KINGDOM"
LOGGED_ON = datetime.date(2026, 3, 2)  # by the fixture


def stay(contact: Contact, **values: Any) -> None:
    AlternativeAddress.objects.create(
        contact=contact, code="COTTAGE", address="7 Lake Road", city="Bath", country="GB", **values
    )


def logged_again(logged: LoggedSegment) -> InteractionLogEntry:
    """The first entry with the facts that Log would write now."""
    return set_facts(logged.entries.get(position=1), "")


def printed(logged: LoggedSegment, kind: str) -> str:
    """The words of labels or envelopes."""
    out = io.BytesIO()
    letters.write_print(logged, out, kind=kind, file_format="docx")
    document = WordDocument(io.BytesIO(out.getvalue()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(each.text for each in document.paragraphs)])


@pytest.mark.parametrize(
    ("first", "last", "place"),
    [
        (0, None, COTTAGE),
        (-9, 0, COTTAGE),
        (0, 0, COTTAGE),
        (1, None, HOME),
        (-9, -1, HOME),
    ],
)
def test_the_address_that_holds_on_the_date_of_the_line(
    logged: LoggedSegment, first: int, last: int | None, place: str
) -> None:
    contact = logged.entries.get(position=1).contact
    assert contact is not None
    days = [None if day is None else LOGGED_ON + datetime.timedelta(day) for day in (first, last)]
    stay(contact, starts_on=days[0], ends_on=days[1])
    entry = logged_again(logged)
    assert text_of(letters.letter(entry)[1]).startswith(place)
    other = HOME if place == COTTAGE else COTTAGE
    for kind in ("L7160", "C5"):
        words = printed(logged, kind)
        assert place in words
        assert other not in words


def test_the_e_mail_goes_there_if_it_says_one(logged: LoggedSegment) -> None:
    contact = logged.entries.get(position=1).contact
    assert contact is not None
    contact.email = "ann@example.com"
    contact.save()
    stay(contact, starts_on=LOGGED_ON)
    assert email_of(contact, LOGGED_ON) == "ann@example.com"
    contact.alternative_addresses.update(email="ann@lake.example")
    assert email_of(contact, LOGGED_ON) == "ann@lake.example"
    assert email_of(contact, LOGGED_ON - datetime.timedelta(1)) == "ann@example.com"
    assert logged_again(logged).merge_values["email"] == "ann@lake.example"
