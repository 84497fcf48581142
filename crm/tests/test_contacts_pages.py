"""The contact's form and its rules; deleting."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm.models import Contact, FormerNumber, MarketingSetup, NumberSeries, Salesperson

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser posts from the contact's form."""
    return {"type": "person", "number": "", "name": "", **fields}


def fields(contact: Contact, *names: str) -> tuple[Any, ...]:
    contact.refresh_from_db()
    return tuple(getattr(contact, name) for name in names)


def test_a_person_is_created_and_numbered(marketer_client: Client, company: Contact) -> None:
    data = typed(first_name="Åsa", surname="Virtanen", company=company.number, phone="+358 1 23")
    answer = marketer_client.post("/contacts/new/", data, follow=True)
    made = Contact.objects.get(surname="Virtanen")
    assert answer.redirect_chain == [(f"/contacts/{made.number}/", 302)]
    assert fields(made, "name", "company", "phone") == ("Åsa Virtanen", company, "+358 1 23")
    assert f'<a href="/contacts/{made.number}/">{made}</a> was created.' in text(answer)


def test_a_company_may_be_named_in_place_of_its_number(
    marketer_client: Client, company: Contact
) -> None:
    marketer_client.post("/contacts/new/", typed(name="Maija", company="Betoni Oy"))
    assert Contact.objects.get(name="Maija").company == company


def test_a_new_contact_begins_with_the_defaults_of_the_set_up(marketer_client: Client) -> None:
    seller = Salesperson.objects.create(code="AL", name="Seller")
    setup = MarketingSetup.load()
    setup.default_language, setup.default_salesperson = "sv", seller
    setup.save()
    form = marketer_client.get("/contacts/new/").context["form"]
    assert form["language"].value() == "sv"
    assert form["salesperson"].value() == seller.pk


def test_a_person_begun_from_a_company_has_its_language_and_address(
    marketer_client: Client, company: Contact
) -> None:
    answer = marketer_client.get(f"/contacts/new/?company={company.number}")
    form = answer.context["form"]
    shown = {name: form[name].value() for name in ("type", "language", "city")}
    assert shown == {"type": "person", "language": "fi", "city": "Turku"}
    assert f'value="{company.number}"' in str(form["company"])


@pytest.mark.parametrize("number", ["", "%00", "NOSUCH"])
def test_an_unknown_company_to_begin_from_is_ignored(marketer_client: Client, number: str) -> None:
    assert marketer_client.get(f"/contacts/new/?company={number}").status_code == 200


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "name", "Type a name."),
        ({"type": "company"}, "name", "Type a name."),
        (
            {"type": "company", "name": "x", "surname": "y"},
            "surname",
            "Only a person has this. Empty it, or change the type.",
        ),
        ({"name": "x", "phone": "call me"}, "phone", "A phone number has no letters."),
        ({"name": "x", "email": "no"}, "email", "Enter a valid email address."),
        (
            {"name": "x", "company": "Nobody"},
            "company",
            "There is no “Nobody”. Type a contact's number, or its whole name.",
        ),
        (
            {"name": "x", "number": "a/b"},
            "number",
            "Use letters, digits, dots, hyphens and underscores; not “a/b”.",
        ),
        (
            {"name": "x", "number": "new"},
            "number",
            "Use letters, digits, dots, hyphens and underscores; not “new”.",
        ),
        ({"name": "x", "number": "TAKEN"}, "number", "Contact with this Number already exists."),
        ({"name": "x" * 201}, "name", None),
        ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    marketer_client: Client, data: dict[str, str], field: str, words: str | None
) -> None:
    Contact.objects.create(number="TAKEN", name="Taken")
    answer = marketer_client.post("/contacts/new/", typed(**data))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    if words:
        assert answer.context["form"].errors[field] == [words]
    for name, value in data.items():
        assert answer.context["form"][name].value() == value
    assert Contact.objects.count() == 1


def test_several_of_one_name_must_be_told_apart_by_number(marketer_client: Client) -> None:
    for _again in range(2):
        Contact.objects.create(type="company", name="Oy Ab")
    answer = marketer_client.post("/contacts/new/", typed(name="x", company="Oy Ab"))
    errors = answer.context["form"].errors
    assert errors == {"company": ["Several are called “Oy Ab”. Type the number."]}


def test_a_series_may_forbid_typed_numbers(marketer_client: Client) -> None:
    NumberSeries.objects.create(code=NumberSeries.CONTACT, prefix="C", manual_allowed=False)
    answer = marketer_client.post("/contacts/new/", typed(name="x", number="X1"))
    assert answer.context["form"].errors == {
        "number": ["Leave this empty: the number is given when you save."]
    }


def test_a_number_of_the_series_that_is_taken_is_told_kindly(marketer_client: Client) -> None:
    Contact.objects.create(number="C000001", name="Typed by hand")
    answer = marketer_client.post("/contacts/new/", typed(name="x", email="x@example.com"))
    if answer.status_code == 302:  # the series skips what is taken
        assert Contact.objects.get(name="x").number == "C000002"
        return
    assert "another record has the same number" in text(answer)
    assert answer.context["form"]["email"].value() == "x@example.com"
    assert Contact.objects.count() == 1


def test_editing_saves_and_keeps_the_number(
    marketer_client: Client, person: Contact, company: Contact
) -> None:
    data = typed(number="OTHER", first_name="Maija", surname="Aho", company=company.number)
    answer = marketer_client.post(f"/contacts/{person.number}/edit/", data)
    assert answer["Location"] == f"/contacts/{person.number}/"
    assert fields(person, "name", "company_id") == ("Maija Aho", person.company_id)


