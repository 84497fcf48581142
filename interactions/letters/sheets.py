"""What goes with the letters of a logged segment: labels, envelopes, cover sheets."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from interactions import mailmerge, mergefields
from interactions.letters.entries import (
    Entries,
    Order,
    Progress,
    addressed,
    one_by_one,
    told,
)
from interactions.mailmerge import sheets
from interactions.models import InteractionLogEntry, LoggedSegment
from interactions.starter import COVER_CAPTIONS, cover_sheet

PLACE = ("address", "address_2", "post_code", "city")


def write_labels(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    code: str,
    order: str = Order.LINE,
    progress: Progress | None = None,
) -> int:
    """Writes a .docx of labels, one for each entry with an address; returns how many.

    Raises mailmerge.DocumentError where there is none; `out` is torn then.
    """
    addresses = _addresses(addressed(logged, order), progress)
    return sheets.write_labels(addresses, sheets.LABELS[code], out)


def write_envelopes(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    code: str,
    order: str = Order.LINE,
    progress: Progress | None = None,
) -> int:
    """Writes a .docx of envelopes with our address of today in the corner. Else as write_labels."""
    addresses, ours = _addresses(addressed(logged, order), progress), mergefields.our_facts()
    sender = mergefields.our_address(ours)
    return sheets.write_envelopes(addresses, sheets.ENVELOPES[code], out, sender=sender)


def write_covers(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    order: str = Order.LINE,
    progress: Progress | None = None,
) -> int:
    """Writes one cover sheet for each contact, in the language it is written to; returns how many.

    Raises mailmerge.DocumentError where there is nobody; `out` is torn then.
    """
    template, entries = mailmerge.read_template(cover_sheet()), addressed(logged, order)
    with one_by_one(entries) as rows:
        once = _each_contact_once(told(rows, progress, entries.count() if progress else 0))
        return mailmerge.combine(((template, *_cover_values(entry)) for entry in once), out)


def _cover_values(entry: InteractionLogEntry) -> tuple[Mapping[str, mailmerge.Value], str]:
    values = mergefields.values(entry.merge_values)
    captions = COVER_CAPTIONS.get(values.language, COVER_CAPTIONS["en"])
    return ChainMap(dict(captions), values), values.language  # type: ignore[arg-type]


def _each_contact_once(rows: Iterator[InteractionLogEntry]) -> Iterator[InteractionLogEntry]:
    """Of each contact the first entry; a contact that is gone is known by its number."""
    seen = set()
    for entry in rows:
        who = entry.contact_id or entry.merge_values.get("number", "")
        if who not in seen:
            seen.add(who)
            yield entry


def _addresses(entries: Entries, progress: Progress | None) -> Iterator[str]:
    """The address blocks, of those who have more of an address than a name."""
    total = entries.count() if progress else 0
    with one_by_one(entries) as rows:
        for entry in told(rows, progress, total):
            if any(entry.merge_values.get(name) for name in PLACE):
                yield str(mergefields.values(entry.merge_values)["Address_Block"])
