"""A letter as an e-mail: what was said is there, and nothing that runs or calls home."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

import pytest
from docx import Document
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from interactions.mailmerge import DocumentError, Html, read_template, to_html
from interactions.mailmerge.html import clean

from .makers import R, W, docx, field, p, png, r, unzipped, zipped
from .test_pdf import remote_picture

PIXEL = png(1, 1)
LINK = '<Relationship Id="far" Type="{}/hyperlink" Target="{}" TargetMode="External"/>'


def linked(address: str) -> Html:
    """A letter with a link to this address."""
    data = docx(p(f'<w:hyperlink r:id="far">{r("our shop")}</w:hyperlink>'))
    name = "word/_rels/document.xml.rels"
    links = unzipped(data)[name].decode()
    made = LINK.format(R, address.replace("&", "&amp;")) + "</Relationships>"
    changed = links.replace("</Relationships>", made)
    return to_html(zipped({**unzipped(data), name: changed.encode()}))


def test_a_letter_keeps_its_shape() -> None:
    document = Document()
    document.add_heading("Offer", 1)
    document.add_paragraph("Dear ").add_run("Ann").bold = True
    document.add_paragraph("first", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rose", "2,00 €"
    out = io.BytesIO()
    document.save(out)
    made = to_html(out.getvalue())
    assert made.body == (
        "<h1>Offer</h1><p>Dear <strong>Ann</strong></p><ul><li>first</li></ul>"
        "<table><tbody><tr><td><p>Rose</p></td><td><p>2,00 €</p></td></tr></tbody></table>"
    )
    assert made.text == "Offer\nDear Ann\nfirst\nRose\t2,00 €"
    assert made.pictures == ()


@pytest.mark.parametrize("key", ["Plain", "Über & Co", "Heading-1 x"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "us-ascii"])
def test_a_style_is_known_by_its_id_however_it_is_written(key: str, encoding: str) -> None:
    """The styles that no part names are left out."""
    named = '<w:pPr><w:pStyle w:val="KEY"/></w:pPr>'
    data = unzipped(docx(p(named, r("Offer")), {"styles": ""}))
    said = escape(key)
    document = data["word/document.xml"].decode().replace("KEY", said)
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' + document.partition("?>")[2]
    style = f'<w:style w:type="paragraph" w:styleId="{said}"><w:name w:val="heading 1"/></w:style>'
    changed = {
        **data,
        "word/document.xml": declared.encode(encoding, "xmlcharrefreplace"),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{style}</w:styles>'.encode(),
    }
    assert to_html(zipped(changed)).body == "<h1>Offer</h1>"


def test_a_picture_becomes_a_part_of_the_mail_and_the_same_twice_one() -> None:
    document = Document()
    for _time in range(2):
        document.add_picture(io.BytesIO(PIXEL), width=Mm(10))
    out = io.BytesIO()
    document.save(out)
    made = to_html(out.getvalue())
    (picture,) = made.pictures
    assert (picture.subtype, picture.data) == ("png", PIXEL)
    assert made.body.count(f'src="cid:{picture.cid}"') == 2


def test_a_picture_that_mail_programs_do_not_show_becomes_its_words() -> None:
    document = Document()
    document.add_picture(io.BytesIO(PIXEL))
    document.inline_shapes[0]._inline.docPr.set("descr", "Our logo")
    out = io.BytesIO()
    document.save(out)
    parts = unzipped(out.getvalue())
    name = next(name for name in parts if name.startswith("word/media/"))
    made = to_html(zipped({**parts, name: b"<svg onload='alert(1)'/>"}))
    assert (made.body, made.pictures) == ("<p>Our logo</p>", ())


def test_a_picture_from_elsewhere_is_left_out() -> None:
    made = to_html(remote_picture("http://tracker.example/spy.png"))
    assert (made.body, made.pictures) == ("", ())


@pytest.mark.parametrize("address", ["https://shop.example/?a=1&b=2", "mailto:a@shop.example"])
def test_links_are_kept(address: str) -> None:
    shown = address.replace("&", "&amp;")
    assert linked(address).body == f'<p><a href="{shown}">our shop</a></p>'


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "vbscript:x", "cid:1@letter"],
)  # fmt: skip
def test_links_that_run_something_are_not(address: str) -> None:
    assert linked(address).body == "<p><a>our shop</a></p>"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>]]>&amp;"


@pytest.mark.parametrize("value", [HOSTILE, "a < b & c > d", "«Åäö» 😀"])
def test_a_value_is_text(value: str) -> None:
    letter = read_template(docx(p(field(" MERGEFIELD Text ")))).letter({"Text": value})
    made = to_html(letter)
    assert made.text == value
    shown = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert made.body == f"<p>{shown}</p>"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_any_value_is_text(value: str) -> None:
    letter = read_template(docx(p(r("["), field(" MERGEFIELD Text "), r("]")))).letter(
        {"Text": value}
    )
    made = to_html(letter)
    assert made.text == f"[{value}]"
    assert made.body.count("<") == 2


def test_what_the_cleaner_lets_through() -> None:
    dirty = (
        '<p style="x" onclick="y">a<style>p{}</style><iframe src="https://x"></iframe>'
        '<img src="https://x/y.png"><img src="cid:1@letter"></p>'
    )
    assert clean(dirty) == '<p>a<img><img src="cid:1@letter"></p>'


def test_what_is_no_letter_is_refused() -> None:
    for data in (b"", b"MZ program", docx(p(r("x")))[:-30]):
        with pytest.raises(DocumentError):
            to_html(data)
