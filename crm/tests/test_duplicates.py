"""Finding contacts that look like the same one."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import duplicates
from crm.likeness import likeness
from crm.models import Contact, DuplicateKey, DuplicatePair

pytestmark = pytest.mark.django_db
MATTI = {"first_name": "Matti", "surname": "Virtanen", "email": "matti@firma.example"}
HOME = {"address": "Koulukatu 3", "post_code": "20100", "city": "Turku"}


def made(**fields: Any) -> Contact:
    return Contact.objects.create(**{"type": "person", **fields})


def pairs() -> list[tuple[str, str, str]]:
    rows = DuplicatePair.objects.order_by("first", "second")
    return [(one.first.name, one.second.name, one.reasons) for one in rows]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (MATTI, {**MATTI, "email": "MATTI@firma.example"}, ("name", "email")),
        (MATTI, {**MATTI, "first_name": "M.", "surname": "Virtanen"}, ("email",)),
        (MATTI, {"first_name": "Liisa", "surname": "Laine", "email": MATTI["email"]}, None),
        (
            {"first_name": "Matti", "surname": "Virtanen", "phone": "+358 50 123 4567"},
            {"first_name": "Mati", "surname": "Virtanen", "mobile_phone": "050-1234567"},
            ("name", "phone"),
        ),
        (
            {"first_name": "Åsa", "surname": "Lindroos", **HOME},
            {"first_name": "Åsa", "surname": "Lindros", **HOME, "address": "Koulukatu  3"},
            ("name", "address"),
        ),
        ({"surname": "Virtanen", **HOME}, {"surname": "Korhonen", **HOME}, None),
        (
            {"type": "company", "name": "Betoni Oy"},
            {"type": "company", "name": "Betoni"},
            ("name",),
        ),
        (
            {"type": "company", "name": "Betoni", **HOME},
            {"type": "company", "name": "Betoni", "post_code": "00100"},
            None,
        ),
        ({**MATTI, "type": "company", "name": "Matti Virtanen"}, MATTI, None),
        (
            {"first_name": "Matti", "surname": "Virtanen", "email": "a@x.example"},
            {"first_name": "Matti", "surname": "Virtanen", "email": "b@x.example"},
            None,
        ),
    ],
)
def test_what_looks_alike(one: Any, other: Any, reasons: tuple[str, ...] | None) -> None:
    contacts = [Contact(**{"type": "person", **fields}) for fields in (one, other)]
    for contact in contacts:
        contact.prepare()
    first, second = (likeness(*contacts), likeness(*reversed(contacts)))
    assert first == second
    assert first.reasons == reasons if reasons else first.score < duplicates.ENOUGH


def test_pairs_are_found_stored_once_and_followed_up() -> None:
    first = made(**MATTI)
    second = made(**{**MATTI, "first_name": "Mathi"})
    made(first_name="Liisa", surname="Laine", email="liisa@firma.example")
    seen: list[tuple[int, int]] = []
    found = duplicates.find(progress=lambda done, of: seen.append((done, of)))
    assert found.new == 1
    assert seen[-1][0] == seen[-1][1] > 0
    assert pairs() == [("Matti Virtanen", "Mathi Virtanen", "name,email")]
    assert duplicates.find().new == 0
    assert not DuplicateKey.objects.exists()
    second.surname, second.email = "Aaltonen", "other@firma.example"
    second.save()
    duplicates.find()
    assert pairs() == []
    assert first.number != second.number


def test_dismissed_pairs_are_remembered(marketer: Any) -> None:
    made(**MATTI)
    made(**MATTI)
    duplicates.find()
    duplicates.dismiss(DuplicatePair.objects.get(), by=marketer)
    duplicates.find()
    pair = DuplicatePair.objects.get()
    assert (pair.dismissed, pair.dismissed_by) == (True, marketer)


def test_a_block_of_very_many_says_nothing() -> None:
    shared = {"phone": "+358 9 1234567"}
    for number in range(duplicates.MOST_IN_BLOCK + 1):
        made(first_name="Aino", surname=f"{number:03}", email=f"{number}@x.example", **shared)
    assert duplicates.find().compared == 0


def test_the_statements_do_not_grow_with_contacts() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            duplicates.find()
        return len(captured)

    made(**MATTI)
    made(**MATTI)
    few = cost()
    for number in range(30):
        made(**{**MATTI, "email": f"{number}@x.example"})
        made(**{**MATTI, "email": f"{number}@x.example"})
    assert cost() == few
    assert DuplicatePair.objects.count() == 31


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": "Mati", "surname": "Virtanen", "email": "Matti@Firma.example"},
        {"first_name": "Matti", "surname": "Virtannen", "phone": "(050) 123 4567"},
    ],
)
def test_a_contact_that_is_not_stored_yet_is_compared(fields: dict[str, str]) -> None:
    stored = made(**MATTI, mobile_phone="+358 50 1234567")
    made(first_name="Liisa", surname="Laine", email="liisa@firma.example")
    new = Contact(type="person", **fields)
    new.prepare()
    assert [one for one, _likeness in duplicates.similar_to(new)] == [stored]
    assert duplicates.similar_to(stored) == []


def test_the_command_says_what_it_found() -> None:
    made(**MATTI)
    made(**MATTI)
    out = StringIO()
    call_command("find_duplicates", stdout=out)
    assert "1 new pair" in out.getvalue()
