"""The engine in a browser: (A or B) and C but not D, two steps back, one changed and accepted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact, ContactMailingGroup, MailingGroup
from segments.models import Segment
from segments.tests.conftest import names

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def groups(contact: Callable[..., Contact]) -> None:
    """Who is in which group; Fia in none."""
    made = {
        code: MailingGroup.objects.create(code=code, description=f"Group {code}")
        for code in "ABCDE"
    }
    for name, codes in (
        ("Anna", "AC"),
        ("Bo", "BCE"),
        ("Cid", "A"),
        ("Dag", "ABCD"),
        ("Eve", "CD"),
        ("Fia", ""),
    ):
        person = contact(name)
        for code in codes:
            ContactMailingGroup.objects.create(group=made[code], contact=person)


def choose(page: "Page", verb: str, code: str, said: str) -> None:
    """One step by a mailing group; waits for the live numbers, then presses what they offer."""
    page.click(f"a[href$='/{verb}/']")
    page.click("summary:has-text('Mailing groups')")
    pick(page, code)
    page.click(f"button[value=apply]:has-text('{said}')")
    page.wait_for_url("**/segments/SM*/")


def pick(page: "Page", code: str) -> None:
    box = page.locator(".field:has([name='mailing_groups-group']) .ts-control input")
    box.press_sequentially(code)
    page.click(f".ts-dropdown:visible [data-selectable][data-value='{code}']")
    page.keyboard.press("Escape")


def trail(page: "Page") -> list[str]:
    """What the steps say, with how many lines stood after each."""
    steps = page.locator(".trail .step")
    words = steps.locator(".step-words .sentence").all_inner_texts()
    after = steps.locator(".after").all_inner_texts()
    return [f"{said}: {count}" for said, count in zip(words, after, strict=True)]


@pytest.mark.usefixtures("groups")
def test_a_segment_by_four_steps(
    open_page: "Callable[..., Page]", marketer_client: Client, segment: Segment, marketer: User
) -> None:
    page = open_page(marketer_client)
    page.goto(segment.get_absolute_url())
    choose(page, "add", "A", "Add 3 contacts")
    choose(page, "add", "B", "Add 1 contact")
    choose(page, "keep", "C", "Remove 1 line")
    choose(page, "remove", "D", "Remove 1 line")
    segment.refresh_from_db()
    assert names(segment) == ["Anna", "Bo"]
    said = trail(page)
    assert [one.rpartition(": ")[2] for one in said] == ["3", "4", "3", "2"]
    assert all("mailing group" in one for one in said)

    page.click("#to-step-2")
    page.locator("#to-step-3:has-text('On to here')").wait_for()
    segment.refresh_from_db()
    assert sorted(names(segment)) == ["Anna", "Bo", "Cid", "Dag"]
    page.click("#to-step-4")
    page.locator("#to-step-3:has-text('Back to here')").wait_for()

    page.click(f"a[href='{reverse('segments:step_edit', args=[segment.number, 4])}']")
    page.click(".item[data-value='D'] .remove")
    pick(page, "E")
    page.click("button[value=look]")
    assert page.inner_text(".difference").split()[:2] == ["+1", "−1"]
    samples = page.locator(".trial .sample").all_inner_texts()
    assert [one.split()[0] for one in samples] == ["Dag", "Bo"]
    page.click("button[value=accept]")
    page.locator("#messages", has_text="Step 4 was changed: +1, −1 contacts.").wait_for()
    segment.refresh_from_db()
    assert sorted(names(segment)) == ["Anna", "Dag"]
