"""A corpus of templates and what each must read when it is merged with VALUES.

Written by hand as Word writes them, and by python-docx. `office.py` adds those of LibreOffice.
"""

from __future__ import annotations

import datetime
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from docx import Document
from docx.shared import Mm

from interactions.mailmerge import Value

from .makers import PAGE, code, docx, mark, p, png, r, simple
from .makers import field as word_field

VALUES: Mapping[str, Value] = {
    "First_Name": "Åsa <b> & “Ö”",
    "City": "Turku",
    "Address": "Mill 1\nFlat 2",
    "Amount": Decimal("1234.5"),
    "Day": datetime.date(2026, 11, 20),
    "Empty": "",
}
NAME, CITY = "Åsa <b> & “Ö”", "Turku"
MAIN = "word/document.xml"


@dataclass(frozen=True)
class Case:
    """A template, the paragraphs of its parts when merged, and the words that are seen on paper.

    `shown` is said where paper has other words than the parts: numbers of lists and notes, or one
    of two branches. A `#` in it is the number of the only note: LibreOffice counts notes through
    a combined document, where Word begins anew in every section.
    """

    name: str
    make: Callable[[], bytes]
    parts: Mapping[str, list[str]] = field(default_factory=dict)
    shown: str = ""

    def words(self, copies: int) -> Counter[str]:
        """The words on paper of so many letters, in no order."""
        text = self.shown or "\n".join(line for each in self.parts.values() for line in each)
        shown = (text.replace("#", str(copy + 1)) for copy in range(copies))
        return Counter(word for each in shown for word in each.split())


def merge(name: str, switches: str = "") -> str:
    """A merge field as Word leaves it after a spelling check and an edit in the middle."""
    half = len(name) // 2
    return (
        mark("begin")
        + code(f" MERGEFIELD {name[:half]}")
        + '<w:proofErr w:type="spellStart"/>'
        + code(f"{name[half:]} {switches} ")
        + '<w:proofErr w:type="spellEnd"/>'
        + mark("separate")
        + r(f"«{name[:half]}", "<w:noProof/>")
        + r(f"{name[half:]}»", "<w:noProof/><w:b/>")
        + mark("end")
    )


def runs() -> bytes:
    marked = '<w:bookmarkStart w:id="7" w:name="Start"/>'
    typed = r("Dear {") + r("{ Fi") + '<w:proofErr w:type="gramStart"/>' + r("rst_Name }", "<w:i/>")
    return docx(
        p(typed, r("}, from "), marked, merge("City"), '<w:bookmarkEnd w:id="7"/>', r("."))
        + p(simple("MERGEFIELD City \\* Upper"), r(" has "), merge("Amount", '\\# "# ##0,00"'))
        + p(merge("Day", '\\@ "d.M.yyyy"'), r(" [", "<w:b/>"), merge("Empty", '\\b "x"'), r("]"))
        + p(merge("Address"))
    )


def branches() -> bytes:
    """IF fields, nested, with their old results in the document."""
    inner = word_field(" IF ", merge("City"), ' = "Turku" "by the sea" "inland"')
    outer = word_field(" IF ", merge("Amount"), ' > 1000 "much ', inner, '" "little"')
    return docx(p(r("It is "), outer) + p(word_field(" IF ", merge("Empty"), ' = "" "none"')))


BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0"'
    ' distL="114300" distR="114300" simplePos="0" relativeHeight="251659264" behindDoc="0"'
    ' locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH'
    ' relativeFrom="column"><wp:posOffset>2500000</wp:posOffset></wp:positionH><wp:positionV'
    ' relativeFrom="paragraph"><wp:posOffset>900000</wp:posOffset></wp:positionV><wp:extent'
    ' cx="2700000" cy="900000"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
    '<wp:docPr id="217" name="Text Box 2"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData'
    ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2700000"'
    ' cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx>'
    "<w:txbxContent>{0}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
    '</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape id="_x0000_s1"'
    ' style="width:185pt;height:70pt"><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>'
    "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def text_box() -> bytes:
    return docx(p(r("Before "), BOX.format(p(merge("City"), r(" {{ First_Name }}")))) + p(r("End")))


