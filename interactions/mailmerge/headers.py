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
from .zipstream import Packed, ZipStream, pack

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
    """The header parts of a combined document.

    They wait on disk until the main part, streamed first, is finished.
    """

    def __init__(self, relations: dict[str, bytes]) -> None:
        self._relations = {name: pack(xml) for name, xml in relations.items()}
        self._spool = Spool()
        self._waiting: list[tuple[str, str, Packed, int]] = []

    def add(self, header: Header, number: int, part: Packed) -> None:
        """Keep one finished header."""
        self._spool.write(part.data)
        bare = Packed(part.method, b"", part.crc, part.size)
        self._waiting.append((header.name_of(number), header.name, bare, len(part.data)))

    def write(self, archive: ZipStream) -> None:
        """Put all headers into the zip file, each with the relationships of the header it comes
        from.
        """
        self._spool.rewind()
        for name, origin, bare, length in self._waiting:
            data = self._spool.read(length)
            archive.add(name, Packed(bare.method, data, bare.crc, bare.size))
            if origin in self._relations:
                archive.add(rels_name(name), self._relations[origin])

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
