"""Letters before Log: read the riskiest, look at one, change one; languages and what is odd."""

import io
import shutil
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from crm.models import Contact, MarketingSetup
from interactions import letters, looks
from interactions.models import Document, TemplateLanguage
from segments import drafts, log, overrides, risky, worksheet
from segments.effective import EffectiveLines
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.spoken import languages
from segments.tests.conftest import everybody, statements

pytestmark = pytest.mark.django_db
Letter = Callable[..., Document]


@pytest.fixture(autouse=True)
def _own_pictures(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    caches["looks"].clear()


@pytest.fixture
def filled(segment: Segment, contact: Callable[..., Contact], marketer: User) -> Segment:
    """Ann, somebody with a long name, and Finn, for whom there is a letter in Finnish."""
    contact("Ann", language="en")
    contact("Wilhelmina Longest-Name", language="en")
    contact("Finn", language="fi")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def line_of(name: str) -> SegmentLine:
    return SegmentLine.objects.get(contact__name=name)


def at(segment: Segment, view: str, *args: Any) -> str:
    return reverse(f"segments:{view}", args=[segment.number, *args])


def effective(segment: Segment, name: str) -> Any:
    return EffectiveLines(segment).lines().get(contact__name=name)


def words(data: bytes) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs)


def picked(segment: Segment) -> dict[str, list[str]]:
    return {draft.line.contact.name: draft.reasons for draft in risky.riskiest(segment)}


class TestRiskiest:
    """Which letters are worth reading, and what is shown of them."""

    def test_each_with_its_reasons(self, filled: Segment, letter: Letter, marketer: User) -> None:
        TemplateLanguage.objects.update(document=letter("{{ City }}{{ Personal_comment }}"))
        assert filled.template is not None
        finnish = letter("Hei {{ Contact_Name }}")
        filled.template.languages.create(language="fi", document=finnish)
        Contact.objects.filter(name="Wilhelmina Longest-Name").update(city="Oulu")
        overrides.set_value(filled, line_of("Ann"), "personal_comment", "Short", by=marketer)
        overrides.set_value(filled, line_of("Finn"), "personal_comment", "Longer", by=marketer)
        assert picked(filled) == {
            "Ann": ["whose letter has no value for “City”", "the first in English"],
            "Finn": [
                "with a personal comment that their letter does not show",
                "the longest personal comment",
                "the first in Finnish",
            ],
            "Wilhelmina Longest-Name": ["the longest name"],
        }

    def test_one_of_its_own(self, filled: Segment, letter: Letter, marketer: User) -> None:
        own = letter("Only {{ City }}")
        overrides.set_value(filled, line_of("Ann"), "document", own, by=marketer)
        draft = next(one for one in risky.riskiest(filled) if one.line.contact.name == "Ann")
        assert "a letter of its own" in draft.reasons
        assert draft.text.strip() == "Only «City»"

    def test_the_page(self, filled: Segment, reader_client: Client) -> None:
        Contact.objects.filter(name="Ann").update(email="ann@example.com")
        Contact.objects.filter(name="Ann").update(correspondence_type="email")
        TemplateLanguage.objects.update(subject="For {Contact_Name}")
        html = reader_client.get(at(filled, "letters_preview")).content.decode()
        assert "Dear Ann," in html
        assert "For Ann" in html
        assert html.count("By e-mail to") == 1
        assert "ann@example.com" in html
        assert at(filled, "line_look", line_of("Ann").pk) in html
        assert (
            at(filled, "letters_preview")
            in reader_client.get(filled.get_absolute_url()).content.decode()
        )

    def test_without_letters_and_with_lost_ones(
        self, filled: Segment, reader_client: Client, client: Client
    ) -> None:
        url = at(filled, "letters_preview")
        document = Document.objects.get()
        default_storage.delete(document.path)
        assert "is missing from the storage" in reader_client.get(url).content.decode()
        TemplateLanguage.objects.all().delete()
        assert "No line has a letter." in reader_client.get(url).content.decode()
        assert client.get(url).status_code == 302
        assert (
            reader_client.get(reverse("segments:letters_preview", args=["NO"])).status_code == 404
        )

    def test_statements_do_not_grow(
        self, segment: Segment, contact: Callable[..., Contact], marketer: User
    ) -> None:
        MarketingSetup.load()
        counts = []
        for number in (1, 30):
            for _one in range(number):
                contact(language="en")
            worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
            counts.append(statements(lambda: risky.riskiest(segment)))
        assert counts[0] == counts[1]


