"""Printing a logged segment: labels, envelopes, cover sheets, and the page that asks for them."""

import io
import shutil
from typing import Any

import pytest
from django.test import Client
from docx import Document as WordDocument
from pypdf import PdfReader

from crm.models import Contact, MarketingSetup
from interactions import letters, mailmerge
from interactions.letters import Format, Kind, Order
from interactions.models import InteractionLogEntry, LoggedSegment
from interactions.tests.test_letters import text_of
from interactions.tests.test_template_pages import downloaded, page

pytestmark = pytest.mark.django_db
needs_office = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
PATH = "/logged-segments/SM00001/print/"
ANN = "Blooms & Co\nAnn Smith\n1 High Street\nLondon\nUNITED KINGDOM"


def cells(data: bytes) -> list[str]:
    """The texts of a document's one table."""
    (table,) = WordDocument(io.BytesIO(data)).tables
    return [text for row in table.rows for cell in row.cells if (text := cell.text)]


def printed(logged: LoggedSegment, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    letters.write_print(logged, out, kind=kind, file_format="docx", **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["L7160", "L7163", "5160"])
def test_labels_in_the_order_asked_for(logged: LoggedSegment, kind: str) -> None:
    """Also of entries without a letter; not of who is blocked, cancelled or has no address."""
    InteractionLogEntry.objects.filter(position=1).update(document=None)
    told: list[tuple[int, int]] = []
    made = cells(printed(logged, kind, order="name", progress=lambda *args: told.append(args)))
    assert [text.split("\n")[1] for text in made] == ["Beth Jones <b>", "Cilla Laine", "Ann Smith"]
    assert made[2] == ANN
    assert told == [(3, 3)]
    Contact.objects.filter(surname="Laine").update(privacy_blocked=True)
    entry = InteractionLogEntry.objects.get(position=2)
    entry.merge_values |= {"address": "", "city": "", "post_code": ""}
    entry.save()
    assert cells(printed(logged, kind)) == [ANN]
    InteractionLogEntry.objects.filter(position=1).update(cancelled=True)
    with pytest.raises(mailmerge.DocumentError, match="has an address"):
        printed(logged, kind)


def test_envelopes_bear_our_address(logged: LoggedSegment) -> None:
    setup = MarketingSetup.load()
    setup.company_name, setup.address, setup.city = "Malli Oy", "Katu 1", "Helsinki"
    setup.post_code = "00100"
    setup.save()
    for kind in ("C5", "DL"):
        made = cells(printed(logged, kind))
        assert made[0::2] == ["Malli Oy\nKatu 1\n00100 Helsinki"] * 3
        assert made[1] == ANN


def test_a_cover_sheet_for_each_contact_in_its_language(logged: LoggedSegment) -> None:
    again = InteractionLogEntry.objects.get(position=1)
    again.pk, again.position = None, 4
    again.save()
    text = text_of(printed(logged, "covers"))
    assert text.count("Ann Smith") == 1
    assert (text.count("Cover sheet"), text.count("Saate")) == (2, 1)
    assert text.index("Ann Smith") < text.index("Beth Jones <b>") < text.index("Cilla Laine")
    assert "Comment <1> for Ann" in text
    assert "Date: 2 March 2026" in text
    assert "Päivämäärä: 2.3.2026" in text
    assert "Cover_" not in text


@pytest.mark.parametrize("kind", [Kind.L7160, Kind.C5, Kind.COVERS])
def test_one_and_thirty_cost_the_same_queries(
    logged: LoggedSegment, django_assert_num_queries: Any, kind: str
) -> None:
    number = 2 if kind == Kind.C5 else 1
    with django_assert_num_queries(number):
        printed(logged, kind)
    entry = InteractionLogEntry.objects.get(position=1)
    for position in range(4, 31):
        entry.pk, entry.position = None, position
        entry.save()
    with django_assert_num_queries(number):
        printed(logged, kind)


@pytest.mark.parametrize("order", Order.values)
@pytest.mark.parametrize("kind", Kind.values)
def test_the_page_gives_every_kind_as_word(
    logged: LoggedSegment, reader_client: Client, kind: str, order: str
) -> None:
    answer = reader_client.get(PATH, {"kind": kind, "file_format": "docx", "order": order})
    names = {"letters": "SM00001.zip", "zip": "SM00001.zip"}
    name = names.get(kind, f"SM00001 {kind}.docx")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert downloaded(answer)[:4] == b"PK\x03\x04"


@pytest.mark.parametrize("wrong", ["kind", "file_format", "order"])
def test_a_wrong_wish_is_told_at_its_field(
    logged: LoggedSegment, reader_client: Client, wrong: str
) -> None:
    asked = {"kind": "DL", "file_format": "pdf", "order": "name"}
    answer = reader_client.get(PATH, {**asked, wrong: "../x"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [wrong]
    kept = {name for name in asked if f'"{asked[name]}" selected' in answer.content.decode()}
    assert kept == asked.keys() - {wrong}


def test_nothing_to_print_is_told_on_the_page(logged: LoggedSegment, reader_client: Client) -> None:
    InteractionLogEntry.objects.update(cancelled=True)
    for kind in Kind.values:
        for file_format in Format.values:
            asked = {"kind": kind, "file_format": file_format, "order": "line"}
            answer = reader_client.get(PATH, asked)
            assert answer.status_code == 409
            assert answer.context["form"].non_field_errors()


def test_pages_lead_there_and_say_who_is_left_out(
    logged: LoggedSegment, reader_client: Client
) -> None:
    assert f'href="{PATH}"' in page(reader_client, "/logged-segments/SM00001/")
    assert "is left out" not in page(reader_client, PATH)
    Contact.objects.filter(surname="Smith").update(privacy_blocked=True)
    assert "1 letter is left out" in page(reader_client, PATH)


def test_without_libreoffice_the_page_says_so(
    logged: LoggedSegment, reader_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    assert ("not installed" in page(reader_client, PATH)) is (shutil.which("soffice") is None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not installed" in page(reader_client, PATH)
    answer = reader_client.get(PATH, {"kind": "DL", "file_format": "pdf", "order": "line"})
    assert answer.status_code == 409
    assert "not installed" in answer.context["form"].non_field_errors()[0]


class TestLibreOffice:
    pytestmark = needs_office

    @pytest.mark.parametrize(
        ("kind", "name", "pages"),
        [("letters", "SM00001.pdf", 3), ("L7160", "SM00001 L7160.pdf", 1),
         ("covers", "SM00001 covers.pdf", 3)],
    )  # fmt: skip
    def test_the_page_gives_pdf(
        self, logged: LoggedSegment, reader_client: Client, settings: Any, kind: str, name: str,
        pages: int,
    ) -> None:  # fmt: skip
        settings.PDF_SECONDS = 90
        answer = reader_client.get(PATH, {"kind": kind, "file_format": "pdf", "order": "line"})
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == "application/pdf"
        assert len(PdfReader(io.BytesIO(downloaded(answer))).pages) == pages

    def test_a_pdf_that_takes_too_long_is_told_on_the_page(
        self, logged: LoggedSegment, reader_client: Client, settings: Any
    ) -> None:
        settings.PDF_SECONDS = 0.1
        for kind in ("letters", "DL"):
            asked = {"kind": kind, "file_format": "pdf", "order": "line"}
            answer = reader_client.get(PATH, asked)
            assert answer.status_code == 409
            assert "not ready within" in answer.context["form"].non_field_errors()[0]
