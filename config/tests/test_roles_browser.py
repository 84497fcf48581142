"""Who may only read is offered nothing else; who has no JavaScript can do the work all the same."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Campaign, Contact, ContactType
from interactions.models import (
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)
from segments.models import Segment, SegmentLine

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = (
    "home",
    "crm:contacts",
    "crm:campaigns",
    "segments:segments",
    "interactions:logged_segments",
    "interactions:entries",
    "interactions:templates",
    "interactions:merge_fields",
)


def readable() -> Iterator[str]:
    """Pages that show something."""
    yield from (reverse(name) for name in LISTS)
    for kind in ContactType:
        yield Contact.objects.filter(type=kind)[0].get_absolute_url()
    segment = Segment.objects.latest("current_step", "pk")
    yield segment.get_absolute_url()
    line = SegmentLine.objects.present(segment)[0]
    yield reverse("segments:line", args=[segment.number, line.pk])
    for model in (Campaign, LoggedSegment, InteractionLogEntry, InteractionTemplate):
        yield model._default_manager.all()[0].get_absolute_url()


def test_a_reader_is_offered_nothing_but_reading(
    open_page: Callable[..., "Page"], demo: Callable[[str], Client]
) -> None:
    page = open_page(demo("reader"))
    offered: dict[str, str] = {}
    for address in readable():
        page.goto(address)
        # What a reader keeps for himself, he may keep: the names of his views, a list as a file.
        own = ":not([action='/views/']):not(.export)"
        assert page.locator(f"main form[method=post]{own}").count() == 0, address
        for link in page.locator("main a[href^='/'], main a[href^='?']").all():
            shape = re.sub(r"\d+|\?.*", "#", link.get_attribute("href") or "")
            offered.setdefault(shape, link.evaluate("one => one.href"))
    answers = {url: page.context.request.get(url).status for url in offered.values()}
    assert [url for url, status in answers.items() if status != 200] == []


def test_the_work_without_javascript(
    open_page: Callable[..., "Page"], flowers: None, marketer: User, marketer_client: Client
) -> None:
    InteractionTemplate.objects.create(
        code="CALL", description="A call", group=InteractionGroup.objects.get(), language="en"
    )
    page = open_page(marketer_client, java_script_enabled=False)
    make_segment(page)
    add_with_a_preview(page)
    page.click(".worksheet-foot >> text=Log…")
    page.click("button:has-text('Log 4 interactions')")
    assert LoggedSegment.objects.get().entry_count == 4
    assert not Segment.objects.exists()


def make_segment(page: "Page") -> None:
    page.goto("/segments/")
    page.click(".actions .btn-primary")
    page.fill("#id_description", "Calls")
    page.select_option("#id_salesperson", label="Aino Kallio")
    page.select_option("#id_template", label=str(InteractionTemplate.objects.get()))
    page.click("main button[type=submit]")


def add_with_a_preview(page: "Page") -> None:
    """The count stands there after a press of Preview."""
    page.click("text=Add contacts…")
    page.click(".card-section:has([name=mailing_groups-group]) summary")
    page.select_option("[name=mailing_groups-group]", value="GIFT")
    page.click("button:has-text('Preview')")
    assert "Add 4 contacts" in page.inner_text("#found")
    assert not SegmentLine.objects.exists()
    page.click("button:has-text('Add 4 contacts')")
    assert "4 lines were added." in page.inner_text("#messages")
