"""What opens on the worksheet, as axe sees it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from config.tests.browser import ASK_AXE, AXE, RULES
from segments.models import Segment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"light": {"width": 1280, "height": 900}, "dark": {"width": 390, "height": 844}}
LOOKS = pytest.mark.parametrize(("language", "theme"), [("en", "light")])
# Openers of the worksheet: what is pressed, and what stands open then. Not its menu of more verbs,
# which lies above other things.
OPENED: tuple[tuple[str, str], ...] = (
    ("[popovertarget=my-menu]", "#my-menu:popover-open"),
    ("#fold-by-hand > summary", "#fold-by-hand[open]"),
    ("#fold-more > summary", "#fold-more[open]"),
    ("#fold-filters > summary", "#fold-filters[open]"),
    ("#choose-columns", "#panel:not([hidden]) form"),
    ("td.who a", "#panel:not([hidden]) [data-line]"),
)


@pytest.fixture
def see(open_page: Callable[..., "Page"], live_server: Any) -> Callable[..., "Page"]:
    """see(client, language, theme): a page in that language and theme; dark is on a phone."""

    def one(client: Client, language: str, theme: str) -> "Page":
        size = SIZES[theme]
        page = open_page(client, viewport=size, color_scheme=theme, reduced_motion="reduce")
        cookies = {"django_language": language, "theme": theme, "theme_seen": theme}
        page.context.add_cookies(
            [{"name": key, "value": to, "url": live_server.url} for key, to in cookies.items()]
        )
        page.add_init_script(AXE)
        return page

    return one


def asked(page: "Page", what: str) -> list[str]:
    return [f"{what}: {one}" for one in page.evaluate(ASK_AXE, RULES)]


@LOOKS
def test_what_opens_on_the_worksheet(
    see: Callable[..., "Page"], demo: Callable[[str], Client], language: str, theme: str
) -> None:
    page = see(demo("manager"), language, theme)
    address = Segment.objects.filter(template__isnull=False).latest("current_step", "pk")
    wrong: list[str] = []
    for opener, opened in OPENED:
        page.goto(address.get_absolute_url())
        page.locator(opener).first.click()
        page.wait_for_selector(opened)
        page.wait_for_load_state("networkidle")
        wrong += asked(page, opener)
    page.goto(address.get_absolute_url())
    page.locator("a.cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-cell-form] :focus")
    wrong += asked(page, "a cell that is edited")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    wrong += asked(page, "the list of keys")
    assert wrong == []
