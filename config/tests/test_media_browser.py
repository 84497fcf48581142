"""On paper, and for those whom motion troubles."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from crm.models import Campaign, Contact
from interactions.models import LoggedSegment
from segments.models import Segment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A sheet of A4 between margins of a centimetre, in CSS pixels.
SHEET = 718
# What cannot be used on paper, and what would waste ink.
ON_PAPER = """() => {
  const isDrawn = (one) => one.getClientRects().length > 0;
  const useless = "nav, header.topbar, button, input:not([type=hidden]), select";
  const wrong = [...document.querySelectorAll(useless)]
    .filter(isDrawn).map((one) => `${one.tagName} ${one.id || one.textContent.trim()}`);
  for (const one of [document.body, ...document.querySelectorAll("main, .panel, table")]) {
    const ground = getComputedStyle(one).backgroundColor;
    const isPaper = ["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(ground);
    if (!isPaper) wrong.push(`${one.className} on ${ground}`);
  }
  return wrong;
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  const isSmooth = style.scrollBehavior === "smooth";
  return isSmooth || lasts(style.transitionDuration) || lasts(style.animationDuration);
}).map((one) => one.className)"""


def printed() -> Iterator[str]:
    """What people print: cards, a worksheet, what was logged, a campaign."""
    for kind in ("company", "person"):
        yield Contact.objects.filter(type=kind)[0].get_absolute_url()
    yield Segment.objects.latest("current_step", "pk").get_absolute_url()
    yield LoggedSegment.objects.all()[0].get_absolute_url()
    yield Campaign.objects.all()[0].get_absolute_url()


def test_what_is_printed_is_black_on_white_and_fits_the_sheet(
    open_page: Callable[..., "Page"], demo: Callable[[str], Client]
) -> None:
    page = open_page(demo("manager"), color_scheme="dark")
    for address in printed():
        page.set_viewport_size({"width": SHEET, "height": 1000})
        page.emulate_media(media="screen")
        page.goto(address)
        assert page.locator("header.topbar").is_visible()
        page.emulate_media(media="print")
        assert page.evaluate(ON_PAPER) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= SHEET, address
        assert page.locator("h1").is_visible()


def test_nothing_moves_for_those_who_asked_for_it(
    open_page: Callable[..., "Page"], demo: Callable[[str], Client]
) -> None:
    page = open_page(demo("manager"))
    for address in printed():
        page.emulate_media(reduced_motion="no-preference")
        page.goto(address)
        assert page.evaluate(MOVING) != []
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == [], address
