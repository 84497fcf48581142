"""Which entries of a logged segment are written to, and in which order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, TextChoices
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from crm.models import BLOCKED, Contact, blocked
from interactions.models import InteractionLogEntry, LoggedSegment

Entries = QuerySet[InteractionLogEntry]
# Told how many are done of how many; what it raises ends the work.
Progress = Callable[[int, int], object]
Book = tuple[int, bool]


class Order(TextChoices):
    """In which order letters come out of the printer."""

    LINE = "line", _("As on the segment")
    NAME = "name", _("By name")
    POST_CODE = "post_code", _("By post code")


def _fact(name: str) -> KeyTextTransform:
    return KeyTextTransform(name, "merge_values")


ORDERS: dict[str, list[Any]] = {
    Order.LINE: [],
    Order.NAME: [F("contact__sort_key").asc(nulls_last=True)],
    Order.POST_CODE: [_fact("country"), _fact("post_code")],
}


@dataclass(frozen=True)
class Offered:
    """What can be downloaded of a logged segment's letters together, and who is left out of it."""

    count: int
    blocked: int
    in_one_file: bool


def offered(logged: LoggedSegment) -> Offered:
    """How many letters the zip file and the combined file hold now; one statement."""
    books = _all(logged).exclude(document=None).order_by().values_list("document", "own_document")
    is_blocked = blocked("contact__")
    counted = books.annotate(all=Count("pk"), blocked=Count("pk", filter=is_blocked))
    rows: list[tuple[int, bool, int, int]] = list(counted)
    left_out = sum(out for _document, _own, _number, out in rows)
    to_write = [(document, own) for document, own, number, out in rows if number > out]
    count = sum(number for _document, _own, number, _out in rows) - left_out
    return Offered(count, left_out, is_one_book(to_write))


def addressed(logged: LoggedSegment, order: str = Order.LINE) -> Entries:
    """The entries of a logged segment whose contacts may be written to, letter or not.

    Cancelled ones are not among them, nor those whose contact is blocked now: a contact may have
    been blocked after Log, and what is downloaded together is there to be sent.
    """
    blocked = Contact.whole.filter(BLOCKED, pk=OuterRef("contact"))
    return _all(logged).filter(~Exists(blocked)).order_by(*ORDERS[order], "position", "pk")


def with_letter(logged: LoggedSegment, order: str = Order.LINE) -> Entries:
    """Those of `addressed` that have a letter."""
    return _with_document(addressed(logged, order))


def books_of(logged: LoggedSegment) -> list[Book]:
    """The documents in use (id, whether they are lines' own letters), in a lasting order."""
    entries = with_letter(logged).order_by("document", "own_document")
    return list(entries.values_list("document", "own_document").distinct())


def is_one_book(books: list[Book]) -> bool:
    """Whether all letters are of one document, so that they can share a file."""
    return len(books) == 1 and not books[0][1]


def _all(logged: LoggedSegment) -> Entries:
    return InteractionLogEntry.whole.counted().filter(logged_segment=logged)


def _with_document(entries: Entries) -> Entries:
    return entries.exclude(document=None).select_related("document")


@contextmanager
def one_by_one(entries: Entries) -> Iterator[Iterator[InteractionLogEntry]]:
    """The entries from a cursor in the database, closed also when a letter cannot be made."""
    rows: Any = entries.iterator(chunk_size=500)
    try:
        yield rows
    finally:
        rows.close()


def told(
    entries: Iterator[InteractionLogEntry], progress: Progress | None, total: int, step: int = 500
) -> Iterator[InteractionLogEntry]:
    """The entries, while `progress` hears every `step` and at the end how many have passed."""
    done = 0
    for done, entry in enumerate(entries, 1):
        yield entry
        if progress and done % step == 0:
            progress(done, total)
    if progress and done % step:
        progress(done, total)
