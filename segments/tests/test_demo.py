"""The demo: believable, the same for the same seed, and never over somebody's data."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from crm.models import (
    BLOCKED,
    Campaign,
    Contact,
    ContactMailingGroup,
    NumberSeries,
    Purchase,
    Salesperson,
)
from interactions import documents
from interactions.models import (
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    TemplateLanguage,
)
from interactions.verification import verify_log
from segments.demo import PASSWORD, USERS, DemoRefused, load_demo
from segments.models import Segment, SegmentLine
from segments.tests.conftest import flip_a_byte

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def contacts() -> list[Any]:
    rows = Contact.objects.order_by("number")
    return list(rows.values_list("number", "name", "company__number", "address", "email"))


def links() -> list[Any]:
    groups = ContactMailingGroup.objects.order_by("contact__number", "group__code")
    bought = Purchase.objects.order_by("contact__number", "posting_date", "item", "amount")
    said = InteractionLogEntry.objects.order_by("contact__number", "date", "description")
    return [
        *groups.values_list("contact__number", "group__code"),
        *bought.values_list("contact__number", "posting_date", "item", "amount"),
        *said.values_list("contact__number", "date", "description", "evaluation"),
    ]


def wipe() -> None:
    """Takes the demo away again; codes and users stay."""
    for table in (Segment, InteractionLogEntry, LoggedSegment, InteractionTemplate, Campaign):
        table._default_manager.all().delete()
    Contact.objects.filter(type="person").delete()
    Contact.objects.all().delete()
    NumberSeries.objects.all().delete()


def test_the_company_is_believable() -> None:
    assert load_demo(contacts=600, seed=1, today=DAY) == 600
    everybody = Contact.objects.all()
    assert everybody.count() == 600
    assert everybody.filter(type="company").count() == 132
    for some in (
        everybody.filter(type="person", company=None),
        everybody.filter(email=""),
        everybody.filter(exclude_from_segment=True),
        everybody.filter(BLOCKED),
        everybody.filter(minor=True),
        everybody.filter(address=""),
        *(everybody.filter(language=language) for language in ("fi", "sv", "en", "de", "et")),
        *(everybody.filter(country=country) for country in ("FI", "SE", "EE", "DE", "GB")),
    ):
        assert 0 < some.count() < 600
    contact = everybody.filter(type="person").exclude(company=None)[0]
    stored = bytes(contact.sort_key), contact.search_text
    contact.prepare()
    assert (contact.sort_key, contact.search_text) == stored


def test_the_same_seed_gives_the_same_contacts_and_another_seed_others() -> None:
    load_demo(contacts=200, seed=7, today=DAY)
    first, first_links = contacts(), links()
    wipe()
    load_demo(contacts=200, seed=7, today=DAY)
    assert contacts() == first
    assert links() == first_links
    wipe()
    load_demo(contacts=200, seed=8, today=DAY)
    assert contacts() != first


def test_users_log_in_with_their_role_and_are_salespeople() -> None:
    load_demo(contacts=20, today=DAY)
    for name in USERS:
        typed = {"username": name, "password": PASSWORD}
        assert Client().post("/accounts/login/", typed)["Location"] == "/"
        assert [group.name for group in User.objects.get(username=name).groups.all()] == [name]
    linked = Salesperson.objects.exclude(user=None).values_list("user__username", flat=True)
    assert set(linked) == {"marketer", "manager", "admin"}


def test_letters_segments_and_a_logged_one_with_its_follow_up() -> None:
    load_demo(contacts=600, today=DAY)
    letters = TemplateLanguage.objects.exclude(document=None)
    assert {(one.template.code, one.language) for one in letters} == {
        ("GIFT", "fi"),
        ("GIFT", "en"),
        ("GIFT", "sv"),
        ("INVITATION", "fi"),
        ("INVITATION", "en"),
    }
    assert all(documents.unknown_fields(one.document) == [] for one in letters if one.document)
    logged = LoggedSegment.objects.get()
    assert logged.entry_count == logged.entries.count() > 0
    assert Segment.objects.filter(follows=logged).count() == 1
    for segment in Segment.objects.all():
        assert SegmentLine.objects.present(segment).exists()


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_demo_may_be_tiny(count: int) -> None:
    assert load_demo(contacts=count, today=DAY) == count


def test_it_is_refused_where_contacts_are(settings: Any) -> None:
    settings.DEBUG = True
    mine = Contact.objects.create(name="Mine")
    with pytest.raises(DemoRefused):
        load_demo(contacts=10)
    with pytest.raises(CommandError, match="There are contacts already"):
        call_command("demo")
    call_command("demo", "--if-empty")
    assert list(Contact.objects.all()) == [mine]
    assert not User.objects.exists()


def test_it_is_refused_in_production() -> None:
    with pytest.raises(CommandError, match="DEBUG=true only"):
        call_command("demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("count", ["0", "-5", "many", "1000000"])
def test_a_number_of_contacts_that_makes_no_sense_is_refused(count: str) -> None:
    with pytest.raises(CommandError, match="is not a number from 1 to"):
        call_command("demo", f"--contacts={count}")


def test_the_log_is_as_it_was_and_a_flipped_byte_is_named(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    load_demo(contacts=300, today=DAY)
    for _again in range(2):
        verdict = verify_log()
        assert (verdict.faults, verdict.unsealed) == ([], 0)
        assert verdict.letters > 0
    written = InteractionLogEntry.objects.exclude(logged_segment=None).exclude(document=None)
    document = written.select_related("document")[0].document
    assert document is not None
    flip_a_byte(document)
    (fault,) = verify_log().faults
    assert (fault.code, document.name in fault.sentence) == ("document", True)
