"""Campaigns: list, card, form."""

from html import unescape

import pytest
from django.test import Client

from crm import panels
from crm.models import Campaign, Salesperson

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.create(description="Autumn fair", status="active")


def test_a_campaign_is_created_numbered_and_shown(manager_client: Client) -> None:
    seller = Salesperson.objects.create(code="AL", name="Seller")
    Salesperson.objects.create(code="GONE", name="Gone", blocked=True)
    offered = manager_client.get("/campaigns/new/").context["form"].fields["salesperson"].queryset
    assert list(offered) == [seller]
    data = {
        "description": "Fair",
        "status": "planned",
        "starting_date": "2026-12-01",
        "ending_date": "2026-12-24",
        "salesperson": seller.pk,
    }
    answer = manager_client.post("/campaigns/new/", data, follow=True)
    made = Campaign.objects.get()
    assert answer.redirect_chain == [(f"/campaigns/{made.number}/", 302)]
    assert (made.number, str(made.ending_date), made.salesperson) == (
        "CP0001",
        "2026-12-24",
        seller,
    )
    assert "CP0001 Fair</a> was created." in unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"description": ""}, "description"),
        ({"status": "paused"}, "status"),
        ({"starting_date": "2026-12-24", "ending_date": "2026-12-01"}, "__all__"),
        ({"starting_date": "31.31.2026"}, "starting_date"),
        ({"salesperson": "99"}, "salesperson"),
        ({"number": "a b"}, "number"),
    ],
)
def test_bad_input_is_told_and_not_written(
    manager_client: Client, data: dict[str, str], field: str
) -> None:
    whole = {"description": "Fair", "status": "planned", **data}
    answer = manager_client.post("/campaigns/new/", whole)
    assert list(answer.context["form"].errors) == [field]
    assert not Campaign.objects.exists()


def test_editing_and_deleting_are_for_managers(
    manager_client: Client, marketer_client: Client, campaign: Campaign
) -> None:
    card = f"/campaigns/{campaign.number}/"
    data = {"description": "Spring fair", "status": "done"}
    assert marketer_client.post(f"{card}edit/", data).status_code == 403
    assert marketer_client.post(f"{card}delete/").status_code == 403
    assert f"{card}edit/" not in marketer_client.get(card).content.decode()
    assert f"{card}edit/" in manager_client.get(card).content.decode()
    assert manager_client.post(f"{card}edit/", data).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.description, campaign.status) == ("Spring fair", "done")
    assert manager_client.post(f"{card}delete/")["Location"] == "/campaigns/"
    assert not Campaign.objects.exists()


def test_a_blocked_salesperson_stays_where_he_was_chosen(
    manager_client: Client, campaign: Campaign
) -> None:
    gone = Salesperson.objects.create(code="GONE", name="Gone", blocked=True)
    campaign.salesperson = gone
    campaign.save()
    data = {"description": "Fair", "status": "done", "salesperson": gone.pk}
    url = f"/campaigns/{campaign.number}/edit/"
    assert manager_client.post(url, data).status_code == 302
    campaign.refresh_from_db()
    assert campaign.salesperson == gone


def test_higher_floors_add_panels_to_the_card(
    monkeypatch: pytest.MonkeyPatch, reader_client: Client, campaign: Campaign
) -> None:
    monkeypatch.setattr(panels.campaign_panels, "entries", {})
    panels.campaign_panels.register(
        "again", 1, lambda request, one: ("crm/_campaign_status.html", {"campaign": one})
    )
    html = reader_client.get(f"/campaigns/{campaign.number}/").content.decode()
    assert html.count('<span class="badge-mark good">Active</span>') == 2


@pytest.mark.parametrize("words", ["cp0001", "äänek", "FAIR 0001"])
def test_the_search_finds_campaigns_in_any_case(reader_client: Client, words: str) -> None:
    Campaign.objects.create(description="Fair in Äänekoski")
    Campaign.objects.create(description="Something else")
    found = reader_client.get("/search/", {"q": words}).context["found"]
    assert [[hit.number for hit in kind.hits] for kind in found] == [["CP0001"]]
