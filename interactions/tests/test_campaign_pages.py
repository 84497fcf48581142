"""A campaign's page: funnel, pushes, targets, responses; its targets decided by hand."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import exporting, later
from crm.models import Campaign, Contact, ContactType
from interactions import targets
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Two firms: one responded, one was cancelled; another campaign's numbers could leak."""
    InteractionTemplate.objects.create(code="T", group=InteractionGroup.objects.create(code="G"))
    made = Campaign.objects.create(number="SPRING", description="Spring <b>")
    push = CampaignEntry.objects.create(campaign=made, description="First push", date="2026-05-04")
    say(made, "One", push, campaign_response=True, cost="7.50", duration=3)
    say(made, "Two", push, cancelled=True, cost=100)
    other = Campaign.objects.create(number="AUTUMN", description="Autumn")
    say(other, "Leak", None, campaign_response=True, cost=1000)
    targets.keep([made.pk, other.pk])
    return made


def say(campaign: Campaign, name: str, push: CampaignEntry | None, **values: Any) -> None:
    template = InteractionTemplate.objects.get()
    InteractionLogEntry.objects.create(
        contact=Contact.objects.create(number=name, type=ContactType.COMPANY, name=name),
        campaign=campaign, campaign_entry=push, campaign_target=True, template=template,
        group=template.group, date="2026-05-04", description=f"Said to {name}", **values,
    )  # fmt: skip


def test_the_page_says_how_it_goes(reader_client: Client, campaign: Campaign) -> None:
    shown = reader_client.get(campaign.get_absolute_url())
    text = shown.content.decode()
    stages = shown.context["panels"][0][1]["stages"]
    assert [stage.count for stage in stages] == [1, 1, 1, 1]
    assert "Said to One" in text
    assert "Leak" not in text
    assert "7.50 a response" in text
    push = next(one for name, one in shown.context["panels"] if "entries" in one)["entries"][0]
    assert (push.said, float(push.cost), push.duration) == (1, 7.5, 3)
    assert "targets/add/" not in text
    assert "deactivate" not in text


def test_lists_of_pushes_and_targets_show_their_campaign_only(
    reader_client: Client, campaign: Campaign
) -> None:
    for page in ("/campaign-entries/", "/targets/"):
        rows = reader_client.get(f"{page}?campaign=SPRING").context["rows"]
        assert [row.campaign for row in rows] == [campaign]
    query = "campaign=SPRING&campaign_response=true&cancelled=false"
    found = reader_client.get(f"/interactions/?{query}")
    assert [row.description for row in found.context["rows"]] == ["Said to One"]


