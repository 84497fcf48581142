"""The plain pages as such: filters, chips, order, paging, rights."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm.models import Campaign, Contact, Salesperson
from crm.pages import ListPage
from crm.paging import CappedPaginator

pytestmark = pytest.mark.django_db


def numbers(html: str) -> list[str]:
    """The numbers in a list's first column, in order."""
    return re.findall(r'<td><a class="code" href="[^"]*">([^<]*)</a></td>', html)


def page(client: Client, address: str, status: int = 200) -> str:
    """The page's text; fails when it is answered otherwise than it should be."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return unescape(answer.content.decode())


@pytest.fixture
def contacts() -> list[Contact]:
    company = Contact.objects.create(type="company", name="Ääniaalto Oy", city="Oulu")
    return [
        company,
        Contact.objects.create(first_name="Maija", surname="Öhman", company=company, city="Vaasa"),
        Contact.objects.create(first_name="Olli", surname="Aho", company=company, city="Vaasa"),
        Contact.objects.create(type="company", name="Betoni Oy", city="Turku"),
    ]


def test_a_list_is_ordered_by_the_finnish_alphabet_with_people_under_their_company(
    reader_client: Client, contacts: list[Contact]
) -> None:
    betoni, company, olli, maija = (contacts[index].number for index in (3, 0, 2, 1))
    assert numbers(page(reader_client, "/contacts/")) == [betoni, company, olli, maija]


def test_sorting_goes_up_and_down_and_ignores_what_is_not_offered(
    reader_client: Client, contacts: list[Contact]
) -> None:
    up = [contact.number for contact in contacts]
    assert numbers(page(reader_client, "/contacts/?sort=number")) == up
    assert numbers(page(reader_client, "/contacts/?sort=-number")) == up[::-1]
    plain = numbers(page(reader_client, "/contacts/"))
    assert numbers(page(reader_client, "/contacts/?sort=privacy_blocked")) == plain
    assert numbers(page(reader_client, "/contacts/?sort=company__number;drop")) == plain


def test_the_sorted_column_says_so_and_turns_round(
    reader_client: Client, contacts: list[Contact]
) -> None:
    html = page(reader_client, "/contacts/?sort=number&city=Vaasa&page=1")
    assert html.count('aria-sort="ascending"') == 1
    assert 'href="?sort=-number&city=Vaasa"' in html


def test_a_filter_in_force_says_itself_and_can_be_taken_off(
    reader_client: Client, contacts: list[Contact]
) -> None:
    html = page(reader_client, "/contacts/?search=OY&type=company&page=1")
    assert numbers(html) == [contacts[3].number, contacts[0].number]
    chips = re.findall(r'<a class="chip" href="([^"]*)"', html)
    assert chips == ["?type=company", "?search=OY"]
    assert "2 rows" in html


def test_a_mistyped_filter_shows_nothing_and_says_why(
    reader_client: Client, contacts: list[Contact]
) -> None:
    html = page(reader_client, "/contacts/?number=NOSUCH&type=dragon")
    assert numbers(html) == []
    assert "There is no NOSUCH." in html
    assert "A filter could not be understood." in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("query", ["citty=Oulu", "city=Oulu&company__name=x", "created=2026"])
def test_a_filter_that_is_not_there_is_refused_and_never_ignored(
    reader_client: Client, contacts: list[Contact], query: str
) -> None:
    html = page(reader_client, f"/contacts/?{query}")
    assert numbers(html) == []
    key = query.rpartition("&")[2].partition("=")[0]
    assert f"There is no filter called “{key}” here." in html


def test_dates_are_asked_for_by_parts(reader_client: Client, contacts: list[Contact]) -> None:
    today = "/contacts/?created_from=2000-01-01&created_to=&created_last=&created_unit=days"
    assert len(numbers(page(reader_client, today))) == 4
    assert numbers(page(reader_client, "/contacts/?created_to=2000-01-01")) == []


def test_no_match_and_nothing_yet_are_told_apart(reader_client: Client) -> None:
    assert "There is nothing here yet." in page(reader_client, "/contacts/")
    assert "Nothing matches these filters." in page(reader_client, "/contacts/?search=x")


def test_pages_of_fifty_follow_each_other_and_odd_page_numbers_give_the_nearest(
    reader_client: Client,
) -> None:
    for index in range(51):
        Campaign.objects.create(number=f"CP{index:03}", description=f"Nr {index}")
    first, second = (numbers(page(reader_client, f"/campaigns/?page={index}")) for index in (1, 2))
    assert first == [f"CP{index:03}" for index in range(50, 0, -1)]
    assert second == ["CP000"]
    for odd in ("99", "-1", "x", "1e9", "%00"):
        assert page(reader_client, f"/campaigns/?page={odd}")


def test_rows_are_counted_up_to_a_cap_only(
    monkeypatch: pytest.MonkeyPatch, reader_client: Client
) -> None:
    monkeypatch.setattr(CappedPaginator, "CAP", 2)
    monkeypatch.setattr(ListPage, "paginate_by", 1)
    for index in range(4):
        Campaign.objects.create(number=f"CP{index}", description="x")
    assert "More than 2" in page(reader_client, "/campaigns/")
    last = page(reader_client, "/campaigns/?page=9")
    assert numbers(last) == ["CP2"]
    assert "There are more rows." in last


def test_what_a_filter_finds_is_counted_up_to_a_lower_cap(
    monkeypatch: pytest.MonkeyPatch, reader_client: Client
) -> None:
    monkeypatch.setattr(CappedPaginator, "FOUND", 2)
    monkeypatch.setattr(CappedPaginator, "FEW", 1)
    for index in range(4):
        Campaign.objects.create(number=f"CP{index}", status="active" if index else "planned")
    assert "More than" not in page(reader_client, "/campaigns/")
    found = page(reader_client, "/campaigns/?status=active")
    assert "More than 2" in found
    assert numbers(found) == ["CP3", "CP2"]


def test_a_far_page_has_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, reader_client: Client
) -> None:
    monkeypatch.setattr(ListPage, "paginate_by", 2)
    for index in range(9):
        Campaign.objects.create(number=f"CP{index}", description=f"{index % 3}")
    near = [
        numbers(page(reader_client, f"/campaigns/?sort=-description&page={i}")) for i in range(6)
    ]
    monkeypatch.setattr(CappedPaginator, "FAR", 2)
    far = [
        numbers(page(reader_client, f"/campaigns/?sort=-description&page={i}")) for i in range(6)
    ]
    assert far == near
    assert far[5] == ["CP0"]


def test_few_found_are_the_same_rows_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for index in range(7):
        Contact.objects.create(name=f"Name {index % 4}", city=("Oulu", "Turku")[index > 4])
    found = Contact.objects.filter(city="Oulu").by_name()

    def pages(queries: int) -> list[list[str]]:
        pages = CappedPaginator(found, 2)
        with django_assert_num_queries(queries):
            return [[row.number for row in pages.page(i).object_list] for i in (1, 2, 3)]

    few = pages(2 + 3)
    monkeypatch.setattr(CappedPaginator, "FEW", 4)
    assert [len(one) for one in few] == [2, 2, 1]
    assert pages(1 + 3) == few


@pytest.mark.parametrize("address", ["/contacts/", "/campaigns/", "/search/?q=name"])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    reader_client: Client, django_assert_num_queries: object, address: str
) -> None:
    def add(index: int) -> None:
        seller = Salesperson.objects.create(code=f"S{index}", name=f"Seller {index}")
        company = Contact.objects.create(type="company", name=f"Name {index}", salesperson=seller)
        Contact.objects.create(name=f"Name of person {index}", company=company, salesperson=seller)
        Campaign.objects.create(description=f"Name {index}", salesperson=seller)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for index in range(3):
        add(index)
        page(reader_client, address)
        with CaptureQueriesContext(connection) as queries:
            page(reader_client, address)
        counts.append(len(queries))
    assert counts[0] == counts[2]


ADDRESSES = {
    "/contacts/": "view_contact",
    "/contacts/new/": "add_contact",
    "/contacts/{number}/": "view_contact",
    "/contacts/{number}/edit/": "change_contact",
    "/contacts/{number}/delete/": "delete_contact",
    "/contacts/choose/": "view_contact",
    "/contacts/{number}/addresses/new/": "add_alternativeaddress",
    "/campaigns/": "view_campaign",
    "/campaigns/new/": "add_campaign",
    "/campaigns/{campaign}/": "view_campaign",
    "/campaigns/{campaign}/edit/": "change_campaign",
    "/campaigns/{campaign}/delete/": "delete_campaign",
}


@pytest.mark.parametrize(("address", "permission"), ADDRESSES.items())
def test_each_page_asks_for_its_models_right(
    client: Client, contacts: list[Contact], address: str, permission: str
) -> None:
    from django.contrib.auth.models import Permission, User

    campaign = Campaign.objects.create(description="Fair")
    url = address.format(number=contacts[1].number, campaign=campaign.number)
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={url}"
    user = User.objects.create_user("nobody")
    client.force_login(user)
    assert client.get(url).status_code == 403
    user.user_permissions.add(
        Permission.objects.get(codename=permission, content_type__app_label="crm")
    )
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/contacts/NOSUCH/",
        "/contacts/NOSUCH/edit/",
        "/contacts/NOSUCH/delete/",
        "/contacts/NOSUCH/addresses/new/",
        "/contacts/NOSUCH/addresses/1/",
        "/campaigns/NOSUCH/",
        "/campaigns/NOSUCH/edit/",
        "/campaigns/NOSUCH/delete/",
        "/contacts/%00/",
        "/campaigns/%00/edit/",
        "/contacts/%F0%9F%8E%81/",
        "/contacts/' OR 1=1--/",
        "/contacts/NOSUCH/addresses/99999999999999999999/",
    ],
)
def test_what_is_not_there_is_not_found(admin_client: Client, address: str) -> None:
    assert "This page does not exist" in page(admin_client, address, 404)
