"""The contact's card: what it shows, and the small verbs on it."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm import panels
from crm.models import (
    AlternativeAddress,
    Campaign,
    Contact,
    ContactMailingGroup,
    MailingGroup,
    Purchase,
)

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_card_shows_who_it_is_and_keeps_others_out(
    reader_client: Client, person: Contact, company: Contact
) -> None:
    Contact.objects.create(name="Somebody else", email="secret@example.com")
    html = text(reader_client.get(f"/contacts/{person.number}/"))
    assert "<h1>Maija Öhman" in html
    assert f'<a href="/contacts/{company.number}/">Betoni Oy</a>' in html
    assert "secret@example.com" not in html
    assert "<form" not in html.split("<main")[1]


def test_a_company_shows_its_people_up_to_fifty(reader_client: Client, company: Contact) -> None:
    for index in range(52):
        Contact.objects.create(surname=f"P{index:02}", company=company)
    answer = reader_client.get(f"/contacts/{company.number}/")
    assert [one.name for one in answer.context["people"]] == [f"P{i:02}" for i in range(50)]
    assert f"/contacts/?company={company.number}&type=person" in text(answer)


def test_the_card_costs_the_same_with_one_and_with_three_of_everything(
    marketer_client: Client, company: Contact
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for index in range(3):
        Contact.objects.create(surname=f"P{index}", company=company)
        group = MailingGroup.objects.create(code=f"G{index}")
        ContactMailingGroup.objects.create(contact=company, group=group)
        MailingGroup.objects.create(code=f"FREE{index}")
        AlternativeAddress.objects.create(
            contact=company, code=f"A{index}", starts_on=f"2026-01-0{index + 1}"
        )
        with CaptureQueriesContext(connection) as queries:
            marketer_client.get(f"/contacts/{company.number}/")
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_higher_floors_add_panels_and_actions(
    monkeypatch: pytest.MonkeyPatch, reader_client: Client, company: Contact
) -> None:
    monkeypatch.setattr(panels.contact_panels, "entries", {})
    monkeypatch.setattr(panels.contact_actions, "entries", {})
    panel = ("crm/_campaign_status.html", {"campaign": Campaign(status="active")})
    panels.register("two", 2, lambda request, one: panel)
    panels.register("none", 1, lambda request, one: None)
    panels.contact_actions.register(
        "call", 1, lambda request, one: panels.Action(f"/call/{one.number}/", "Call <them>")
    )
    company.privacy_blocked = True
    company.save()
    answer = reader_client.get(f"/contacts/{company.number}/")
    assert answer.context["panels"] == [panel]
    html = answer.content.decode()
    assert html.count('<span class="badge-mark bad">Blocked</span>') == 1
    assert html.count('<span class="badge-mark good">Active</span>') == 1
    assert f'href="/call/{company.number}/"' in html
    assert "Call &lt;them&gt;" in html


def test_the_last_purchases_are_shown_and_no_others(
    reader_client: Client, company: Contact, person: Contact
) -> None:
    Purchase.objects.create(contact=person, item="SECRET", posting_date="2026-01-01", amount=1)
    for day in range(1, 13):
        Purchase.objects.create(
            contact=company, item=f"I{day:02}", posting_date=f"2026-01-{day:02}", amount="1234.5"
        )
    answer = reader_client.get(f"/contacts/{company.number}/")
    items = [purchase.item for purchase in answer.context["purchases"]]
    assert items == [f"I{day:02}" for day in range(12, 2, -1)]
    assert "1,234.50" in text(answer)
    assert "SECRET" not in text(answer)


def test_an_address_is_added_changed_and_deleted(
    marketer_client: Client, reader_client: Client, person: Contact
) -> None:
    base = f"/contacts/{person.number}/addresses/"
    data = {"code": "SUMMER", "starts_on": "2026-06-01", "ends_on": "2026-08-31", "city": "Hanko"}
    answer = marketer_client.post(f"{base}new/", data)
    assert answer["Location"] == f"/contacts/{person.number}/"
    address = AlternativeAddress.objects.get()
    assert (address.contact, address.city) == (person, "Hanko")
    marketer_client.post(f"{base}{address.pk}/", {**data, "city": "Turku"})
    address.refresh_from_db()
    assert address.city == "Turku"
    assert reader_client.post(f"{base}{address.pk}/delete/").status_code == 403
    marketer_client.post(f"{base}{address.pk}/delete/")
    assert not AlternativeAddress.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"starts_on": "2026-06-01", "ends_on": "2026-05-01"}, "__all__"),
        ({"starts_on": "2026-01-01"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({}, "starts_on"),
    ],
)
def test_a_wrong_address_is_told_and_not_written(
    marketer_client: Client, person: Contact, data: dict[str, str], field: str
) -> None:
    AlternativeAddress.objects.create(contact=person, code="OLD", starts_on="2026-01-01")
    url = f"/contacts/{person.number}/addresses/new/"
    answer = marketer_client.post(url, {"code": "X", **data})
    assert list(answer.context["form"].errors) == [field]
    assert AlternativeAddress.objects.count() == 1


def test_an_address_is_found_under_its_own_contact_only(
    marketer_client: Client, person: Contact, company: Contact
) -> None:
    address = AlternativeAddress.objects.create(contact=person, code="A", starts_on="2026-01-01")
    assert (
        marketer_client.get(f"/contacts/{company.number}/addresses/{address.pk}/").status_code
        == 404
    )
    other = f"/contacts/{company.number}/addresses/{address.pk}/delete/"
    assert marketer_client.post(other).status_code == 404
    assert AlternativeAddress.objects.count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        ("2026-05-01", "2026-05-31", True),
        ("2026-05-01", "2026-06-01", False),
        ("2026-06-10", "2026-06-20", False),
        ("2026-08-31", "", False),
        ("2026-09-01", "", True),
        ("2026-01-01", "", False),
    ],
)
def test_addresses_of_a_contact_never_overlap(
    marketer_client: Client, person: Contact, company: Contact, starts: str, ends: str, fits: bool
) -> None:
    days = {"starts_on": "2026-06-01", "ends_on": "2026-08-31"}
    AlternativeAddress.objects.create(contact=person, code="SUMMER", **days)
    AlternativeAddress.objects.create(contact=company, code="OTHER", starts_on="2020-01-01")
    data = {"code": "X", "starts_on": starts, "ends_on": ends}
    answer = marketer_client.post(f"/contacts/{person.number}/addresses/new/", data)
    assert (answer.status_code == 302) is fits
    assert person.alternative_addresses.count() == 1 + fits
    if not fits:
        said = ["The address SUMMER holds on some of these days. Let it end before."]
        assert answer.context["form"].errors == {"starts_on": said}
