"""Contacts: the form and its rules, the card and its verbs, search and choice."""

from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm import panels
from crm.models import (
    AlternativeAddress,
    Contact,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    MarketingSetup,
    NumberSeries,
    Salesperson,
)

pytestmark = pytest.mark.django_db


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def company() -> Contact:
    return Contact.objects.create(type="company", name="Betoni Oy", city="Turku", language="fi")


@pytest.fixture
def person(company: Contact) -> Contact:
    return Contact.objects.create(first_name="Maija", surname="Öhman", company=company)


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser posts from the contact's form."""
    return {"type": "person", "number": "", "name": "", **fields}


def fields(contact: Contact, *names: str) -> tuple[Any, ...]:
    contact.refresh_from_db()
    return tuple(getattr(contact, name) for name in names)


# Creating and editing


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


def test_editing_saves_and_keeps_the_number(marketer_client: Client, person: Contact) -> None:
    data = typed(number="OTHER", first_name="Maija", surname="Aho", company=person.company.number)
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


def test_a_company_with_people_stays(manager_client: Client, person: Contact) -> None:
    answer = manager_client.post(f"/contacts/{person.company.number}/delete/")
    assert answer.status_code == 409
    assert "because these still need it: contacts. Nothing was deleted." in text(answer)
    assert Contact.objects.count() == 2


def test_a_marketer_may_not_delete(marketer_client: Client, company: Contact) -> None:
    assert marketer_client.post(f"/contacts/{company.number}/delete/").status_code == 403
    assert f"/contacts/{company.number}/delete/" not in text(
        marketer_client.get(f"/contacts/{company.number}/edit/")
    )


# The card


def test_the_card_shows_who_it_is_and_keeps_others_out(
    reader_client: Client, person: Contact
) -> None:
    Contact.objects.create(name="Somebody else", email="secret@example.com")
    html = text(reader_client.get(f"/contacts/{person.number}/"))
    assert "<h1>Maija Öhman" in html
    assert f'<a href="/contacts/{person.company.number}/">Betoni Oy</a>' in html
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
    panels.register("two", 2, lambda request, one: ("crm/_marks.html", {"contact": one}))
    panels.register("none", 1, lambda request, one: None)
    panels.contact_actions.register(
        "call", 1, lambda request, one: panels.Action(f"/call/{one.number}/", "Call <them>")
    )
    company.privacy_blocked = True
    company.save()
    answer = reader_client.get(f"/contacts/{company.number}/")
    assert answer.context["panels"] == [("crm/_marks.html", {"contact": company})]
    html = answer.content.decode()
    assert html.count('<span class="badge-mark bad">Blocked</span>') == 2
    assert f'href="/call/{company.number}/"' in html
    assert "Call &lt;them&gt;" in html


# Groups and the like


def test_a_group_is_added_and_taken_off(marketer_client: Client, person: Contact) -> None:
    group = MailingGroup.objects.create(code="GIFT", description="Gifts")
    url = f"/contacts/{person.number}/mailing-groups/"
    answer = marketer_client.post(f"{url}add/", {"group": "GIFT"}, follow=True)
    assert "Gifts was added." in text(answer)
    link = ContactMailingGroup.objects.get()
    assert (link.contact, link.group) == (person, group)
    answer = marketer_client.post(f"{url}{link.pk}/remove/", follow=True)
    assert "Gifts was taken off." in text(answer)
    assert not ContactMailingGroup.objects.exists()


