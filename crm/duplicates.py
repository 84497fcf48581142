"""Finding contacts that look like the same one.

Comparing everybody with everybody would be a million squared. Each contact is put into blocks by
what it may share with a duplicate (one INSERT ... SELECT for each kind of key), and only contacts
of one block are compared. A block with more than MOST_IN_BLOCK contacts says nothing about them (a
switchboard's number) and is left out.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, combinations, groupby, islice
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast, Concat, Left, Lower, Replace, Right
from django.utils import timezone

from crm.likeness import COLUMNS, ENOUGH, Likeness, likeness
from crm.lookups import phone_numbers
from crm.models import Contact, DuplicateKey, DuplicatePair
from crm.sql import delete_rows, insert_from, refresh_statistics

MOST_IN_BLOCK = 30
CHUNK = 2000
CANDIDATES = 500
SHOWN = 5
Compared = namedtuple("Compared", COLUMNS)  # type: ignore[misc]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What a search for duplicates found: pairs compared, pairs that are new."""

    compared: int
    new: int


def _digits(column: str) -> Any:
    """The last eight digits of a phone number: the same with and without country code."""
    bare: Any = F(column)
    for sign in " -()/.+":
        bare = Replace(bare, Value(sign), Value(""))
    return Right(bare, 8)


def _joined(first: str, *rest: Any) -> Any:
    """Columns as one small-letter text; a number becomes a text."""
    return Lower(Concat(Cast(first, TextField()), Value("/"), *rest, output_field=TextField()))


# The kinds of blocks: a key, and which contacts have one.
BLOCKS: dict[str, tuple[Any, Q]] = {
    "email": (Lower("email"), ~Q(email="")),
    "phone": (_digits("phone"), ~Q(phone="")),
    "mobile": (_digits("mobile_phone"), ~Q(mobile_phone="")),
    "address": (_joined("post_code", F("address")), ~Q(address="")),
    "place": (_joined("post_code", Left("search_name", 4)), ~Q(post_code="")),
    "surname": (
        _joined("post_code", Left("surname", 5)),
        ~Q(surname="") & ~Q(post_code=""),
    ),
    "name": (F("search_name"), Q()),
    "people": (_joined("company_id", Left("surname", 2)), ~Q(company=None)),
}


def find(*, progress: Progress = lambda done, of: None) -> Found:
    """Compares the contacts of each block, and keeps the pairs that look alike.

    Pairs that were dismissed stay so; pairs that no longer look alike are dropped. Calls `progress`
    with the places in blocks that are done, and all of them.
    """
    started = timezone.now()
    fill_blocks()
    try:
        compared, alike = _compare(progress)
    finally:
        delete_rows(DuplicateKey.objects.all())
    return Found(compared, _keep(alike, started))


@transaction.atomic
def fill_blocks() -> None:
    """Writes what each contact may share, one statement a kind."""
    delete_rows(DuplicateKey.objects.all())
    for kind, (key, having) in BLOCKS.items():
        contacts = Contact.objects.filter(having).annotate(block=Left(key, 200))
        columns = {"kind": Value(kind), "key": F("block"), "contact": F("pk")}
        insert_from(DuplicateKey, contacts.exclude(block="").order_by(), columns)
    refresh_statistics(DuplicateKey)


def _compare(progress: Progress) -> tuple[int, dict[tuple[int, int], Likeness]]:
    """Compares within each block; how often, and the pairs that look alike."""
    alike: dict[tuple[int, int], Likeness] = {}
    compared = done = 0
    members = _members()
    total = members.count()
    for _block, rows in groupby(_rows(members), key=lambda row: row[:2]):
        people: list[Any] = [Compared(*row[2:]) for row in rows]
        for one, other in combinations(people, 2):
            compared += 1
            pair = (min(one.pk, other.pk), max(one.pk, other.pk))
            if pair not in alike and (found := likeness(one, other)).score >= ENOUGH:
                alike[pair] = found
        done += len(people)
        progress(done, total)
    return compared, alike


def _members() -> QuerySet[Any]:
    """The places in blocks that several contacts share, but not too many; block by block."""
    size = Window(Count("pk"), partition_by=[F("kind"), F("key")])
    shared = DuplicateKey.objects.annotate(size=size).filter(size__gt=1, size__lte=MOST_IN_BLOCK)
    return shared.order_by("kind", "key", "contact")


def _rows(members: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Kind, key and what is compared, row by row: memory does not grow with them."""
    columns = (f"contact__{name}" for name in COLUMNS)
    return members.values_list("kind", "key", *columns).iterator(chunk_size=CHUNK)


@transaction.atomic
def _keep(alike: dict[tuple[int, int], Likeness], started: datetime) -> int:
    """Stores the pairs, a chunk at a time; returns how many are new."""
    pairs = DuplicatePair.objects.all()
    before = pairs.count()
    rows = (
        DuplicatePair(first_id=a, second_id=b, score=one.score, reasons=",".join(one.reasons))
        for (a, b), one in alike.items()
    )
    while chunk := list(islice(rows, CHUNK)):
        pairs.bulk_create(
            chunk,
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=["score", "reasons", "found_at"],
        )
    new = pairs.count() - before
    delete_rows(pairs.filter(dismissed=False, found_at__lt=started))
    return new


def similar_to(contact: Contact) -> list[tuple[Contact, Likeness]]:
    """Stored contacts that look like this one, which need not be stored, most alike first."""
    asked = Q(pk__in=())
    phones = (phone_numbers(phone)[-1:] for phone in (contact.phone, contact.mobile_phone))
    for word in (contact.email.casefold(), *chain.from_iterable(phones)):
        if word:
            asked |= Q(search_text__begins_word=word)
    name = [word[:4] for word in contact.name.casefold().split()[:4]]
    every = Q()
    for word in name:
        every &= Q(search_text__begins_word=word)
    some = Contact.objects.filter(asked | every if name else asked, type=contact.type)
    compared = [
        (one, likeness(contact, one))
        for one in some.order_by()[:CANDIDATES]
        if one.pk != contact.pk
    ]
    found = [pair for pair in compared if pair[1].score >= ENOUGH]
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0].pk))[:SHOWN]


def dismiss(pair: DuplicatePair, *, by: User) -> None:
    """Remembers that two contacts are not the same one."""
    pair.dismissed, pair.dismissed_by = True, by
    pair.save(update_fields=["dismissed", "dismissed_by"])
