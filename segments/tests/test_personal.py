"""One person's data: complete, readable, and nobody else's."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from crm import consents, personal
from crm.models import AlternativeAddress, Contact, ContactMailingGroup, Purchase, Salesperson
from crm.references import keys
from interactions.models import InteractionLogEntry, LogEntryComment, LoggedSegment, Task
from segments import log, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody

# What is others': a colleague, the salesperson's telephone, the user who did it.
OF_OTHERS = ("Colleague", "colleague@", "555-private", "marketer")


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ann(company: Any, contact: Any, salesperson: Salesperson) -> Contact:
    firm = company("Blooms Oy")
    contact("Colleague", company=firm, email="colleague@example.com")
    Salesperson.objects.update(phone="555-private", email="colleague@example.com")
    made = {"first_name": "Ann", "surname": "Öst", "company": firm, "salesperson": salesperson}
    return contact("", email="ann@example.com", city="Turku", **made)


@pytest.fixture
def known(ann: Contact, segment: Segment, marketer: User, gift: Any) -> LoggedSegment:
    """Ann has a row in most tables, and a letter."""
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    line = SegmentLine.objects.get(contact=ann)
    LineOverride.objects.create(line=line, personal_comment="See you soon")
    logged = log.log_segment(segment, by=marketer)
    entry = logged.entries.get(contact=ann)
    LogEntryComment.objects.create(entry=entry, date=entry.date, text="Liked it", by=marketer)
    Task.objects.create(contact=ann, description="Call again", by=marketer)
    ContactMailingGroup.objects.create(contact=ann, group=gift)
    Purchase.objects.create(contact=ann, item="VASE", posting_date="2026-01-01", amount=12)
    consents.record(ann, "email", "consented", source="form", words="At the fair", by=marketer)
    AlternativeAddress.objects.create(contact=ann, code="S", city="Hanko", starts_on="2026-06-01")
    other = Segment.objects.create(number="OPEN", by=marketer)
    worksheet.add_contact(other, ann, by=marketer)
    return logged


def test_json_has_everything_and_nobody_else(
    manager_client: Client, known: LoggedSegment, ann: Contact
) -> None:
    answer = manager_client.get(f"/contacts/{ann.number}/data.json")
    assert answer["Content-Disposition"] == f'attachment; filename="{ann.number}.json"'
    said = answer.content.decode()
    assert [word for word in OF_OTHERS if word in said] == []
    data = json.loads(said)
    assert data["contact"][0]["name"] == "Ann Öst"
    assert data["contact"][0]["company"] == "Blooms Oy"
    assert data["contact"][0]["salesperson"] == "Aino Kallio"
    assert data["consent"][0]["words"] == "At the fair"
    (entry,) = data["interactionlogentry"]
    assert entry["merge_values"]["personal_comment"] == "See you soon"
    assert entry["logentrycomment"][0]["text"] == "Liked it"
    assert data["purchase"][0]["amount"] == "12.00"
    assert data["segmentline"][0]["segment"].startswith("OPEN")
    assert {"task", "contactmailinggroup", "alternativeaddress"} <= set(data)


def test_the_page_says_the_same_in_words(
    manager_client: Client, known: LoggedSegment, ann: Contact
) -> None:
    page = manager_client.get(f"/contacts/{ann.number}/data/?counted=1").content.decode()
    content = page[page.index("<h1") : page.index("</main>")]
    for word in ("Ann Öst", "Liked it", "See you soon", "VASE", "Consented", "Hanko", "Call again"):
        assert word in content
    assert [word for word in OF_OTHERS if word in content] == []


def test_times_are_those_of_the_place_as_on_the_card(
    manager_client: Client, ann: Contact, settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/Helsinki"
    Contact.objects.filter(pk=ann.pk).update(created_at=parse_datetime("2026-01-15T22:30:00Z"))
    page = manager_client.get(f"/contacts/{ann.number}/data/?counted=1").content.decode()
    assert "16 Jan 2026 00:30" in page


def test_the_zip_has_the_letters(
    manager_client: Client, known: LoggedSegment, ann: Contact
) -> None:
    answer = manager_client.get(f"/contacts/{ann.number}/data.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        names = archive.namelist()
        assert names[:2] == [f"{ann.number}.json", f"{ann.number}.html"]
        (letter,) = [name for name in names if name.endswith(".docx")]
        text = "\n".join(p.text for p in docx.Document(archive.open(letter)).paragraphs)
        assert "Dear Ann Öst, See you soon" in text
        assert "Liked it" in archive.read(f"{ann.number}.html").decode()


def test_a_letter_that_cannot_be_made_says_why(
    manager_client: Client, known: LoggedSegment, ann: Contact, settings: Any
) -> None:
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / "elsewhere"
    answer = manager_client.get(f"/contacts/{ann.number}/data.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        (reason,) = [name for name in archive.namelist() if name.endswith(".txt")]
        assert b"missing" in archive.read(reason)


def test_every_table_that_names_a_contact_is_told_or_left_out_on_purpose(
    known: LoggedSegment, ann: Contact
) -> None:
    """A table of tomorrow is told by itself; whoever leaves one out has to name it."""
    for model, key in keys():
        assert model in personal.left_out or model._meta.get_field(key)
    left_out = {model.__name__ for model in personal.left_out}
    assert left_out == {"Contact", "DuplicatePair", "DuplicateKey"}
    told = {table.name for table in personal.told(ann)}
    having = {
        model._meta.model_name
        for model, key in keys()
        if model not in personal.left_out and model._base_manager.filter(**{key: ann}).exists()
    }
    assert told == {"contact", *having}


def test_it_costs_the_same_for_one_row_and_for_many(known: LoggedSegment, ann: Contact) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(personal.told(ann))
        return len(captured)

    before = cost()
    entry = InteractionLogEntry.objects.get(contact=ann)
    for _n in range(5):
        entry.pk = None
        entry.save()
        LogEntryComment.objects.create(entry=entry, date=entry.date, text="x")
        Task.objects.create(contact=ann, description="x")
    assert cost() == before


@pytest.mark.parametrize("page", ["data/", "data.json", "data.zip", "erase/"])
def test_refused(marketer_client: Client, manager_client: Client, ann: Contact, page: str) -> None:
    def code(client: Client, number: str) -> int:
        answer = client.get(f"/contacts/{number}/{page}")
        answer.getvalue()  # to its end, where a file is closed
        return answer.status_code

    assert code(marketer_client, ann.number) == 403
    assert code(Client(), ann.number) == 302
    assert code(manager_client, "NOBODY") == 404
    assert code(manager_client, ann.number) == 200
