"""The guide for an empty installation: what is done, for whom, and the demo's button."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from crm.models import (
    Campaign,
    Contact,
    MarketingSetup,
    NumberSeries,
    Salesperson,
    Salutation,
    SalutationFormula,
)
from interactions.models import InteractionGroup, InteractionTemplate
from segments.models import Segment

pytestmark = pytest.mark.django_db
URL, DEMO = "/set-up/", "/set-up/demo/"
ALL = ["company", "series", "users", "salespeople", "salutations", "contacts", "template"]


def done(client: Client, url: str = URL) -> list[str]:
    """The names of the steps that are ticked."""
    steps = client.get(url).context["guide"]["steps"]
    return [one["step"].name for one in steps if one["done"]]


def test_each_step_is_ticked_when_it_is_there(admin_client: Client) -> None:
    admin = User.objects.get(username="admin")
    assert done(admin_client) == []
    MarketingSetup.objects.create(pk=1, company_name="Us")
    assert done(admin_client) == ["company"]
    for code in NumberSeries.DEFAULTS:
        NumberSeries.objects.create(code=code)
    admin.groups.add(Group.objects.get(name="admin"))  # oneself does not count
    assert done(admin_client) == ["company", "series"]
    User.objects.create_user("aino").groups.add(Group.objects.get(name="marketer"))
    Salesperson.objects.create(code="AK", name="Aino")
    salutation = Salutation.objects.create(code="F")
    assert done(admin_client) == ALL[:4]
    SalutationFormula.objects.create(
        salutation=salutation, language="fi", formal="Hei", informal="Hei"
    )
    Contact.objects.create(name="Somebody")
    group = InteractionGroup.objects.create(code="LETTERS")
    InteractionTemplate.objects.create(code="GIFT", group=group)
    assert done(admin_client) == ALL
    assert "guide" in admin_client.get("/").context
    Segment.objects.create(by=admin)
    assert done(admin_client) == [*ALL, "segment"]
    assert "guide" not in admin_client.get("/").context


def test_every_step_leads_to_its_place(admin_client: Client) -> None:
    steps = admin_client.get(URL).context["guide"]["steps"]
    assert len(steps) == 8
    assert {admin_client.get(one["url"]).status_code for one in steps} == {200}


def test_whoever_cannot_set_up_sees_what_is_done_in_the_site(marketer_client: Client) -> None:
    guide = marketer_client.get("/").context["guide"]
    assert [one["step"].name for one in guide["steps"]] == ["contacts", "template", "segment"]
    assert not guide["may_load"]
    assert marketer_client.get(URL).status_code == 403


def test_the_tables_say_what_they_are_for(admin_client: Client) -> None:
    tables = admin_client.get(URL).context["tables"]
    models = [model for app in tables for model in app["models"]]
    assert len(models) > 15
    assert [model["name"] for model in models if not model["purpose"]] == []


def test_the_demo_is_loaded_once(admin_client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.DEBUG = tmp_path, True
    answer = admin_client.post(DEMO, follow=True)
    assert "The demo is loaded: 300 contacts" in answer.content.decode()
    assert (Contact.objects.count(), Segment.objects.exists()) == (300, True)
    assert User.objects.get(username="marketer").check_password("segmentti")
    again = admin_client.post(DEMO, follow=True)
    assert "There are contacts already" in unescape(again.content.decode())
    assert Contact.objects.count() == 300
    assert "Load the demo" not in admin_client.get(URL).content.decode()


def test_in_production_nobody_signs_in_with_the_password_everybody_knows(
    admin_client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT, settings.DEBUG = tmp_path, False
    admin_client.post(DEMO)
    assert Contact.objects.count() == 300
    made = User.objects.filter(username__in=("reader", "marketer", "manager"))
    assert [user.has_usable_password() for user in made] == [False] * 3


def test_the_demo_goes_into_no_database_in_use(admin_client: Client) -> None:
    Campaign.objects.create(description="Ours")
    assert not admin_client.get(URL).context["guide"]["may_load"]
    answer = admin_client.post(DEMO, follow=True)
    assert "The database is in use" in answer.content.decode()
    assert (Contact.objects.count(), Campaign.objects.count()) == (0, 1)


@pytest.mark.parametrize("name", ["reader_client", "marketer_client", "manager_client"])
def test_others_load_no_demo(request: pytest.FixtureRequest, name: str) -> None:
    assert request.getfixturevalue(name).post(DEMO).status_code == 403
    assert Contact.objects.count() == 0


def test_the_demo_wants_a_post_with_a_token(admin_client: Client) -> None:
    assert admin_client.get(DEMO).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="admin"))
    assert strict.post(DEMO).status_code == 403
    assert Contact.objects.count() == 0
