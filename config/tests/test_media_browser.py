"""For those whom motion troubles."""

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
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  const isSmooth = style.scrollBehavior === "smooth";
  return isSmooth || lasts(style.transitionDuration) || lasts(style.animationDuration);
}).map((one) => one.className)"""


def pages() -> Iterator[str]:
    """Cards, a worksheet, what was logged, a campaign."""
    for kind in ("company", "person"):
        yield Contact.objects.filter(type=kind)[0].get_absolute_url()
    yield Segment.objects.latest("current_step", "pk").get_absolute_url()
    yield LoggedSegment.objects.all()[0].get_absolute_url()
    yield Campaign.objects.all()[0].get_absolute_url()


def test_nothing_moves_for_those_who_asked_for_it(
    open_page: Callable[..., "Page"], demo: Callable[[str], Client]
) -> None:
    page = open_page(demo("manager"))
    for address in pages():
        page.emulate_media(reduced_motion="no-preference")
        page.goto(address)
        assert page.evaluate(MOVING) != []
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == [], address
