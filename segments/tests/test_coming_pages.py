"""Pages of many lines or entries come first, and their numbers then; of few both come together."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm import later
from crm.models import Contact
from interactions.models import LoggedSegment
from segments import log, worksheet
from segments.models import SavedCriteria, Segment
from segments.tests.conftest import named

HTMX: Any = {"HTTP_HX_REQUEST": "true"}
COUNTED: Any = {"HTTP_X_COUNTED": "1"}
# Each page, and what stands in its context when it is counted.
PAGES = {
    "combine_open": "overlap",
    "combine_logged": "overlap",
    "reuse_logged_play": "preview",
    "reuse_criteria_play": "trial",
    "follow_up": "found",
    "composition": "charts",
    "letters_preview": "drafts",
    "tasks": "count",
    "logged_print": "offered",
}

OF_LOGGED = {"follow_up": "segments:follow_up", "logged_print": "interactions:logged_print"}


@pytest.fixture
def addresses(
    segment: Segment,
    marketer: User,
    contact: Callable[..., Contact],
    salesperson: Any,
    template: Any,
) -> Mapping[str, str]:
    """Anna and Bo on a segment, Bo and Cid on another and a logged one; criteria that mean Dag."""
    for number, name in (("A", "Anna"), ("B", "Bo"), ("C", "Cid"), ("D", "Dag")):
        contact(name, number=number)
    worksheet.add_contacts(segment, named("A", "B"), by=marketer)
    facts = {"description": "Another", "salesperson": salesperson, "template": template}
    other, past = (Segment.objects.create(number=number, **facts) for number in ("OTHER", "PAST"))
    for one in (other, past):
        worksheet.add_contacts(one, named("B", "C"), by=marketer)
    log.log_segment(past, by=marketer)
    step = {"kind": "add", "criteria": {"contact": {"number": ["D"]}}, "options": {}}
    saved = SavedCriteria.objects.create(code="DAG", steps=[step], by=marketer)
    more: dict[str, list[Any]] = {
        "combine_open": [other.number],
        "combine_logged": ["PAST"],
        "reuse_logged_play": ["PAST"],
        "reuse_criteria_play": [saved.pk],
    }
    found = {
        name: reverse(f"segments:{name}", args=[segment.number, *more.get(name, [])])
        for name in PAGES
        if name not in OF_LOGGED
    }
    return found | {name: reverse(view, args=["PAST"]) for name, view in OF_LOGGED.items()}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever there is counts as many."""
    monkeypatch.setattr(later, "AT_ONCE", 0)


@pytest.mark.parametrize("name", PAGES)
def test_of_few_all_comes_at_once(
    marketer_client: Client, addresses: Mapping[str, str], name: str
) -> None:
    page = marketer_client.get(addresses[name])
    assert page.context[PAGES[name]]
    assert "aria-busy" not in page.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_of_many_the_page_comes_first(
    marketer_client: Client,
    addresses: Mapping[str, str],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = marketer_client.get(addresses[name])
    monkeypatch.setattr(later, "AT_ONCE", 0)
    first = marketer_client.get(addresses[name])
    html = first.content.decode()
    assert PAGES[name] not in first.context
    assert 'aria-busy="true"' in html
    assert 'href="?counted=1"' in html
    for then in (
        marketer_client.get(addresses[name], {"counted": "1"}),
        marketer_client.get(addresses[name], **COUNTED),
    ):
        assert str(then.context[PAGES[name]]) == str(at_once.context[PAGES[name]])
        assert "aria-busy" not in then.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_is_told_nothing(
    client: Client, addresses: Mapping[str, str], name: str
) -> None:
    answer = client.get(addresses[name], **COUNTED)
    assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.usefixtures("many")
def test_what_is_replaced_is_there(
    marketer_client: Client,
    addresses: Mapping[str, str],
    name: str,
) -> None:
    """What the page is to swap has its id before and after."""
    first = marketer_client.get(addresses[name]).content.decode()
    part = first.split('hx-select="#')[1].split('"')[0]
    then = marketer_client.get(addresses[name], **COUNTED).content.decode()
    assert first.count(f'id="{part}"') == then.count(f'id="{part}"') == 1


@pytest.mark.usefixtures("many")
def test_the_composition_in_the_panel_comes_then(
    marketer_client: Client, addresses: Mapping[str, str]
) -> None:
    first = marketer_client.get(addresses["composition"], **HTMX)
    assert 'hx-target="#charts"' in first.content.decode()
    then = marketer_client.get(addresses["composition"], **HTMX, **COUNTED).content.decode()
    assert "<html" not in then
    assert then.count('id="charts"') == 1
    assert "Industry group" in then


@pytest.mark.usefixtures("many")
def test_what_is_done_waits_for_no_numbers(
    marketer_client: Client,
    addresses: Mapping[str, str],
    segment: Segment,
) -> None:
    marketer_client.post(addresses["combine_open"], {"kind": "add"})
    marketer_client.post(addresses["reuse_criteria_play"])
    segment.refresh_from_db()
    assert segment.steps.latest("number").lines_after == 4
    marketer_client.post(addresses["follow_up"], {"everybody": "all"})
    logged = LoggedSegment.objects.get()
    assert Segment.objects.get(follows=logged).steps.latest("number").lines_after == 2


@pytest.mark.usefixtures("many")
def test_what_refuses_saved_criteria_comes_then(
    marketer_client: Client, addresses: Mapping[str, str]
) -> None:
    Contact.objects.filter(number="D").delete()
    first = marketer_client.get(addresses["reuse_criteria_play"])
    assert "refused" not in first.context
    then = marketer_client.get(addresses["reuse_criteria_play"], **COUNTED)
    html = then.content.decode()
    assert then.context["refused"]
    assert '<div id="reuse-refused"><p class="notice error" role="alert">' in html
    assert 'id="reuse-play" class="btn btn-primary" disabled' in html
