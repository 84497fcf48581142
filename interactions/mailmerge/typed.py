"""Find `{{ Field_name }}` typed as text, however Word has split it over runs, and put slots in its
place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter

from .instructions import read_typed
from .ooxml import XML_SPACE, Element, child, inside, local, namespace, new, new_run
from .slots import Slot, Slots
from .values import Expression

TYPED = re.compile(r"\{\{([^{}\ufffc]{1,200})\}\}")
# Stands for whatever is no text: a name cannot reach over a tab, a line break or a picture.
BARRIER = "\ufffc"
INVISIBLE = frozenset({"rPr", "lastRenderedPageBreak", "proofErr", ""})


@dataclass
class Piece:
    """A text element and where its text begins in its paragraph."""

    start: int
    element: Element


def replace_typed(root: Element, slots: Slots) -> None:
    """Replace every `{{ Field_name }}` below `root` by a slot formatted as its first brace."""
    for paragraph in list(root.iter(namespace(root) + "p")):
        pieces, text = _text(paragraph)
        found = [(each, read_typed(each.group(1))) for each in TYPED.finditer(text)]
        fields = [(each.start(), each.end(), what) for each, what in found if what is not None]
        if fields:
            touched = {each.element.getparent() for each in pieces}
            pieces = _cut(pieces, [one for one, _, _ in fields], [two for _, two, _ in fields])
            for start, end, expression in fields:
                touched |= _put(_between(pieces, start, end), slots, expression)
            for run in touched:
                _remove_if_empty(run)


def _put(pieces: list[Piece], slots: Slots, expression: Expression) -> set[Element]:
    """The slot in place of these pieces. Returns the runs they stood in."""
    runs = [each.element.getparent() for each in pieces]
    first = runs[0]
    prefix = f"{first.prefix}:" if first.prefix else ""
    text = new(first, "t", slots.token(Slot(expression, prefix)))
    first.addprevious(new_run(first, child(first, "rPr"), text))
    for run, each in zip(runs, pieces, strict=True):
        run.remove(each.element)
    return set(runs)


def _between(pieces: list[Piece], start: int, end: int) -> list[Piece]:
    place = attrgetter("start")
    return pieces[bisect_left(pieces, start, key=place) : bisect_left(pieces, end, key=place)]


def _text(paragraph: Element) -> tuple[list[Piece], str]:
    pieces: list[Piece] = []
    words: list[str] = []
    length = 0
    for run in inside(paragraph, "r"):
        for each in run:
            name = local(each)
            if name == "t" and each.text:
                pieces.append(Piece(length, each))
                words.append(each.text)
            elif name != "t" and name not in INVISIBLE:
                words.append(BARRIER)
            else:
                continue
            length += len(words[-1])
    return pieces, "".join(words)


def _cut(pieces: list[Piece], starts: list[int], ends: list[int]) -> list[Piece]:
    """The same text in pieces of which none reaches over a start or an end.

    A piece that begins at a start is the first of its run. From the last piece to the first, so
    that what is moved to a new run is not moved again.
    """
    done: list[Piece] = []
    for piece in reversed(pieces):
        after = piece.start + len(piece.element.text or "")
        places = starts[bisect_left(starts, piece.start) : bisect_left(starts, after)]
        places += ends[bisect_right(ends, piece.start) : bisect_left(ends, after)]
        done += reversed(_split(piece, sorted(set(places))) if places else [piece])
    return done[::-1]


def _split(piece: Piece, places: list[int]) -> list[Piece]:
    """Cut a piece at these places. Each part but the first stands in a new run, the last with all
    that followed in the old one.
    """
    text, run, whole = piece.element, piece.element.getparent(), piece.element.text or ""
    ends = [place - piece.start for place in [*places[1:], piece.start + len(whole)]]
    following = list(text.itersiblings())
    parts, last = [], run
    for place, end in zip(places, ends, strict=True):
        part = new(text, "t", whole[place - piece.start : end])
        single = new_run(run, child(run, "rPr"), part)
        single.attrib.update(run.attrib)
        last.addnext(single)
        last = single
        parts.append(Piece(place, part))
    last.extend(following)
    text.text = whole[: places[0] - piece.start]
    text.set(XML_SPACE, "preserve")
    return [Piece(piece.start, text), *parts] if text.text else parts


def _remove_if_empty(run: Element) -> None:
    parent = run.getparent()
    rest = [each for each in run if local(each) not in ("rPr", "")]
    if parent is not None and all(local(each) == "t" and not each.text for each in rest):
        parent.remove(run)
