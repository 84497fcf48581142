"""What must differ between the letters of one combined document, and the slots that make it differ.

A letter that stands ten thousand times in a document brings its numbers along ten thousand times:
pictures, bookmarks and notes have numbers that must be unique. Each becomes a token here, computed
for every copy.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .ooxml import Element, attribute, child, inside, local, namespace, new
from .slots import Slots
from .zipstream import DEFLATED, LAST_BLOCK, Packed, literal_block, value_block

DRAWING_ID = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
STRICT_DRAWING_ID = "{http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing}docPr"
VML = "{urn:schemas-microsoft-com:vml}"
# Numbers that Word gives anew when they are missing, and must be unique when they are there.
DISPENSABLE = (
    "{http://schemas.microsoft.com/office/word/2010/wordml}paraId",
    "{http://schemas.microsoft.com/office/word/2010/wordml}textId",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing}anchorId",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing}editId",
    "{urn:schemas-microsoft-com:office:office}spid",
)
COMMENTS = frozenset({"commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"})
REVISIONS = frozenset({"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"})
# Above all numbers that annotations of the letters reach, below those of headers.
FIRST_LETTER_MARK = 1_400_000_000
POINTERS = re.compile(r"\b(?:REF|PAGEREF|NOTEREF|HYPERLINK)\b")


class Copy(NamedTuple):
    """One letter within a combined document: its number from 0, its slot values, the ids of its own
    headers.
    """

    number: int
    values: list[bytes]
    headers: list[bytes]


Mark = Callable[[Copy], bytes]


@dataclass
class Marks:
    """The tokens of a combined document beyond the slots of the letter.

    Numbers are given from `first` on; each copy takes `step` of them, or as many as it needs.
    """

    slots: Slots
    first: int = 1
    step: int = 0
    all: list[Mark] = field(default_factory=list)

    def token(self, mark: Mark) -> str:
        """A string that `mark` replaces in every copy."""
        self.all.append(mark)
        return self.slots.token_of(len(self.slots.all) + len(self.all) - 1)

    def numbered(self, count: int, index: int, first: int | None = None) -> str:
        """The number of the `index`th of `count` things in a copy: different from those of every
        other copy.
        """
        start, step = (self.first if first is None else first) + index, self.step or count
        return self.token(lambda copy: b"%d" % (start + copy.number * step))

    def suffix(self) -> str:
        """`_1` in the first copy."""
        return self.token(lambda copy: b"_%d" % (copy.number + 1))

    def border(self) -> str:
        """A token at which the text will be cut, and that does not remain in it."""
        return self.token(lambda copy: b"")

    def header(self, index: int) -> str:
        """The relationship id of a header that differs from copy to copy."""
        return self.token(lambda copy: copy.headers[index])

    def cut(self, text: bytes) -> Cut:
        """The text ready to be filled for any copy."""
        return Cut(*self.slots.cut(text), len(self.slots.all), self.all)


class Cut:
    """Text with tokens of slots and of marks, filled for one copy after the other."""

    def __init__(
        self, literals: list[bytes], order: list[int], slots: int, marks: list[Mark]
    ) -> None:
        self._text = [piece for each in literals for piece in (each, b"")][:-1]
        self._places = [
            (2 * at + 1, None if index < slots else marks[index - slots], index)
            for at, index in enumerate(order)
        ]

    def fill(self, copy: Copy) -> bytes:
        """The text of this copy."""
        text, values = self._text, copy.values
        for place, mark, index in self._places:
            text[place] = values[index] if mark is None else mark(copy)
        return b"".join(text)

    def pack(self, copy: Copy) -> Packed:
        """The text of this copy as a part: what is the same in every copy was compressed once."""
        text, blocks = self.fill(copy), self._blocks
        blocks[1:-1:2] = map(value_block, self._text[1::2])
        return Packed(DEFLATED, b"".join(blocks), zlib.crc32(text), len(text))

    @cached_property
    def _blocks(self) -> list[bytes]:
        blocks = [piece for each in self._text[0::2] for piece in (literal_block(each), b"")]
        return [*blocks[:-1], LAST_BLOCK]


def make_unique(top: Element, marks: Marks) -> None:
    """Give what has a number below `top` one of its own in each copy, and names a suffix."""
    _drop_dispensable(top)
    drawings = list(top.iter(DRAWING_ID, STRICT_DRAWING_ID))
    for index, each in enumerate(drawings):
        each.set("id", marks.numbered(len(drawings), index))
    for each in top.iter(f"{VML}shape", f"{VML}rect", f"{VML}oval", f"{VML}line", f"{VML}group"):
        if each.get("id"):
            each.set("id", each.get("id", "") + marks.suffix())
    _number_annotations(top, marks)


def mark_letter(body: Element, marks: Marks) -> None:
    """A bookmark `slot0xletter1` where the first letter begins, and so on.

    In the first paragraph that every program lays out in its place: LibreOffice moves the bookmarks
    of hidden paragraphs and of frames elsewhere. Letters alone: it writes others as numbers.
    """
    paragraph = next((each for each in inside(body, "p") if _in_place(each)), None)
    if paragraph is None:
        return
    number = marks.numbered(1, 0, FIRST_LETTER_MARK)
    start, end = new(paragraph, "bookmarkStart"), new(paragraph, "bookmarkEnd")
    for each in (start, end):
        each.set(namespace(each) + "id", number)
    count = marks.token(lambda copy: b"%d" % (copy.number + 1))
    start.set(namespace(start) + "name", f"{marks.slots.mark}letter{count}")
    place = 0 if child(paragraph, "pPr") is None else 1
    paragraph.insert(place, end)
    paragraph.insert(place, start)


def _in_place(paragraph: Element) -> bool:
    properties = child(paragraph, "pPr")
    if properties is None:
        return True
    runs = child(properties, "rPr")
    hidden = runs is not None and child(runs, "vanish") is not None
    return not hidden and child(properties, "framePr") is None


def _drop_dispensable(top: Element) -> None:
    for each in list(top.iter()):
        for name in DISPENSABLE:
            each.attrib.pop(name, None)
        name = local(each)
        parent = each.getparent()
        if parent is None:
            continue
        goback = name == "bookmarkStart" and attribute(each, "name") == "_GoBack"
        if name in COMMENTS or (name == "id" and local(parent) == "sdtPr") or goback:
            parent.remove(each)


def _number_annotations(top: Element, marks: Marks) -> None:
    """Tracked changes and bookmarks draw their numbers from the same store."""
    starts = [each for each in top.iter() if local(each) == "bookmarkStart"]
    changes = [each for each in top.iter() if local(each) in REVISIONS and attribute(each, "id")]
    count = len(starts) + len(changes)
    for index, each in enumerate(changes, len(starts)):
        each.set(namespace(each) + "id", marks.numbered(count, index))
    _rename_bookmarks(top, starts, count, marks)


def _rename_bookmarks(top: Element, starts: list[Element], count: int, marks: Marks) -> None:
    numbers = {attribute(each, "id"): index for index, each in enumerate(starts)}
    names = {attribute(each, "name") for each in starts}
    for start in starts:
        start.set(namespace(start) + "name", attribute(start, "name") + marks.suffix())
    for each in [each for each in top.iter() if local(each) in ("bookmarkStart", "bookmarkEnd")]:
        index = numbers.get(attribute(each, "id"))
        if index is None:
            each.getparent().remove(each)
        else:
            each.set(namespace(each) + "id", marks.numbered(count, index))
    if names:
        _follow_bookmarks(top, names, marks)


def _follow_bookmarks(top: Element, names: set[str], marks: Marks) -> None:
    """Links and references to a bookmark of the letter lead to the bookmark of the same copy."""
    for link in top.iter():
        if local(link) == "hyperlink" and attribute(link, "anchor") in names:
            link.set(namespace(link) + "anchor", attribute(link, "anchor") + marks.suffix())
    known = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names)))})(?!\w)")
    for run in inside(top, "r"):
        for code in run:
            if local(code) == "instrText" and code.text and POINTERS.search(code.text):
                code.text = known.sub(lambda found: found.group() + marks.suffix(), code.text)
