"""Where a person may be named in words that are not the person's own: trails, notes, searches.

An erasure replaces a whole name, an e-mail address or a phone number there by BLANK. A surname
alone, or a first name, is that of many people and stays. Each app adds its tables in `ready()`:

    mentions.register(SegmentStep, "criteria", "options", "words")

What is proven (facts of other contacts' letters) is not touched. One statement a table finds the
rows, one changes them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from django.contrib.admin.models import LogEntry
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.text import capfirst

from crm.models import AlternativeAddress, Campaign, Contact, Job, SavedView

BLANK = "***"
# Shorter ones stand in too many other words.
SHORTEST = 5


Blank = Callable[[Any], Any]
# Is given the rows found, what writes them, and what takes the names out of any other value.
Around = Callable[[Sequence[Any], Callable[[], None], Blank], None]


@dataclass(frozen=True)
class Place:
    """A table, its columns of free text or JSON, and who sees to what a change brings with it."""

    model: Any
    names: tuple[str, ...]
    around: Around | None = None


places: dict[Any, Place] = {}


def register(model: Any, *names: str, around: Around | None = None) -> None:
    """Adds a table."""
    places[model] = Place(model, names, around)


def terms(contacts: Iterable[Contact]) -> list[str]:
    """What names these contacts and nobody else: whole names, addresses of mail, phone numbers."""
    known = list(contacts)
    found = {term for contact in known for term in _of(contact)}
    elsewhere = AlternativeAddress.objects.filter(contact__in=known).order_by()
    found |= {one for row in elsewhere.values_list("email", "phone") for one in row}
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)


def _of(contact: Contact) -> Iterator[str]:
    yield from (contact.email, contact.phone, contact.mobile_phone, contact.home_page)
    if contact.is_company or " " in contact.name:
        yield contact.name
    if contact.first_name and contact.surname:
        yield f"{contact.first_name} {contact.surname}"
        yield f"{contact.surname} {contact.first_name}"
        yield f"{contact.surname}, {contact.first_name}"


def found_in(text: str, names: Sequence[str]) -> bool:
    """Whether a text has one of these."""
    return bool(names) and _pattern(names).search(text) is not None


def count(names: Sequence[str]) -> int:
    """In how many rows they are named."""
    return sum(len(_rows(place, names)) for place in places.values()) if names else 0


def scrub(names: Sequence[str]) -> dict[str, int]:
    """Blanks these wherever they stand; how many rows of each kind were changed."""
    changed = {}
    for place in places.values() if names else ():
        if rows := _rows(place, names):
            _change(place, rows, _pattern(names))
            changed[capfirst(str(place.model._meta.verbose_name_plural))] = len(rows)
    return changed


def naming(model: Any, column: str, names: Sequence[str]) -> list[Any]:
    """The rows of a table that name one of these there."""
    return _rows(Place(model, (column,)), names) if names else []


def _change(place: Place, rows: Sequence[Any], pattern: re.Pattern[str]) -> None:
    def write() -> None:
        for row in rows:
            for name in place.names:
                setattr(row, name, _blanked(getattr(row, name), pattern))
        place.model._base_manager.bulk_update(rows, place.names, batch_size=200)

    if place.around is None:
        write()
    else:
        place.around(rows, write, partial(_blanked, pattern=pattern))


def _rows(place: Place, names: Sequence[str]) -> list[Any]:
    """The rows that have one of the names; the database finds them, here they are looked at."""
    pattern, wanted, texts = _pattern(names), Q(), {}
    looked_for = "|".join(map(re.escape, _ways(names, escaped=True)))
    for name in place.names:
        texts[f"text_of_{name}"] = Cast(name, TextField())
        wanted |= Q(**{f"text_of_{name}__iregex": looked_for})
    found = place.model._base_manager.annotate(**texts).filter(wanted).order_by("pk")
    return [row for row in found if any(_has(getattr(row, one), pattern) for one in place.names)]


def _ways(names: Sequence[str], *, escaped: bool = False) -> list[str]:
    """The ways in which names are written: in addresses, and in JSON as SQLite keeps it.

    Letters besides those of English in either case, which not every database knows to be the same.
    """
    cased = [
        way
        for one in names
        for way in ((one,) if one.isascii() else (one, one.lower(), one.upper()))
    ]
    ways = [way for one in cased for way in (one, quote_plus(one), quote(one))]
    ways += [json.dumps(one)[1:-1] for one in cased] if escaped else []
    return list(dict.fromkeys(ways))


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Any of the names as whole words; the longest first."""
    ways = sorted(_ways(names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ways))})(?!\w)", re.IGNORECASE)


def _blanked(value: Any, pattern: re.Pattern[str]) -> Any:
    """A text, or every text in JSON, without the names."""
    if isinstance(value, str):
        return pattern.sub(BLANK, value)
    if isinstance(value, list):
        return [_blanked(one, pattern) for one in value]
    if isinstance(value, dict):
        return {key: _blanked(one, pattern) for key, one in value.items()}
    return value


def _has(value: Any, pattern: re.Pattern[str]) -> bool:
    return _blanked(value, pattern) != value


def _forget(rows: Sequence[Any], _write: Callable[[], None], _blank: Blank) -> None:
    """A saved search for one person is of no use without the name, and two would be the same."""
    SavedView.objects.filter(pk__in=[row.pk for row in rows]).delete()


register(Campaign, "description")
register(SavedView, "name", "query", around=_forget)
register(Job, "arguments", "position", "result", "error")
register(LogEntry, "object_repr", "change_message")