class TestOwnLetter:
    """Download the letter as Log will make it, change it, give it to the line."""

    def test_the_draft_is_what_log_will_make(self, filled: Segment, marketer: User) -> None:
        overrides.set_value(filled, line_of("Ann"), "personal_comment", "See you", by=marketer)
        effective = EffectiveLines(filled)
        lines = effective.with_facts(effective.lines()).select_related("contact")
        made = {line.contact.name: drafts.letter(line) for line in lines}
        logged = log.log_segment(filled, by=marketer)
        entries = logged.entries.select_related("contact", "document")
        assert {one.contact.name: letters.letter(one) for one in entries if one.contact} == made
        assert made["Ann"][0] == "0001 Ann.docx"

    def test_downloaded_changed_and_uploaded(
        self, filled: Segment, marketer_client: Client, marketer: User
    ) -> None:
        pk = line_of("Ann").pk
        answer = marketer_client.get(at(filled, "line_download", pk))
        assert answer["Content-Disposition"] == 'attachment; filename="0001 Ann.docx"'
        written = docx.Document(io.BytesIO(b"".join(answer)))
        assert "Dear Ann" in written.paragraphs[0].text
        written.add_paragraph("PS. Bring the dog.")
        changed = io.BytesIO()
        written.save(changed)
        file = ContentFile(changed.getvalue(), name="0001 Ann.docx")
        answer = marketer_client.post(at(filled, "line_letter", pk), {"letter": file}, follow=True)
        assert "The line has its own letter now." in answer.content.decode()
        assert "PS. Bring the dog." in answer.content.decode()
        again = b"".join(marketer_client.get(at(filled, "line_download", pk)))
        assert again == changed.getvalue()
        other = marketer_client.get(at(filled, "line_download", line_of("Finn").pk))
        assert "dog" not in words(b"".join(other))
        logged = log.log_segment(filled, by=marketer)
        entry = logged.entries.select_related("document").get(contact__name="Ann")
        assert (entry.own_document, letters.letter(entry)[1]) == (True, changed.getvalue())

    def test_refused(self, filled: Segment, reader_client: Client, client: Client) -> None:
        pk = line_of("Ann").pk
        assert reader_client.get(at(filled, "line_download", pk)).status_code == 200
        assert reader_client.post(at(filled, "line_letter", pk)).status_code == 403
        assert reader_client.get(at(filled, "line_download", 99999)).status_code == 404
        for view in ("line_download", "line_look"):
            assert client.get(at(filled, view, pk)).status_code == 302
        TemplateLanguage.objects.all().delete()
        answer = reader_client.get(at(filled, "line_download", pk))
        assert answer.status_code == 409
        assert "There is no letter in this line&#x27;s language." in answer.content.decode()

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "empty"),
            (b"MZ program", "This is not a Word document"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "This is an old Word document"),
            (b"PK\x03\x04" + b"0" * (10 * 1024 * 1024), "bigger than 10 MB"),
        ],
    )
    def test_every_upload_says_what_is_wrong_at_its_field(
        self, filled: Segment, marketer_client: Client, data: bytes, said: str
    ) -> None:
        for url in (at(filled, "line_letter", line_of("Ann").pk), at(filled, "letters")):
            file = ContentFile(data, name="x.docx")
            html = marketer_client.post(url, {"letter": file, "language": "fi"}).content.decode()
            errors = html.partition('<div class="field-errors">')[2].partition("</div>")[0]
            assert said in errors
        assert not LineOverride.objects.exists()
        assert not SegmentDocument.objects.exists()


