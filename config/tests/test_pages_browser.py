"""Every page of the site as an administrator sees it: whole, quiet, named, and fit for a phone."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from config.tests.addresses import every_address
from config.tests.browser import AXE, ask_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# So tall that what sticks to the window's edge lies above nothing.
DESKTOP: "ViewportSize" = {"width": 1280, "height": 3000}
PHONE: "ViewportSize" = {"width": 390, "height": 3000}
# The second is a page at four times its size on a small screen (WCAG 1.4.10).
NARROW = (390, 320)
# Pages of letters are drawn by LibreOffice when they are asked for first.
DRAWING = 60_000
UNFOLD = "but => { for (const one of document.querySelectorAll('details' + but)) one.open = true; }"


def pages(page: "Page") -> Iterator[str]:
    """The addresses that answer with a whole page; the others only want to be asked by POST, lead
    on to a page, or give a part of one or a file.
    """
    for address in every_address():
        if address == "/metrics":
            continue  # closed: see test_watching.py
        answer = page.context.request.get(address, max_redirects=0, timeout=DRAWING)
        assert answer.status in (200, 204, 302, 405), f"{address}: {answer.status}"
        if answer.status == 200 and "<html" in answer.text():
            yield address


def wrong_with(page: "Page", address: str) -> Iterator[str]:
    """What is to be mended on a page, opened in this size."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        yield f"answers {answer and answer.status}"
    if page.locator("h1").count() != 1:
        yield f"has {page.locator('h1').count()} h1"
    if not page.title().removesuffix("Segmentti").strip(" ·"):
        yield "has no title"
    page.evaluate(UNFOLD, ":not(.more-menu)")  # a menu would lie above others
    yield from ask_axe(page)
    if not address.startswith("/admin/"):
        yield from too_wide(page)


def too_wide(page: "Page") -> Iterator[str]:
    """Whether one must scroll sideways on a phone."""
    page.evaluate(UNFOLD, "")
    for room in NARROW:
        page.set_viewport_size({"width": room, "height": PHONE["height"]})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > room:
            yield f"is {width} wide in {room}"


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", DESKTOP), ("fi", "dark", PHONE)],
    ids=["en-light", "fi-dark-phone"],
)
def test_every_page(
    open_page: Callable[..., "Page"],
    demo: Callable[[str], Client],
    live_server: Any,
    language: str,
    theme: str,
    size: "ViewportSize",
) -> None:
    page = open_page(demo("admin"), viewport=size, color_scheme=theme, reduced_motion="reduce")
    cookies = {"django_language": language, "theme": theme, "theme_seen": theme}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page.add_init_script(AXE)
    wrong: list[str] = []
    page.goto("/")
    assert page.locator(f"html[lang={language}][data-bs-theme={theme}]").count() == 1
    for address in pages(page):
        page.set_viewport_size(size)
        wrong += [f"{address} {what}" for what in wrong_with(page, address)]
    assert wrong == []
