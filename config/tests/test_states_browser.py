"""What pages become: what opens on them, forms that are refused, lists with nothing in them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse

from config.tests.addresses import every_address, names
from config.tests.browser import AXE, ask_axe
from segments.models import Segment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"light": {"width": 1280, "height": 900}, "dark": {"width": 390, "height": 844}}
LOOKS = pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fi", "dark")])
SUBMIT_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]:not([action])");
  if (!form) return false;
  for (const field of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (field.tomselect) field.tomselect.clear();
    if (["checkbox", "radio"].includes(field.type)) field.checked = false;
    else field.value = "";
  }
  form.noValidate = true;
  form.querySelector("button[type=submit]").click();
  return true;
}"""
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
    """What axe finds on the page in its full height: a foot that sticks then lies over nothing."""
    size: Any = page.viewport_size
    page.set_viewport_size(size | {"height": page.evaluate("document.body.scrollHeight")})
    found = list(ask_axe(page))
    page.set_viewport_size(size)
    return [f"{what}: {one}" for one in found]


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


def forms() -> Iterator[str]:
    """Pages whose one purpose is a form."""
    ends = ("/new/", "/edit/", "/import/", "/paste/", "/create/", "/sample/", "/by-hand/")
    yield from (one for one in every_address() if one.endswith(ends) and "/admin/" not in one)


@LOOKS
def test_forms_that_are_refused(
    see: Callable[..., "Page"], demo: Callable[[str], Client], language: str, theme: str
) -> None:
    page = see(demo("admin"), language, theme)
    page.on("dialog", lambda dialog: dialog.accept())
    wrong: list[str] = []
    refused = 0
    for address in forms():
        page.goto(address)
        with page.expect_navigation():
            if not page.evaluate(SUBMIT_EMPTY):
                page.reload()
        refused += page.locator(".field-errors, .notice.error").count() > 0
        wrong += asked(page, f"{address} sent empty")
    assert wrong == []
    assert refused > 8


@LOOKS
def test_lists_with_nothing_in_them(
    see: Callable[..., "Page"], admin: User, admin_client: Client, language: str, theme: str
) -> None:
    page = see(admin_client, language, theme)
    wrong: list[str] = []
    empty = 0
    for name, places in names(get_resolver().url_patterns):
        if places or name == "logout" or name.startswith("admin:"):
            continue
        answer = admin_client.get(reverse(name))
        if answer.status_code == 200 and b"<html" in answer.content:
            page.goto(reverse(name))
            empty += page.locator(".empty").count() > 0
            wrong += asked(page, name)
    assert wrong == []
    assert empty > 8
