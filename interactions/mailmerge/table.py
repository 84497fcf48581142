"""The XML of documents that are one table of exact measure, streamed row by row."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import BinaryIO

from .ooxml import TRANSITIONAL, WORD_TYPE
from .slots import escaped
from .values import ILLEGAL
from .zipstream import StreamedPart, ZipStream, pack

Size = tuple[float, float]
# A twip, Word's unit, is a twentieth of a point.
TWIPS_PER_MM = 1440 / 25.4
FONT = "Arial"
SIZES = (11, 10, 9, 8, 7, 6, 5)
# Of the font: the mean width of a letter, and the distance of lines, in its size.
LETTER_WIDTH, LINE_HEIGHT = 0.52, 1.2


def twips(millimetres: float) -> int:
    """A length in Word's unit."""
    return round(millimetres * TWIPS_PER_MM)


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relationship(name: str, target: str) -> str:
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/{name}" Target="{target}"/></Relationships>'
    )


PARTS = {
    "[Content_Types].xml": (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}{kind}+xml"/>'
            for name, kind in (("document", "document.main"), ("styles", "styles"))
        )
        + "</Types>"
    ),
    "_rels/.rels": _relationship("officeDocument", "word/document.xml"),
    "word/_rels/document.xml.rels": _relationship("styles", "styles.xml"),
    "word/styles.xml": (
        f'{XML}<w:styles xmlns:w="{TRANSITIONAL}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/></w:rPr></w:rPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style></w:styles>'
    ),
}


class Sheet:
    """A document of one table while it is being written. Rows that fill a page go to the next."""

    def __init__(self, out: BinaryIO, page: Size, corner: Size, widths: list[int]) -> None:
        self._archive, self._page, self._corner = ZipStream(out), page, corner
        self._widths = widths

    def __enter__(self) -> Sheet:
        for name, xml in PARTS.items():
            self._archive.add(name, pack(xml.encode()))
        self._part: StreamedPart = self._archive.stream("word/document.xml")
        self.write(f'{XML}<w:document xmlns:w="{TRANSITIONAL}"><w:body>')
        self.write(_table_head(self._widths))
        return self

    def write(self, xml: str) -> None:
        """Append to the table."""
        self._part.write(xml.encode())

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        if kind is None:
            self.write("</w:tbl>" + paragraph("", 1) + self._section() + "</w:body></w:document>")
            self._part.close()
            self._archive.close()

    def _section(self) -> str:
        """Right and bottom margins leave room: what is exact is said by the tables."""
        (width, height), (top, left) = self._page, self._corner
        turned = ' w:orient="landscape"' if width > height else ""
        return (
            f'<w:sectPr><w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"{turned}/>'
            f'<w:pgMar w:top="{twips(top)}" w:right="0" w:bottom="{twips(5)}"'
            f' w:left="{twips(left)}" w:header="0" w:footer="0" w:gutter="0"/></w:sectPr>'
        )


def _table_head(widths: list[int]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    none = "".join(
        f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="0" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{none}</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    )


def row(height: float, cells: Iterable[str]) -> str:
    """A row of exactly this height."""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="exact"/>'
        f"</w:trPr>{''.join(cells)}</w:tr>"
    )


def cell(width: int, content: str, *, middle: bool = False) -> str:
    """A cell of paragraphs, from its upper edge or round its middle."""
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{align}</w:tcPr>{content}</w:tc>'


def fitting(text: str, room: Size, indent: float = 0.0) -> str:
    """Paragraphs of the lines, in the greatest size in which they are sure to fit."""
    lines = ILLEGAL.sub("", text).splitlines() or [""]
    size = next((size for size in SIZES if _fits(lines, size, room)), SIZES[-1])
    inset = f'<w:ind w:left="{twips(indent)}" w:right="{twips(indent)}"/>' if indent else ""
    return "".join(paragraph(line, size, inset) for line in lines)


def _fits(lines: list[str], size: int, room: Size) -> bool:
    width, height = (twips(each) / 20 for each in room)
    a_line = max(1, int(width / (size * LETTER_WIDTH)))
    needed = sum(max(1, ceil(len(line) / a_line)) for line in lines)
    return needed * size * LINE_HEIGHT <= height


def paragraph(text: str, size: int, more: str = "") -> str:
    """One line of that size in points, as high as it says."""
    run = ""
    if text:
        run = (
            f'<w:r><w:rPr><w:sz w:val="{2 * size}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'
        )
    exact = f'<w:spacing w:before="0" w:after="0" w:line="{size * 24}" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{exact}{more}</w:pPr>{run}</w:p>"