@pytest.mark.parametrize("code", ["GIFT", "NOSUCH", "", "\x00"])
def test_a_group_that_is_not_offered_is_refused_at_its_field(
    marketer_client: Client, person: Contact, code: str
) -> None:
    group = MailingGroup.objects.create(code="GIFT")
    ContactMailingGroup.objects.create(contact=person, group=group)
    answer = marketer_client.post(f"/contacts/{person.number}/mailing-groups/add/", {"group": code})
    assert answer.status_code == 422
    assert 'id="mailing-groups_group_error"' in text(answer)
    assert ContactMailingGroup.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "table", "link", "field", "of_company"),
    [
        ("industry-groups", IndustryGroup, ContactIndustryGroup, "group", True),
        (
            "job-responsibilities",
            JobResponsibility,
            ContactJobResponsibility,
            "responsibility",
            False,
        ),
    ],
)
def test_some_kinds_are_for_one_type_of_contact_only(
    marketer_client: Client,
    person: Contact,
    kind: str,
    table: Any,
    link: Any,
    field: str,
    of_company: bool,
) -> None:
    table.objects.create(code="X1")
    suits, unfit = (person.company, person) if of_company else (person, person.company)
    assert f'id="{kind}"' not in text(marketer_client.get(f"/contacts/{unfit.number}/"))
    refused = marketer_client.post(f"/contacts/{unfit.number}/{kind}/add/", {field: "X1"})
    assert refused.status_code == 404
    added = marketer_client.post(f"/contacts/{suits.number}/{kind}/add/", {field: "X1"})
    assert added.status_code == 302
    assert [row.contact for row in link.objects.all()] == [suits]


def test_verbs_refuse_readers_strangers_get_and_unknown_kinds(
    reader_client: Client, marketer_client: Client, client: Client, person: Contact
) -> None:
    group = MailingGroup.objects.create(code="GIFT")
    other = Contact.objects.create(name="Other")
    link = ContactMailingGroup.objects.create(contact=person, group=group)
    add = f"/contacts/{other.number}/mailing-groups/add/"
    remove = f"/contacts/{person.number}/mailing-groups/{link.pk}/remove/"
    for url in (add, remove):
        assert reader_client.post(url, {"group": "GIFT"}).status_code == 403
        assert client.post(url, {"group": "GIFT"}).status_code == 302
        assert marketer_client.get(url).status_code == 405
    unknown = f"/contacts/{person.number}/passwords/add/"
    assert marketer_client.post(unknown).status_code == 404
    others = f"/contacts/{other.number}/mailing-groups/{link.pk}/remove/"
    assert marketer_client.post(others).status_code == 404
    assert list(ContactMailingGroup.objects.all()) == [link]


# Alternative addresses


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


# Search and choice


def test_the_search_finds_all_words_in_any_case_and_shows_kinds_apart(
    reader_client: Client, person: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(panels.search_providers.entries, "segments", raising=False)
    answer = reader_client.get("/search/", {"q": " MAIJA öhman "})
    found = answer.context["found"]
    assert [(kind.title, [hit.number for hit in kind.hits]) for kind in found] == [
        ("Contacts", [person.number])
    ]
    assert found[0].hits[0].note == "Betoni Oy"
    assert found[0].more_url == "/contacts/?search=maija+%C3%B6hman"


@pytest.mark.parametrize("words", ["", "   ", "nobody at all", "%", "\x00", "x" * 500])
def test_a_search_that_finds_nothing_says_so(reader_client: Client, words: str) -> None:
    Contact.objects.create(name="Maija")
    answer = reader_client.get("/search/", {"q": words})
    assert answer.status_code == 200
    assert answer.context["found"] == []


def test_the_search_shows_only_what_one_may_see(client: Client, person: Contact) -> None:
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_user("nobody"))
    answer = client.get("/search/", {"q": "maija"})
    assert answer.context["found"] == []


def test_contacts_to_choose_from_are_answered_as_json(
    reader_client: Client, person: Contact, company: Contact
) -> None:
    both = [
        {"value": company.number, "text": f"Betoni Oy · {company.number} · Turku"},
        {"value": person.number, "text": f"Maija Öhman · {person.number}"},
    ]
    assert reader_client.get("/contacts/choose/?q=bet").json() == {"results": both}
    only = reader_client.get("/contacts/choose/?q=bet&type=company").json()
    assert only == {"results": both[:1]}
    assert reader_client.get("/contacts/choose/?q=zzz").json() == {"results": []}
