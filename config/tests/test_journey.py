"""The whole road in a browser: from a CSV file to logged letters and a follow-up."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from config.tests import gifts
from config.tests.gifts import COMMENT, LETTERS, OWN
from config.tests.letters import make_letter, merge_fields
from interactions.models import InteractionGroup, InteractionLogEntry, LoggedSegment
from segments.models import LineOverride, Segment, SegmentLine

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.libreoffice]


def log_in(page: "Page", name: str) -> None:
    page.goto("/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "secret")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def go(page: "Page", link: str) -> None:
    """Follows a link, or sends a form, and waits until the page that comes is ready."""
    with page.expect_navigation():
        page.click(link)


def pick(page: "Page", name: str, text: str) -> None:
    """Chooses from a list that one can search in."""
    page.click(f".field:has([name={name}]) .ts-control")
    page.keyboard.type(text)
    page.click(f".ts-dropdown:visible [data-selectable]:has-text('{text}')")


def said(page: "Page", text: str) -> None:
    """Waits for what the page says that happened."""
    page.locator("#messages", has_text=text).wait_for()


def make_template(page: "Page", folder: Path) -> None:
    """A template with a letter in each language."""
    go(page, ".navigation >> text=Templates")
    go(page, ".actions .btn-primary")
    page.fill("[name=code]", "THANKS")
    page.fill("[name=description]", "Thanks")
    page.select_option("#id_group", label=str(InteractionGroup.objects.get()))
    page.select_option("[name=correspondence_type]", "hard_copy")
    page.fill("[name=unit_cost]", "1.50")
    go(page, "button[type=submit]:has-text('Save')")
    for language, paragraphs in LETTERS.items():
        letter = make_letter(folder, f"thanks-{language}", paragraphs)
        fields = re.findall("«(\\w+)»", " ".join(paragraphs))
        assert merge_fields(letter) == [f" MERGEFIELD {field} " for field in fields]
        go(page, "a:has-text('Add a language')")
        page.select_option("#id_language", language)
        page.fill("[name=subject]", f"Thanks in {language}")
        page.set_input_files("[name=letter]", letter)
        go(page, "main button[type=submit]:has-text('Save')")
        page.wait_for_selector(f".letter-row:has-text('thanks-{language}.docx')")


def make_segment(page: "Page") -> Segment:
    """A new segment, by its form."""
    go(page, ".navigation >> text='Segments'")
    go(page, ".actions .btn-primary")
    page.fill("[name=description]", "Roses")
    pick(page, "salesperson", "Aino Kallio")
    pick(page, "template", "THANKS")
    go(page, "main button[type=submit]")
    page.wait_for_selector("#worksheet")
    return Segment.objects.get()


def add_by_criteria(page: "Page", segment: Segment) -> None:
    """The members of a mailing group; what would happen is told first, then done."""
    go(page, "text=Add contacts…")
    page.wait_for_selector("button:has-text('Add 7 contacts')")
    page.click(".card-section:has([name=mailing_groups-group]) summary")
    pick(page, "mailing_groups-group", "Gifts")
    page.wait_for_selector("button:has-text('Add 4 contacts')")
    assert reckoning(page) == {
        "All that match": "5",
        "To be added": "4",
        "On the segment already": "0",
        "Excluded from segments": "0",
        "Blocked": "1",
    }
    assert not SegmentLine.objects.exists()
    go(page, "button:has-text('Add 4 contacts')")
    said(page, "4 lines were added.")


def reckoning(page: "Page") -> dict[str, str]:
    """The numbers of the page that chooses contacts."""
    rows = page.locator("#found .reckoning tr").all()
    return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows}


def add_by_hand(page: "Page") -> None:
    """One more, found by name."""
    page.click("#fold-by-hand summary")
    pick(page, "contact", "George Finch")
    go(page, "#fold-by-hand button[type=submit]")
    said(page, "George Finch")
    assert [row.split("\n")[0] for row in page.locator("td.who").all_inner_texts()] == [
        "Väinö Korpi",
        "Blooms & Sons Ltd",
        "Emily O'Hara",
        "Aino Metsälä",
        "George Finch",
    ]


def personalise(page: "Page", line: SegmentLine) -> None:
    """A comment in the line's panel; a description in place, by keys alone."""
    page.click("td.who >> text=Väinö Korpi")
    page.fill("#panel #comment textarea", COMMENT)
    page.click("#panel #comment button[type=submit]")
    page.wait_for_selector(f"#panel .letter-text:has-text('{COMMENT}')")
    page.click("#panel [data-close-panel]")
    in_place(page, f"e-{line.pk}-description", "Violets")
    page.wait_for_selector(f"#c-{line.pk}-description.own")
    assert LineOverride.objects.get().description == "Violets"


