"""The grid of lines in a browser: by keys, with the clipboard, beside a colleague, on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.models import Contact
from interactions.models import LoggedSegment
from segments import grid, overrides, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALLOWED = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def lines(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> list[int]:
    """A segment with four lines; their ids."""
    for name in ("Anna", "Bo", "Cid", "Dag"):
        contact(name)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return list(SegmentLine.objects.present(segment).values_list("pk", flat=True))


@pytest.fixture
def page(
    open_page: Callable[..., Any], marketer_client: Client, segment: Segment, lines: Any
) -> Any:
    """The worksheet as the marketer sees it."""
    opened = open_page(marketer_client, permissions=ALLOWED)
    opened.goto(segment.get_absolute_url())
    return opened


def focus(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def own(name: str) -> dict[int, Any]:
    """What lines say themselves, by line."""
    return dict(LineOverride.objects.order_by("line").values_list("line", name))


def saved(page: Any) -> None:
    page.wait_for_selector(".lines-grid:not(:has(.saving, form[data-cell-form]))")


def test_a_journey_by_keys_alone(page: Any, segment: Segment, lines: list[int]) -> None:
    """From the search by Tab into the grid; edit, go on, take back, tick, remove."""
    one, two, three, _four = lines
    page.focus("#fold-filters summary")
    while not page.evaluate("Boolean(document.activeElement.closest('.lines-grid'))"):
        press(page, "Tab")
    assert page.evaluate("document.activeElement.textContent") == "Anna"
    press(page, "Tab")
    assert not page.evaluate("Boolean(document.activeElement.closest('.lines-grid'))")
    press(page, "Shift+Tab", "ArrowRight", "ArrowRight", "ArrowRight")
    assert focus(page) == f"e-{one}-language"
    press(page, "ArrowDown", "s", "w")
    page.wait_for_selector(f"#c-{two}-language select:focus")
    press(page, "Tab")
    assert focus(page) == f"e-{two}-template"
    press(page, "ArrowRight", "F2")
    page.wait_for_selector(f"#c-{two}-description input:focus")
    page.keyboard.type("Own words")
    press(page, "Enter")
    page.wait_for_selector(f"#e-{two}-description:focus")
    assert (own("language"), own("description")) == ({two: "sv"}, {two: "Own words"})
    press(page, "Enter")
    page.wait_for_selector(f"#c-{two}-description input:focus")
    page.keyboard.type("Never mind")
    press(page, "Escape")
    assert focus(page) == f"e-{two}-description"
    press(page, "Delete")
    page.wait_for_selector(f"#c-{two}-description:not(.own):not(.saving)")
    assert focus(page) == f"e-{two}-description"
    assert own("description") == {two: ""}
    press(page, "Space", "Shift+ArrowDown", "Home")
    assert page.inner_text("[data-tick-count=line]") == "2"
    assert page.locator("tr[aria-selected=true]").count() == 2
    assert page.evaluate("document.activeElement.value") == str(three)
    press(page, "Control+Home", "ArrowRight", "ArrowUp")
    assert page.evaluate("document.activeElement.closest('thead') !== null")
    page.focus("#bulk button")
    press(page, "Enter")
    page.wait_for_selector("#messages:has-text('2 lines were removed')")
    segment.refresh_from_db()
    assert names(segment) == ["Anna", "Dag"]


def test_what_is_wrong_is_told_at_the_cell(page: Any, segment: Segment, lines: list[int]) -> None:
    overrides.set_value(
        segment, SegmentLine.objects.get(pk=lines[0]), "subject", "Mine", by=User.objects.get()
    )
    page.reload()
    page.focus(f"#e-{lines[0]}-subject")
    press(page, "Enter")
    page.wait_for_selector(f"#c-{lines[0]}-subject input:focus")
    page.evaluate("document.activeElement.removeAttribute('maxlength')")
    page.keyboard.insert_text("x" * 201)
    press(page, "Tab")
    page.wait_for_selector(f"#c-{lines[0]}-subject .field-errors")
    assert page.input_value(f"#c-{lines[0]}-subject input[name=subject]") == "x" * 201
    assert own("subject") == {lines[0]: "Mine"}
    page.fill(f"#c-{lines[0]}-subject input[name=subject]", "Yours")
    press(page, "Enter")
    saved(page)
    assert own("subject") == {lines[0]: "Yours"}


def test_a_column_goes_through_the_clipboard(page: Any, lines: list[int]) -> None:
    page.focus(f"#e-{lines[1]}-subject")
    page.evaluate("navigator.clipboard.writeText('First\\nSecond\\n')")
    press(page, "Control+v")
    page.wait_for_selector("#messages:has-text('2 values were pasted')")
    page.wait_for_selector(f"#e-{lines[1]}-subject:focus")
    assert own("subject") == {lines[1]: "First", lines[2]: "Second"}
    press(page, "Control+a", "Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == ["News", "First", "Second", "News"]
    page.evaluate("navigator.clipboard.writeText('klingon\\nfi')")
    page.focus(f"#e-{lines[0]}-language")
    press(page, "Control+v")
    page.wait_for_selector("#panel .wrong:has-text('klingon')")
    assert own("language") == {lines[1]: "", lines[2]: ""}
    page.fill("#panel textarea", "suomi\nSwedish")
    page.click("#panel button[type=submit]")
    page.wait_for_selector(f"#c-{lines[1]}-language:has-text('Swedish')")
    assert own("language")[lines[0]] == "fi"


def test_what_is_to_be_looked_at_first_stands_in_the_panel(
    page: Any, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More values than a page has lines; also where the panel was opened and closed before."""
    page.click(f"#l-{lines[0]} .who a")
    page.wait_for_selector("#panel h2:focus")
    press(page, "Escape")
    monkeypatch.setattr(grid, "PAGE", 2)
    page.evaluate("navigator.clipboard.writeText('First\\nSecond\\nThird\\n')")
    page.focus(f"#e-{lines[0]}-subject")
    press(page, "Control+v")
    page.wait_for_selector("#panel:visible :text('Third')")
    page.click("#panel button[type=submit]")
    page.wait_for_selector("#messages:has-text('3 values were pasted')")
    assert own("subject") == dict(zip(lines[:3], ("First", "Second", "Third"), strict=True))


