"""What a person has from the company: at the beginning, at a change of either."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import inheritance
from crm.models import Contact, MarketingSetup, Salesperson, Salutation, Territory

pytestmark = pytest.mark.django_db
KATU = {"address": "Katu 1", "post_code": "20100", "city": "Turku"}


@pytest.fixture
def north(company: Contact) -> Contact:
    """The company with everything that people can have from it."""
    for name, value in {
        **KATU,
        "country": "FI",
        "language": "fi",
        "territory": Territory.objects.create(code="NORTH"),
        "salesperson": Salesperson.objects.create(code="AK", name="Aino"),
    }.items():
        setattr(company, name, value)
    company.save()
    return company


def typed(**fields: Any) -> dict[str, Any]:
    return {"type": "person", "first_name": "Liisa", "surname": "Laine", **fields}


def has(contact: Contact) -> tuple[Any, ...]:
    contact.refresh_from_db()
    names = ("salesperson_id", "territory_id", "country", "language", "address", "city")
    return tuple(getattr(contact, name) for name in names)


def test_a_new_person_has_the_companys_values_but_what_was_typed(
    marketer_client: Client, north: Contact
) -> None:
    data = typed(company=north.number, language="sv")
    marketer_client.post("/contacts/new/", data)
    liisa = Contact.objects.get(surname="Laine")
    expected = (north.salesperson_id, north.territory_id, "FI", "sv", "Katu 1", "Turku")
    assert has(liisa) == expected
    assert liisa.changed_by is not None


def test_only_what_the_set_up_says_is_inherited(marketer_client: Client, north: Contact) -> None:
    setup = MarketingSetup.load()
    for flag in ("salesperson", "territory", "country", "address"):
        setattr(setup, f"inherit_{flag}", False)
    setup.save()
    form = marketer_client.get(f"/contacts/new/?company={north.number}").context["form"]
    assert [form[name].value() for name in ("language", "city")] == ["fi", None]
    marketer_client.post("/contacts/new/", typed(company=north.number))
    assert has(Contact.objects.get(surname="Laine")) == (None, None, "", "fi", "", "")


def test_people_with_the_same_value_follow_the_company(
    marketer_client: Client, north: Contact, person: Contact
) -> None:
    same = Contact.objects.create(name="Same", company=north, language="fi", **KATU)
    own = Contact.objects.create(name="Own", company=north, language="en", city="Hanko")
    stranger = Contact.objects.create(name="Stranger", language="fi", **KATU)
    url = f"/contacts/{north.number}/edit/"
    data = {**marketer_client.get(url).context["form"].initial, "language": "sv", "city": "Oulu"}
    data = {name: getattr(value, "code", value) or "" for name, value in data.items()}
    answer = marketer_client.post(url, data, follow=True)
    assert has(same)[3:] == ("sv", "Katu 1", "Oulu")
    assert has(own)[3:] == ("en", "", "Hanko")
    assert has(stranger)[3:] == ("fi", "Katu 1", "Turku")
    said = "1 person of it had the same values and has the new ones now."
    assert said in unescape(answer.content.decode())


def test_a_person_who_moves_takes_the_new_companys_values(north: Contact, marketer: Any) -> None:
    other = Contact.objects.create(type="company", name="Other", language="sv", city="Espoo")
    person = Contact.objects.create(name="P", company=north, language="fi", city="Hanko")
    person.company = other
    inheritance.save(person, by=marketer, typed={"company"})
    assert has(person)[3:] == ("sv", "", "Hanko")


def test_the_statements_do_not_grow_with_people(north: Contact, marketer: Any) -> None:
    def cost(city: str) -> int:
        north.city = city
        with CaptureQueriesContext(connection) as captured:
            inheritance.save(north, by=marketer)
        return len(captured)

    MarketingSetup.load()  # made when it is first read
    Contact.objects.create(name="0", company=north, **KATU)
    few = cost("Oulu")
    for number in range(30):
        place = {**KATU, "city": "Oulu"}
        Contact.objects.create(name=f"{number}", company=north, **place)
    assert cost("Kemi") == few
    assert north.people.filter(city="Kemi").count() == 31


def test_the_set_up_is_read_once_for_a_new_person(north: Contact, marketer: Any) -> None:
    setup = MarketingSetup.load()
    setup.default_person_salutation = Salutation.objects.create(code="DEAR")
    setup.save()
    person = Contact(type="person", first_name="Liisa", surname="Laine", company=north)
    with CaptureQueriesContext(connection) as captured:
        inheritance.save(person, by=marketer)
    table = MarketingSetup._meta.db_table
    assert len([one for one in captured if f'FROM "{table}"' in one["sql"]]) == 1
    assert (person.city, person.salutation) == ("Turku", setup.default_person_salutation)