def table(*cells: str) -> str:
    widths = "".join('<w:gridCol w:w="3000"/>' for _cell in cells)
    cell = '<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>{}</w:tc>'
    row = "".join(cell.format(each) for each in cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{widths}</w:tblGrid><w:tr>{row}</w:tr></w:tbl>"


def tables() -> bytes:
    inner = table(p(merge("City")), p(r("{{ Day \\@ yyyy }}")))
    return docx(table(p(merge("First_Name")), inner + p()) + p(r("After")))


SECTION = PAGE.replace(
    "<w:sectPr>",
    '<w:sectPr><w:headerReference w:type="default" r:id="r_header"/>'
    '<w:footerReference w:type="default" r:id="r_footer"/>',
)


def headers() -> bytes:
    parts = {"header": p(merge("First_Name")), "footer": p(r("in {{ City }}"))}
    return docx(p(r("Body of "), merge("City")), parts, section=SECTION)


def notes() -> bytes:
    marks = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}">{p(f"<w:r><w:{kind}/></w:r>")}</w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    number = "<w:r><w:footnoteRef/></w:r>"
    note = f'<w:footnote w:id="1">{p(number, r(" Note on "), merge("City"))}</w:footnote>'
    body = p(merge("First_Name"), '<w:r><w:footnoteReference w:id="1"/></w:r>')
    return docx(body, {"footnotes": marks + note})


def links() -> bytes:
    inside = f'<w:hyperlink w:anchor="There">{r("see ")}{merge("City")}</w:hyperlink>'
    there = '<w:bookmarkStart w:id="1" w:name="There"/>' + r("Here") + '<w:bookmarkEnd w:id="1"/>'
    away = word_field(' HYPERLINK "https://example.com/', merge("City"), '"', result="our page")
    return docx(p(inside) + p(away) + p(there))


def controls() -> bytes:
    """Content controls round a field, in a paragraph and round one, with a picked date."""
    head = '<w:sdtPr><w:alias w:val="City"/><w:tag w:val="city"/><w:id w:val="{}"/>{}</w:sdtPr>'
    inline = f"<w:sdt>{head.format(7, '<w:text/>')}<w:sdtContent>{merge('City')}</w:sdtContent>"
    content = f"<w:sdtContent>{p(r('On {{ Day }}'))}</w:sdtContent>"
    block = f"<w:sdt>{head.format(8, '<w:date/>')}{content}</w:sdt>"
    return docx(p(r("Live in "), f"{inline}</w:sdt>") + block + p(r("End")))


NUMBERING = (
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num>'
)


def numbering() -> bytes:
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    body = p(number, merge("City")) + p(number, r("{{ First_Name }}")) + p(r("End"))
    return docx(body, {"numbering": NUMBERING})


def strict() -> bytes:
    return docx(p(merge("First_Name"), r(" in {{ City }}")), strict=True)


def by_python_docx() -> bytes:
    """Styles, pictures, a list, a merged table cell, a header for the first page."""
    document, picture = Document(), png(8, 4)
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First {{ City }}"
    section.footer.paragraphs[0].text = "Foot {{ City }}"
    section.first_page_footer.paragraphs[0].add_run().add_picture(io.BytesIO(picture), Mm(9))
    document.add_heading("Offer for {{ First_Name }}", 1)
    document.add_picture(io.BytesIO(picture), width=Mm(20))
    document.add_paragraph("In {{ City }}", style="List Bullet")
    grid = document.add_table(2, 2, style="Table Grid")
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "{{ Address }}"
    grid.cell(1, 0).text, grid.cell(1, 1).text = "{{ Amount }}", "€"
    document.add_paragraph("Yours")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


CASES = [
    Case(
        "runs",
        runs,
        {MAIN: [f"Dear {NAME}, from Turku.", "TURKU has 1\u00a0234,50", "20.11.2026 []",
                "Mill 1\nFlat 2"]},
    ),
    Case("branches", branches, {MAIN: ["It is much by the sea", "none"]}),
    Case(
        "text box",
        text_box,
        {MAIN: ["Before ", f"Turku {NAME}", f"Turku {NAME}", "End"]},
        f"Before Turku {NAME} End",
    ),
    Case("tables", tables, {MAIN: [NAME, "Turku", "2026", "", "After"]}),
    Case(
        "headers",
        headers,
        {MAIN: ["Body of Turku"], "word/header.xml": [NAME], "word/footer.xml": ["in Turku"]},
    ),
    Case(
        "notes",
        notes,
        {MAIN: [NAME], "word/footnotes.xml": ["", "", " Note on Turku"]},
        f"{NAME}# # Note on Turku",
    ),
    Case("links", links, {MAIN: ["see Turku", "our page", "Here"]}),
    Case("controls", controls, {MAIN: ["Live in Turku", "On 20 November 2026", "End"]}),
    Case("numbering", numbering, {MAIN: ["Turku", NAME, "End"]}, f"1. Turku 2. {NAME} End"),
    Case("strict", strict, {MAIN: [f"{NAME} in Turku"]}),
    Case(
        "python-docx",
        by_python_docx,
        {
            MAIN: [f"Offer for {NAME}", "", "In Turku", "Mill 1\nFlat 2", "1,234.5", "€", "Yours"],
            "word/header1.xml": ["First Turku"],
            "word/footer1.xml": ["Foot Turku"],
        },
        f"First Turku Offer for {NAME} In Turku Mill 1 Flat 2 1,234.5 € Yours",
    ),
]  # fmt: skip
