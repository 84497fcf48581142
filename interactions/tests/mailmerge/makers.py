"""Documents as Word writes them, written by hand, and what one reads from letters."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from docx import Document
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": W,
        "r": R,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1134" '
    'w:bottom="1417" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
KINDS = {
    "header": "hdr",
    "footer": "ftr",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "settings": "settings",
    "numbering": "numbering",
    "styles": "styles",
}


def docx(
    body: str, parts: Mapping[str, str] | None = None, *, section: str = PAGE, strict: bool = False
) -> bytes:
    """A document of this body.

    `parts` gives the contents of others: `header`, `footnotes`, `settings`, ...
    """
    files = {
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}{section}</w:body></w:document>"
    }
    overrides = [f'<Override PartName="/word/document.xml" ContentType="{WML}.document.main+xml"/>']
    links = []
    for kind, content in (parts or {}).items():
        files[f"word/{kind}.xml"] = f"<w:{KINDS[kind]} {SPACES}>{content}</w:{KINDS[kind]}>"
        overrides.append(f'<Override PartName="/word/{kind}.xml" ContentType="{WML}.{kind}+xml"/>')
        links.append(f'<Relationship Id="r_{kind}" Type="{R}/{kind}" Target="{kind}.xml"/>')
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{RELS}">{"".join(links)}</Relationships>'
    )
    main = f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    files["_rels/.rels"] = f'<Relationships xmlns="{RELS}">{main}</Relationships>'
    defaults = (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    types = f'<Types xmlns="{TYPES}">{defaults}{"".join(overrides)}</Types>'
    files = {"[Content_Types].xml": types, **files}
    if strict:
        files = {n: x.replace(W, STRICT_W).replace(R, STRICT_R) for n, x in files.items()}
    return zipped({name: (XML + xml).encode() for name, xml in files.items()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a zip file, all of them whole and none twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, **changes: bytes) -> bytes:
    """The document with other parts: `word__settings` stands for word/settings.xml."""
    named = {name.replace("__", "/") + ".xml": part for name, part in changes.items()}
    return zipped({**unzipped(data), **named})


def p(*content: str) -> str:
    """A paragraph."""
    return f'<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD">{"".join(content)}</w:p>'


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return (
        f'<w:r w:rsidRPr="00C0FFEE">{_rpr(properties)}<w:t xml:space="preserve">{text}</w:t></w:r>'
    )


def _rpr(properties: str) -> str:
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def mark(kind: str, properties: str = "") -> str:
    """A run with one mark of a complex field."""
    return f'<w:r w:rsidR="00AB12CD">{_rpr(properties)}<w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str, properties: str = "") -> str:
    """A run with a piece of field code."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<w:r>{_rpr(properties)}<w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def field(*codes: str, result: str = "«old»", look: str = "") -> str:
    """A complex field: pieces of code (text, or ready XML for nested fields) and its old result."""
    pieces = (each if each.startswith("<") else code(each) for each in codes)
    shown = r(result, look) if not result.startswith("<") else result
    return mark("begin") + "".join(pieces) + mark("separate") + shown + mark("end")


def simple(instruction: str, result: str = "«old»", look: str = "") -> str:
    """A simple field."""
    instruction = instruction.replace('"', "&quot;")
    return f'<w:fldSimple w:instr="{instruction}">{r(result, look)}</w:fldSimple>'


def lines(letter: bytes, part: str = "word/document.xml") -> list[str]:
    """The text of each paragraph of a part, read by nothing of ours; python-docx must open the
    letter too.
    """
    Document(io.BytesIO(letter)) if STRICT_W.encode() not in unzipped(letter)[part] else None
    root = etree.fromstring(unzipped(letter)[part])
    space = "{" + root.nsmap[root.prefix] + "}"
    shown = {f"{space}t": None, f"{space}tab": "\t", f"{space}br": "\n"}
    return [
        "".join(
            (each.text or "") if shown[each.tag] is None else shown[each.tag] or ""
            for each in paragraph.iter(*shown)
            if next(each.iterancestors(f"{space}p")) is paragraph
            and each.getparent().tag != f"{space}tabs"
        )
        for paragraph in root.iter(f"{space}p")
    ]


def part_of(letter: bytes, part: str = "word/document.xml") -> etree._Element:
    """A part of a letter as a tree."""
    return etree.fromstring(unzipped(letter)[part])


def png(width: int, height: int) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    size = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
