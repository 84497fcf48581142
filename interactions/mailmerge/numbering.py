"""Numbered lists of a combined document begin anew in every letter.

Word counts a list on through the whole document, so each letter gets list definitions (`w:num`) of
its own that take their look from the template's and start over.
"""

from __future__ import annotations

from dataclasses import dataclass

from .growing import Repeated
from .marks import Marks
from .ooxml import Element, attribute, child, local, namespace, new, parse, serialise, whole_number

UNNUMBERED = frozenset({"bullet", "none"})
BEFORE_NUMBERING = frozenset(
    {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl"}
)
BEFORE_INDENT = frozenset(
    [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "kinsoku",
        "wordWrap",
        "overflowPunct",
        "topLinePunct",
        "autoSpaceDE",
        "autoSpaceDN",
        "bidi",
        "adjustRightInd",
        "snapToGrid",
        "spacing",
    ]
)


@dataclass(frozen=True)
class StyleList:
    """The list that a paragraph style puts its paragraphs in; `indent` is what the style says of
    indents itself.
    """

    number: str
    level: str
    indent: Element | None


def repeat_lists(
    name: str, xml: bytes, styles: bytes | None, body: Element, marks: Marks
) -> Repeated | None:
    """Give the numbered lists of the body definitions of their own in each letter.

    None if it has none.
    """
    root = parse(xml)
    numbered = _numbered(root)
    if styles is not None:
        _state_style_lists(body, _style_lists(parse(styles), root), numbered)
    uses = [each for each in body.iter() if local(each) == "numId" and _in_paragraph(each)]
    uses = [each for each in uses if attribute(each, "val") in numbered]
    used = list(dict.fromkeys(attribute(each, "val") for each in uses))
    if not used:
        return None
    free = 1 + max(whole_number(attribute(each, "numId")) for each in root if local(each) == "num")
    tokens = {n: marks.numbered(len(used), index, free) for index, n in enumerate(used)}
    for each in uses:
        each.set(namespace(each) + "val", tokens[attribute(each, "val")])
    return _growing(name, root, [_copy(numbered[n], tokens[n]) for n in used], marks)


def _in_paragraph(number: Element) -> bool:
    parent = number.getparent()
    return parent is not None and local(parent) == "numPr"


@dataclass(frozen=True)
class _Numbered:
    """A `w:num` with numbers to count, and the first number of each level."""

    element: Element
    starts: tuple[tuple[str, str], ...]


def _numbered(root: Element) -> dict[str, _Numbered]:
    kinds = {
        attribute(each, "abstractNumId"): each for each in root if local(each) == "abstractNum"
    }
    found: dict[str, _Numbered] = {}
    for number in (each for each in root if local(each) == "num"):
        link = child(number, "abstractNumId")
        kind = kinds.get(attribute(link, "val")) if link is not None else None
        levels = [each for each in kind if local(each) == "lvl"] if kind is not None else []
        formats = {_value(level, "numFmt", "decimal") for level in levels}
        if levels and formats - UNNUMBERED:
            starts = ((attribute(each, "ilvl"), _value(each, "start", "0")) for each in levels)
            found[attribute(number, "numId")] = _Numbered(number, tuple(starts))
    return found


def _value(parent: Element, name: str, default: str) -> str:
    found = child(parent, name)
    return default if found is None else attribute(found, "val")


def _copy(source: _Numbered, token: str) -> Element:
    """A new definition of the same look whose levels all start over."""
    like = source.element
    copy = new(like, "num")
    copy.set(namespace(like) + "numId", token)
    link = new(like, "abstractNumId")
    link.set(namespace(like) + "val", _value(like, "abstractNumId", "0"))
    copy.append(link)
    changed = {attribute(each, "ilvl"): each for each in like if local(each) == "lvlOverride"}
    for level, start in source.starts:
        override = new(like, "lvlOverride")
        override.set(namespace(like) + "ilvl", level)
        own = changed.get(level)
        begin = new(like, "startOverride")
        begin.set(
            namespace(like) + "val", start if own is None else _value(own, "startOverride", start)
        )
        override.append(begin)
        definition = None if own is None else child(own, "lvl")
        if definition is not None:
            override.append(definition)
        copy.append(override)
    return copy


def _growing(name: str, root: Element, copies: list[Element], marks: Marks) -> Repeated:
    opening, closing = marks.border(), marks.border()
    last = [each for each in root if local(each) == "num"][-1]
    for each in reversed(copies):
        each.tail = None
        last.addnext(each)
    last.tail, copies[-1].tail = opening, closing
    head, rest = serialise(root).split(opening.encode())
    middle, tail = rest.split(closing.encode())
    return Repeated(name, head, marks.cut(middle), tail)


def _style_lists(styles: Element, numbering: Element) -> dict[str, StyleList]:
    """The list of every paragraph style that has one, also through the styles it is based on."""
    known = {attribute(each, "styleId"): each for each in styles if local(each) == "style"}
    levels = _linked_levels(numbering)
    found = {name: _style_list(name, known, levels) for name in known}
    return {name: each for name, each in found.items() if each is not None}


def _linked_levels(numbering: Element) -> dict[tuple[str, str], str]:
    """The level that a list (by number) gives to a paragraph style."""
    kinds: dict[str, list[Element]] = {}
    for kind in (each for each in numbering if local(each) == "abstractNum"):
        kinds[attribute(kind, "abstractNumId")] = [each for each in kind if local(each) == "lvl"]
    return {
        (attribute(number, "numId"), _value(level, "pStyle", "")): attribute(level, "ilvl")
        for number in numbering
        if local(number) == "num"
        for level in kinds.get(_value(number, "abstractNumId", ""), [])
    }


def _style_list(
    name: str, known: dict[str, Element], levels: dict[tuple[str, str], str]
) -> StyleList | None:
    indent, seen, style = None, set[str](), name
    while style in known and style not in seen:
        seen.add(style)
        properties = child(known[style], "pPr")
        if properties is not None:
            indent = child(properties, "ind") if indent is None else indent
            number = child(properties, "numPr")
            if number is not None:
                of = _value(number, "numId", "0")
                linked = levels.get((of, name)) or levels.get((of, style))
                return StyleList(of, linked or _value(number, "ilvl", "0"), indent)
        style = _value(known[style], "basedOn", "")
    return None


def _state_style_lists(
    body: Element, lists: dict[str, StyleList], numbered: dict[str, _Numbered]
) -> None:
    """Write the list of a style, where it counts, into the paragraphs themselves: it can then
    differ by letter.
    """
    for properties in [each for each in body.iter() if local(each) == "pPr"]:
        found = lists.get(_value(properties, "pStyle", ""))
        if found is None or found.number not in numbered or child(properties, "numPr") is not None:
            continue
        number = new(properties, "numPr")
        for name, value in (("ilvl", found.level), ("numId", found.number)):
            each = new(properties, name)
            each.set(namespace(properties) + "val", value)
            number.append(each)
        _insert(properties, number, BEFORE_NUMBERING)
        # A list stated in a paragraph brings its indents along, which those of the style would
        # otherwise overrule.
        if found.indent is not None and child(properties, "ind") is None:
            indent = new(properties, "ind")
            for key, value in found.indent.attrib.items():
                indent.set(key, value)
            _insert(properties, indent, BEFORE_INDENT)


def _insert(properties: Element, element: Element, before: frozenset[str]) -> None:
    properties.insert(sum(local(each) in before for each in properties), element)
