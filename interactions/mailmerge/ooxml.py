"""The names of Office Open XML, and the one careful way in which XML is parsed here.

Word writes two dialects: transitional and strict (ISO/IEC 29500). They differ in their namespaces
alone, so elements are known by their local name when they belong to either.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from .errors import DocumentError

Element: TypeAlias = etree._Element

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."

STORIES = frozenset({"txbxContent", "footnote", "endnote", f"{MARKUP}Choice", f"{MARKUP}Fallback"})
DELETED = frozenset({"del", "moveFrom"})


def parse(xml: bytes) -> Element:
    """The root of an XML part.

    No entity is resolved, nothing is fetched; DocumentError if malformed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("damaged") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError("entities")
    return root


def serialise(root: Element) -> bytes:
    """The part as UTF-8 with the declaration that Word writes."""
    xml: bytes = etree.tostring(
        root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True
    )
    return xml


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    namespace, _, name = tag[1:].rpartition("}")
    return name if namespace in (TRANSITIONAL, STRICT) else tag


def local(element: Element) -> str:
    """`p` for a Word paragraph of either dialect; the full tag for any other element; "" for a
    comment.
    """
    return _local(element.tag) if isinstance(element.tag, str) else ""


def is_word(element: Element) -> bool:
    """Whether the element belongs to Word's own vocabulary, of either dialect."""
    return bool(element.tag != local(element))


def namespace(element: Element) -> str:
    """The element's namespace with braces, ready to stand before a name."""
    return str(element.tag[: element.tag.rindex("}") + 1])


def attribute(element: Element, name: str) -> str:
    """The Word attribute `name` of a Word element, or ""."""
    return element.get(namespace(element) + name) or ""


def whole_number(text: str) -> int:
    """The number an attribute says; 0 if it says none."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() else 0


def child(element: Element, name: str) -> Element | None:
    """The first Word child of that name."""
    return next((each for each in element if local(each) == name), None)


def new(like: Element, name: str, text: str | None = None) -> Element:
    """A Word element of the same dialect and prefix as `like`."""
    element: Element = like.makeelement(namespace(like) + name, nsmap=like.nsmap)
    if text is not None:
        element.text = text
        element.set(XML_SPACE, "preserve")
    return element


def new_run(like: Element, properties: Element | None, content: Element) -> Element:
    """A run of `content` with a copy of the run properties, without revision marks on them."""
    run = new(like, "r")
    if properties is not None:
        copy = deepcopy(properties)
        copy.tail = None
        for revision in [each for each in copy if local(each) in ("rPrChange", "ins", "del")]:
            copy.remove(revision)
        run.append(copy)
    run.append(content)
    return run


def is_story(element: Element) -> bool:
    """Whether text inside is a flow of its own: a text box, a note, one branch of alternate
    content.
    """
    return local(element) in STORIES


def inside(top: Element, *names: str) -> Iterator[Element]:
    """Word elements of these names below `top` in document order, not below one another.

    Other stories and deleted text are left out.
    """
    pending = list(reversed(top))
    while pending:
        element = pending.pop()
        name = local(element)
        if name in names:
            yield element
        elif name not in STORIES and name not in DELETED:
            pending.extend(reversed(element))
