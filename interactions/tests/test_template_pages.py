"""Pages of templates and their letters: works, refused, wrong input, unknown."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordDocument

from interactions import documents
from interactions.models import Document, InteractionGroup, InteractionTemplate, TemplateLanguage
from interactions.starter import docx_of
from interactions.tests.conftest import LETTER

pytestmark = pytest.mark.django_db

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGES = (
    "/templates/",
    "/templates/LETTER/",
    "/templates/LETTER/languages/en/preview/",
    "/merge-fields/",
    "/merge-fields/letter-fi.docx",
)
KEEPERS_PAGES = (
    "/templates/new/",
    "/templates/LETTER/edit/",
    "/templates/LETTER/delete/",
    "/templates/LETTER/languages/new/",
    "/templates/LETTER/languages/en/",
)


def upload(data: bytes, name: str = "letter.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=WORD)


def downloaded(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def letter_of(template: InteractionTemplate, language: str) -> Document:
    document = template.languages.get(language=language).document
    assert document is not None
    return document


def page(client: Client, path: str, status: int = 200, **post: Any) -> str:
    answer = client.post(path, post) if post else client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_readers_see_what_managers_see(
    template: InteractionTemplate, reader_client: Client, manager_client: Client, path: str
) -> None:
    assert reader_client.get(path).status_code == manager_client.get(path).status_code == 200


@pytest.mark.parametrize("path", KEEPERS_PAGES)
def test_only_managers_keep_templates(
    template: InteractionTemplate,
    reader_client: Client,
    marketer_client: Client,
    manager_client: Client,
    path: str,
) -> None:
    assert reader_client.get(path).status_code == 403
    assert marketer_client.post(path, {"subject": "x"}).status_code == 403
    assert manager_client.get(path).status_code == 200
    assert template.languages.get(language="en").subject == "Offer"


@pytest.mark.parametrize("path", [*PAGES, *KEEPERS_PAGES, "/documents/0/"])
def test_strangers_are_sent_to_log_in(
    template: InteractionTemplate, client: Client, path: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))


@pytest.mark.parametrize(
    "path",
    [
        "/templates/NONE/",
        "/templates/NONE/edit/",
        "/templates/NONE/languages/new/",
        "/templates/LETTER/languages/sv/",
        "/templates/LETTER/languages/sv/preview/",
        "/merge-fields/letter-xx.docx",
        "/documents/0000/",
    ],
)
def test_what_is_not_there_is_not_found(
    template: InteractionTemplate, manager_client: Client, path: str
) -> None:
    page(manager_client, path, 404)


def test_the_list_costs_the_same_for_one_and_for_three(
    template: InteractionTemplate, reader_client: Client
) -> None:
    counts = []
    for number in (0, 2):
        for index in range(number):
            other = InteractionTemplate.objects.create(code=f"T{index}", group=template.group)
            other.languages.create(language="de")
        reader_client.get("/templates/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(reader_client, "/templates/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_says_which_letters_there_are(
    template: InteractionTemplate, reader_client: Client
) -> None:
    InteractionTemplate.objects.create(code="CALL", description="A call", group=template.group)
    text = page(reader_client, "/templates/?search=offer")
    assert "English, Finnish" in " ".join(text.split())
    assert "CALL" not in text


NEW = {
    "code": " card ",
    "description": "Card",
    "correspondence_type": "hard_copy",
    "unit_cost": "1.50",
    "unit_duration": "5",
}


def test_a_template_is_created(manager_client: Client) -> None:
    group = InteractionGroup.objects.create(code="MAIL")
    answer = manager_client.post("/templates/new/", {**NEW, "group": group.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/templates/CARD/")
    assert InteractionTemplate.objects.values_list(
        "code", "description", "group", "correspondence_type", "unit_cost", "unit_duration"
    ).get() == ("CARD", "Card", group.pk, "hard_copy", 1.5, 5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "A/B"}, "A code cannot contain"),
        ({"code": ".."}, "A code cannot contain"),
        ({"code": "letter"}, "already exists"),
        ({"unit_cost": "-1"}, "negative"),
        ({"group": "99999"}, "not one of the available choices"),
        ({"correspondence_type": "pigeon"}, "not one of the available choices"),
    ],
)
def test_a_template_of_nonsense_is_refused_and_kept_as_typed(
    template: InteractionTemplate, manager_client: Client, changes: dict[str, str], said: str
) -> None:
    typed: dict[str, Any] = {**NEW, "group": template.group.pk, **changes}
    text = page(manager_client, "/templates/new/", **typed)
    assert said in text
    assert 'value="Card"' in text
    assert InteractionTemplate.objects.count() == 1


def test_a_used_template_stays_and_an_unused_one_goes_with_its_letters(
    template: InteractionTemplate, manager_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    shared = template.languages.get(language="en").document
    other = InteractionTemplate.objects.create(code="OTHER", group=template.group)
    other.languages.create(language="en", document=shared)
    with django_capture_on_commit_callbacks(execute=True):
        answer = manager_client.post("/templates/LETTER/delete/")
    assert (answer.status_code, answer["Location"]) == (302, "/templates/")
    assert list(InteractionTemplate.objects.all()) == [other]
    assert list(Document.objects.all()) == [shared]
    assert documents.read(Document.objects.get()) == LETTER


def test_a_template_in_the_log_is_kept(logged: Any, manager_client: Client) -> None:
    page(manager_client, "/templates/LETTER/delete/", 409, sure="yes")
    assert TemplateLanguage.objects.count() == 2


def test_a_letter_is_added_in_a_language(
    template: InteractionTemplate, manager_client: Client, manager: Any
) -> None:
    data = docx_of("Bäste «Contact_Name»", "{{ Personal_comment }}")
    answer = manager_client.post(
        "/templates/LETTER/languages/new/",
        {"language": "sv", "subject": "Hej", "letter": upload(data, "sv.docx")},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/templates/LETTER/")
    row = template.languages.get(language="sv")
    document = letter_of(template, "sv")
    assert (row.subject, documents.read(document)) == ("Hej", data)
    assert document.merge_fields == ["Contact_Name", "Personal_comment"]
    assert document.by == manager


def test_a_new_letter_takes_the_place_of_the_old_one(
    template: InteractionTemplate, manager_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    row = template.languages.get(language="en")
    before = letter_of(template, "en")
    path = "/templates/LETTER/languages/en/"
    with django_capture_on_commit_callbacks(execute=True):
        page(manager_client, path, 302, subject="New", letter=upload(docx_of("New")))
    row.refresh_from_db()
    assert (row.subject, row.document == before) == ("New", False)
    assert not Document.objects.filter(pk=before.pk).exists()
    assert not default_storage.exists(before.path)
    page(manager_client, path, 302, subject="Only the subject")
    row.refresh_from_db()
    assert row.document is not None
    page(manager_client, path, 302, subject="", remove_letter="on")
    row.refresh_from_db()
    assert (row.subject, row.document) == ("", None)


BAD_LETTERS: tuple[tuple[Callable[[], bytes], str], ...] = (
    (lambda: b"", "The file is empty"),
    (lambda: b"MZ not a letter", "not a Word document"),
    (lambda: LETTER[: len(LETTER) // 2], "damaged"),
    (lambda: LETTER + b"0" * 11 * 1024 * 1024, "the limit is 10 MB"),
    (lambda: docx_of("«Formal_Salutaton»"), "Did you mean “Formal_Salutation”?"),
    (lambda: docx_of("{{ Qwxyz }}"), "There is no merge field “Qwxyz”"),
)


@pytest.mark.parametrize(("data", "said"), BAD_LETTERS)
def test_a_bad_letter_is_refused_next_to_the_field(
    template: InteractionTemplate, manager_client: Client, data: Callable[[], bytes], said: str
) -> None:
    path = "/templates/LETTER/languages/en/"
    text = page(manager_client, path, subject="As typed", letter=upload(data()))
    errors = re.findall(r'<div class="field-errors">(.*?)</div>', text, re.S)
    assert any(said in error for error in errors)
    assert len(errors) == 1
    assert 'value="As typed"' in text
    assert template.languages.get(language="en").subject == "Offer"
    assert Document.objects.count() == 2


def test_unknown_fields_may_be_meant(template: InteractionTemplate, manager_client: Client) -> None:
    path = "/templates/LETTER/languages/en/"
    letter = upload(docx_of("{{ Qwxyz }}"))
    page(manager_client, path, 302, letter=letter, accept_unknown="on")
    assert "There is no merge field “Qwxyz”" in page(manager_client, "/templates/LETTER/")


def test_a_language_is_taken_once(template: InteractionTemplate, manager_client: Client) -> None:
    text = page(manager_client, "/templates/LETTER/languages/new/", language="fi", subject="Two")
    assert "not one of the available choices" in text
    assert 'value="Two"' in text
    text = page(manager_client, "/templates/LETTER/languages/new/", language="", subject="x")
    assert "This field is required" in text
    assert template.languages.count() == 2


def test_a_new_letter_and_taking_it_away_contradict(
    template: InteractionTemplate, manager_client: Client
) -> None:
    path = "/templates/LETTER/languages/en/"
    text = page(manager_client, path, letter=upload(docx_of("x")), remove_letter="on")
    assert "not both" in text
    assert Document.objects.count() == 2


def test_a_language_goes_with_its_letter(
    template: InteractionTemplate,
    marketer_client: Client,
    manager_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    path = "/templates/LETTER/languages/fi/delete/"
    assert marketer_client.post(path).status_code == 403
    assert "Letters that were logged stay" in page(manager_client, path)
    assert template.languages.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert manager_client.post(path)["Location"] == "/templates/LETTER/"
    assert (template.languages.count(), Document.objects.count()) == (1, 1)
    assert manager_client.post(path).status_code == 404


def test_the_card_tells_what_is_lacking_or_lost(
    template: InteractionTemplate, reader_client: Client
) -> None:
    template.language = "sv"
    template.save()
    assert "no letter in the default language (Swedish)" in page(
        reader_client, "/templates/LETTER/"
    )
    row = template.languages.select_related("document").get(language="en")
    assert row.document is not None
    default_storage.delete(row.document.path)
    assert "is missing from the storage" in page(reader_client, "/templates/LETTER/")
    assert "is missing" in page(reader_client, "/templates/LETTER/languages/en/preview/")
    assert "is missing" in page(reader_client, f"/documents/{row.document.sha256}/", 409)


def test_a_document_is_an_attachment_for_those_who_may_see_it(
    template: InteractionTemplate, reader: Any, reader_client: Client
) -> None:
    document = letter_of(template, "en")
    path = f"/documents/{document.sha256}/"
    answer = reader_client.get(path)
    assert downloaded(answer) == LETTER
    assert answer["Content-Disposition"] == 'attachment; filename="en.docx"'
    assert answer["Content-Type"] == WORD
    assert answer["X-Content-Type-Options"] == "nosniff"
    reader.groups.clear()
    assert reader_client.get(path).status_code == 403


def test_the_preview_shows_the_letter_with_the_sample(
    template: InteractionTemplate, reader_client: Client
) -> None:
    text = page(reader_client, "/templates/LETTER/languages/en/preview/")
    assert "Dear Ms Sample," in text
    assert "2 March 2026" in text


def test_merge_fields_are_listed_to_copy(reader_client: Client) -> None:
    text = page(reader_client, "/merge-fields/")
    assert "{{ Formal_Salutation }}" in text
    assert "Hyvä Maija Meikäläinen" in text
    assert "2.3.2026" in text
    assert "State" not in text


@pytest.mark.parametrize("language", ["fi", "en"])
def test_a_starter_letter_is_a_letter(reader_client: Client, language: str) -> None:
    answer = reader_client.get(f"/merge-fields/letter-{language}.docx")
    data = downloaded(answer)
    assert "«Formal_Salutation»" in "\n".join(
        p.text for p in WordDocument(io.BytesIO(data)).paragraphs
    )
    assert documents.unknown_fields(documents.store(data, name="x", by=None)) == []
