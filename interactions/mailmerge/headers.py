"""Headers and footers with merge fields in a combined document: one part per different text."""

from __future__ import annotations

import hashlib
import posixpath

from .growing import Spool
from .marks import Copy, Marks, make_unique
from .ooxml import parse, serialise
from .parts import rels_name
from .sections import count_section_pages
from .slots import Slots
from .zipstream import Packed, Waiting, ZipStream, pack

# Above all numbers that the letters themselves can reach, below the 2,147,483,647 that Word reads.
FIRST_NUMBER, NUMBERS = 1_500_000_000, 1_000


class Header:
    """One header or footer of the template that differs from letter to letter.

    The first text takes the name and relationship of the template's own part, so that nothing is
    left over.
    """

    def __init__(
        self, name: str, kind: str, relationship: str, type_: str, order: list[int]
    ) -> None:
        self.name, self.kind, self.relationship, self.type = name, kind, relationship, type_
        self._order = order
        self._stem, self._extension = posixpath.splitext(name)
        self._numbers: dict[bytes, int] = {}

    def number(self, values: list[bytes]) -> tuple[int, bool]:
        """The number of the text with these values, and whether it is new."""
        # No value has a zero byte: XML cannot hold one.
        text = b"\0".join([values[index] for index in self._order])
        known = len(self._numbers)
        number = self._numbers.setdefault(hashlib.blake2b(text, digest_size=16).digest(), known)
        return number, number == known

    def name_of(self, number: int) -> str:
        """The part that holds the text of that number."""
        return f"{self._stem}x{number}{self._extension}" if number else self.name

    def id_of(self, number: int) -> str:
        """Its relationship from the main document."""
        return f"{self.relationship}x{number}" if number else self.relationship


class HeaderParts:
    """The header parts of a combined document, each with the relationships of its origin.

    They wait on disk, as they will stand in the zip file, until the main part, streamed first, is
    finished.
    """

    def __init__(self, relations: dict[str, bytes]) -> None:
        self._relations = {name: pack(xml) for name, xml in relations.items()}
        self._spool = Spool()
        self._waiting = Waiting()

    def add(self, header: Header, name: str, part: Packed) -> None:
        """Keep one finished header under this name."""
        self._spool.write(self._waiting.add(name.encode(), part))
        relations = self._relations.get(header.name)
        if relations:
            self._spool.write(self._waiting.add(rels_name(name).encode(), relations))

    def write(self, archive: ZipStream) -> None:
        """Put all headers into the zip file."""
        archive.take_in(self._spool.blocks(), self._waiting)

    def close(self) -> None:
        """Forget the headers."""
        self._spool.close()


class HeaderText:
    """The text of one header, filled for each letter."""

    def __init__(self, xml: bytes, slots: Slots, place: int, places: int, *, one: bool) -> None:
        root = parse(xml)
        marks = Marks(slots, FIRST_NUMBER + place * NUMBERS, places * NUMBERS)
        make_unique(root, marks)
        if one:
            count_section_pages(root)
        self._cut = marks.cut(serialise(root))

    def pack(self, number: int, values: list[bytes]) -> Packed:
        """The part as a zip file holds it."""
        return self._cut.pack(Copy(number, values, []))