def test_the_type_stays_while_other_records_need_it(
    marketer_client: Client, company: Contact, person: Contact
) -> None:
    url = f"/contacts/{company.number}/edit/"
    answer = marketer_client.post(url, typed(name="Betoni"))
    assert answer.context["form"].errors == {
        "type": ["The type cannot change any more, because of these: contacts."]
    }
    person.delete()
    assert marketer_client.post(url, typed(name="Betoni")).status_code == 302
    assert fields(company, "type") == ("person",)


# Consent (5.3 of the reference)


def test_a_minor_without_consent_is_blocked(marketer_client: Client) -> None:
    marketer_client.post("/contacts/new/", typed(name="x", minor="on"))
    assert fields(Contact.objects.get(), "minor", "privacy_blocked") == (True, True)


def test_the_block_of_a_minor_without_consent_cannot_be_taken_off(
    marketer_client: Client,
) -> None:
    minor = Contact.objects.create(name="x", minor=True, privacy_blocked=True)
    answer = marketer_client.post(f"/contacts/{minor.number}/edit/", typed(name="x", minor="on"))
    assert answer.context["form"].errors == {
        "privacy_blocked": ["A minor without a parent's consent stays blocked."]
    }


def test_consent_blocks_until_the_block_is_taken_off_by_hand(marketer_client: Client) -> None:
    minor = Contact.objects.create(name="x", minor=True, privacy_blocked=True)
    url = f"/contacts/{minor.number}/edit/"
    data = typed(name="x", minor="on", parental_consent="on")
    marketer_client.post(url, data)
    assert fields(minor, "parental_consent", "privacy_blocked") == (True, True)
    marketer_client.post(url, data)
    assert fields(minor, "parental_consent", "privacy_blocked") == (True, False)
    marketer_client.post(url, typed(name="x"))
    assert fields(minor, "minor", "parental_consent") == (False, False)


# Deleting


def test_a_contact_is_deleted_after_a_question(manager_client: Client, company: Contact) -> None:
    url = f"/contacts/{company.number}/delete/"
    assert "This cannot be undone." in text(manager_client.get(url))
    assert Contact.objects.count() == 1
    answer = manager_client.post(url, follow=True)
    assert f"{company} was deleted." in text(answer)
    assert Contact.objects.count() == 0


def test_a_company_with_people_stays(
    manager_client: Client, person: Contact, company: Contact
) -> None:
    answer = manager_client.post(f"/contacts/{company.number}/delete/")
    assert answer.status_code == 409
    assert "because these still need it: contacts. Nothing was deleted." in text(answer)
    assert Contact.objects.count() == 2


def test_a_marketer_may_not_delete(marketer_client: Client, company: Contact) -> None:
    assert marketer_client.post(f"/contacts/{company.number}/delete/").status_code == 403
    assert f"/contacts/{company.number}/delete/" not in text(
        marketer_client.get(f"/contacts/{company.number}/edit/")
    )


def test_one_that_looks_like_a_stored_contact_is_asked_about_first(
    marketer_client: Client,
) -> None:
    stored = Contact.objects.create(
        first_name="Matti", surname="Virtanen", email="matti@x.example", type="person"
    )
    Contact.objects.create(name="Liisa Laine", email="secret@x.example")
    data = typed(first_name="Mati", surname="Virtanen", email="matti@x.example")
    answer = marketer_client.post("/contacts/new/", data)
    assert answer.status_code == 200
    assert [one for one, _likeness in answer.context["similar"]] == [stored]
    assert "Create all the same" in text(answer)
    assert "secret@x.example" not in text(answer)
    assert answer.context["form"]["surname"].value() == "Virtanen"
    assert Contact.objects.count() == 2
    marketer_client.post("/contacts/new/", {**data, "somebody_else": ["WRONG"]})
    assert Contact.objects.count() == 2
    marketer_client.post("/contacts/new/", {**data, "somebody_else": [stored.number]})
    assert Contact.objects.filter(surname="Virtanen").count() == 2


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"name": "x", "phone": "---"}, "phone", "A phone number has digits."),
        (
            {"name": "x", "parental_consent": "on"},
            "parental_consent",
            "Only a minor needs a parent's consent.",
        ),
        (
            {"type": "company", "name": "x", "minor": "on"},
            "minor",
            "Only a person can be a minor.",
        ),
        (
            {"name": "x", "number": "OLD"},
            "number",
            "This number was a contact's that was merged into another.",
        ),
        (
            {"name": "x", "number": "bulk"},
            "number",
            "Use letters, digits, dots, hyphens and underscores; not “bulk”.",
        ),
    ],
)
def test_more_rules_are_told_at_their_field(
    marketer_client: Client, company: Contact, data: dict[str, str], field: str, words: str
) -> None:
    FormerNumber.objects.create(number="OLD", contact=company)
    answer = marketer_client.post("/contacts/new/", typed(**data))
    assert answer.context["form"].errors == {field: [words]}
    assert Contact.objects.count() == 1


def test_an_empty_list_leads_to_the_import_whoever_may(
    reader_client: Client, manager_client: Client
) -> None:
    address = 'class="btn btn-primary" href="/contacts/import/"'
    assert address in manager_client.get("/contacts/").content.decode()
    assert address not in reader_client.get("/contacts/").content.decode()
