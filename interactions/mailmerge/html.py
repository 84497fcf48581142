"""A letter as the body of an e-mail: HTML that mail programs show, and its text.

Pictures come as parts of the mail (`cid:`), because mail programs neither show `data:` addresses
nor, unasked, anything from afar. Whatever the document says, nothing remains that could run or call
home.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
import nh3
from lxml import etree

from .errors import DocumentError
from .ooxml import child, local, parse
from .package import unpack
from .parts import outline
from .plaintext import plain_text

# What every mail program shows, by the first bytes of the file.
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
TEXT_TAGS = {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "u", "s", "sup", "sub"}
TAGS = TEXT_TAGS | {"a", "img", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
STYLES = "u => u\nstrike => s"
# Ids of styles that are written alike in every part; other letters may be written as references.
PLAIN = re.compile(rb"[A-Za-z0-9_ -]+")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BLANK_LINES = re.compile(r"\n{3,}")
# What mammoth raises for documents that it cannot make sense of.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, ExpatError)


@dataclass(frozen=True)
class Picture:
    """A picture of the letter: `cid` is its Content-ID without the angle brackets."""

    cid: str
    subtype: str
    data: bytes


@dataclass(frozen=True)
class Html:
    """The body as a piece of HTML, the same as text, and the pictures that the body shows."""

    body: str
    text: str
    pictures: tuple[Picture, ...] = ()


def to_html(docx: bytes) -> Html:
    """A finished letter as an e-mail. Headers, footers and fonts do not come along.

    DocumentError for what is no letter, as `read_template` gives it.
    """
    parts = unpack(docx)
    body = child(parse(parts[outline(parts).main]), "body")
    if body is None:
        raise DocumentError("damaged")
    pictures: dict[str, Picture] = {}
    try:
        made = mammoth.convert_to_html(
            _with_lean_styles(parts),
            convert_image=_attach_to(pictures),
            style_map=STYLES,
            include_embedded_style_map=False,
        )
    except UNREADABLE as error:
        raise DocumentError("damaged") from error
    text = "\n".join(line.rstrip() for line in plain_text(body).split("\n"))
    return Html(clean(made.value), BLANK_LINES.sub("\n\n", text).strip(), (*pictures.values(),))


def _with_lean_styles(parts: dict[str, bytes]) -> io.BytesIO:
    """The letter for mammoth, for whom reading all styles is nine tenths of the work."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            said = _used(data, parts) if name.endswith("/styles.xml") else data
            archive.writestr(name, said)
    out.seek(0)
    return out


def _used(xml: bytes, parts: dict[str, bytes]) -> bytes:
    """The styles that another part may name: most letters use five of two hundred."""
    opening, styles, closing = _lean_styles(xml)
    others = [
        data for name, data in parts.items() if name.endswith(".xml") and "/styles" not in name
    ]
    is_wide = any(data.startswith(UTF_16) for data in others)
    kept = (
        style
        for key, style in styles
        if is_wide or not PLAIN.fullmatch(key) or any(key in data for data in others)
    )
    return b"".join((opening, *kept, closing))


@lru_cache(maxsize=64)
def _lean_styles(xml: bytes) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """Of each style its id, and what mammoth asks for: its name, and the list it belongs to.

    With what stands before and behind them all.
    """
    root = parse(xml)
    styles = []
    for part in list(root):
        root.remove(part)
        if local(part) == "style":
            for said in list(part):
                if local(said) not in ("name", "pPr"):
                    part.remove(said)
            key = next((value for name, value in part.items() if name.endswith("}styleId")), "")
            styles.append((key.encode(), etree.tostring(part, with_tail=False)))
    root.text = " "
    opening, closing = etree.tostring(root).rsplit(b" ", 1)
    return opening, styles, closing


def clean(html: str) -> str:
    """The HTML without anything but text, its shape, links, and pictures of the mail itself."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_own_pictures_only,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    wrong = value.startswith("cid:") != (tag == "img")
    return None if attribute in ("src", "href") and wrong else value


def _attach_to(pictures: dict[str, Picture]) -> Callable[[Any], list[Any]]:
    """What mammoth calls for a picture; one that mail programs do not show becomes its words."""

    def attach(image: Any) -> list[Any]:
        with image.open() as file:
            data = file.read()
        alt = image.alt_text or ""
        subtype = next((kind for start, kind in PICTURES.items() if data.startswith(start)), "")
        if not subtype:
            return [mammoth.html.text(alt)] if alt else []
        cid = f"{hashlib.sha256(data).hexdigest()[:32]}@letter"
        pictures[cid] = Picture(cid, subtype, data)
        return [mammoth.html.element("img", {"src": f"cid:{cid}", "alt": alt})]

    return attach
