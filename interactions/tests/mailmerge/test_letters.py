"""A letter as a file: whole, the same every time, with everything the template has and nothing of
the merge.
"""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from interactions.mailmerge import DocumentError, read_template

from .makers import RELS, R, changed, docx, field, lines, p, r, unzipped, zipped

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def office_letter() -> bytes:
    """A letter made by python-docx: picture, table, list, header and footer with fields, styles."""
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(PIXEL), width=Mm(20))
    section.header.paragraphs[0].add_run("{{ Company }}")
    section.footer.paragraphs[0].text = "Number {{ Number }}"
    document.add_heading("Dear {{ First_Name }}", 1)
    document.add_picture(io.BytesIO(PIXEL), width=Mm(20))
    document.add_paragraph("First", style="List Number")
    document.add_paragraph("Second for {{ City }}", style="List Number")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{{ City }}", "fixed"
    document.add_paragraph("Yours")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


VALUES: dict[str, Any] = {
    "First_Name": "Ada",
    "Company": "Analytical",
    "City": "London",
    "Number": 7,
}


def test_everything_else_survives() -> None:
    source = office_letter()
    letter = read_template(source).letter(VALUES)
    before, after = unzipped(source), unzipped(letter)
    assert set(after) == set(before)
    moving = {"word/document.xml", "word/header1.xml", "word/footer1.xml"}
    assert {name for name in before if before[name] != after[name]} == moving
    document = Document(io.BytesIO(letter))
    words = [(each.text, each.style.name if each.style else "") for each in document.paragraphs]
    assert words == [
        ("Dear Ada", "Heading 1"),
        ("", "Normal"),
        ("First", "List Number"),
        ("Second for London", "List Number"),
        ("Yours", "Normal"),
    ]
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["London", "fixed"]
    assert document.sections[0].header.paragraphs[0].text == "Analytical"
    assert document.sections[0].footer.paragraphs[0].text == "Number 7"
    assert len(document.inline_shapes) == 1


def test_the_text_for_the_page() -> None:
    text = read_template(office_letter()).text(VALUES)
    assert text == "Dear Ada\n\nFirst\nSecond for London\nLondon\tfixed\nYours"


def test_the_same_bytes_every_time_from_every_thread() -> None:
    source = office_letter()
    template = read_template(source)
    first = template.letter(VALUES)
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: template.letter(VALUES), range(40))) == {first}
    assert read_template(source).letter(VALUES) == first
    assert template.letter({**VALUES, "City": "Rome"}) != first


def test_times_are_fixed_and_sizes_right() -> None:
    with zipfile.ZipFile(io.BytesIO(read_template(office_letter()).letter(VALUES))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for each in archive.infolist():
            assert len(archive.read(each)) == each.file_size


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 65_535, 65_536, 300_000])
def test_values_of_any_length(length: int) -> None:
    template = read_template(docx(p(r("a{{ X }}b{{ X }}"))))
    value = "xyz" * (length // 3) + "x" * (length % 3)
    assert lines(template.letter({"X": value})) == [f"a{value}b{value}"]


def test_a_document_without_fields_is_copied() -> None:
    template = read_template(docx(p(r("plain"))))
    assert template.fields == ()
    assert lines(template.letter({"X": "x"})) == ["plain"]


def test_stored_parts_and_names_beyond_ascii() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in {**unzipped(docx(p(r("{{ X }}")))), "word/kuva-ä.bin": b"x"}.items():
            archive.writestr(name, part)
    letter = read_template(out.getvalue()).letter({"X": "y"})
    assert unzipped(letter)["word/kuva-ä.bin"] == b"x"
    assert lines(letter) == ["y"]


def test_a_merged_letter_is_a_template_again() -> None:
    once = read_template(docx(p(r("{{ X }}")))).letter({"X": "{{ Y }}"})
    assert lines(read_template(once).letter({"Y": "z"})) == ["z"]


MAIL_MERGE = (
    '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataType w:val="native"/>'
    '<w:query w:val="SELECT * FROM x"/><w:dataSource r:id="rId1"/>'
    '<w:odso><w:recipientData r:id="rId2"/></w:odso></w:mailMerge><w:zoom w:percent="90"/>'
)


def test_word_does_not_ask_for_the_data_source() -> None:
    data = docx(p(r("{{ X }}")), {"settings": MAIL_MERGE})
    links = (
        f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{R}/mailMergeSource" Target="file:///C:/x.xlsx" '
        f'TargetMode="External"/><Relationship Id="rId2" Type="{R}/recipientData" '
        'Target="recipientData.xml"/></Relationships>'
    )
    files = unzipped(data)
    types = files["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/word/recipientData.xml" ContentType="x/y"/></Types>'
    )
    extra = {
        "[Content_Types].xml": types,
        "word/_rels/settings.xml.rels": links.encode(),
        "word/recipientData.xml": b"<recipients/>",
    }
    template = read_template(zipped({**files, **extra}))
    assert template.notes == ()
    after = unzipped(template.letter({"X": "x"}))
    assert "word/recipientData.xml" not in after
    together = b"".join(after.values())
    assert b"mailMerge" not in together
    assert b"recipientData" not in together
    assert b"x.xlsx" not in together
    assert b'w:zoom w:percent="90"' in after["word/settings.xml"]


def test_links_and_embedded_files_are_noted() -> None:
    links = (
        f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="a" Type="{R}/hyperlink" Target="http://fine/" TargetMode="External"/>'
        f'<Relationship Id="b" Type="{R}/image" Target="http://far/logo.png" '
        f'TargetMode="External"/>'
        f'<Relationship Id="c" Type="{R}/oleObject" '
        f'Target="embeddings/secret.xlsx"/></Relationships>'
    )
    files = {**unzipped(docx(p())), "word/_rels/document.xml.rels": links.encode()}
    notes = read_template(zipped(files)).notes
    assert [(each.code, each.detail) for each in notes] == [
        ("remote-picture", "http://far/logo.png"),
        ("embedded-object", "secret.xlsx"),
    ]


def test_broken_settings_are_refused_when_read() -> None:
    data = docx(p(), {"settings": "<w:mailMerge/>"})
    with pytest.raises(DocumentError):
        read_template(changed(data, word__settings=b"<w:mailMerge>"))


def test_the_engine_needs_no_settings() -> None:
    program = (
        "import io, sys; from interactions.mailmerge import read_template, combine, zip_letters;"
        "template = read_template(sys.stdin.buffer.read());"
        "sys.stdout.buffer.write(template.letter({'X': 'fine'}))"
    )
    source = docx(p(r("{{ X }}")))
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=source,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env=environment,
    )
    assert lines(done.stdout) == ["fine"]


def test_a_thousand_letters_are_quick() -> None:
    """A guard against a slow path, far below the measured speed."""
    body = "".join(
        p(r(f"Line {n} of the letter with "), field(f" MERGEFIELD F{n} ")) for n in range(12)
    )
    template = read_template(docx(body))
    values = {f"F{n}": f"value {n} & more" for n in range(12)}
    start = time.process_time()
    for _ in range(1000):
        template.letter(values)
    assert time.process_time() - start < 0.5
