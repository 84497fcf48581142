"""Sheets of address labels, and envelopes: Word documents of our own, exact to the printer.

Written by hand and streamed: a table library takes minutes for ten thousand labels. Everything
stands in tables of fixed widths and exact heights, which Word and LibreOffice lay out alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import BinaryIO

from .errors import DocumentError
from .table import Sheet, Size, cell, fitting, paragraph, row, twips


@dataclass(frozen=True)
class Labels:
    """A sheet of labels; all in millimetres, from the maker's drawing. Rows follow without gap."""

    code: str
    page: Size
    columns: int
    rows: int
    size: Size
    gap: float
    left: float
    top: float
    inset: Size = (4.0, 1.5)

    @property
    def a_sheet(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows


@dataclass(frozen=True)
class Envelope:
    """An envelope, fed with its long side first; the address stands `at` (from left, from top)."""

    code: str
    page: Size
    at: Size
    margin: float = 10.0


A4, LETTER = (210.0, 297.0), (215.9, 279.4)
LABELS = {
    each.code: each
    for each in (
        Labels("L7160", A4, 3, 7, (63.5, 38.1), 2.54, 7.21, 15.15),
        Labels("L7163", A4, 2, 7, (99.1, 38.1), 2.5, 4.65, 15.15),
        Labels("5160", LETTER, 3, 10, (66.675, 25.4), 3.175, 4.7625, 12.7, (3.0, 1.0)),
    )
}
ENVELOPES = {
    each.code: each
    for each in (
        Envelope("C5", (229.0, 162.0), (115.0, 80.0)),
        Envelope("DL", (220.0, 110.0), (110.0, 50.0)),
    )
}


def write_labels(addresses: Iterable[str], labels: Labels, out: BinaryIO) -> int:
    """Writes one label for each address, row by row; returns how many.

    An address that is too long for its label is written smaller. DocumentError for no addresses.
    """
    left = iter(addresses)
    rows = iter(lambda: list(islice(left, labels.columns)), [])
    widths, count = _widths(labels), 0
    with Sheet(out, labels.page, (labels.top, labels.left), widths) as sheet:
        for some in rows:
            sheet.write(_label_row(some, labels, widths))
            count += len(some)
        if not count:
            raise DocumentError("no-addresses")
    return count


def write_envelopes(
    addresses: Iterable[str], envelope: Envelope, out: BinaryIO, *, sender: str = ""
) -> int:
    """Writes one envelope for each address, with the sender in its corner; returns how many.

    DocumentError for no addresses.
    """
    corner, count = (envelope.margin, envelope.margin), 0
    with Sheet(out, envelope.page, corner, _sides(envelope)) as sheet:
        for address in addresses:
            sheet.write(_envelope(address, sender, envelope))
            count += 1
        if not count:
            raise DocumentError("no-addresses")
    return count


def _widths(labels: Labels) -> list[int]:
    """Columns of labels and of gaps, from the left of the page so that roundings do not add up."""
    edges = [labels.left]
    for _column in range(labels.columns):
        edges += [edges[-1] + labels.size[0], edges[-1] + labels.size[0] + labels.gap]
    return [twips(right) - twips(left) for left, right in pairwise(edges[:-1])]


def _sides(envelope: Envelope) -> list[int]:
    """The columns before the address and of it."""
    (width, _height), (left, _top), margin = envelope.page, envelope.at, twips(envelope.margin)
    return [twips(left) - margin, twips(width) - twips(left) - margin]


def _label_row(addresses: list[str], labels: Labels, widths: list[int]) -> str:
    room = (labels.size[0] - 2 * labels.inset[0], labels.size[1] - 2 * labels.inset[1])
    cells = []
    for place, width in enumerate(widths):
        at = place // 2
        is_label = place % 2 == 0 and at < len(addresses)
        lines = fitting(addresses[at], room, labels.inset[0]) if is_label else paragraph("", 1)
        cells.append(cell(width, lines, middle=True))
    return row(labels.size[1], cells)


def _envelope(address: str, sender: str, envelope: Envelope) -> str:
    """Two rows: the sender above, the address in the right cell below."""
    (width, height), (left, top), margin = envelope.page, envelope.at, envelope.margin
    before, right = _sides(envelope)
    above, below = (left - margin, top - margin), (width - left - margin, height - top - margin)
    empty = paragraph("", 1)
    return row(above[1], [cell(before, fitting(sender, above)), cell(right, empty)]) + row(
        below[1], [cell(before, empty), cell(right, fitting(address, below))]
    )
