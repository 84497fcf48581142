"""A file is sent while the storage is away: told at its field, what was typed kept, nothing stored.

Also of tables in admin, where no form of ours takes the file.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.urls import path, reverse

from config.tests.bucket import NAME, Bucket
from config.tests.test_object_storage import AWAY, client_of, letter
from config.urls import urlpatterns as house_urls
from crm.importing.plan import ANY, LEAVE
from crm.models import Contact, ContactImport, Job, JobFile
from interactions.models import InteractionTemplate, TemplateLanguage
from segments.models import Segment

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN = "Then choose the file again: only what you typed could be kept."
ERRORS = re.compile(r'<div class="field-errors">(.*?)</div>', re.S)
APPS = ("crm", "interactions", "segments")
DOUBTFUL = "Dear {{ Contact_Nmae }}"

site = admin.AdminSite(name="tables")
site.register(JobFile)
urlpatterns = [*house_urls, path("tables/", site.urls)]


class Upload(NamedTuple):
    """A form that takes a file: who sends what, where."""

    who: str
    url: str
    typed: dict[str, str]
    field: str = "letter"


def template() -> InteractionTemplate:
    found = InteractionTemplate.objects.filter(languages__document__isnull=False)
    return found.earliest("pk")


def new_language() -> Upload:
    template().languages.filter(language="sv").delete()
    typed = {"language": "sv", "subject": "Hej du", "accept_unknown": "on"}
    return Upload("manager", f"/templates/{template().code}/languages/new/", typed)


def another_letter() -> Upload:
    row = TemplateLanguage.objects.filter(document__isnull=False).earliest("pk")
    url = f"/templates/{row.template.code}/languages/{row.language}/"
    return Upload("manager", url, {"subject": "Another", "accept_unknown": "on"})


def letter_of_a_segment() -> Upload:
    url = reverse("segments:letters", args=[Segment.objects.earliest("pk").number])
    return Upload("marketer", url, {"language": "sv", "accept_fields": "on"})


def letter_of_a_line() -> Upload:
    segment = Segment.objects.filter(template=template()).earliest("pk")
    line = segment.lines.earliest("pk")
    url = reverse("segments:line_letter", args=[line.segment.number, line.pk])
    return Upload("marketer", url, {"accept_fields": "on"})


def interaction() -> Upload:
    contact = Contact.objects.filter(salesperson__isnull=False, privacy_blocked=False, minor=False)
    contact = contact.filter(email__contains="@")
    typed = {
        "contact": contact.earliest("pk").number,
        "template": str(template().pk),
        "description": "About roses",
        "date": "2026-02-01",
        "personal_comment": "As typed",
        "send": "on",
    }
    return Upload("marketer", "/interactions/new/", typed)


def interaction_for_later() -> Upload:
    upload = interaction()
    return upload._replace(typed=upload.typed | {"action": "postpone"})


def contacts() -> Upload:
    return Upload("manager", reverse("crm:import_contacts"), {"encoding": "cp1252"}, "file")


UPLOADS = (
    new_language,
    another_letter,
    letter_of_a_segment,
    letter_of_a_line,
    interaction,
    interaction_for_later,
    contacts,
)


def sent(upload: Upload) -> dict[str, Any]:
    """What the browser sends; the file is a new one each time, as whoever reads it ends it."""
    rows = ContentFile("name;city\nÄnn;Åbo\n".encode("cp1252"), name="rows.csv")
    return upload.typed | {upload.field: rows if upload.field == "file" else letter(DOUBTFUL)}


def everything() -> dict[str, list[Any]]:
    """All rows of all our tables."""
    ours = (model for app in APPS for model in apps.get_app_config(app).get_models())
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in ours
    }


def left_in(html: str, field: str) -> dict[str, Any]:
    """What the browser would send again, but for the file."""
    (form,) = lxml.html.fromstring(html).xpath(f"//form[.//input[@name='{field}']]")
    return {name: value.strip() for name, value in form.form_values()}


@pytest.mark.parametrize("upload_of", UPLOADS)
def test_it_is_told_at_the_field(house: Bucket, upload_of: Callable[[], Upload]) -> None:
    upload = upload_of()
    client = client_of(upload.who)
    rows, names = everything(), house.names()
    house.stop()
    answer = client.post(upload.url, sent(upload))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert [(AWAY in one, AGAIN in one) for one in ERRORS.findall(html)] == [(True, True)]
    typed = {name: one for name, one in upload.typed.items() if name != "action"}
    assert typed.items() <= left_in(html, upload.field).items()
    house.start()
    assert (everything(), house.names()) == (rows, names)
    # The same form is right as soon as the storage answers.
    answer = client.post(upload.url, sent(upload))
    assert answer.status_code == 302, ERRORS.findall(answer.content.decode())
    assert everything() != rows
    assert len(house.names() - names) == 1


def test_a_storage_that_reads_but_does_not_write(house: Bucket) -> None:
    upload = letter_of_a_line()
    for name in house.names():
        house.client.delete_object(Bucket=NAME, Key=name)
    house.client.delete_bucket(Bucket=NAME)
    rows = everything()
    answer = client_of(upload.who).post(upload.url, sent(upload))
    assert (answer.status_code, ERRORS.findall(answer.content.decode())[0].count(AWAY)) == (200, 1)
    assert everything() == rows


def test_nobody_waits_for_it_twice(house: Bucket, caplog: pytest.LogCaptureFixture) -> None:
    """The page of a line shows the letter that it has, too."""
    upload = letter_of_a_line()
    house.stop()
    answer = client_of(upload.who).post(upload.url, sent(upload))
    assert answer.context["document"] is not None
    assert answer.context["letter_error"] == AWAY
    failed = [one for one in caplog.records if one.name == "crm.storage"]
    assert len(failed) == 1


def test_a_page_that_only_shows_the_letter_does_without(house: Bucket) -> None:
    upload = interaction()
    house.stop()
    answer = client_of(upload.who).post(upload.url, upload.typed | {"action": "look"})
    assert (answer.status_code, answer.context["letter_error"]) == (200, AWAY)


def test_where_nothing_is_sent_nothing_is_told_at_a_field(house: Bucket) -> None:
    """And where the page cannot be made without the storage, whatever is sent."""
    upload = contacts()
    client = client_of(upload.who)
    assert client.post(upload.url, sent(upload)).status_code == 302
    url = reverse("crm:import_map", args=[ContactImport.objects.get().pk])
    house.stop()
    typed = {"column_0": "name", "identify": ANY, "empty": LEAVE}
    for more in ({}, {"letter": letter("Dear you")}):
        answer = client.post(url, typed | more)
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Go back in the browser" in answer.content.decode()


@pytest.mark.urls("config.tests.test_storage_away")
def test_a_table_in_admin(house: Bucket) -> None:
    User.objects.create_superuser("root")
    job = Job.objects.create(kind="x")
    typed = {"job": str(job.pk), "name": "As typed", "size": "0"}
    client, names = client_of("root"), house.names()
    house.stop()
    answer = client.post("/tables/crm/jobfile/add/", typed | {"file": letter("Dear you")})
    assert answer.status_code == 200
    assert answer.context["errors"] == [[AWAY, AGAIN]]
    assert typed.items() <= left_in(answer.content.decode(), "file").items()
    assert not JobFile.objects.exists()
    house.start()
    answer = client.post("/tables/crm/jobfile/add/", typed | {"file": letter("Dear you")})
    assert answer.status_code == 302
    assert house.names() - names == {JobFile.objects.get().file.name}
