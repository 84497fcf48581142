"""Every table of Django admin: its pages open and are searched, and cost the same for many rows."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import erasures
from crm import models as crm
from interactions import models as log
from segments.models import SavedCriteria, Segment

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 12
# Tables that may grow to thousands of rows: a select with all of them would be no choice at all.
LARGE = (crm.Contact, crm.Campaign, User, log.Document, log.LoggedSegment, crm.Salesperson)


def coded(model: Any) -> Callable[[int], Any]:
    return lambda n: model.objects.create(code=f"X{n}", description=f"Row {n}")


def entry(n: int) -> Any:
    campaign = crm.Campaign.objects.create(description=f"Push {n}")
    return log.CampaignEntry.objects.create(
        campaign=campaign, description="x", date=datetime.date(2026, 3, 2)
    )


def salutation(n: int) -> Any:
    made = crm.Salutation.objects.create(code=f"X{n}")
    crm.SalutationFormula.objects.create(salutation=made, language="fi", formal="A", informal="B")
    return made


def question(n: int) -> Any:
    asked = crm.ProfileQuestionnaire.objects.get_or_create(code="Q")[0]
    made = crm.ProfileQuestion.objects.create(questionnaire=asked, text=f"Row {n}?", position=n)
    crm.ProfileAnswer.objects.create(question=made, code=f"X{n}", text="Yes")
    return made


def user(n: int) -> Any:
    made = User.objects.create(username=f"user{n}")
    made.groups.add(Group.objects.get(name="reader"))
    crm.Salesperson.objects.create(code=f"U{n}", name=f"Seller {n}", user=made)
    return made


def template(n: int) -> Any:
    group = log.InteractionGroup.objects.create(code=f"G{n}")
    made = log.InteractionTemplate.objects.create(code=f"X{n}", group=group)
    log.TemplateLanguage.objects.create(template=made, language="fi", subject="Hei")
    return made


def series(n: int) -> Any:
    return crm.NumberSeries.objects.get_or_create(code=list(crm.NumberSeries.DEFAULTS)[n % 3])[0]


MAKERS: dict[str, Callable[[int], Any]] = {
    "auth.user": user,
    "auth.group": lambda n: Group.objects.create(name=f"Row {n}"),
    "crm.marketingsetup": lambda n: crm.MarketingSetup.load(),
    "crm.numberseries": series,
    "crm.salutation": salutation,
    "crm.profilequestion": question,
    "crm.salesperson": lambda n: crm.Salesperson.objects.create(code=f"X{n}", name=f"Row {n}"),
    "crm.erasure": lambda n: erasures.begin([f"X{n}"], by=None, reason="asked for it"),
    "interactions.interactiontemplate": template,
    "interactions.campaignentry": entry,
    "interactions.loggedsegment": lambda n: log.LoggedSegment.objects.create(
        segment_number=f"X{n}", description="Row"
    ),
    "segments.segment": lambda n: Segment.objects.create(description=f"Row {n}"),
    "segments.savedcriteria": lambda n: SavedCriteria.objects.create(code=f"X{n}", steps=[]),
}
OURS = [model for model in admin.site._registry if model._meta.app_label != "django_tasks_database"]


def make(model: type[Model], start: int, count: int) -> list[Any]:
    maker = MAKERS.get(model._meta.label_lower) or coded(model)
    return [maker(n) for n in range(start, start + count)]


def statements(client: Client, url: str, status: tuple[int, ...] = (200,)) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code in status, url
    return len(asked)


def page(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_its_pages_open_and_cost_the_same_for_many_rows(
    admin_client: Client, model: type[Model]
) -> None:
    first = make(model, 1, FEW)[0]
    urls = [page(model, "changelist"), page(model, "changelist") + "?q=row"]
    urls += [page(model, "change", first.pk), page(model, "history", first.pk)]
    may_add = admin.site._registry[model].has_add_permission(request_of(admin_client))
    assert admin_client.get(page(model, "add")).status_code == (200 if may_add else 403)
    few = [[statements(admin_client, url) for url in urls] for _once_to_warm in range(2)][1]
    make(model, FEW + 1, MANY)
    assert [statements(admin_client, url) for url in urls] == few
    assert max(few) <= 20


def request_of(client: Client) -> Any:
    return client.get("/admin/").wsgi_request


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_it_says_what_it_lists_and_is_searched(model: type[Model]) -> None:
    its = admin.site._registry[model]
    assert tuple(its.list_display) != ("__str__",)
    assert its.search_fields
    assert its.ordering or model._meta.ordering


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_what_may_be_many_is_searched_for_rather_than_listed(
    admin_client: Client, model: type[Model]
) -> None:
    its = admin.site._registry[model]
    request = request_of(admin_client)
    if not its.has_change_permission(request):
        return  # nothing is chosen on a page that is only read
    for form_of in [its, *its.get_inline_instances(request)]:
        searched = {*form_of.autocomplete_fields, *form_of.raw_id_fields, *form_of.readonly_fields}
        large = {
            field.name
            for field in form_of.model._meta.get_fields()
            if isinstance(field, ForeignKey)
            and field.editable
            and field.related_model in LARGE
            and field.name != getattr(form_of, "fk_name", None)
        }
        assert large - searched == set(), form_of


def test_the_queue_of_somebody_elses_making_speaks_finnish_too(admin_client: Client) -> None:
    admin_client.cookies["django_language"] = "fi"
    text = admin_client.get("/admin/").content.decode()
    assert "Pitkien töiden jono" in text
    assert "Jonon työt" in text
    assert "Task Result" not in text


def test_roles_say_what_they_may(admin_client: Client) -> None:
    text = admin_client.get("/admin/auth/group/").content.decode()
    assert "Sees everything, changes nothing." in text
    assert "Everything: the set-up tables, and users with their roles." in text


def act(client: Client, action: str, *users: User, **more: str) -> Any:
    data = {"action": action, "_selected_action": [user.pk for user in users], **more}
    return client.post("/admin/auth/user/", data, follow=True)


def test_keeping_people_out_is_asked_about_and_keeps_nobody_else(
    admin_client: Client, reader: User, marketer: User
) -> None:
    me = User.objects.get(username="admin")
    asked = act(admin_client, "keep_out", reader, me).content.decode()
    assert ("<li>reader</li>" in asked, "<li>admin</li>" in asked) == (True, False)
    assert User.objects.filter(is_active=False).count() == 0
    done = act(admin_client, "keep_out", reader, me, confirmed="yes")
    assert "1 user was changed." in done.content.decode()
    assert list(User.objects.filter(is_active=False)) == [reader]
    act(admin_client, "let_in", reader, confirmed="yes")
    assert User.objects.filter(is_active=False).count() == 0


def test_whoever_is_no_superuser_makes_and_changes_none(admin_client: Client) -> None:
    boss = User.objects.get(username="admin")
    helper = User.objects.create_user("helper", password="secret", is_staff=True)
    helper.groups.add(Group.objects.get(name="admin"))
    client = Client()
    client.force_login(helper)
    assert client.get(f"/admin/auth/user/{helper.pk}/change/").status_code == 200
    data = {"username": "helper", "is_superuser": "on", "is_active": "on", "is_staff": "on"}
    client.post(f"/admin/auth/user/{helper.pk}/change/", data)
    helper.refresh_from_db()
    assert helper.is_superuser is False
    answer = client.post(f"/admin/auth/user/{boss.pk}/password/", {"password1": "x"})
    assert answer.status_code == 403
    assert client.post(f"/admin/auth/user/{boss.pk}/delete/", {"post": "yes"}).status_code == 403
    act(client, "keep_out", boss, confirmed="yes")
    boss.refresh_from_db()
    assert boss.is_active
