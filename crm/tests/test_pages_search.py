"""The search over everything, and the choice of one contact."""

import pytest
from django.test import Client

from crm import panels
from crm.models import Contact

pytestmark = pytest.mark.django_db


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
