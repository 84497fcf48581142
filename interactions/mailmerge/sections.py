"""The sections of a letter within a combined document: each letter begins a page, at page one, with
its own headers.
"""

from __future__ import annotations

import re
from copy import deepcopy

from .marks import Marks
from .ooxml import RELATIONSHIPS, Element, attribute, child, local, namespace, new

# The order in which the parts of a section must stand (ISO/IEC 29500-1, CT_SectPr).
ORDER = [
    "headerReference",
    "footerReference",
    "footnotePr",
    "endnotePr",
    "type",
    "pgSz",
    "pgMar",
    "paperSrc",
    "pgBorders",
    "lnNumType",
    "pgNumType",
    "cols",
    "formProt",
    "vAlign",
    "noEndnote",
    "titlePg",
    "textDirection",
    "bidi",
    "rtlGutter",
    "docGrid",
    "printerSettings",
    "sectPrChange",
]
NUMPAGES = re.compile(r"\bNUMPAGES\b", re.IGNORECASE)
REFERENCES = ("headerReference", "footerReference")


def relation_id(reference: Element) -> str:
    """The name of the attribute that leads a header reference to its part."""
    return next(
        (f"{{{each}}}id" for each in RELATIONSHIPS if reference.get(f"{{{each}}}id")),
        f"{{{RELATIONSHIPS[0]}}}id",
    )


def sections_of(body: Element) -> list[Element]:
    """The sections of a body, the last one last. One is made if the document has none."""
    found = [each for each in body.iter() if local(each) == "sectPr"]
    if child(body, "sectPr") is None:
        last = new(body, "sectPr")
        body.append(last)
        found.append(last)
    return found


def begin_letter(section: Element, *, notes: bool) -> None:
    """Make the first section of a letter start a new page, with page number one and note number
    one.
    """
    kind = child(section, "type")
    if kind is not None and attribute(kind, "val") not in ("oddPage", "evenPage"):
        kind.set(namespace(kind) + "val", "nextPage")
    elif kind is None:
        _child(section, "type").set(namespace(section) + "val", "nextPage")
    numbering = _child(section, "pgNumType")
    if not attribute(numbering, "start"):
        numbering.set(namespace(section) + "start", "1")
    if notes:
        for name in ("footnotePr", "endnotePr"):
            _restart_notes(_child(section, name))


def _restart_notes(properties: Element) -> None:
    restart = child(properties, "numRestart")
    if restart is None:
        restart = new(properties, "numRestart")
        after = [each for each in properties if local(each) in ("pos", "numFmt", "numStart")]
        properties.insert(len(after), restart)
    restart.set(namespace(properties) + "val", "eachSect")


def _child(section: Element, name: str) -> Element:
    """The child of that name, made in its place if missing."""
    found = child(section, name)
    if found is None:
        found = new(section, name)
        before = [each for each in section if local(each) in ORDER[: ORDER.index(name)]]
        section.insert(len(before), found)
    return found


def own_headers(sections: list[Element], blank: dict[str, str]) -> bool:
    """Keep the first section of a letter from inheriting the headers of the letter before it.

    `blank` gives the relationship id of an empty header and footer. Returns whether they are used.
    """
    used = {_kind(each) for section in sections for each in section if local(each) in REFERENCES}
    first = sections[0]
    missing = used - {_kind(each) for each in first}
    for name, kind in sorted(missing):
        reference = new(first, name)
        reference.set(namespace(first) + "type", kind)
        reference.set(_relation_name(sections), blank[name])
        first.insert(0, reference)
    return bool(missing)


def _relation_name(sections: list[Element]) -> str:
    every = [each for section in sections for each in section if local(each) in REFERENCES]
    return relation_id(every[0])


def _kind(reference: Element) -> tuple[str, str]:
    return local(reference), attribute(reference, "type") or "default"


def fold_last_section(body: Element, opening: str, closing: str) -> None:
    """Copy the last section into the last paragraph, between two tokens.

    The copy ends a letter that another one follows; in the last letter what is between the tokens
    is left out, and the section at the end of the body counts. A body that ends in something else
    than a plain paragraph gets an empty one, also between the tokens.
    """
    section = child(body, "sectPr")
    assert section is not None
    copy, paragraph = deepcopy(section), section.getprevious()
    copy.tail = None
    if paragraph is None or local(paragraph) != "p" or _ends_section(paragraph):
        holder, properties = new(body, "p"), new(body, "pPr")
        properties.append(copy)
        holder.append(properties)
        section.addprevious(holder)
        _between(holder, opening, closing)
        return
    properties = _child_first(paragraph, "pPr")
    change = child(properties, "pPrChange")
    properties.insert(len(properties) if change is None else properties.index(change), copy)
    _between(copy, opening, closing)


def _ends_section(paragraph: Element) -> bool:
    properties = child(paragraph, "pPr")
    return properties is not None and child(properties, "sectPr") is not None


def _child_first(parent: Element, name: str) -> Element:
    found = child(parent, name)
    if found is None:
        found = new(parent, name)
        parent.insert(0, found)
    return found


def _between(element: Element, opening: str, closing: str) -> None:
    """Text before and after an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + opening
    elif parent is not None:
        parent.text = (parent.text or "") + opening
    element.tail = closing


def point_to_headers(body: Element, moving: dict[str, int], marks: Marks) -> None:
    """Lead references to headers that differ by letter to the header of the same copy."""
    for reference in [each for each in body.iter() if local(each) in REFERENCES]:
        name = relation_id(reference)
        index = moving.get(reference.get(name, ""))
        if index is not None:
            reference.set(name, marks.header(index))


def count_section_pages(top: Element) -> bool:
    """Let "page 1 of 3" count the pages of the letter, which is one section, not of all letters."""
    changed = False
    for each in top.iter():
        name = local(each)
        if name == "instrText" and each.text and NUMPAGES.search(each.text):
            each.text, changed = NUMPAGES.sub("SECTIONPAGES", each.text), True
        elif name == "fldSimple" and NUMPAGES.search(attribute(each, "instr")):
            code = NUMPAGES.sub("SECTIONPAGES", attribute(each, "instr"))
            each.set(namespace(each) + "instr", code)
            changed = True
    return changed
