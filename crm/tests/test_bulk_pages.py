"""Many contacts at once, columns of one's choice, views under names, slips forgiven."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import bulk
from crm.models import Contact, ContactMailingGroup, MailingGroup, Salesperson, SavedView

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def people() -> list[Contact]:
    """Two in Oulu and one in Turku, who must never be touched."""
    towns = ("Oulu", "Oulu", "Turku")
    return [Contact.objects.create(name=f"P{i}", city=town) for i, town in enumerate(towns)]


@pytest.fixture
def group() -> MailingGroup:
    return MailingGroup.objects.create(code="GIFT", description="Gifts")


def post(client: Client, query: str = "?city=Oulu", **data: Any) -> Any:
    return client.post(f"/contacts/bulk/{query}", data, follow=True)


def in_group() -> set[str]:
    return set(ContactMailingGroup.objects.values_list("contact__name", flat=True))


def test_ticked_contacts_join_a_group_after_a_question(
    marketer_client: Client, people: list[Contact], group: MailingGroup
) -> None:
    ticked = [people[0].number, people[1].number]
    answer = post(marketer_client, do="join", contact=ticked)
    assert "This concerns 2 contacts." in text(answer)
    assert in_group() == set()
    data: Any = {"do": "join", "contact": ticked, "action": "apply", "seen": 2, "value": "GIFT"}
    answer = post(marketer_client, **data)
    assert answer.redirect_chain == [("/contacts/?city=Oulu", 302)]
    assert "Add to mailing group (Gifts): 2 contacts were changed." in text(answer)
    assert in_group() == {"P0", "P1"}


def test_all_means_what_the_filters_find_on_the_server(
    marketer_client: Client, people: list[Contact]
) -> None:
    seller = Salesperson.objects.create(code="AK", name="Aino")
    data: Any = {"do": "salesperson", "all": 1, "action": "apply", "seen": 2, "value": "AK"}
    post(marketer_client, **data)
    changed = Contact.objects.filter(salesperson=seller)
    assert set(changed.values_list("name", "changed_by__username")) == {
        ("P0", "marketer"),
        ("P1", "marketer"),
    }


def test_a_number_that_changed_meanwhile_is_shown_again(
    marketer_client: Client, people: list[Contact]
) -> None:
    answer = post(marketer_client, do="exclude", all=1, action="apply", seen=7)
    assert "The number of contacts has changed since you looked." in text(answer)
    assert not Contact.objects.filter(exclude_from_segment=True).exists()


@pytest.mark.parametrize(
    ("query", "data", "said"),
    [
        ("?nonsense=1", {"do": "exclude", "all": 1}, "choose what to do, and to whom"),
        ("?salesperson=NOSUCH", {"do": "exclude", "all": 1}, "choose what to do, and to whom"),
        ("", {"do": "nonsense", "all": 1}, "choose what to do, and to whom"),
        ("", {"do": "exclude"}, "tick the contacts first"),
        ("", {"do": "exclude", "contact": ["NOSUCH", "\x00"]}, "tick the contacts first"),
    ],
)
def test_what_is_not_understood_changes_nothing(
    marketer_client: Client, people: list[Contact], query: str, data: Any, said: str
) -> None:
    answer = post(marketer_client, query, **data, action="apply", seen=3)
    assert said in text(answer)
    assert not Contact.objects.filter(exclude_from_segment=True).exists()


def test_a_wrong_value_is_told_at_its_field(
    marketer_client: Client, people: list[Contact], group: MailingGroup
) -> None:
    answer = post(marketer_client, do="join", all=1, action="apply", seen=2, value="NOSUCH")
    assert list(answer.context["form"].errors) == ["value"]
    assert in_group() == set()


def test_a_reader_may_not_and_is_not_asked(reader_client: Client, people: list[Contact]) -> None:
    assert post(reader_client, do="exclude", all=1).status_code == 403
    assert "/contacts/bulk/" not in text(reader_client.get("/contacts/")).split("<tbody")[1]
    assert "Change contacts…" not in text(reader_client.get("/contacts/"))
    assert reader_client.get("/contacts/bulk/").status_code == 405


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("join", 1),
        ("leave", 1),
        ("salesperson", 2),
        ("territory", 0),
        ("exclude", 1),
        ("include", 1),
    ],
)
def test_each_deed_counts_what_it_changed_and_costs_the_same_for_many(
    people: list[Contact], group: MailingGroup, marketer: Any, key: str, changed: int
) -> None:
    seller = Salesperson.objects.create(code="AK", name="Aino")
    values = {"join": group, "leave": group, "salesperson": seller}

    def world(count: int) -> Any:
        city = f"Town {count}"
        for index in range(count):
            one = Contact.objects.create(name="x", city=city, exclude_from_segment=index % 2 == 0)
            if index % 2 == 0:
                ContactMailingGroup.objects.create(contact=one, group=group)
        return Contact.objects.filter(city=city)

    costs = []
    for count in (2, 30):
        contacts = world(count)
        with CaptureQueriesContext(connection) as captured:
            done = bulk.do(bulk.DEEDS[key], contacts, values.get(key), by=marketer)
        costs.append(len(captured))
        assert done == changed * count // 2
    assert costs[0] == costs[1]


def test_columns_are_chosen_by_the_address(reader_client: Client, people: list[Contact]) -> None:
    Contact.objects.filter(name="P0").update(job_title="Chief", email="p0@x.example")
    html = text(reader_client.get("/contacts/?columns=job_title&columns=nonsense"))
    table = html.split("<table")[1]
    assert "Chief" in table
    assert "p0@x.example" not in table
    assert "p0@x.example" in text(reader_client.get("/contacts/"))


def test_a_view_is_saved_replaced_and_deleted_by_its_owner_only(
    reader_client: Client, marketer_client: Client, people: list[Contact]
) -> None:
    query = "city=Oulu&columns=city&page=3"
    data = {"path": "/contacts/", "query": query, "name": "Up there"}
    answer = reader_client.post("/views/", data)
    assert answer["Location"] == "/contacts/?city=Oulu&columns=city"
    reader_client.post("/views/", {**data, "query": "city=Turku"})
    view = SavedView.objects.get()
    assert view.query == "city=Turku"
    assert 'href="/contacts/?city=Turku"' in text(reader_client.get("/contacts/"))
    assert "Up there" not in text(marketer_client.get("/contacts/"))
    assert "Up there" not in text(reader_client.get("/campaigns/"))
    assert marketer_client.post(f"/views/{view.pk}/delete/").status_code == 404
    assert reader_client.post(f"/views/{view.pk}/delete/")["Location"] == "/contacts/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"path": "https://evil.example/", "query": "", "name": "x"},
        {"path": "//evil.example/contacts/", "query": "", "name": "x"},
        {"path": "/contacts/new/", "query": "", "name": "x"},
        {"path": "/contacts/", "query": "", "name": ""},
        {"path": "/contacts/", "query": "a=" + "x" * 2100, "name": "x"},
        {"path": "/contacts/", "query": "a\x00", "name": "x"},
        {},
    ],
)
def test_a_view_of_anything_else_is_refused(reader_client: Client, data: Any) -> None:
    answer = reader_client.post("/views/", data)
    assert answer["Location"] in ("/", "/contacts/")
    assert not SavedView.objects.exists()


def test_a_stranger_saves_nothing(client: Client) -> None:
    data = {"path": "/contacts/", "query": "", "name": "x"}
    assert client.post("/views/", data)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("virtan", ["Matti Virtanen"]),
        ("VIRTA matt", ["Matti Virtanen"]),
        ("rtanen", []),
        ("firma", ["Matti Virtanen"]),
        ("050 123 4567", ["Matti Virtanen"]),
        ("+358501234567", ["Matti Virtanen"]),
        ("0501234", ["Matti Virtanen"]),
        ("o'b", ["O'Brien & 100%"]),
        ("100%", ["O'Brien & 100%"]),
        ("%", []),
        ("\\", []),
        ("__", []),
        ("' | '", []),
    ],
)
def test_search_begins_words_alike_on_both_databases(
    reader_client: Client, typed: str, found: list[str]
) -> None:
    contacts = (
        {"name": "Matti Virtanen", "email": "matti@firma.example", "phone": "+358 50 123 4567"},
        {"name": "O'Brien & 100%"},
        {"name": "Somebody  else", "phone": "09 7654321"},
    )
    for fields in contacts:
        Contact.objects.create(**fields)
    query = QueryDict(mutable=True)
    query["search"] = typed
    rows = reader_client.get(f"/contacts/?{query.urlencode()}").context["rows"]
    assert [row.name for row in rows] == found


@pytest.mark.parametrize(
    ("typed", "near"),
    [("virtnaen", ["Matti Virtanen"]), ("mati virtanem", ["Matti Virtanen"]), ("xyzzy", [])],
)
def test_a_slip_is_forgiven_by_a_question_and_the_list_stays_exact(
    reader_client: Client, typed: str, near: list[str]
) -> None:
    Contact.objects.create(name="Matti Virtanen")
    Contact.objects.create(name="Virve Koski")
    answer = reader_client.get("/contacts/", {"search": typed})
    assert list(answer.context["rows"]) == []
    assert [one.name for one in answer.context["near"]] == near
    assert ("Did you mean one of these?" in text(answer)) is bool(near)
