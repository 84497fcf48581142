"""The body of a letter as it is repeated in a combined document."""

from __future__ import annotations

from collections.abc import Callable

from .growing import Repeated
from .marks import Copy, Marks, make_unique, mark_letter
from .notes import endnotes_at_letter_end, repeat_notes
from .numbering import repeat_lists
from .ooxml import Element, attribute, child, local, parse, serialise, whole_number
from .parts import relationships
from .sections import (
    begin_letter,
    count_section_pages,
    fold_last_section,
    own_headers,
    point_to_headers,
    sections_of,
)
from .template import Template

BLANK = {"headerReference": ("hdr", "header"), "footerReference": ("ftr", "footer")}
NUMBERED = frozenset({"bookmarkStart", "ins", "del", "moveFrom", "moveTo"})


class Letters:
    """The main part of a combined document: what stands before all letters, each letter, and what
    stands after.

    `replaced` are parts of the template that differ in a combined document, `repeated` those that
    grow with it.
    """

    def __init__(self, template: Template, headers: dict[str, int], *, marked: bool) -> None:
        self._template = template
        self.replaced: dict[str, bytes] = {}
        self._marks = Marks(template.slots, _first_free(template))
        root = parse(template.compiled[template.outline.main])
        body = child(root, "body")
        assert body is not None
        self.sections = sections_of(body)
        self.one_section = len(self.sections) == 1
        notes = self._notes(body)
        self.repeated = [*notes, *self._lists(body)]
        self.blank = own_headers(self.sections, _blank_ids())
        self._begin(body, notes=bool(notes))
        make_unique(body, self._marks)
        if marked:
            mark_letter(body, self._marks)
        point_to_headers(body, headers, self._marks)
        self._cut(root, body)

    def fill(self, copy: Copy, *, last: bool) -> bytes:
        """One letter; the last one is followed by the end of the document."""
        section = b"" if last else self._section.fill(copy)
        end = self._tail.fill(copy) if last else b""
        return self._before.fill(copy) + section + self._after.fill(copy) + end

    def _begin(self, body: Element, *, notes: bool) -> None:
        begin_letter(self.sections[0], notes=notes)
        if self.one_section:
            for name, xml in self._template.compiled.items():
                root = body if name == self._template.outline.main else parse(xml)
                if count_section_pages(root) and root is not body:
                    self.replaced[name] = serialise(root)

    def _cut(self, root: Element, body: Element) -> None:
        start, end, opening, closing = (self._marks.border() for _ in range(4))
        fold_last_section(body, opening, closing)
        body.text = start + (body.text or "")
        section = child(body, "sectPr")
        previous = section.getprevious() if section is not None else None
        assert previous is not None
        previous.tail = (previous.tail or "") + end
        xml = serialise(root)
        self.head, xml = xml.split(start.encode())
        letter, tail = xml.split(end.encode())
        before, letter = letter.split(opening.encode())
        folded, after = letter.split(closing.encode())
        self._before, self._section, self._after, self._tail = (
            self._marks.cut(each) for each in (before, folded, after, tail)
        )

    def _notes(self, body: Element) -> list[Repeated]:
        found = []
        for kind in ("footnotes", "endnotes"):
            for name in self._template.outline.of(kind):
                notes = repeat_notes(name, self._template.compiled[name], body, self._marks)
                if notes:
                    found.append(notes)
                    if kind == "endnotes":
                        self._replace("settings", endnotes_at_letter_end)
        return found

    def _replace(self, kind: str, change: Callable[[bytes], bytes]) -> None:
        name = self._related(kind)
        if name:
            self.replaced[name] = change(self._template.parts[name])

    def _lists(self, body: Element) -> list[Repeated]:
        name, styles = self._related("numbering"), self._related("styles")
        if not name:
            return []
        parts = self._template.parts
        lists = repeat_lists(name, parts[name], parts.get(styles), body, self._marks)
        return [lists] if lists else []

    def _related(self, kind: str) -> str:
        found = relationships(self._template.parts, self._template.outline.main)
        names = (each.target for each in found if each.kind == kind and not each.external)
        return next((name for name in names if name in self._template.parts), "")


def _blank_ids() -> dict[str, str]:
    return {reference: f"blank_{kind}" for reference, (_, kind) in BLANK.items()}


def _first_free(template: Template) -> int:
    """Above every number of pictures, bookmarks and revisions in parts that are not repeated."""
    numbers = [0]
    for name, xml in template.compiled.items():
        if name != template.outline.main:
            for each in parse(xml).iter():
                if local(each) in NUMBERED:
                    numbers.append(whole_number(attribute(each, "id")))
                elif isinstance(each.tag, str) and each.tag.endswith("}docPr"):
                    numbers.append(whole_number(each.get("id", "")))
    return 1 + max(number for number in numbers if number < 1_000_000_000)
