"""Which part of a package is what: content types and relationships."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from .errors import DocumentError, Note
from .ooxml import WORD_TYPE, Element, attribute, local, parse, serialise

CONTENT_TYPES = "[Content_Types].xml"
TEXT_KINDS = ("document.main", "header", "footer", "footnotes", "endnotes")
DATA_SOURCES = frozenset({"mailMergeSource", "mailMergeHeaderSource", "recipientData"})
EMBEDDED = frozenset({"oleObject", "package", "control", "aFChunk"})
# Fields by which a word processor reads another file when it opens the letter.
FETCHING = re.compile(r"\0\s*(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DDEAUTO|DDE|LINK)\b", re.I)
CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"})


@dataclass(frozen=True)
class Relationship:
    """A link from a part. `kind` is the last word of its type; `target` a part name unless
    external.
    """

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Outline:
    """The parts that hold text, by kind; the main document first."""

    main: str
    kinds: dict[str, str]

    def of(self, kind: str) -> list[str]:
        """Part names of one kind, such as `header`."""
        return [name for name, each in self.kinds.items() if each == kind]


def outline(parts: dict[str, bytes]) -> Outline:
    """Find the main document and the other parts with text.

    DocumentError if there is no main document.
    """
    types = content_types(parts[CONTENT_TYPES])
    found = [each for each in relationships(parts, "") if each.kind == "officeDocument"]
    main = found[0].target if found else ""
    if main not in parts or types.get(main.lower()) != f"{WORD_TYPE}document.main+xml":
        raise DocumentError("not-docx")
    known = {f"{WORD_TYPE}{kind}+xml": kind for kind in TEXT_KINDS}
    kinds = {name: known.get(types.get(name.lower(), ""), "") for name in [main, *parts]}
    return Outline(main, {name: kind for name, kind in kinds.items() if kind})


def content_types(xml: bytes) -> dict[str, str]:
    """Content type by part name in small letters; only parts that are named one by one."""
    overrides = (each for each in parse(xml) if tag(each) == "Override")
    return {
        each.get("PartName", "").lstrip("/").lower(): each.get("ContentType", "")
        for each in overrides
    }


def tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def rels_name(part: str) -> str:
    """The part that holds the relationships of a part; of the package for ""."""
    folder, slash, name = part.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"


def relationships(parts: dict[str, bytes], part: str) -> list[Relationship]:
    """The relationships of a part, or of the package for ""."""
    xml = parts.get(rels_name(part))
    return [] if xml is None else [_relationship(each, part) for each in parse(xml) if tag(each)]


def _relationship(element: Element, part: str) -> Relationship:
    target, external = element.get("Target", ""), element.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:]
    kind = element.get("Type", "").rpartition("/")[2]
    return Relationship(element.get("Id", ""), kind, target, external)


def forget_data_source(parts: dict[str, bytes]) -> None:
    """Remove what makes Word ask for the data source of the merge, and the list of recipients with
    it.
    """
    for name in [each for each in parts if posixpath.basename(each).lower() == "settings.xml"]:
        gone = {each for each in relationships(parts, name) if each.kind in DATA_SOURCES}
        if gone:
            _drop_relationships(parts, name, {each.id for each in gone})
            _drop_parts(parts, {each.target for each in gone if not each.external})
        if b"mailMerge" in parts[name]:
            root = parse(parts[name])
            for each in [each for each in root if local(each) == "mailMerge"]:
                root.remove(each)
            parts[name] = serialise(root)


def _drop_relationships(parts: dict[str, bytes], name: str, ids: set[str]) -> None:
    root = parse(parts[rels_name(name)])
    for each in [each for each in root if each.get("Id") in ids]:
        root.remove(each)
    parts[rels_name(name)] = serialise(root)


def _drop_parts(parts: dict[str, bytes], names: set[str]) -> None:
    root = parse(parts[CONTENT_TYPES])
    for each in [each for each in root if each.get("PartName", "").lstrip("/") in names]:
        root.remove(each)
    parts[CONTENT_TYPES] = serialise(root)
    for name in names:
        parts.pop(name, None)


def facts(parts: dict[str, bytes], texts: dict[str, Element]) -> list[Note]:
    """What the author should know of the document; `texts` are the parsed parts that hold text."""
    notes = []
    elements = {local(each) for root in texts.values() for each in root.iter()}
    if elements & CHANGES:
        notes.append(Note("tracked-changes"))
    if "commentReference" in elements:
        notes.append(Note("comments"))
    notes += [Note("remote-field", code) for root in texts.values() for code in _fetching(root)]
    owners = [name for name in parts if rels_name(name) in parts]
    links = [each for name in owners for each in relationships(parts, name)]
    return list(dict.fromkeys([*notes, *(note for each in links if (note := _of_link(each)))]))


def _of_link(link: Relationship) -> Note | None:
    """What a link to elsewhere, or to an embedded file, means for the contact."""
    if link.external and link.kind == "image":
        return Note("remote-picture", link.target)
    if link.external and link.kind not in {"hyperlink", *DATA_SOURCES}:
        return Note("external-link", link.target)
    if not link.external and link.kind in EMBEDDED:
        return Note("embedded-object", posixpath.basename(link.target))
    return None


def _fetching(root: Element) -> list[str]:
    """The fields of a part that would read another file, however Word has split their codes."""
    codes = []
    for each in root.iter():
        if local(each) == "fldSimple":
            codes.append("\0" + attribute(each, "instr"))
        elif local(each) == "fldChar" and attribute(each, "fldCharType") == "begin":
            codes.append("\0")
        elif local(each) == "instrText":
            codes.append(each.text or "")
    return [code.upper() for code in FETCHING.findall("".join(codes))]
