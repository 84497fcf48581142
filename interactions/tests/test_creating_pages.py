"""The page of a single interaction, and what is kept for later: seen, used, refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Campaign, Contact, Salesperson
from interactions.models import InteractionLogEntry, InteractionTemplate
from interactions.starter import docx_of

pytestmark = pytest.mark.django_db
NEW = "/interactions/new/"
Posted = dict[str, Any]


@pytest.fixture
def ann(db: None) -> Contact:
    seller = Salesperson.objects.create(code="AK", name="Aino Kallio")
    return Contact.objects.create(
        number="A1", name="Ann Aho", language="fi", email="ann@example.com", salesperson=seller
    )


@pytest.fixture
def typed(ann: Contact, template: InteractionTemplate) -> Posted:
    """What the page posts when only contact and template were chosen."""
    return {
        "contact": "A1", "template": template.pk, "date": "2026-05-04", "successful": "on",
        "campaign_target": "", "cost": "", "action": "log", "once": "abc",
    }  # fmt: skip


def test_the_page_begins_with_what_the_address_names(
    marketer_client: Client, ann: Contact, template: InteractionTemplate
) -> None:
    Campaign.objects.create(number="SPRING", description="Spring")
    page = marketer_client.get(NEW, {"contact": "A1", "template": "LETTER", "campaign": "SPRING"})
    form = page.context["form"]
    assert form["contact"].value() == "A1"
    assert (form["date"].value(), form["successful"].value()) == (timezone.localdate(), True)
    assert form["time"].value() is not None
    assert form.initial["campaign"].number == "SPRING"
    assert form.initial["salesperson"] == ann.salesperson
    assert ("Salesperson", "Aino Kallio", True) in page.context["says"]
    assert "Tarjous." in page.content.decode()


@pytest.mark.parametrize(
    "query", [{}, {"contact": "NOBODY", "template": "NONE", "campaign": "\x00"}]
)
def test_the_page_opens_whatever_the_address_says(marketer_client: Client, query: Posted) -> None:
    assert marketer_client.get(NEW, query).status_code == 200


def test_it_is_logged_and_leads_to_the_contact(
    marketer_client: Client, ann: Contact, typed: Posted
) -> None:
    answer = marketer_client.post(NEW, typed, follow=True)
    assert answer.redirect_chain[-1][0] == ann.get_absolute_url()
    entry = InteractionLogEntry.objects.get()
    assert (entry.contact, entry.description, entry.subject) == (ann, "Offer letter", "Tarjous")
    assert entry.description in answer.content.decode()


def test_a_second_click_logs_nothing_more(marketer_client: Client, typed: Posted) -> None:
    for _click in range(2):
        assert marketer_client.post(NEW, typed).status_code == 302
    assert InteractionLogEntry.objects.count() == 1
    marketer_client.post(NEW, {**typed, "once": "another"})
    assert InteractionLogEntry.objects.count() == 2


def test_looking_writes_nothing_and_shows_the_letter(
    marketer_client: Client, typed: Posted
) -> None:
    shown = marketer_client.post(
        NEW, {**typed, "action": "look", "personal_comment": "Only <you>", "language": "en"}
    )
    text = shown.content.decode()
    assert "We offer." in text
    assert "Only &lt;you&gt;" in text
    assert not InteractionLogEntry.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contact": ""}, "contact"),
        ({"contact": "NOBODY"}, "contact"),
        ({"template": ""}, "template"),
        ({"template": "99999"}, "template"),
        ({"date": "soon"}, "date"),
        ({"date": ""}, "date"),
        ({"cost": "-1"}, "cost"),
        ({"cost": "999999999999"}, "cost"),
        ({"duration": "99999999999"}, "duration"),
        ({"description": "x" * 101}, "description"),
        ({"language": "tlh"}, "language"),
        ({"campaign": "99999"}, "campaign"),
        ({"personal_comment": "nul \x00"}, "personal_comment"),
        ({"send": "on"}, "correspondence_type"),
    ],
)
def test_wrong_input_is_told_at_its_field_and_kept(
    marketer_client: Client, typed: Posted, change: Posted, field: str
) -> None:
    shown = marketer_client.post(NEW, {**typed, "result": "Kept words", **change})
    assert shown.status_code == 200
    assert list(shown.context["form"].errors) == [field]
    assert "Kept words" in shown.content.decode()
    assert not InteractionLogEntry.objects.exists()


def test_a_blocked_contact_is_refused(marketer_client: Client, ann: Contact, typed: Posted) -> None:
    Contact.objects.update(privacy_blocked=True)
    shown = marketer_client.post(NEW, typed)
    assert list(shown.context["form"].errors) == ["contact"]
    assert not InteractionLogEntry.objects.exists()
    card = marketer_client.get(ann.get_absolute_url()).content.decode()
    assert NEW not in card
    assert "/interactions/call/" not in card


def test_an_own_letter_is_read_before_it_is_taken(marketer_client: Client, typed: Posted) -> None:
    bad = {**typed, "letter": SimpleUploadedFile("x.docx", b"nothing")}
    shown = marketer_client.post(NEW, bad)
    assert list(shown.context["form"].errors) == ["letter"]
    good = {**typed, "letter": SimpleUploadedFile("x.docx", docx_of("Mine"))}
    assert marketer_client.post(NEW, good).status_code == 302
    assert InteractionLogEntry.objects.get().own_document


def test_kept_for_later_resumed_and_finished(
    marketer_client: Client, ann: Contact, typed: Posted
) -> None:
    kept = {**typed, "action": "postpone", "result": "So far", "personal_comment": "Hello"}
    marketer_client.post(NEW, kept)
    entry = InteractionLogEntry.objects.get()
    assert entry.postponed
    resume = reverse("interactions:resume", args=[entry.pk])
    for page in ("/", "/interactions/postponed/", ann.get_absolute_url()):
        assert ("/interactions/postponed/" if page == "/" else resume) in marketer_client.get(
            page
        ).content.decode(), page
    form = marketer_client.get(resume).context["form"]
    shown = {name: form[name].value() for name in ("result", "personal_comment", "language")}
    assert shown == {"result": "So far", "personal_comment": "Hello", "language": ""}
    assert form["cost"].value() is None
    marketer_client.post(resume, {**typed, "once": "later", "result": "Done"})
    entry.refresh_from_db()
    assert (entry.postponed, entry.comments.get().text) == (False, "Done")
    assert marketer_client.get(resume).status_code == 404


def test_discarding_asks_first(marketer_client: Client, typed: Posted) -> None:
    marketer_client.post(NEW, {**typed, "action": "postpone"})
    entry = InteractionLogEntry.objects.get()
    discard = reverse("interactions:discard", args=[entry.pk])
    assert marketer_client.get(discard).status_code == 200
    assert InteractionLogEntry.objects.exists()
    assert marketer_client.post(discard).status_code == 302
    assert not InteractionLogEntry.objects.exists()
    assert marketer_client.post(discard).status_code == 404


def test_what_was_logged_is_neither_resumed_nor_discarded(
    marketer_client: Client, typed: Posted
) -> None:
    marketer_client.post(NEW, typed)
    entry = InteractionLogEntry.objects.get()
    for verb in ("resume", "discard"):
        address = reverse(f"interactions:{verb}", args=[entry.pk])
        assert marketer_client.post(address, typed).status_code == 404
    assert InteractionLogEntry.objects.get().description == entry.description


def test_a_reader_sees_and_changes_nothing(
    reader_client: Client, marketer_client: Client, client: Client, typed: Posted
) -> None:
    marketer_client.post(NEW, {**typed, "action": "postpone"})
    pk = InteractionLogEntry.objects.get().pk
    assert reader_client.get("/interactions/postponed/").status_code == 200
    for address in (NEW, f"/interactions/{pk}/resume/", f"/interactions/{pk}/discard/"):
        assert reader_client.get(address).status_code == 403
        assert reader_client.post(address, typed).status_code == 403
        assert client.get(address).status_code == 302
    assert InteractionLogEntry.objects.filter(postponed=True).count() == 1
