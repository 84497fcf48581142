"""The worksheet in a browser: by keys alone, in parts, with nothing said on the console."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from segments import worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_page: Callable[..., Any], marketer_client: Client) -> Any:
    """A page where the marketer is logged in."""
    return open_page(marketer_client)


@pytest.fixture
def three(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """A segment with three lines."""
    for name in ("Anna", "Bo", "Cid"):
        contact(name)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def in_place(page: Any, element: str) -> None:
    """Opens a value by keys."""
    page.focus(f"#{element}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"form[data-back={element}] :focus")


def test_a_value_of_the_header_by_keys(page: Any, three: Segment) -> None:
    page.goto(three.get_absolute_url())
    in_place(page, "e-subject")
    page.keyboard.type("Spring news")
    page.keyboard.press("Enter")
    page.wait_for_selector("#e-subject:focus")
    assert "Spring news" in page.inner_text("#f-subject")
    in_place(page, "e-subject")
    page.keyboard.type("Never mind")
    page.keyboard.press("Escape")
    page.wait_for_selector("#e-subject:focus")
    assert Segment.objects.get().subject == "Spring news"
    in_place(page, "e-description")
    page.keyboard.type("Left words")
    page.click("h1")
    page.wait_for_selector("#segment-heading:has-text('Left words')")
    assert Segment.objects.get().description == "Left words"


def test_a_wrong_value_stays_where_it_was_typed(page: Any, three: Segment) -> None:
    page.goto(three.get_absolute_url())
    page.click("#fold-more summary")
    in_place(page, "e-unit_cost")
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-unit_cost .field-errors")
    page.wait_for_selector("#id_unit_cost:focus")
    assert page.input_value("#id_unit_cost") == "-5"
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_selector("#e-unit_cost:focus")
    assert page.evaluate("document.getElementById('fold-more').open")
    assert "15.00" in page.inner_text(".strip")


def test_a_cell_by_keys(page: Any, three: Segment) -> None:
    line = SegmentLine.objects.order_by("pk").first()
    assert line is not None
    page.goto(three.get_absolute_url())
    in_place(page, f"e-{line.pk}-language")
    page.select_option("#id_language", "sv")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#c-{line.pk}-language.own a:focus")
    assert LineOverride.objects.get().language == "sv"
    in_place(page, f"e-{line.pk}-language")
    page.click(f"#c-{line.pk}-language button[formaction]")
    page.wait_for_selector(f"#e-{line.pk}-language:focus")
    page.wait_for_selector(f"#c-{line.pk}-language:not(.own) a")
    assert not LineOverride.objects.exists()


def test_what_comes_after_the_page_takes_no_focus(page: Any, three: Segment) -> None:
    with page.expect_response("**/letters/"):
        page.goto(three.get_absolute_url())
    page.wait_for_selector("#languages-table")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement === document.body")


def test_what_comes_after_the_page_does_not_call_it_otherwise(page: Any, three: Segment) -> None:
    """The table of languages is cut out of another page, that has a title of its own."""
    page.goto(three.get_absolute_url())
    page.wait_for_selector("#languages-table")
    assert page.title() == f"{three} · Segmentti"


def test_back_and_forward_by_keys(page: Any, three: Segment) -> None:
    page.goto(three.get_absolute_url())
    page.focus("#trail-back")
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages:has-text('Step 1 was undone')")
    page.wait_for_selector("#trail-forward:focus")  # htmx says so first, then hands it on
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages:has-text('Step 1 was done again: 3 lines now.')")
    page.wait_for_selector("#trail-back:focus")


def test_search_tick_and_remove(page: Any, three: Segment) -> None:
    page.goto(three.get_absolute_url())
    page.fill("#lines-search", "anna")
    page.wait_for_selector("#lines-title:has-text('1')")
    assert page.locator(".lines-grid tbody tr").count() == 1
    page.check("[data-tick-all=line]")
    assert page.inner_text("[data-tick-count=line]") == "1"
    page.click("#bulk button")
    page.wait_for_selector("#messages:has-text('1 line was removed')")
    three.refresh_from_db()
    assert names(three) == ["Bo", "Cid"]


def test_the_reconciliation_follows_what_is_typed(
    page: Any, segment: Segment, contact: Callable[..., Contact]
) -> None:
    contact("Anna", city="Espoo")
    contact("Bo", city="Vantaa")
    page.goto(reverse("segments:add", args=[segment.number]))
    page.wait_for_selector("#found:has-text('Add 2 contacts')")
    page.fill("[name=contact-city]", "Espoo")
    page.wait_for_selector("#found:has-text('Add 1 contact')")
    page.click("button[value=apply]")
    page.wait_for_selector("#messages:has-text('1 line was added.')")
    segment.refresh_from_db()
    assert names(segment) == ["Anna"]
