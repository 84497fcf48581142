"""Labels and envelopes: exact to the maker's drawing, every address whole and in its place."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree

from interactions.mailmerge import DocumentError, to_pdf
from interactions.mailmerge.sheets import (
    ENVELOPES,
    LABELS,
    Envelope,
    Labels,
    write_envelopes,
    write_labels,
)

from .makers import unzipped

ADDRESS = "Blooms & Co\nÅsa <Öberg>\nHigh Street {0}\n0{0:04} LONDON\nUNITED KINGDOM"
# Half a twip, as exact as Word can be.
HALF = Mm(1) * 25.4 / 1440 / 2


def addresses(count: int) -> list[str]:
    return [ADDRESS.format(number) for number in range(count)]


def labels_of(labels: Labels, texts: list[str]) -> bytes:
    out = io.BytesIO()
    assert write_labels(iter(texts), labels, out) == len(texts)
    unzipped(out.getvalue())
    return out.getvalue()


def near(length: float | None, millimetres: float) -> bool:
    """Whether a length is this many millimetres, but for the rounding to twips."""
    return length is not None and abs(length - Mm(1) * millimetres) <= HALF


# From the makers' drawings: paper, columns and rows, label, distance from label to label, margins.
DRAWINGS = {
    "L7160": ((210, 297), (3, 7), (63.5, 38.1), (66.04, 38.1), (7.21, 15.15)),
    "L7163": ((210, 297), (2, 7), (99.1, 38.1), (101.6, 38.1), (4.65, 15.15)),
    "5160": ((215.9, 279.4), (3, 10), (66.675, 25.4), (69.85, 25.4), (4.7625, 12.7)),
}


@pytest.mark.parametrize("code", DRAWINGS)
def test_a_sheet_is_as_the_maker_draws_it(code: str) -> None:
    page, (columns, rows), (width, height), (pitch, _down), (left, top) = DRAWINGS[code]
    document = Document(io.BytesIO(labels_of(LABELS[code], addresses(columns * rows))))
    (section,), (table,) = document.sections, document.tables
    assert near(section.page_width, page[0])
    assert near(section.page_height, page[1])
    assert near(section.left_margin, left)
    assert near(section.top_margin, top)
    assert len(table.rows) == rows
    for row in table.rows:
        assert near(row.height, height)
        assert row._tr.trPr.xpath("w:trHeight/@w:hRule") == ["exact"]
        edge = float(section.left_margin)
        for number, cell in enumerate(row.cells):
            column, is_gap = divmod(number, 2)
            assert abs(edge - Mm(1) * (left + column * pitch + is_gap * width)) <= 2 * HALF
            edge += cell.width
        assert len(row.cells) == 2 * columns - 1
    # Both margins and all labels fill the paper, and one more row would not fit.
    assert left * 2 + columns * pitch - (pitch - width) == pytest.approx(page[0], abs=0.1)
    room = page[1] - top - section.bottom_margin / Mm(1)
    assert rows * height < room < (rows + 1) * height


@pytest.mark.parametrize("code", DRAWINGS)
def test_addresses_stand_row_by_row(code: str) -> None:
    texts = addresses(LABELS[code].a_sheet + 1)
    (table,) = Document(io.BytesIO(labels_of(LABELS[code], texts))).tables
    shown = [cell.text for row in table.rows for cell in row.cells[::2]]
    assert [text for text in shown if text] == texts
    assert all(cell.text == "" for row in table.rows for cell in row.cells[1::2])


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=lambda each: each.code)
def test_an_envelope_is_exact(envelope: Envelope) -> None:
    sizes = {"C5": (229, 162), "DL": (220, 110)}
    out = io.BytesIO()
    assert write_envelopes(iter(addresses(3)), envelope, out, sender="Us\nHelsinki") == 3
    document = Document(io.BytesIO(out.getvalue()))
    (section,), (table,) = document.sections, document.tables
    assert near(section.page_width, sizes[envelope.code][0])
    assert near(section.page_height, sizes[envelope.code][1])
    sender, nothing, nothing_again, address = (cell for row in table.rows[:2] for cell in row.cells)
    assert (sender.text, address.text) == ("Us\nHelsinki", addresses(1)[0])
    assert (nothing.text, nothing_again.text) == ("", "")
    left = section.left_margin + sender.width
    down = section.top_margin + table.rows[0].height
    assert abs(left - Mm(1) * envelope.at[0]) <= 2 * HALF
    assert abs(down - Mm(1) * envelope.at[1]) <= 2 * HALF
    assert [row.cells[1].text for row in table.rows[1::2]] == addresses(3)


@pytest.mark.parametrize(
    "text",
    ["", "x" * 300, "\n".join("line" for _ in range(12)), "]]>&amp;<w:p/>\x00\x0b", "😀 漢字"],
)
def test_any_text_is_written_small_enough(text: str) -> None:
    for labels in LABELS.values():
        (table,) = Document(io.BytesIO(labels_of(labels, [text]))).tables
        cell = table.rows[0].cells[0]
        assert cell.text == "\n".join(text.replace("\x00", "").splitlines())
        points = sum(float(p.paragraph_format.line_spacing.pt) for p in cell.paragraphs)
        assert points <= Mm(labels.size[1]).pt


def test_the_same_bytes_twice() -> None:
    labels = LABELS["L7160"]
    assert labels_of(labels, addresses(30)) == labels_of(labels, addresses(30))


def test_nobody_to_write_to_is_said() -> None:
    with pytest.raises(DocumentError, match="has an address"):
        write_labels([], LABELS["5160"], io.BytesIO())
    with pytest.raises(DocumentError, match="has an address"):
        write_envelopes([], ENVELOPES["DL"], io.BytesIO())


@pytest.mark.libreoffice
@pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None,
    reason="LibreOffice or Poppler is not installed",
)
class TestPrinted:
    """Where the words stand on the paper, in points from its upper left corner."""

    def places(self, data: bytes, folder: Path) -> list[tuple[int, float, float, str]]:
        (folder / "sheet.docx").write_bytes(data)
        to_pdf(folder / "sheet.docx", folder / "sheet.pdf", seconds=90)
        run = ["pdftotext", "-bbox", str(folder / "sheet.pdf"), "-"]
        out = subprocess.run(run, capture_output=True, check=True, timeout=60).stdout
        space = "{http://www.w3.org/1999/xhtml}"
        return [
            (number, float(word.get("xMin")), float(word.get("yMin")), word.text or "")
            for number, page in enumerate(etree.fromstring(out).iter(f"{space}page"))
            for word in page.iter(f"{space}word")
        ]

    def test_labels_over_two_sheets(self, tmp_path: Path) -> None:
        labels = LABELS["L7160"]
        words = self.places(labels_of(labels, addresses(labels.a_sheet + 2)), tmp_path)
        starts = [(page, x, y) for page, x, y, word in words if word == "Blooms"]
        assert [page for page, _x, _y in starts] == [0] * labels.a_sheet + [1] * 2
        for number, (_page, x, y) in enumerate(starts):
            row, column = divmod(number % labels.a_sheet, labels.columns)
            left = Mm(labels.left + labels.inset[0] + column * (labels.size[0] + labels.gap)).pt
            top = Mm(labels.top + row * labels.size[1]).pt
            assert abs(x - left) < 1
            assert top < y < top + Mm(labels.size[1]).pt / 2

    def test_an_envelope_a_page(self, tmp_path: Path) -> None:
        envelope, out = ENVELOPES["C5"], io.BytesIO()
        write_envelopes(addresses(3), envelope, out, sender="Sender")
        words = self.places(out.getvalue(), tmp_path)
        left, top = (Mm(each).pt for each in envelope.at)
        found = [(page, x, y) for page, x, y, word in words if word == "Blooms"]
        assert [page for page, _x, _y in found] == [0, 1, 2]
        assert all(abs(x - left) < 1 and 0 <= y - top < 5 for _page, x, y in found)
        assert [page for page, *_at, word in words if word == "Sender"] == [0, 1, 2]
