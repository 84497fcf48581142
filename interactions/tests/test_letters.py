"""Letters of what was logged: each contact's own, the same bytes whenever they are made."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import BinaryIO

import pytest
from django.core.files.storage import default_storage
from django.test.utils import CaptureQueriesContext
from docx import Document as WordDocument

from crm.models import Contact
from interactions import documents, letters, mailmerge, mergefields
from interactions.models import Document, InteractionLogEntry, InteractionTemplate, LoggedSegment
from interactions.tests.conftest import log, own_letter

pytestmark = pytest.mark.django_db
Write = Callable[[LoggedSegment, BinaryIO], int]


def text_of(data: bytes) -> str:
    return "\n".join(p.text for p in WordDocument(io.BytesIO(data)).paragraphs)


def bytes_of(write: Write, logged: LoggedSegment) -> bytes:
    out = io.BytesIO()
    write(logged, out)
    return out.getvalue()


def zip_of(write: Write, logged: LoggedSegment) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(bytes_of(write, logged)))
    assert archive.testzip() is None
    return archive


def test_each_letter_holds_its_own_contact(logged: LoggedSegment) -> None:
    made = [(entry.position, name, text_of(data)) for entry, name, data in letters.letters(logged)]
    assert made == [
        (
            1,
            "0001 Blooms & Co - Ann Smith.docx",
            "Blooms & Co\nAnn Smith\n1 High Street\nLondon\nUNITED KINGDOM\n2 March 2026\n"
            "Dear Ms Smith,\nWe offer.\nComment <1> for Ann",
        ),
        (
            2,
            "0002 Blooms & Co - Beth Jones b.docx",
            "Blooms & Co\nBeth Jones <b>\n2 High Street\nLondon\nUNITED KINGDOM\n2 March 2026\n"
            "Dear Ms Jones <b>,\nWe offer.\nComment <2> for Beth",
        ),
        (
            3,
            "0003 Blooms & Co - Cilla Laine.docx",
            "Blooms & Co\nCilla Laine\n3 High Street\nLondon\nISO-BRITANNIA\n"
            "Hyvä Cilla Laine!\nComment <3> for Cilla\nTarjous.",
        ),
    ]


def test_a_letter_stays_what_it_was(logged: LoggedSegment) -> None:
    before = bytes_of(letters.write_zip, logged)
    Contact.objects.update(name="Moved", first_name="Moved", city="Elsewhere")
    InteractionTemplate.objects.get().languages.update(document=None)
    assert bytes_of(letters.write_zip, logged) == before


def test_the_zip_has_every_letter_and_a_manifest(logged: LoggedSegment) -> None:
    archive = zip_of(letters.write_zip, logged)
    listed = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert [row["file"] for row in listed] == archive.namelist()[:-1]
    assert [row["number"] for row in listed] == ["1", "2", "3"]
    people = Contact.objects.exclude(company=None).order_by("number")
    assert [row["contact"] for row in listed] == list(people.values_list("number", flat=True))
    for row in listed:
        assert hashlib.sha256(archive.read(row["file"])).hexdigest() == row["sha256"]


def test_cancelled_entries_and_those_without_letter_are_left_out(logged: LoggedSegment) -> None:
    InteractionLogEntry.objects.filter(position=1).update(cancelled=True)
    InteractionLogEntry.objects.filter(position=2).update(document=None)
    assert zip_of(letters.write_zip, logged).namelist() == [
        "0003 Blooms & Co - Cilla Laine.docx",
        "manifest.csv",
    ]
    assert letters.combined_name(logged) == "SM00001.docx"


def test_contacts_blocked_after_log_are_left_out(logged: LoggedSegment) -> None:
    Contact.objects.filter(surname="Smith").update(privacy_blocked=True)
    Contact.objects.filter(surname="Laine").update(minor=True)
    InteractionLogEntry.objects.filter(position=2).update(contact=None)
    archive = zip_of(letters.write_zip, logged)
    assert archive.namelist() == ["0002 Blooms & Co - Beth Jones b.docx", "manifest.csv"]
    assert "Ann" not in archive.read("manifest.csv").decode()
    assert letters.combined_name(logged) == "SM00001.docx"
    text = text_of(bytes_of(letters.write_combined, logged))
    assert [name for name in ("Ann", "Beth", "Cilla") if name in text] == ["Beth"]
    assert letters.offered(logged) == letters.Offered(count=1, blocked=2, in_one_file=True)
    Contact.objects.update(privacy_blocked=False, parental_consent=True)
    assert letters.offered(logged) == letters.Offered(count=3, blocked=0, in_one_file=False)


def test_one_document_is_combined_in_one_file(logged: LoggedSegment) -> None:
    InteractionLogEntry.objects.filter(language="fi").delete()
    assert letters.combined_name(logged) == "SM00001.docx"
    text = text_of(bytes_of(letters.write_combined, logged))
    assert text.index("Comment <1> for Ann") < text.index("Comment <2> for Beth")
    assert text.count("Dear Ms") == 2


def test_several_documents_are_combined_one_by_one(logged: LoggedSegment) -> None:
    own = own_letter("Only for Ann, with «Surname» as it stands")
    InteractionLogEntry.objects.filter(position=1).update(document=own, own_document=True)
    assert letters.combined_name(logged) == "SM00001.zip"
    archive = zip_of(letters.write_combined, logged)
    texts = {name.split(" ")[1]: text_of(archive.read(name)) for name in archive.namelist()}
    assert "Comment <2> for Beth" in texts["en"]
    assert "Comment <3> for Cilla" in texts["fi"]
    assert texts["Blooms"] == "Only for Ann, with «Surname» as it stands"
    assert len(texts) == 3
    assert letters.write_combined(logged, io.BytesIO()) == 3


def test_the_same_bytes_twice(logged: LoggedSegment) -> None:
    for write in (letters.write_zip, letters.write_combined):
        assert bytes_of(write, logged) == bytes_of(write, logged)


def test_no_letters_is_said(logged: LoggedSegment) -> None:
    InteractionLogEntry.objects.update(document=None)
    for write in (letters.write_zip, letters.write_combined):
        with pytest.raises(mailmerge.DocumentError, match="no letters"):
            bytes_of(write, logged)
    with pytest.raises(mailmerge.DocumentError):
        letters.letter(InteractionLogEntry.objects.first() or InteractionLogEntry())


def test_a_lost_document_is_said_and_never_replaced(logged: LoggedSegment) -> None:
    for document in Document.objects.all():
        default_storage.delete(document.path)
    with pytest.raises(documents.DocumentLost, match="missing"):
        bytes_of(letters.write_zip, logged)


def test_three_letters_or_thirty_cost_the_same_queries(
    logged: LoggedSegment, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    contact = Contact.objects.exclude(company=None)[0]
    with django_assert_num_queries(1):
        assert letters.write_zip(logged, io.BytesIO()) == 3
    for position in range(4, 31):
        log(logged, contact, position, "en")
    with django_assert_num_queries(1):
        assert letters.write_zip(logged, io.BytesIO()) == 30


def test_a_preview_is_the_text_of_the_letter(template: InteractionTemplate) -> None:
    document = template.languages.get(language="fi").document
    assert document is not None
    assert letters.preview_text(document, mergefields.sample_facts("fi")).split("\n") == [
        "Esimerkki Oy",
        "Maija Meikäläinen",
        "Mallitie 2 A 3",
        "PL 10",
        "33100 Tampere",
        "Hyvä Maija Meikäläinen!",
        "Kiitos viime viikon tapaamisesta!",
        "Tarjous.",
    ]
