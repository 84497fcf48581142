"""Statistics: only what counts is counted, and each number leads to just that."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm import later
from crm.models import Campaign, Contact, Salesperson
from interactions.models import InteractionLogEntry, LoggedSegment
from interactions.tests.conftest import log

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(logged: LoggedSegment) -> LoggedSegment:
    """Three entries of 2 and 5 minutes each, one of them cancelled; a postponed one besides."""
    log(logged, Contact.objects.all()[0], 4, "en", postponed=True)
    campaign = Campaign.objects.create(number="SPRING", description="Spring")
    seller = Salesperson.objects.create(code="AK", name="Aino")
    logged.entries.update(cost=2, duration=5, campaign=campaign, salesperson=seller)
    logged.entries.filter(position=3).update(cancelled=True)
    return logged


@pytest.mark.parametrize(
    ("by", "code"),
    [("template", "LETTER"), ("group", "MAIL"), ("campaign", "SPRING"), ("salesperson", "AK")],
)
def test_what_counts_is_counted(
    reader_client: Client, counted: LoggedSegment, by: str, code: str
) -> None:
    answer = reader_client.get(f"/interactions/statistics/{by}/")
    (row,) = answer.context["rows"]
    assert (row["code"], row["count"], row["cost"], row["duration"]) == (code, 2, Decimal(4), 10)
    shown = reader_client.get(row["url"])
    assert shown.context["paginator"].count == 2


@pytest.mark.parametrize(("by", "total"), [("campaign", (2, 4, 10)), ("contact", (3, 74, 17))])
def test_the_last_row_adds_up_what_is_shown(
    reader_client: Client, counted: LoggedSegment, by: str, total: tuple[int, int, int]
) -> None:
    log(counted, Contact.objects.all()[0], 5, "en", cost=70, duration=7)  # of no campaign
    url = f"/interactions/statistics/{by}/"
    answer = reader_client.get(url)
    for name, sum_of_all in zip(("count", "cost", "duration"), total, strict=True):
        assert answer.context["sums"][name] == sum_of_all
        assert sum(row[name] for row in answer.context["rows"]) == sum_of_all
    assert '<th scope="row">Total</th>' in answer.content.decode()
    assert "<tfoot>" not in reader_client.get(f"{url}?search=nobody").content.decode()


def test_by_contact_and_filtered(reader_client: Client, counted: LoggedSegment) -> None:
    rows = reader_client.get("/interactions/statistics/contact/").context["rows"]
    assert [row["count"] for row in rows] == [1, 1]
    url = "/interactions/statistics/contact/?search=ann"
    (row,) = reader_client.get(url).context["rows"]
    assert reader_client.get(row["url"]).context["paginator"].count == 1
    assert len(reader_client.get("/interactions/statistics/contact/?x=1").context["rows"]) == 0


def test_who_may_and_what_there_is(client: Client, reader: Any, reader_client: Client) -> None:
    assert reader_client.get("/interactions/statistics/moon/").status_code == 404
    empty = reader_client.get("/interactions/statistics/group/").content.decode()
    assert "No interaction counts here" in empty
    assert client.get("/interactions/statistics/group/").status_code == 302
    reader.groups.clear()
    assert reader_client.get("/interactions/statistics/group/").status_code == 403


@pytest.mark.parametrize("by", ["group", "contact"])
def test_of_many_the_page_comes_first(
    reader_client: Client, counted: LoggedSegment, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"/interactions/statistics/{by}/"
    at_once = reader_client.get(f"{url}?search=ann").context["rows"]
    monkeypatch.setattr(later, "AT_ONCE", 0)
    first = reader_client.get(f"{url}?search=ann")
    html = first.content.decode()
    assert 'hx-select="#results"' in html
    assert 'href="?search=ann&amp;counted=1"' in html
    assert "0 rows" not in html
    assert "No interaction counts here" not in html
    for then in (
        reader_client.get(f"{url}?search=ann&counted=1"),
        reader_client.get(f"{url}?search=ann", HTTP_X_COUNTED="1"),
    ):
        assert [row["count"] for row in then.context["rows"]] == [row["count"] for row in at_once]
        assert "counted=1" not in then.context["rows"][0]["url"]
        assert "aria-busy" not in then.content.decode()


def test_nothing_among_many_is_said_to_be_nothing(
    reader_client: Client, counted: LoggedSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 0)
    html = reader_client.get("/interactions/statistics/group/?search=nobody").content.decode()
    assert "Nothing matches these filters." in html
    assert "aria-busy" not in html


def test_cards_say_the_sums(reader_client: Client, counted: LoggedSegment) -> None:
    contact = InteractionLogEntry.objects.get(position=1).contact
    assert contact is not None
    for url, count in (
        ("/templates/LETTER/", 2),
        (contact.get_absolute_url(), 1),
    ):
        assert reader_client.get(url).status_code == 200
        text = " ".join(reader_client.get(url).content.decode().split())
        words = f"{count} interactions" if count > 1 else "1 interaction"
        assert f">{words}</a> · Cost {2 * count}.00 · {5 * count} min" in text


def test_sums_of_a_template_in_much_use_come_after_its_card(
    reader_client: Client, counted: LoggedSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 2)
    first = reader_client.get("/templates/LETTER/").content.decode()
    assert "aria-busy" in first
    assert "2 interactions" not in first
    for then in (
        reader_client.get("/templates/LETTER/?counted=1"),
        reader_client.get("/templates/LETTER/", HTTP_X_COUNTED="1"),
    ):
        assert "2 interactions" in then.content.decode()
        assert "aria-busy" not in then.content.decode()


def test_a_campaign_says_the_sums(reader_client: Client, counted: LoggedSegment) -> None:
    page = reader_client.get(Campaign.objects.get().get_absolute_url())
    html = " ".join(page.content.decode().split())
    assert "<dd>4.00</dd>" in html
    assert "<dd>10 min</dd>" in html
