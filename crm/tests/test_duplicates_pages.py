"""Possible duplicates on pages: list, comparison, merging, dismissing."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Contact, DuplicatePair

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def pair(person: Contact) -> DuplicatePair:
    twin = Contact.objects.create(
        first_name="Maia", surname="Öhman", email="maia@x.example", city="Hanko", language="sv"
    )
    return DuplicatePair.objects.create(first=person, second=twin, score=91, reasons="name,phone")


def url(pair: DuplicatePair) -> str:
    return f"/contacts/{pair.first.number}/merge/{pair.second.number}/"


def test_the_list_shows_pairs_and_not_those_dismissed(
    reader_client: Client, pair: DuplicatePair, company: Contact
) -> None:
    DuplicatePair.objects.create(
        first=company, second=pair.second, score=80, reasons="name", dismissed=True
    )
    html = text(reader_client.get("/contacts/duplicates/"))
    assert "name, phone" in html
    assert url(pair) in html
    assert str(company) not in html
    assert str(company) in text(reader_client.get("/contacts/duplicates/?dismissed=true"))


def test_the_list_costs_the_same_for_more(reader_client: Client, pair: DuplicatePair) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            reader_client.get("/contacts/duplicates/")
        return len(queries)

    cost()
    few = cost()
    for _more in range(3):
        third = Contact.objects.create(name="Third")
        DuplicatePair.objects.create(first=pair.first, second=third, score=80, reasons="name")
    assert cost() == few


def test_two_side_by_side_cost_few_queries(manager_client: Client, pair: DuplicatePair) -> None:
    with CaptureQueriesContext(connection) as queries:
        html = text(manager_client.get(url(pair)))
    assert len(queries) <= 15
    assert "maia@x.example" in html
    assert "Merge into one contact" in html


def test_they_become_one_as_chosen(manager_client: Client, pair: DuplicatePair) -> None:
    first, second = pair.first, pair.second
    data = {"keep": "second", "name": "first", "address": "second", "email": "second"}
    answer = manager_client.post(url(pair), data, follow=True)
    assert answer.redirect_chain == [(f"/contacts/{second.number}/", 302)]
    assert f"{first} was merged into" in text(answer)
    second.refresh_from_db()
    assert (second.name, second.city, second.company) == ("Maija Öhman", "Hanko", first.company)
    old = manager_client.get(f"/contacts/{first.number}/")
    assert old["Location"] == f"/contacts/{second.number}/"
    listed = text(manager_client.get(f"/contacts/?number={first.number}"))
    assert f'href="/contacts/{second.number}/"' in listed


@pytest.mark.parametrize("who", ["reader", "marketer"])
def test_only_who_may_delete_contacts_merges(
    who: str, request: pytest.FixtureRequest, pair: DuplicatePair
) -> None:
    client = request.getfixturevalue(f"{who}_client")
    assert "Merge into one contact" not in text(client.get(url(pair)))
    assert client.post(url(pair), {"keep": "first"}).status_code == 403
    assert Contact.objects.filter(pk=pair.second.pk).exists()


def test_a_stranger_is_sent_to_log_in(client: Client, pair: DuplicatePair) -> None:
    for address in ("/contacts/duplicates/", url(pair)):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_what_refuses_is_said_and_choices_are_kept(
    manager_client: Client, pair: DuplicatePair, company: Contact
) -> None:
    address = f"/contacts/{pair.first.number}/merge/{company.number}/"
    answer = manager_client.post(address, {"keep": "second"})
    assert answer.status_code == 409
    assert "A company and a person cannot be the same contact." in text(answer)
    assert answer.context["keep"] == "second"
    assert Contact.objects.count() == 3


def test_unknown_numbers_are_not_there(manager_client: Client, pair: DuplicatePair) -> None:
    assert manager_client.get(f"/contacts/{pair.first.number}/merge/NOSUCH/").status_code == 404
    assert manager_client.post("/contacts/NOSUCH/merge/ALSO/").status_code == 404
    assert manager_client.get("/contacts/NOSUCH/merge/").status_code == 404
    assert manager_client.post("/contacts/duplicates/99999/dismiss/").status_code == 404


def test_a_marketer_dismisses_and_a_reader_does_not(
    marketer_client: Client, reader_client: Client, pair: DuplicatePair
) -> None:
    address = f"/contacts/duplicates/{pair.pk}/dismiss/"
    assert reader_client.post(address).status_code == 403
    assert marketer_client.get(address).status_code == 405
    marketer_client.post(address)
    pair.refresh_from_db()
    assert pair.dismissed


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("self", "This is the contact itself. Choose another one."),
        ("company", "A company and a person cannot be the same contact."),
        ("NOSUCH", "There is no “NOSUCH”. Type a contact's number, or its whole name."),
    ],
)
def test_the_other_one_is_chosen(
    manager_client: Client, pair: DuplicatePair, company: Contact, typed: str, error: str
) -> None:
    address = f"/contacts/{pair.first.number}/merge/"
    numbers = {"self": pair.first.number, "company": company.number}
    answer = manager_client.post(address, {"other": numbers.get(typed, typed)})
    assert answer.context["form"].errors == {"other": [error]}
    assert manager_client.post(address, {"other": pair.second.number})["Location"] == url(pair)