class TestLook:
    """Pages as pictures."""

    @pytest.mark.libreoffice
    def test_the_pages_of_a_line_and_of_its_entry(
        self, filled: Segment, reader_client: Client, marketer: User
    ) -> None:
        pk = line_of("Ann").pk
        html = reader_client.get(at(filled, "line_look", pk)).content.decode()
        picture = at(filled, "line_page", pk, 1)
        assert html.count("<img src=") == html.count(f'<img src="{picture}"') == 1
        answer = reader_client.get(picture)
        assert answer["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        assert reader_client.get(at(filled, "line_page", pk, 2)).status_code == 404
        logged = log.log_segment(filled, by=marketer)
        entry = logged.entries.get(contact__name="Ann")
        looked = reverse("interactions:entry_look", args=[entry.pk])
        html = reader_client.get(looked).content.decode()
        page = reverse("interactions:entry_page", args=[entry.pk, 1])
        assert f'<img src="{page}"' in html
        assert reader_client.get(page).content == answer.content
        beyond = reverse("interactions:entry_page", args=[entry.pk, 2])
        assert reader_client.get(beyond).status_code == 404

    def test_without_the_programs_the_page_says_so(
        self, filled: Segment, reader_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        assert shutil.which("soffice") is None
        assert not looks.can_draw()
        pk = line_of("Ann").pk
        html = reader_client.get(at(filled, "line_look", pk)).content.decode()
        assert "not installed on the server" in html
        assert "<img src=" not in html
        assert reader_client.get(at(filled, "line_page", pk, 1))["Location"] == at(
            filled, "line_look", pk
        )

    def test_strangers_and_what_is_not_there(
        self, filled: Segment, reader_client: Client, client: Client
    ) -> None:
        assert reader_client.get(at(filled, "line_look", 99999)).status_code == 404
        assert reader_client.get(at(filled, "line_page", 99999, 1)).status_code == 404
        assert client.get(at(filled, "line_page", line_of("Ann").pk, 1)).status_code == 302
        for view in ("entry_look", "entry_page"):
            places = [99999] if view == "entry_look" else [99999, 1]
            url = reverse(f"interactions:{view}", args=places)
            assert reader_client.get(url).status_code == 404
            assert client.get(url).status_code == 302


class TestLanguages:
    """The table of the panel: language, letter, subject, lines."""

    def table(self, segment: Segment) -> list[tuple[Any, ...]]:
        return [
            (one.code, one.own_letter, one.template_letter, one.has_subject, one.lines)
            for one in languages(EffectiveLines(segment))
        ]

    def test_what_there_is_and_for_how_many(
        self, filled: Segment, letter: Letter, marketer: User
    ) -> None:
        assert self.table(filled) == [("en", False, True, True, 3)]
        SegmentDocument.objects.create(segment=filled, language="fi", document=letter("Hei"))
        assert self.table(filled) == [
            ("en", False, True, True, 2),
            ("fi", True, False, False, 1),
        ]
        overrides.set_value(filled, line_of("Ann"), "language", "sv", by=marketer)
        overrides.set_value(filled, line_of("Finn"), "document", letter("Own"), by=marketer)
        assert self.table(filled) == [
            ("en", False, True, True, 1),
            ("sv", False, False, False, 1),
            ("fi", True, False, False, 0),
        ]

    def test_the_page_has_the_table_and_what_is_odd(
        self, filled: Segment, letter: Letter, reader_client: Client, marketer_client: Client
    ) -> None:
        document = letter("{{ Fax_No }} {{ Nonsense }}")
        SegmentDocument.objects.create(segment=filled, language="fi", document=document)
        url = at(filled, "letters")
        html = reader_client.get(url).content.decode()
        assert 'id="languages-table"' in html
        assert "The merge field “Fax_No” is always empty here." in html
        assert "There is no merge field “Nonsense”." in html
        assert 'type="file"' not in html
        assert 'type="file"' in marketer_client.get(url).content.decode()
        assert reader_client.post(url).status_code == 403
        assert f'hx-get="{url}"' in reader_client.get(filled.get_absolute_url()).content.decode()

    def test_a_doubtful_letter_is_taken_and_told(
        self, filled: Segment, marketer_client: Client, letter_bytes: Callable[[str], bytes]
    ) -> None:
        file = ContentFile(letter_bytes("{{ Fax_No }}"), name="x.docx")
        typed = {"letter": file, "language": "fi"}
        html = marketer_client.post(at(filled, "letters"), typed, follow=True).content.decode()
        assert "The merge field “Fax_No” is always empty here." in html
        assert SegmentDocument.objects.count() == 1
