"""The letter of the benchmark: two pages, logo, table, header and footer, twelve fields.

The same for all three programs: only how a field is written differs.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

FIELDS = (
    "Company", "Person", "Address", "Place", "Date", "Salutation", "Subject", "Amount", "Comment",
    "Seller", "Phone", "Number",
)  # fmt: skip
TEXT = "We would like to tell you what we have grown this spring, and what it costs you to try it. "


def values_of(number: int) -> dict[str, str]:
    """The values of one letter, some with characters that XML must escape."""
    return {name: f"{name} {number} of Möller & Sons <{number % 97}>" for name in FIELDS}


def letter(write: Callable[[Any, str], None]) -> bytes:
    """The letter; `write(paragraph, name)` puts a field into a paragraph."""
    document, logo = Document(), _logo()
    section = document.sections[0]
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(logo), width=Mm(30))
    write(section.header.paragraphs[0], "Number")
    write(section.footer.paragraphs[0], "Seller")
    for name in ("Company", "Person", "Address", "Place", "Date", "Subject", "Salutation"):
        write(document.add_paragraph("About "), name)
    document.add_picture(io.BytesIO(logo), width=Mm(40))
    for _paragraph in range(3):
        document.add_paragraph(TEXT * 2)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    table = document.add_table(5, 3, style="Table Grid")
    for row in table.rows:
        for cell in row.cells:
            cell.text = "Roses, red, by the dozen"
    for place, name in enumerate(("Amount", "Comment", "Phone")):
        write(table.rows[4].cells[place].paragraphs[0], name)
    for _paragraph in range(6):
        document.add_paragraph(TEXT * 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_field(paragraph: Any, name: str) -> None:
    """A merge field as Word writes it."""
    for kind in ("begin", "code", "separate", "result", "end"):
        run = paragraph.add_run("«old»" if kind == "result" else "")
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" MERGEFIELD {name} "
            run._r.append(code)
        elif kind != "result":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def typed_field(paragraph: Any, name: str) -> None:
    """A field of docxtpl: escaped there, as the others do it unasked."""
    paragraph.add_run("{{ " + name + "|e }}")


def _logo() -> bytes:
    """A picture of 20 KB that does not compress."""
    width, height, noise = 100, 66, random.Random(1)  # noqa: S311

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + noise.randbytes(3 * width) for _row in range(height))
    size = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size)
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
