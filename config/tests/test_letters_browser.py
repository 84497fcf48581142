"""Letters in a browser: a misspelt field, a language that lacks, a comment, one's own letter."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from django.test import Client

from config.tests.browser import OpenPage
from config.tests.letters import text_of_pdf, words_of
from config.tests.test_journey import (
    add_by_criteria,
    download,
    go,
    make_segment,
    said,
)
from interactions.models import InteractionGroup, InteractionTemplate, LoggedSegment
from interactions.starter import docx_of
from segments.models import Segment, SegmentLine

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.libreoffice]
COMMENT = "Remember the <roses>, Väinö & family!"
OWN = "PS. For Emily alone: the lilies have come."


def letter(folder: Path, name: str, *paragraphs: str) -> Path:
    file = folder / f"{name}.docx"
    file.write_bytes(docx_of(*paragraphs))
    return file


def upload_with_a_mistake(page: "Page", folder: Path) -> None:
    """The message names what is meant; mended, the letter and its subject are taken."""
    group = InteractionGroup.objects.get()
    InteractionTemplate.objects.create(
        code="THANKS", group=group, language="en", correspondence_type="hard_copy"
    )
    page.goto("/templates/THANKS/languages/new/")
    page.select_option("#id_language", "en")
    page.fill("[name=subject]", "Thanks, {Contact_Nam}")
    page.set_input_files("[name=letter]", letter(folder, "wrong", "«Formal_Salutaton»,"))
    go(page, "main button[type=submit]:has-text('Save')")
    errors = " ".join(page.locator(".field-errors").all_inner_texts())
    assert "“Formal_Salutaton”. Did you mean “Formal_Salutation”?" in errors
    assert "“Contact_Nam”. Did you mean “Contact_Name”?" in errors
    assert page.input_value("[name=subject]") == "Thanks, {Contact_Nam}"
    page.fill("[name=subject]", "Thanks, {Contact_Name}")
    right = letter(folder, "right", "«Subject»", "«Formal_Salutation»,", "«Personal_comment»")
    page.set_input_files("[name=letter]", right)
    go(page, "main button[type=submit]:has-text('Save')")
    page.wait_for_selector(".letter-row:has-text('right.docx')")
    row = page.locator(".languages tr:has-text('Finnish')").inner_text().split()
    assert row == ["Finnish", "Add…", "Finnish", "no", "4"]


def cover_a_language(page: "Page", segment: Segment, folder: Path) -> None:
    """Check counts who has no letter, and leads to where one is given."""
    go(page, ".worksheet-foot >> text=Check")
    page.wait_for_selector("text=2 lines without a letter in Finnish.")
    go(page, "text=Upload a letter in it…")
    assert page.input_value("#letter_language") == "fi"
    finnish = letter(folder, "kiitos", "«Formal_Salutation»!", "«Personal_comment»")
    page.set_input_files("[name=letter]", finnish)
    go(page, "main button[type=submit]:has-text('Upload')")
    said(page, "The segment has its own letter in Finnish now.")
    page.wait_for_selector("#languages-table tr:has-text('Finnish') .own")
    go(page, ".worksheet-foot >> text=Check")
    page.wait_for_selector(".notice:has-text('Nothing is wrong with any line.')")
    page.goto(segment.get_absolute_url())


def open_line(page: "Page", name: str) -> None:
    """The page of a line; a click on the name would open the panel beside the grid."""
    address = page.locator("td.who a", has_text=name).first.get_attribute("href")
    page.goto(str(address))


def comment_and_look(page: "Page") -> None:
    """A comment on one line stands in its letter, as text and on its page."""
    open_line(page, "Väinö Korpi")
    page.fill("#comment textarea", COMMENT)
    go(page, "#comment button[type=submit]")
    said(page, "The line was saved.")
    assert COMMENT in page.inner_text("#letter .letter-text")
    go(page, "#letter >> text=As it looks")
    picture = page.locator(".letter-pages img")
    assert picture.count() == 1
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500


def edit_one(page: "Page", segment: Segment, folder: Path) -> bytes:
    """One letter is downloaded as it will be, changed, and given back."""
    page.goto(segment.get_absolute_url())
    open_line(page, "Emily O'Hara")
    written = docx.Document(str(download(page, "#letter >> text=Download this letter to edit it")))
    assert [one.text for one in written.paragraphs][:2] == [
        "Thanks, Emily O'Hara",
        "Dear Ms O'Hara,",
    ]
    written.add_paragraph(OWN)
    changed = io.BytesIO()
    written.save(changed)
    file = folder / "emily.docx"
    file.write_bytes(changed.getvalue())
    page.click("details.upload summary")
    page.set_input_files("[name=letter]", file)
    go(page, "details.upload button[type=submit]")
    said(page, "The line has its own letter now.")
    page.wait_for_selector("#letter .badge-mark.own")
    return changed.getvalue()


def read_the_riskiest(page: "Page", segment: Segment) -> None:
    """One page of those that are most likely wrong, each with its reason."""
    page.goto(segment.get_absolute_url())
    go(page, ".worksheet-foot >> text=Preview letters")
    emily = page.locator('.draft:has-text("Emily O\'Hara")')
    assert "a letter of its own" in emily.locator(".why").inner_text()
    assert OWN in emily.locator(".letter-text").inner_text()
    korpi = page.locator(".draft:has-text('Väinö Korpi')")
    assert "the longest personal comment" in korpi.locator(".why").inner_text()


def log(page: "Page", segment: Segment) -> LoggedSegment:
    page.goto(segment.get_absolute_url())
    go(page, "text=Log…")
    go(page, "button:has-text('Log 4 interactions')")
    return LoggedSegment.objects.get()


def check_downloads(page: "Page", own: bytes) -> None:
    """One by one, together, and as PDF: the comment and the own letter stand where they belong."""
    with zipfile.ZipFile(download(page, "text=one by one")) as archive:
        names = [name for name in archive.namelist() if name.endswith(".docx")]
        letters = {name: archive.read(name) for name in names}
    assert len(letters) == 4
    assert [data == own for name, data in letters.items() if "Emily" in name] == [True]
    texts = {name: words_of(data) for name, data in letters.items()}
    assert [name for name, text in texts.items() if COMMENT in text] == [
        name for name in names if "Korpi" in name
    ]
    with zipfile.ZipFile(download(page, "text=one file a language")) as archive:
        combined = "\n".join(words_of(archive.read(name)) for name in archive.namelist())
    go(page, "text=Print…")
    printed = text_of_pdf(download(page, "text=Make the file"))
    for whole in (combined, printed):
        assert [whole.count(words) for words in (COMMENT, OWN, "Hyvä rouva Metsälä")] == [1, 1, 1]
        assert "Thanks, Blooms & Sons Ltd" in whole


def test_letters_from_mistake_to_print(
    flowers: None, open_page: OpenPage, manager_client: Client, tmp_path: Path
) -> None:
    page = open_page(manager_client)
    page.context.set_default_timeout(60_000)
    upload_with_a_mistake(page, tmp_path)
    segment = make_segment(page)
    add_by_criteria(page, segment)
    cover_a_language(page, segment, tmp_path)
    comment_and_look(page)
    own = edit_one(page, segment, tmp_path)
    read_the_riskiest(page, segment)
    log(page, segment)
    assert not SegmentLine.objects.exists()
    check_downloads(page, own)