def in_place(page: "Page", element: str, text: str) -> None:
    """Writes a value where it stands, with the keyboard."""
    page.focus(f"#{element}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"form[data-back={element}] :focus")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{element}:focus")


def descriptions(page: "Page") -> list[str]:
    """What the lines say, one after the other."""
    return page.locator("td[id$=-description] a").all_text_contents()


def follow_the_header(page: "Page", line: SegmentLine) -> None:
    """Two edits of the header after a line's own word: all others follow; reset brings it back."""
    for words in ("Lilies", "Tulips"):
        in_place(page, "e-description", words)
        page.wait_for_selector(f"td[id$=-description]:has-text('{words}')")
        assert descriptions(page) == ["Violets (own)", words, words, words, words]
    in_place_reset(page, line)
    assert descriptions(page) == ["Tulips"] * 5
    in_place(page, f"e-{line.pk}-description", "Violets")


def in_place_reset(page: "Page", line: SegmentLine) -> None:
    page.focus(f"#e-{line.pk}-description")
    page.keyboard.press("Enter")
    page.click(f"#c-{line.pk}-description button[formaction]")
    page.wait_for_selector(f"#c-{line.pk}-description:not(.own) a")


def check_and_log(page: "Page") -> LoggedSegment:
    """Check finds nothing; Log says what it will write, and writes it."""
    go(page, ".worksheet-foot >> text=Check")
    page.wait_for_selector(".notice:has-text('Nothing is wrong with any line.')")
    go(page, "text=Log…")
    go(page, "button:has-text('Log 5 interactions')")
    said(page, "5")
    return LoggedSegment.objects.get()


def only_among_the_logged(page: "Page", number: str) -> None:
    go(page, ".navigation >> text='Segments'")
    page.wait_for_selector(".empty")
    assert page.locator(f"main >> text={number}").count() == 0
    go(page, ".navigation >> text='Logged segments'")
    assert page.locator("tbody tr").all_inner_texts()[0].startswith(number)
    go(page, ".navigation >> text='Interactions'")
    assert page.locator("main tbody tr").count() == 5


def download(page: "Page", link: str) -> Path:
    with page.expect_download() as coming:
        page.click(link)
    assert coming.value.failure() is None
    return Path(coming.value.path()).rename(
        Path(coming.value.path()).with_name(coming.value.suggested_filename)
    )


def follow_up(page: "Page", logged: LoggedSegment) -> None:
    """A new segment with the same contacts."""
    go(page, "text=Follow-up…")
    go(page, "main button[type=submit]")
    said(page, f"follows {logged.segment_number} with 5 lines.")
    made = Segment.objects.get()
    assert made.follows == logged
    lines = SegmentLine.objects.present(made)
    assert sorted(lines.values_list("contact__number", flat=True)) == sorted(OWN)


def test_the_whole_road(page: "Page", flowers: None, manager: User, tmp_path: Path) -> None:
    log_in(page, "manager")
    make_template(page, tmp_path)
    segment = make_segment(page)
    add_by_criteria(page, segment)
    add_by_hand(page)
    line = SegmentLine.objects.get(contact__number="K3")
    personalise(page, line)
    follow_the_header(page, line)
    logged = check_and_log(page)
    entries = InteractionLogEntry.objects.filter(logged_segment=logged)
    assert sorted(entries.values_list("contact__number", flat=True)) == sorted(OWN)
    only_among_the_logged(page, logged.segment_number)
    page.goto(logged.get_absolute_url())
    gifts.check_letters(download(page, "text=one by one"))
    gifts.check_combined(download(page, "text=one file a language"), tmp_path)
    follow_up(page, logged)
