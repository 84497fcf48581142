"""The end of a segment's life in a browser: check, mend, log, send, evaluate, verify, follow up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from crm import consents, work
from crm.models import Contact
from interactions.models import InteractionLogEntry, LoggedSegment
from segments import worksheet
from segments.models import LineOverride, Segment
from segments.tests.conftest import everybody, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def four(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """Two on paper; Cid wants e-mails and has no address; Dee was blocked meanwhile."""
    for name in ("Anna", "Bo", "Dee"):
        contact(name)
    contact("Cid", correspondence_type="email")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    Contact.objects.filter(name="Dee").update(privacy_blocked=True)
    return segment


@pytest.fixture
def by_mail(
    segment: Segment, marketer: User, contact: Callable[..., Contact], settings: Any
) -> Segment:
    """Three who want e-mails and have an address."""
    settings.MAILS_PER_SECOND = 0
    for name in ("Anna", "Bo", "Cid"):
        contact(name, correspondence_type="email", email=f"{name.lower()}@x.example")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def go(page: Any, link: str) -> None:
    with page.expect_navigation():
        page.click(link)


def said(page: Any, text: str) -> None:
    page.locator("#messages", has_text=text).wait_for()


def test_from_check_to_follow_up(
    open_page: Callable[..., Any], marketer_client: Client, four: Segment
) -> None:
    page = open_page(marketer_client)
    page.goto(four.get_absolute_url())
    go(page, ".worksheet-foot >> text=Check")
    _mend(page)
    _log(page)
    _evaluate(page)
    _verify(page)
    go(page, "text=Create follow-up…")
    page.check("text=Only those of whom nothing was heard")
    go(page, "button:has-text('Create follow-up')")
    said(page, "with 2 lines.")
    assert names(Segment.objects.get()) == ["Anna", "Cid"]


def test_from_log_to_those_who_got_nothing(
    open_page: Callable[..., Any], marketer_client: Client, by_mail: Segment
) -> None:
    """Logged with *send*, watched while a worker delivers, followed up with whom it failed for."""
    page = open_page(marketer_client)
    page.goto(by_mail.get_absolute_url())
    go(page, "text=Log…")
    assert page.is_checked("[name=send]")
    go(page, "button:has-text('Log 3 interactions')")
    bar = page.locator("#delivery progress")
    assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("0", "3")
    consents.opt_out(Contact.objects.get(name="Cid"), "email", source="phone")
    while work.run_next(heartbeat=False):
        pass
    # The page has not been loaded again: the bar asks for itself.
    page.wait_for_selector("#delivery progress[value='3']")
    assert "Delivered 2" in page.inner_text("#delivery").replace("\n", " ")
    assert "Failed 1" in page.inner_text("#delivery").replace("\n", " ")
    assert sorted(one.to[0] for one in mail.outbox) == ["anna@x.example", "bo@x.example"]
    _evaluate(page)
    page.goto(LoggedSegment.objects.get().get_absolute_url())
    go(page, "text=Create follow-up…")
    page.check("text=Only those whose delivery failed (1)")
    go(page, "button:has-text('Create follow-up')")
    said(page, "with 1 line.")
    assert names(Segment.objects.get()) == ["Cid"]


def _mend(page: Any) -> None:
    """One error is taken out, one warning mended on its line."""
    blocked = page.locator("li.notice.error")
    assert "1 line of contacts that are blocked now." in blocked.inner_text()
    go(page, "li.notice.error button:has-text('Take this line out')")
    said(page, "1 line was removed.")
    page.select_option("[name=correspondence_type]", "hard_copy")
    go(page, "button:has-text('Set on this line')")
    said(page, "1 line says its correspondence type itself now.")
    assert LineOverride.objects.get().line.contact.name == "Cid"
    page.wait_for_selector("text=Nothing is wrong with any line.")


def _log(page: Any) -> None:
    """What will happen stands there in numbers; sending is ticked already."""
    go(page, "text=Log…")
    told = dict(zip(page.locator(".outlook dt").all_inner_texts(), _numbers(page), strict=True))
    assert (told["Interactions written"], told["Letters to print"], told["E-mails"]) == (
        "3", "3", "0",
    )  # fmt: skip
    assert page.is_checked("[name=send]")
    go(page, "button:has-text('Log 3 interactions')")
    said(page, "3 letters wait to be delivered.")
    assert LoggedSegment.objects.get().entry_count == 3


def _numbers(page: Any) -> list[str]:
    return list(page.locator(".outlook dd").all_inner_texts())


def _evaluate(page: Any) -> None:
    """One is ticked in the list of all, and evaluated after the number was seen."""
    go(page, ".panel:has(h2:text('Interactions')) >> text=All of them")
    page.check("tr:has-text('Bo') [name=entry]")
    go(page, "button:has-text('Evaluate…')")
    page.wait_for_selector("text=1 interaction is meant.")
    page.select_option("[name=evaluation]", "positive")
    go(page, "button[value=apply]")
    said(page, "1 interaction: Positive.")
    assert InteractionLogEntry.objects.get(evaluation="positive").contact == Contact.objects.get(
        name="Bo"
    )


def _verify(page: Any) -> None:
    page.goto(LoggedSegment.objects.get().get_absolute_url())
    assert page.locator("progress[aria-label=Positive]").get_attribute("value") == "1"
    go(page, "button:has-text('Verify')")
    page.wait_for_selector("text=All is as it was logged.")
    go(page, "text=To the logged segment")