def test_one_value_goes_into_all_ticked_lines(page: Any, lines: list[int]) -> None:
    page.focus(f"#e-{lines[0]}-evaluation")
    press(page, "Space", "Shift+ArrowDown", "Shift+ArrowDown")
    page.evaluate("navigator.clipboard.writeText('positive')")
    press(page, "Control+v")
    page.wait_for_selector("#messages:has-text('3 values were pasted')")
    assert own("evaluation") == dict.fromkeys(lines[:3], "positive")


def test_lines_are_ticked_by_clicks(page: Any) -> None:
    boxes = page.locator("input[name=line]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert page.inner_text("[data-tick-count=line]") == "3"
    boxes.nth(1).click()
    assert page.locator("tr[aria-selected=true]").count() == 2


def test_the_panel_walks_the_lines(page: Any, lines: list[int]) -> None:
    page.focus(f"#e-{lines[0]}-subject")
    press(page, "Alt+Enter")
    page.wait_for_selector("#panel h2:focus:has-text('Anna')")
    assert "Step 1: Add contacts" in page.inner_text("#panel")
    assert "Dear Anna," in page.inner_text("#panel")
    press(page, "Alt+ArrowDown")
    page.wait_for_selector("#panel h2:has-text('Bo')")
    page.fill("#panel #comment textarea", "See you soon")
    page.click("#panel #comment button")
    page.wait_for_selector("#panel .letter-text:has-text('See you soon')")
    assert own("personal_comment") == {lines[1]: "See you soon"}
    press(page, "Alt+ArrowUp")
    page.wait_for_selector("#panel h2:has-text('Anna')")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#panel #comment textarea").type("Half a")
    press(page, "Escape")
    assert page.input_value("#panel #comment textarea") == "Half a"
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Anna"


@pytest.fixture
def held(page: Any) -> list[Any]:
    """What the panel sends when a comment is saved, kept on its way until a test lets it go."""
    kept: list[Any] = []

    def keep(route: Any) -> None:
        kept.append(route)

    page.route("**/personal_comment/", keep)
    return kept


def comment(page: Any, line: int, text: str, held: list[Any], then: str = "Escape") -> None:
    """Saves a comment on the panel, and goes on before the answer is there."""
    page.click(f"#l-{line} .who a")
    page.wait_for_selector(f"#panel [data-line='{line}'] h2")
    page.fill("#panel #comment textarea", text)
    with page.expect_request("**/personal_comment/"):
        page.click("#panel #comment button")
    while not held:
        page.wait_for_timeout(10)
    press(page, then)
    if then == "Escape":
        page.wait_for_selector("#panel", state="hidden")
        page.wait_for_selector(f"#l-{line} .who a:focus")


def test_a_closed_panel_stays_closed(page: Any, lines: list[int], held: list[Any]) -> None:
    """Whatever comes after it was closed; the row still says what was saved."""
    comment(page, lines[1], "See you soon", held)
    with page.expect_response("**/row/"):
        held.pop().continue_()
    page.wait_for_function("!document.querySelector('#panel').hasChildNodes()")
    assert page.locator("#panel").is_hidden()
    assert own("personal_comment") == {lines[1]: "See you soon"}
    page.click(f"#l-{lines[0]} .who a")
    page.wait_for_selector("#panel h2:focus:has-text('Anna')")


def test_a_closed_panel_opens_when_nothing_was_saved(
    page: Any, segment: Segment, lines: list[int], held: list[Any], maija: User
) -> None:
    """Refused, or not answered at all: what was typed is still there."""
    comment(page, lines[1], "See you soon", held)
    line = SegmentLine.objects.get(pk=lines[1])
    overrides.set_value(segment, line, "personal_comment", "From Maija", by=maija)
    held.pop().continue_()
    page.wait_for_selector("#panel .field-errors:has-text('“From Maija” now')")
    assert page.input_value("#panel #comment textarea") == "See you soon"
    assert own("personal_comment") == {lines[1]: "From Maija"}
    press(page, "Escape")
    comment(page, lines[2], "Until then", held)
    held.pop().abort("aborted")
    page.wait_for_selector("#panel h2:focus:has-text('Cid')")
    page.once("dialog", lambda dialog: dialog.dismiss())
    press(page, "Escape")
    assert page.input_value("#panel #comment textarea") == "Until then"


def test_the_next_line_is_not_overtaken_by_the_last(
    page: Any, segment: Segment, lines: list[int], held: list[Any], maija: User
) -> None:
    """What was saved comes too late to be shown; what was refused is shown all the same."""
    comment(page, lines[0], "See you soon", held, then="Alt+ArrowDown")
    page.wait_for_selector("#panel h2:has-text('Bo')")
    with page.expect_response("**/row/"):
        held.pop().continue_()
    assert own("personal_comment") == {lines[0]: "See you soon"}
    assert page.locator("#panel h2:has-text('Bo')").is_visible()
    comment(page, lines[2], "Until then", held, then="Alt+ArrowDown")
    page.wait_for_selector("#panel h2:has-text('Dag')")
    line = SegmentLine.objects.get(pk=lines[2])
    overrides.set_value(segment, line, "personal_comment", "From Maija", by=maija)
    held.pop().continue_()
    page.wait_for_selector("#panel h2:has-text('Cid')")
    assert page.input_value("#panel #comment textarea") == "Until then"


def test_columns_are_chosen_and_ordered(page: Any) -> None:
    page.click("#choose-columns")
    page.click("#panel label:has-text('Personal comment')")
    page.click("#panel label:has-text('Company')")
    page.click("#panel #up-language")
    page.wait_for_selector("#panel li:nth-child(2):has-text('Language')")
    page.click("#panel button:has-text('Show these columns')")
    page.wait_for_selector(".lines-grid th:has-text('Personal comment')")
    heads = page.locator(".lines-grid th").all_inner_texts()
    assert [head.strip() for head in heads[2:5]] == ["Language", "Correspondence", "Template"]


def test_the_keys_are_listed(page: Any) -> None:
    page.focus("h1 >> xpath=ancestor::main")
    press(page, "?")
    page.wait_for_selector("dialog[open]:has-text('let the line inherit the value again')")
    press(page, "Escape")
    assert page.locator("dialog[open]").count() == 0


def test_the_list_of_keys_gives_the_focus_back(page: Any, lines: list[int]) -> None:
    """Also when its line was drawn anew meanwhile; more than once, for it was a matter of time."""
    who = f"#l-{lines[1]} .who a"
    for turn in range(5):
        page.focus(who)
        press(page, "?")
        page.wait_for_selector("dialog[open] :focus")
        Contact.objects.filter(name__startswith="Bo").update(name=f"Bo {turn}")
        page.evaluate(f"window.Grid.refresh(document.getElementById('l-{lines[1]}'))")
        page.wait_for_selector(f"{who}:has-text('Bo {turn}')", state="attached")
        press(page, "Escape")
        page.wait_for_selector(f"{who}:focus", timeout=5000)


@pytest.fixture
def maija(marketer: User) -> User:
    """A colleague with the same rights."""
    made = User.objects.create_user("maija", first_name="Maija", last_name="Virta")
    made.groups.set(marketer.groups.all())
    return made


def test_two_editors_are_told(page: Any, segment: Segment, lines: list[int], maija: User) -> None:
    line = SegmentLine.objects.get(pk=lines[0])
    page.focus(f"#e-{lines[0]}-subject")
    press(page, "Enter")
    page.wait_for_selector(f"#c-{lines[0]}-subject input:focus")
    page.keyboard.type("From me")
    overrides.set_value(segment, line, "subject", "From Maija", by=maija)
    page.evaluate("htmx.trigger('#news', 'look')")
    page.wait_for_selector("#news:has-text('Maija Virta changed this segment')")
    press(page, "Enter")
    page.wait_for_selector(f"#c-{lines[0]}-subject .field-errors:has-text('“From Maija” now')")
    assert page.input_value(f"#c-{lines[0]}-subject [name=subject]") == "From me"
    assert own("subject") == {lines[0]: "From Maija"}
    page.focus(f"#c-{lines[0]}-subject [name=subject]")
    press(page, "Enter")
    saved(page)
    assert own("subject") == {lines[0]: "From me"}
    page.click("#news [data-reload]")
    page.wait_for_selector(f"#c-{lines[0]}-subject:has-text('From me')")
    assert page.inner_text("#news") == ""


def test_unsaved_edits_warn(page: Any, lines: list[int]) -> None:
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.focus(f"#e-{lines[0]}-subject")
    press(page, "Enter")
    page.wait_for_selector(f"#c-{lines[0]}-subject input:focus")
    page.keyboard.type("Half a word")
    page.reload()
    assert asked == ["beforeunload"]
    page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(
    open_page: Callable[..., Any],
    marketer_client: Client,
    segment: Segment,
    lines: list[int],
    marketer: User,
    axe: Callable[[Any], list[str]],
    theme: Any,
) -> None:
    line = SegmentLine.objects.get(pk=lines[0])
    overrides.set_value(segment, line, "subject", "Own", by=marketer)
    page = open_page(marketer_client, color_scheme=theme, viewport={"width": 1440, "height": 2400})
    page.goto(segment.get_absolute_url())
    page.wait_for_selector(".lines-grid[role=grid]")
    assert axe(page) == []
    page.check("input[name=line] >> nth=1")
    page.click(f"#e-{lines[2]}-language")
    page.wait_for_selector("form[data-cell-form]")
    assert axe(page) == []
    press(page, "Escape")
    for opener, there in (
        ("td.who a >> nth=0", "[data-line]"),
        ("#choose-columns", ".columns-form"),
        ("#see-composition", ".chart"),
    ):
        page.click(opener)
        page.wait_for_selector(f"#panel {there}")
        page.evaluate(
            "for (const one of document.querySelectorAll('#panel details')) one.open = true"
        )
        assert axe(page) == [], opener
    page.click("#panel [data-close-panel]")
    press(page, "?")
    page.wait_for_selector("dialog[open]")
    assert axe(page) == []


def is_too_wide(page: Any) -> bool:
    """Whether one must scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_journey_on_a_phone(
    open_page: Callable[..., Any], marketer_client: Client, segment: Segment, lines: list[int]
) -> None:
    """Reads a segment, overrides a line, logs; never wider than the phone."""
    phone = {"width": 390, "height": 844}
    page = open_page(marketer_client, viewport=phone, has_touch=True, is_mobile=True)
    page.goto(segment.get_absolute_url())
    assert "Spring letter" in page.inner_text("h1")
    assert not is_too_wide(page)
    page.tap("td.who a >> nth=1")
    page.wait_for_selector("#panel h2:has-text('Bo')")
    assert "Dear Bo," in page.inner_text("#panel")
    assert not is_too_wide(page)
    page.tap("#fold-line-says summary")
    page.tap("#panel td a:right-of(th:has-text('Subject')) >> nth=0")
    page.fill("#id_subject", "For Bo alone")
    page.tap("button:has-text('Save')")
    page.wait_for_selector("#messages:has-text('The line was saved.')")
    assert own("subject") == {lines[1]: "For Bo alone"}
    page.goto(segment.get_absolute_url())
    page.tap(".worksheet-foot >> text=Log…")
    page.wait_for_url("**/log/")
    assert not is_too_wide(page)
    page.tap("main button[type=submit]:has-text('Log')")
    page.wait_for_url("**/logged-segments/**")
    assert LoggedSegment.objects.get().entries.filter(subject="For Bo alone").count() == 1
