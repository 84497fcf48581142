"""Own or team's contacts and segments: walked over every address, as whoever may not see the rest.

A page that is new and names a contact or a segment is walked, too, or fails here.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from config.tests.sighted import MARK, House, build, secrets
from crm import access, sight
from crm.choices import Sees
from crm.models import Contact, DuplicatePair, Salesperson, Team
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionLogEntry,
    LoggedSegment,
    Task,
)
from segments.models import Segment

pytestmark = pytest.mark.django_db
TABLES: tuple[Any, ...] = (
    *(Contact, DuplicatePair, Segment, LoggedSegment, InteractionLogEntry, Task),
    *(CampaignEntry, CampaignTarget),
)
REFUSED = (403, 404, 405)
# Addresses that name a thing which belongs to all: they may answer, and are searched for secrets.
OF_ALL = {
    "crm:campaign": "campaigns belong to all; their numbers are of what one sees",
    "interactions:statistics": "names what is counted by",
    "interactions:template": "templates belong to all",
    "interactions:language_": "letters of templates belong to all",
    "interactions:document": "letters are named by what is in them",
    "interactions:starter": "a letter to begin with",
    "interactions:unsubscribe": "for whoever has the token of the mail",
    "segments:saved_criteria": "saved criteria belong to all",
}
RESTRICTED = [("marketer", Sees.OWN), ("reader", Sees.OWN), ("marketer", Sees.TEAM)]


@pytest.fixture
def house(db: None, settings: Any, tmp_path: Path) -> House:
    settings.MEDIA_ROOT = tmp_path
    return build()


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def ask(client: Client, method: str, address: str, **data: Any) -> HttpResponseBase:
    """An answer, read to its end; whatever it wrote is taken back."""
    with transaction.atomic():
        answer: Any = getattr(client, method)(address, data)
        answer.content_of_it = answer.getvalue()
        answer.text_of_it = answer.content_of_it.decode(errors="replace")
        transaction.set_rollback(True)
    found: HttpResponseBase = answer
    return found


def unpacked(answer: Any) -> str:
    """The text of a file; of a workbook, that of all its sheets."""
    if not answer.content_of_it.startswith(b"PK"):
        return str(answer.text_of_it)
    with zipfile.ZipFile(io.BytesIO(answer.content_of_it)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


def is_of_all(name: str) -> bool:
    return name.startswith((*OF_ALL, "admin:"))


def names_a_thing(name: str) -> bool:
    """Whether an address has a place that names something."""
    try:
        reverse(name)
    except NoReverseMatch:
        return True
    return False


@pytest.mark.parametrize(("who", "sees"), RESTRICTED)
def test_what_is_somebody_elses_is_not_there(house: House, who: str, sees: str) -> None:
    house.see(sees)
    client = client_of(who)
    walked = [one for one in house.addresses if names_a_thing(one[0]) and not is_of_all(one[0])]
    found = [
        f"{method} {name} {address}: {code}"
        for name, address in walked
        for method in ("get", "post")
        if (code := ask(client, method, address).status_code) not in REFUSED
    ]
    assert found == []
    assert len(walked) > 100
    assert ask(client, "get", f"/contacts/{MARK}former/").status_code == 404


@pytest.mark.parametrize(("who", "sees"), RESTRICTED)
def test_no_page_names_it(house: House, who: str, sees: str) -> None:
    house.see(sees)
    client = client_of(who)
    found: list[str] = []
    shown = 0
    for name, address in (*house.addresses, *SEARCHES):
        answer: Any = ask(client, "get", address)
        shown += answer.status_code == 200
        said = [one for one in secrets(answer.text_of_it) if one not in address]
        found += [f"{name} {address}: {said}"] if said and answer.status_code == 200 else []
    assert found == []
    assert shown > 25


SEARCHES = [
    ("search", f"/search/?q={MARK}"),
    ("crm:choose_contacts", f"/contacts/choose/?q={MARK}"),
    ("crm:contacts", f"/contacts/?search={MARK}&columns=email&columns=salesperson"),
    ("interactions:statistics", "/interactions/statistics/contact/"),
    ("interactions:call", f"/interactions/call/?contact={MARK}C000001"),
    ("interactions:create", f"/interactions/new/?contact={MARK}C000001"),
    ("interactions:task_new", f"/tasks/new/?contact={MARK}C000001"),
]


@pytest.mark.parametrize(("who", "sees"), RESTRICTED)
def test_no_file_has_it(house: House, who: str, sees: str) -> None:
    house.see(sees)
    client = client_of(who)
    written = []
    for name, address in house.addresses:
        for kind in ("csv", "xlsx"):
            answer: Any = ask(client, "post", address, format=kind)
            if answer.status_code == 200 and answer.get("Content-Disposition"):
                assert secrets(unpacked(answer)) == [], name
                written.append(name)
    assert {"crm:contacts", "interactions:entries", "interactions:logged_segments"} <= {*written}
    assert "segments:segments" in written
    mine = ask(client, "post", "/contacts/", format="csv")
    assert ("OWN-1" in mine.text_of_it) == (who == "marketer")  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_whoever_may_see_everything_does(house: House, who: str) -> None:
    house.see(Sees.OWN)
    assert secrets(ask(client_of(who), "get", "/contacts/").text_of_it)  # type: ignore[attr-defined]


def test_without_the_restriction_all_of_it_is_there(house: House) -> None:
    """The walks above could not find anything else."""
    client = client_of("marketer")
    named = {
        name
        for name, address in (*house.addresses, *SEARCHES)
        if secrets(ask(client, "get", address).text_of_it.replace(address, ""))  # type: ignore[attr-defined]
    }
    assert {
        *("home", "search", "crm:contacts", "crm:contact", "crm:duplicates", "crm:choose_contacts"),
        *("interactions:entries", "interactions:logged_segments", "interactions:all_tasks"),
        *("interactions:targets", "interactions:campaign_entries", "interactions:postponed"),
        *("interactions:statistics", "crm:campaign", "segments:segments", "segments:segment"),
    } <= named
    exported: Any = ask(client, "post", "/contacts/", format="csv")
    assert secrets(exported.text_of_it)


def test_ones_own_is_there(house: House) -> None:
    house.see(Sees.OWN)
    client = client_of("marketer")
    for address in (house.contact.get_absolute_url(), house.segment.get_absolute_url()):
        assert ask(client, "get", address).status_code == 200
    listed = [ask(client, "get", one) for one in ("/contacts/", "/segments/", "/")]
    assert "OWN-1" in listed[0].text_of_it  # type: ignore[attr-defined]
    assert all("OWN-S1" in one.text_of_it for one in listed[1:])  # type: ignore[attr-defined]


def test_what_is_handed_over_is_gone_and_one_is_told(house: House) -> None:
    house.see(Sees.OWN)
    client = client_of("marketer")
    theirs = Salesperson.objects.get(code="THEIRS")
    forms = {
        f"{house.segment.get_absolute_url()}header/salesperson/": {"salesperson": theirs.pk},
        f"{house.contact.get_absolute_url()}edit/": {
            "type": "company", "name": "Mine Alone", "number": "OWN-1", "salesperson": theirs.pk
        },
    }  # fmt: skip
    for address, data in forms.items():
        answer = client.post(address, data, follow=True)
        assert answer.redirect_chain == [("/", 302)], answer.content.decode()
        assert "was handed over" in answer.content.decode()
    assert house.contact.get_absolute_url() not in answer.content.decode()
    assert not Contact.objects.filter(number="OWN-1").exclude(salesperson=theirs).exists()


def test_a_teams_is_there_and_what_is_nobodys(house: House) -> None:
    team = Team.objects.create(code="NORTH")
    Salesperson.objects.filter(user__username="marketer").update(team=team)
    other = Salesperson.objects.create(code="MATE", name="A Mate", team=team)
    Contact.objects.create(name="Of a mate", number="MATE-1", salesperson=other)
    Contact.objects.create(name="Of nobody", number="FREE-1")
    client = client_of("marketer")
    for sees, status in ((Sees.TEAM, 200), (Sees.OWN, 404)):
        house.see(sees)
        assert ask(client, "get", "/contacts/MATE-1/").status_code == status
        assert ask(client, "get", "/contacts/FREE-1/").status_code == 200
    reader: Any = ask(client_of("reader"), "get", "/contacts/")
    assert "FREE-1" in reader.text_of_it
    assert "MATE-1" not in reader.text_of_it
    assert "OWN-1" not in reader.text_of_it


@pytest.mark.parametrize("model", TABLES, ids=lambda one: one._meta.model_name)
def test_a_question_is_the_same_as_ever_where_nothing_is_restricted(
    house: House, model: Any
) -> None:
    everything, asked = str(model.whole.all().query), str(model.objects.all().query)
    assert asked == everything
    house.see(Sees.OWN)
    seen = access.sight_of(User.objects.get(username="reader"))
    with sight.through(seen):
        assert str(model.objects.all().query) != everything
        assert model.objects.count() == 0
        assert model.whole.count() > 0
    assert model.objects.count() == model.whole.count()


def test_every_table_that_names_one_is_restricted_or_said_to_hang_on_it() -> None:
    """A new table with a key to a contact or a segment is decided about, here."""
    named = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in (Contact, Segment, LoggedSegment)
    }
    hanging = {model.__name__ for model in named if not issubclass(model, sight.Seen)}
    assert hanging == {
        *("AlternativeAddress", "Consent", "ContactBusinessRelation", "ContactIndustryGroup"),
        *("ContactJobResponsibility", "ContactMailingGroup", "ContactProfileAnswer"),
        *("DuplicateKey", "FormerNumber", "Purchase"),
        *("EntryProof", "PrintPack", "SegmentDocument", "SegmentEditor", "SegmentLine"),
        "SegmentStep",
    }


def test_the_restriction_costs_two_questions_a_page_and_its_absence_none(house: House) -> None:
    client = client_of("marketer")
    counts = {}
    for sees in (Sees.EVERYBODY, Sees.OWN):
        house.see(sees)
        client.get("/contacts/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/contacts/")
        counts[sees] = [one["sql"] for one in asked]
    texts = " ".join(counts[Sees.EVERYBODY])
    assert '"crm_salesperson"."user_id" =' not in texts
    assert len(counts[Sees.OWN]) <= len(counts[Sees.EVERYBODY]) + 1
