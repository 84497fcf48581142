"""Django admin: set-up may be changed there, what was logged may not."""

import datetime

import pytest
from django.test import Client

from crm.models import Campaign
from interactions.models import CampaignEntry, InteractionTemplate, LoggedSegment

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign_entry(logged: LoggedSegment) -> CampaignEntry:
    return CampaignEntry.objects.create(
        campaign=Campaign.objects.create(description="Spring"),
        logged_segment=logged,
        description="First push",
        date=datetime.date(2026, 3, 2),
    )


@pytest.mark.parametrize(
    "table", ["interactiongroup", "interactiontemplate", "campaignentry", "loggedsegment"]
)
def test_tables_are_listed_and_searched(
    campaign_entry: CampaignEntry, admin_client: Client, table: str
) -> None:
    assert admin_client.get(f"/admin/interactions/{table}/?q=a").status_code == 200


def test_a_templates_letters_are_only_shown(
    template: InteractionTemplate, admin_client: Client
) -> None:
    path = f"/admin/interactions/interactiontemplate/{template.pk}"
    text = admin_client.get(f"{path}/change/").content.decode()
    assert "en.docx" in text
    assert 'name="languages-0-document"' not in text
    assert admin_client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_what_was_logged_cannot_be_changed(
    campaign_entry: CampaignEntry, admin_client: Client, verb: str
) -> None:
    for table, row in (
        ("campaignentry", campaign_entry),
        ("loggedsegment", campaign_entry.logged_segment),
    ):
        assert row is not None
        path = f"/admin/interactions/{table}/{row.pk}/{verb}/"
        assert admin_client.post(path, {"description": "x", "post": "yes"}).status_code == 403
    assert CampaignEntry.objects.get().description == "First push"


def test_only_administrators_come_in(logged: LoggedSegment, manager_client: Client) -> None:
    assert manager_client.get("/admin/interactions/interactiongroup/").status_code == 302
