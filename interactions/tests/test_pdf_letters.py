"""Letters of a logged segment as PDF: in the order asked for, each its own, nobody else's."""

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crm.models import Contact
from interactions import documents, letters, mailmerge
from interactions.models import InteractionLogEntry, LoggedSegment
from interactions.tests.conftest import own_letter
from interactions.tests.mailmerge.makers import docx, field, p, r

pytestmark = [pytest.mark.django_db]
needs_office = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
PEOPLE = ("Ann", "Beth", "Cilla")


def names_in(pdf: bytes) -> list[str]:
    """Who is named first on each page."""
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return [next((name for name in PEOPLE if name in text), "") for text in texts]


class TestLibreOffice:
    pytestmark = needs_office

    def test_one_file_in_the_order_asked_for_whatever_the_documents(
        self, logged: LoggedSegment
    ) -> None:
        """English, English with a letter of its own, Finnish: three documents in one PDF."""
        InteractionLogEntry.objects.filter(position=2).update(
            document=own_letter("Only for Beth"), own_document=True
        )
        post_codes = {1: "90000", 2: "10000", 3: "50000"}
        for entry in InteractionLogEntry.objects.all():
            entry.merge_values["post_code"] = post_codes[entry.position]
            entry.save()
        told: list[tuple[int, int]] = []
        out = io.BytesIO()
        made = letters.write_pdf(
            logged, out, order="post_code", progress=lambda *args: told.append(args), seconds=90
        )
        assert (made, told) == (3, [(3, 3)])
        assert names_in(out.getvalue()) == ["Beth", "Cilla", "Ann"]

    def test_one_document_in_portions(
        self, logged: LoggedSegment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("interactions.letters.pdfs.PORTION", 2)
        InteractionLogEntry.objects.filter(position=3).update(
            document=InteractionLogEntry.objects.get(position=1).document
        )
        told: list[tuple[int, int]] = []
        out = io.BytesIO()
        assert letters.write_pdf(logged, out, progress=lambda *args: told.append(args)) == 3
        assert told == [(2, 3), (3, 3)]
        assert names_in(out.getvalue()) == ["Ann", "Beth", "Cilla"]

    def test_a_zip_of_pdfs_holds_nobody_else(self, logged: LoggedSegment) -> None:
        Contact.objects.filter(surname="Laine").update(privacy_blocked=True)
        out = io.BytesIO()
        assert letters.write_pdf_zip(logged, out, order="name", seconds=90) == 2
        archive = zipfile.ZipFile(out)
        assert archive.testzip() is None
        listed = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        assert [(row["number"], row["file"]) for row in listed] == [
            ("2", "0002 Blooms & Co - Beth Jones b.pdf"),
            ("1", "0001 Blooms & Co - Ann Smith.pdf"),
        ]
        for row, name in zip(listed, ("Beth", "Ann"), strict=True):
            data = archive.read(row["file"])
            assert hashlib.sha256(data).hexdigest() == row["sha256"]
            assert names_in(data) == [name]
            assert len([one for one in _objects(data) if one.get("/Type") == "/Page"]) == 1

    def test_letters_whose_beginning_is_hidden_are_made_one_by_one(
        self, logged: LoggedSegment
    ) -> None:
        hidden = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
        framed = '<w:pPr><w:framePr w:w="5000" w:h="600" w:wrap="around" w:y="600"/></w:pPr>'
        body = p(hidden) + p(framed, field(" MERGEFIELD Contact_Name "))
        document = documents.store(docx(body), name="framed.docx", by=None)
        InteractionLogEntry.objects.update(document=document)
        out = io.BytesIO()
        assert letters.write_pdf(logged, out, seconds=90) == 3
        assert names_in(out.getvalue()) == ["Ann", "Beth", "Cilla"]

    def test_notes_begin_anew_in_every_letter(self, logged: LoggedSegment) -> None:
        note = (
            f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", r(" is small"))}</w:footnote>'
        )
        sign = '<w:r><w:footnoteReference w:id="1"/></w:r>'
        data = docx(p(field(" MERGEFIELD First_Name "), sign), {"footnotes": note})
        document = documents.store(data, name="note.docx", by=None)
        InteractionLogEntry.objects.update(document=document)
        out = io.BytesIO()
        assert letters.write_pdf(logged, out, seconds=90) == 3
        texts = [page.extract_text() for page in PdfReader(out).pages]
        assert ["1 is small" in " ".join(text.split()) for text in texts] == [True] * 3

    def test_one_entry(self, logged: LoggedSegment) -> None:
        entry = InteractionLogEntry.objects.get(position=3)
        name, data = letters.entry_pdf(entry, seconds=90)
        assert name == "0003 Blooms & Co - Cilla Laine.pdf"
        assert names_in(data) == ["Cilla"]

    def test_what_takes_too_long_is_said(self, logged: LoggedSegment) -> None:
        for write in (letters.write_pdf, letters.write_pdf_zip):
            with pytest.raises(mailmerge.DocumentError) as refused:
                write(logged, io.BytesIO(), seconds=0.1)
            assert refused.value.code == "pdf-too-slow"


def _objects(pdf: bytes) -> list[Any]:
    reader = PdfReader(io.BytesIO(pdf))
    every = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
    return [one for one in every if isinstance(one, dict)]


def test_no_letters_is_said(logged: LoggedSegment) -> None:
    InteractionLogEntry.objects.update(document=None)
    for write in (letters.write_pdf, letters.write_pdf_zip):
        with pytest.raises(mailmerge.DocumentError, match="no letters"):
            write(logged, io.BytesIO())


def test_without_libreoffice_it_is_said(
    logged: LoggedSegment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(mailmerge.DocumentError, match="not installed"):
        letters.write_pdf(logged, io.BytesIO())


@pytest.mark.parametrize(
    ("order", "positions"), [("line", [1, 2, 3]), ("name", [2, 3, 1]), ("post_code", [3, 1, 2])]
)
def test_the_orders(logged: LoggedSegment, order: str, positions: list[int]) -> None:
    """By name as lists of contacts are sorted; by post code country by country."""
    places = {1: ("GB", "10"), 2: ("GB", "9"), 3: ("FI", "99")}
    for entry in InteractionLogEntry.objects.all():
        country, post_code = places[entry.position]
        entry.merge_values |= {"country": country, "post_code": post_code}
        entry.save()
    assert [entry.position for entry in letters.with_letter(logged, order)] == positions
    archive = io.BytesIO()
    letters.write_zip(logged, archive, order=order)
    made = zipfile.ZipFile(archive).namelist()[:-1]
    assert [int(name[:4]) for name in made] == positions


def test_progress_is_told_also_over_several_documents(logged: LoggedSegment) -> None:
    contact = Contact.objects.get(surname="Smith")
    for position in range(4, 1004):
        log_like(logged, contact, position)
    assert progress_of(letters.write_zip, logged) == [500, 1000, 1003]
    assert progress_of(letters.write_combined, logged) == [500, 1000, 1002, 1003]


def progress_of(write: Callable[..., int], logged: LoggedSegment) -> list[int]:
    """How many were done each time that progress was told."""
    told: list[tuple[int, int]] = []
    write(logged, io.BytesIO(), progress=lambda *args: told.append(args))
    assert {total for _done, total in told} == {1003}
    return [done for done, _total in told]


def log_like(logged: LoggedSegment, contact: Contact, position: int) -> None:
    """One more entry like the first."""
    entry = InteractionLogEntry.objects.get(logged_segment=logged, position=1)
    entry.pk, entry.position, entry.contact = None, position, contact
    entry.save()