def test_the_list_of_campaigns_counts_by_a_fixed_number_of_queries(
    reader_client: Client, campaign: Campaign
) -> None:
    counts = []
    for more in range(2):
        for number in range(more * 5):
            Campaign.objects.create(number=f"X{number}", description="x")
        with CaptureQueriesContext(connection) as captured:
            shown = reader_client.get("/campaigns/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    numbers = {row.number: row.numbers for row in shown.context["rows"]}
    assert (numbers["SPRING"], numbers["AUTUMN"], numbers["X0"]) == (
        [1, 1, 1], [1, 1, 1], [0, 0, 0],
    )  # fmt: skip


def test_a_manager_decides_about_targets(manager_client: Client, campaign: Campaign) -> None:
    person = Contact.objects.create(
        number="P", name="Person", company=Contact.objects.get(number="Two")
    )
    add = "/campaigns/SPRING/targets/add/"
    assert manager_client.post(add, {"contact": person.number}).status_code == 302
    target = CampaignTarget.objects.get(contact__number="Two")
    assert (target.active, target.by_hand) == (True, True)
    verb = f"/targets/{target.pk}/"
    manager_client.post(f"{verb}deactivate/")
    target.refresh_from_db()
    assert (target.active, target.by_hand) == (False, True)
    manager_client.post(f"{verb}activate/", {"next": "/campaigns/SPRING/"})
    target.refresh_from_db()
    assert target.active
    manager_client.post(f"{verb}as-logged/")
    assert not CampaignTarget.objects.filter(pk=target.pk).exists()


def test_what_is_wrong_adds_no_target(manager_client: Client, campaign: Campaign) -> None:
    Contact.objects.create(number="B", name="Blocked", privacy_blocked=True)
    before = list(CampaignTarget.objects.values_list("pk", flat=True))
    for wrong in ("", "NOBODY", "B", "\x00"):
        answer = manager_client.post(
            "/campaigns/SPRING/targets/add/", {"contact": wrong}, follow=True
        )
        assert 'class="notice error"' in answer.content.decode(), wrong
    assert list(CampaignTarget.objects.values_list("pk", flat=True)) == before


def test_who_may_not_and_what_is_not_there(
    marketer_client: Client, manager_client: Client, client: Client, campaign: Campaign
) -> None:
    target = CampaignTarget.objects.filter(campaign=campaign).get()
    verbs = [f"/targets/{target.pk}/{verb}/" for verb in ("activate", "deactivate", "as-logged")]
    for address in ("/campaigns/SPRING/targets/add/", *verbs):
        assert marketer_client.post(address, {"contact": "One"}).status_code == 403
        assert manager_client.get(address).status_code == 405
        assert client.post(address).status_code == 302
    for missing in ("/campaigns/NONE/targets/add/", "/targets/99999/activate/", "/targets/1/eat/"):
        assert manager_client.post(missing).status_code == 404
    target.refresh_from_db()
    assert target.active


COUNTED: Any = {"HTTP_X_COUNTED": "1"}


@pytest.mark.parametrize("asked", [{}, COUNTED])
def test_numbers_of_much_come_after_the_page(
    reader_client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, asked: Any
) -> None:
    at_once = reader_client.get(campaign.get_absolute_url()).content.decode()
    assert "aria-busy" not in at_once
    monkeypatch.setattr(later, "AT_ONCE", 0)
    page = reader_client.get(campaign.get_absolute_url(), **asked).content.decode()
    assert ("aria-busy" in page) is not asked
    assert ("7.50 a response" in page) is bool(asked)
    assert "First push" in page
    assert "Leak" not in page
    plain = reader_client.get(f"{campaign.get_absolute_url()}?counted=1").content.decode()
    assert "7.50 a response" in plain
    assert "aria-busy" not in plain


def test_sums_of_pushes_come_after_their_list(
    reader_client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 0)
    page = reader_client.get("/campaign-entries/?campaign=SPRING")
    assert not hasattr(page.context["rows"][0], "said")
    assert 'href="?campaign=SPRING&amp;counted=1"' in page.content.decode()
    for asked, more in (("&counted=1", {}), ("", COUNTED)):
        page = reader_client.get(f"/campaign-entries/?campaign=SPRING{asked}", **more)
        (push,) = page.context["rows"]
        assert (push.said, float(push.cost), push.duration) == (1, 7.5, 3)
        assert "aria-busy" not in page.content.decode()


def test_numbers_of_campaigns_come_after_their_list(
    reader_client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first to be much is enough; one request then brings those of all campaigns."""
    asked = "/campaigns/?number=SPRING&sort=number"
    monkeypatch.setattr(later, "AT_ONCE", 0)
    page = reader_client.get(asked)
    assert [row.numbers for row in page.context["rows"]] == [[None, None, None]]
    html = page.content.decode()
    assert 'href="?number=SPRING&amp;sort=number&amp;counted=1"' in html
    assert html.count("aria-busy") == 1
    assert re.search('hx-select="#([^"]*)"', html)[1] == "results"  # type: ignore[index]
    assert html.count('id="results"') == 1
    for more, headers in (("&counted=1", {}), ("", COUNTED)):
        then = reader_client.get(f"{asked}{more}", **headers)
        assert [row.numbers for row in then.context["rows"]] == [[1, 1, 1]]
        assert "aria-busy" not in then.content.decode()
        assert then.content.decode().count('id="results"') == 1


def test_of_campaigns_with_little_the_numbers_come_at_once(
    reader_client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of one kind are much here; what stands on other pages does not matter."""
    monkeypatch.setattr(later, "AT_ONCE", 1)
    assert "aria-busy" in reader_client.get("/campaigns/").content.decode()
    page = reader_client.get("/campaigns/?number=SPRING")
    assert [row.numbers for row in page.context["rows"]] == [[1, 1, 1]]
    assert "aria-busy" not in page.content.decode()


def test_an_export_of_campaigns_has_its_numbers(
    reader_client: Client, campaign: Campaign, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once and by a job, which reads the list as a page does."""
    monkeypatch.setattr(later, "AT_ONCE", 0)
    answer = reader_client.post("/campaigns/?sort=number", {"format": "csv"})
    sent = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    _head, *by_job = exporting.page_at("/campaigns/", "sort=number", reader).export_table()
    assert [line.split(",")[-3:] for line in sent.splitlines()[1:]] == [["1", "1", "1"]] * 2
    assert [list(row)[-3:] for row in by_job[0]] == [[1, 1, 1]] * 2


def test_who_may_not_see_the_log_waits_for_nothing(
    client: Client, campaign: Campaign, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = reader.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="view_interactionlogentry"))
    client.force_login(reader)
    monkeypatch.setattr(later, "AT_ONCE", 0)
    page = client.get("/campaigns/")
    assert [row.numbers for row in page.context["rows"]] == [[], []]
    assert "aria-busy" not in page.content.decode()


def test_a_push_counts_what_is_of_its_own_state(reader_client: Client, campaign: Campaign) -> None:
    CampaignEntry.objects.update(cancelled=True)
    (push,) = reader_client.get("/campaign-entries/").context["rows"]
    assert (push.said, float(push.cost), push.duration) == (1, 100.0, 0)


def test_all_targets_stand_latest_first_and_those_of_one_campaign_by_name(
    reader_client: Client, campaign: Campaign
) -> None:
    say(campaign, "Alpha", None)
    targets.keep([campaign.pk])
    everyone = reader_client.get("/targets/").context["rows"]
    assert str(everyone[0].contact.name) == "Alpha"
    assert [row.pk for row in everyone] == sorted((row.pk for row in everyone), reverse=True)
    of_one = reader_client.get("/targets/?campaign=SPRING").context["rows"]
    assert [row.contact.name for row in of_one] == ["Alpha", "One"]
