"""The set-up tables in Django admin: every page opens, only what may be added is."""

import pytest
from django.contrib import admin
from django.test import Client

from crm import models

pytestmark = pytest.mark.django_db

TABLES = [
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "crm"
]


@pytest.mark.parametrize("table", TABLES)
def test_every_list_and_form_opens_and_can_be_searched(admin_client: Client, table: str) -> None:
    models.ProfileQuestion.objects.create(
        questionnaire=models.ProfileQuestionnaire.objects.create(code="Q"), text="Which?"
    )
    assert admin_client.get(f"/admin/crm/{table}/?q=x").status_code in (200, 302)
    may_add = table not in ("marketingsetup", "numberseries", "erasure")
    assert admin_client.get(f"/admin/crm/{table}/add/").status_code == (200 if may_add else 403)


def test_every_set_up_table_is_there() -> None:
    kept_by_marketers = {
        *("contact", "alternativeaddress", "campaign", "purchase", "salutationformula"),
        *("contactmailinggroup", "contactindustrygroup", "contactbusinessrelation"),
        *("contactjobresponsibility", "contactprofileanswer", "profileanswer"),
        *("duplicatekey", "duplicatepair", "formernumber", "savedview", "consent"),
        *("contactimport", "refusedrow", "rememberedmapping"),
    }
    from django.apps import apps

    every = {model._meta.model_name for model in apps.get_app_config("crm").get_models()}
    kept_by_workers, kept_by_the_database = {"job", "jobfile", "workersign"}, {"auditentry"}
    kept_elsewhere = kept_by_marketers | kept_by_workers | kept_by_the_database
    assert every - kept_elsewhere == set(TABLES)


def test_the_one_row_about_ourselves_is_there_at_once_and_stays(admin_client: Client) -> None:
    url = "/admin/crm/marketingsetup/"
    assert admin_client.get(url).status_code == 200
    assert admin_client.get(f"{url}1/change/").status_code == 200
    assert admin_client.post(f"{url}1/delete/", {"post": "yes"}).status_code == 403
    assert models.MarketingSetup.objects.count() == 1


def test_number_series_can_be_set_before_the_first_number_is_taken(admin_client: Client) -> None:
    html = admin_client.get("/admin/crm/numberseries/").content.decode()
    assert [code for code in ("CAMPAIGN", "CONTACT", "SEGMENT") if code in html] == [
        "CAMPAIGN",
        "CONTACT",
        "SEGMENT",
    ]


def test_how_many_contacts_have_a_group_is_said(admin_client: Client) -> None:
    group = models.MailingGroup.objects.create(code="GIFT")
    for index in range(3):
        contact = models.Contact.objects.create(name=f"x{index}")
        models.ContactMailingGroup.objects.create(contact=contact, group=group)
    html = admin_client.get("/admin/crm/mailinggroup/").content.decode()
    assert '<td class="field-contacts">3</td>' in html


@pytest.mark.parametrize("name", ["reader_client", "marketer_client", "manager_client"])
def test_others_stay_outside(request: pytest.FixtureRequest, name: str) -> None:
    answer = request.getfixturevalue(name).get("/admin/crm/mailinggroup/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("ticked", ["\t", "x", "", str(2**70)])
def test_rows_ticked_by_nonsense_are_refused(admin_client: Client, ticked: str) -> None:
    """Django admin answered these with an error of the server: found by `make fuzz`."""
    territory = models.Territory.objects.create(code="NORTH")
    for keys, status in (([str(territory.pk), ticked], 400), ([str(territory.pk)], 200)):
        data = {"action": "delete_selected", "_selected_action": keys}
        assert admin_client.post("/admin/crm/territory/", data).status_code == status


@pytest.mark.parametrize("chosen", ["person", "1e9", str(2**63)])
def test_rows_chosen_by_nonsense_are_refused(admin_client: Client, chosen: str) -> None:
    """What is searched for, in a form, in an address, in a row of a form."""
    url = "/admin/crm/salesperson/add/"
    assert admin_client.post(url, {"code": "A", "name": "A", "user": chosen}).status_code == 400
    assert admin_client.get(url, {"user": chosen}).status_code == 400
    assert admin_client.get(url, {"user": ""}).status_code == 200
