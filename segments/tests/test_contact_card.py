"""What this floor says on, and keeps of, a contact's card."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm.models import Contact
from segments import worksheet
from segments.models import Segment
from segments.tests.conftest import named

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def typed(person: Contact, **fields: Any) -> dict[str, Any]:
    return {"type": "person", "name": person.name, "number": person.number, **fields}


@pytest.fixture
def zoe(segment: Segment, company: Any, marketer: Any) -> Contact:
    """Somebody of Alfa, on an open segment."""
    company("Alfa", people=["Zoe"])
    person = Contact.objects.get(name="Zoe")
    worksheet.add_contacts(segment, named(person.number), by=marketer)
    return person


def test_a_companys_card_shows_the_segments_of_its_people(
    reader_client: Client, segment: Segment, zoe: Contact, company: Any
) -> None:
    assert zoe.company is not None
    other = company("Beta", people=["Yan"])
    link = f'href="/segments/{segment.number}/"'
    assert link in text(reader_client.get(f"/contacts/{zoe.company.number}/"))
    assert link in text(reader_client.get(f"/contacts/{zoe.number}/"))
    assert link not in text(reader_client.get(f"/contacts/{other.number}/"))


def test_the_company_stays_while_the_person_is_on_an_open_segment(
    marketer_client: Client, segment: Segment, zoe: Contact, company: Any, marketer: Any
) -> None:
    beta, before = company("Beta"), zoe.company
    assert before is not None
    url = f"/contacts/{zoe.number}/edit/"
    answer = marketer_client.post(url, typed(zoe, company=beta.number))
    why = f"The company stays while the contact is on an open segment: {segment}."
    assert answer.context["form"].errors == {"company": [why]}
    assert answer.context["form"]["company"].value() == beta.number
    zoe.refresh_from_db()
    assert zoe.company == before
    same = marketer_client.post(url, typed(zoe, company=before.number, job_title="Chief"))
    assert same.status_code == 302
    worksheet.delete_segment(segment)
    marketer_client.post(url, typed(zoe, company=beta.number))
    zoe.refresh_from_db()
    assert zoe.company == beta
