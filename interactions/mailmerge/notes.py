"""Footnotes and endnotes of a combined document: every letter brings its own, with numbers of their
own.
"""

from __future__ import annotations

from .growing import Repeated
from .marks import Marks
from .ooxml import Element, attribute, child, local, namespace, new, parse, serialise, whole_number


def repeat_notes(name: str, xml: bytes, body: Element, marks: Marks) -> Repeated | None:
    """Number the notes that the body refers to anew in each letter. None if it refers to none."""
    root = parse(xml)
    kind = local(root).removesuffix("s")
    references = [each for each in body.iter() if local(each) == f"{kind}Reference"]
    notes = [each for each in root if local(each) == kind and _ordinary(each)]
    if not references or not notes:
        return None
    free = 1 + max(whole_number(attribute(each, "id")) for each in root if local(each) == kind)
    places = {attribute(each, "id"): index for index, each in enumerate(notes)}
    for each in [*references, *notes]:
        if attribute(each, "id") in places:
            index = places[attribute(each, "id")]
            each.set(namespace(each) + "id", marks.numbered(len(notes), index, free))
    opening, closing = marks.border(), marks.border()
    _surround(root, notes, opening, closing)
    head, rest = serialise(root).split(opening.encode())
    middle, tail = rest.split(closing.encode())
    return Repeated(name, head, marks.cut(middle), tail)


def _ordinary(note: Element) -> bool:
    """Not one of the separators, which are there once."""
    return attribute(note, "type") in ("", "normal")


def _surround(root: Element, notes: list[Element], opening: str, closing: str) -> None:
    for each in notes:
        root.remove(each)
        each.tail = None
        root.append(each)
    previous = notes[0].getprevious()
    if previous is not None:
        previous.tail = opening
    else:
        root.text = opening
    notes[-1].tail = closing


def endnotes_at_letter_end(settings: bytes) -> bytes:
    """Settings with which endnotes stand at the end of their section, not of the whole document."""
    root = parse(settings)
    properties = child(root, "endnotePr")
    if properties is None:
        properties = new(root, "endnotePr")
        following = [each for each in root if local(each) in AFTER_ENDNOTES]
        if following:
            following[0].addprevious(properties)
        else:
            root.append(properties)
    position = child(properties, "pos")
    if position is None:
        position = new(properties, "pos")
        properties.insert(0, position)
    position.set(namespace(position) + "val", "sectEnd")
    return serialise(root)


# What may follow endnotePr in settings (ISO/IEC 29500-1, CT_Settings).
AFTER_ENDNOTES = frozenset(
    [
        "compat",
        "docVars",
        "rsids",
        "attachedSchema",
        "themeFontLang",
        "clrSchemeMapping",
        "doNotIncludeSubdocsInStats",
        "doNotAutoCompressPictures",
        "forceUpgrade",
        "captions",
        "readModeInkLockDown",
        "smartTagType",
        "shapeDefaults",
        "doNotEmbedSmartTags",
        "decimalSymbol",
        "listSeparator",
    ]
)
