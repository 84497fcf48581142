"""The page that asks before a person is erased, the command, and what is left to look at."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from crm.merging import merge
from crm.models import Contact, Erasure, Job, JobState, Purchase
from crm.references import MergeRefused
from interactions import delivery
from interactions.models import LoggedSegment, PrintPack
from segments import log, worksheet
from segments.models import Segment
from segments.tests.conftest import everybody


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ann(contact: Any) -> Contact:
    made: Contact = contact("Ann Smithson", email="ann@example.com", phone="040 123 4567")
    return made


@pytest.fixture
def logged(ann: Contact, segment: Segment, marketer: User) -> LoggedSegment:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    logged = log.log_segment(segment, by=marketer)
    logged.entries.update(delivery="queued", correspondence_type="hard_copy")
    delivery.make_pack(delivery.Scope(logged=logged.pk), by=marketer, file_format="zip")
    return logged


def post(client: Client, contact: Contact, **values: str) -> Any:
    data = {"reason": "asked for it", "sure": "on"} | values
    return client.post(f"/contacts/{contact.number}/erase/", data)


def test_it_says_what_goes_and_stays_then_does_it(
    manager_client: Client, logged: LoggedSegment, ann: Contact
) -> None:
    page = manager_client.get(f"/contacts/{ann.number}/erase/?counted=1")
    outlook = page.context["outlook"]
    assert ("Letters", 1) in outlook.goes
    assert ("Files of print packs", 1) in outlook.goes
    assert outlook.stays == [("Interaction log entries", 1)]
    assert "This cannot be undone" in page.content.decode()
    answer = post(manager_client, ann)
    assert answer.status_code == 302
    card = manager_client.get(answer.url).content.decode()
    assert "The person was erased on" in card
    assert "asked for it" in card
    assert "Smithson" not in card
    erasure = Erasure.objects.get()
    assert (erasure.by_name, erasure.counts["Letters"]) == ("manager", 1)


@pytest.mark.parametrize("page", ["erase", "data"])
def test_the_page_comes_before_what_it_asks_of_many_tables(
    manager_client: Client, logged: LoggedSegment, ann: Contact, page: str
) -> None:
    address = f"/contacts/{ann.number}/{page}/"
    first = manager_client.get(address).content.decode()
    assert 'hx-trigger="load"' in first
    assert "Interaction log entries" not in first
    assert "?counted=1" in first
    whole = manager_client.get(address, headers={"X-Counted": "1"}).content.decode()
    assert "nteraction log entr" in whole


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "ann smithson asked"}, "reason"),
        ({"reason": "call 040 123 4567"}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"sure": ""}, "sure"),
    ],
)
def test_bad_input(
    manager_client: Client, ann: Contact, values: dict[str, str], field: str
) -> None:
    answer = post(manager_client, ann, **values)
    assert list(answer.context["form"].errors) == [field]
    assert not Erasure.objects.exists()
    assert Contact.objects.get() == ann


def test_refused(marketer_client: Client, manager_client: Client, ann: Contact) -> None:
    assert post(marketer_client, ann).status_code == 403
    lease = timezone.now() + timezone.timedelta(minutes=1)  # type: ignore[attr-defined]
    Job.objects.create(kind="x", state=JobState.RUNNING, lease_until=lease)
    answer = post(manager_client, ann)
    assert answer.status_code == 409
    assert "1 job is running" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_nothing_can_be_filled_in_again(
    manager_client: Client, logged: LoggedSegment, ann: Contact, contact: Any, tmp_path: Path
) -> None:
    post(manager_client, ann)
    assert manager_client.get(f"/contacts/{ann.number}/edit/").status_code == 404
    answer = manager_client.post(f"/contacts/{ann.number}/consent/", {"channel": "email"})
    assert answer.status_code == 403
    for page in ("addresses/new/", "mailing-groups/add/"):
        answer = manager_client.post(f"/contacts/{ann.number}/{page}", {"group": "1"})
        assert answer.status_code == 404
    file, said = tmp_path / "a.csv", StringIO()
    file.write_text(f"number,name\n{ann.number},Ann Smithson\n")
    call_command("import_contacts", str(file), stdout=said, stderr=said)
    assert "erased" in said.getvalue()
    ann.refresh_from_db()
    assert ann.name == f"({ann.number})"
    with pytest.raises(MergeRefused):
        merge(contact("Bo"), ann, by=User.objects.get(username="manager"))
    page = manager_client.get(f"/contacts/{ann.number}/erase/?counted=1").content.decode()
    assert f"{ann.number} was erased already" in page
    assert "Erase for good" not in page


def test_a_pack_without_its_file_says_so(
    manager_client: Client, logged: LoggedSegment, ann: Contact
) -> None:
    post(manager_client, ann)
    pack = PrintPack.objects.get()
    assert manager_client.get(pack.get_absolute_url()).status_code == 404
    page = manager_client.get(logged.get_absolute_url()).content.decode()
    assert pack.get_absolute_url() not in page
    assert "file deleted" in page
    entry = logged.entries.get()
    assert "Smithson" not in manager_client.get(entry.get_absolute_url()).content.decode()


class TestCommand:
    def run(self, *arguments: str) -> dict[str, Any]:
        said = StringIO()
        call_command("erase_contact", *arguments, "--json", stdout=said)
        told: dict[str, Any] = json.loads(said.getvalue())
        return told

    def test_says_then_erases(self, logged: LoggedSegment, ann: Contact) -> None:
        told = self.run(ann.number, "--reason", "asked")
        assert (told["erased"], told["goes"]["Letters"]) == (False, 1)
        assert not Erasure.objects.exists()
        told = self.run(ann.number, "--reason", "asked", "--yes")
        assert told["digest"] == Erasure.objects.get().digest
        ann.refresh_from_db()
        assert ann.name == f"({ann.number})"

    def test_in_words(self, ann: Contact) -> None:
        Purchase.objects.create(contact=ann, item="A", posting_date="2026-01-01", amount=1)
        said = StringIO()
        call_command("erase_contact", ann.number, "--reason", "asked", "--yes", stdout=said)
        assert said.getvalue().splitlines() == ["= Purchases: 1", f"{ann.number} was erased."]

    @pytest.mark.parametrize(
        ("number", "reason", "code"),
        [("NOBODY", "asked", 2), ("", " ", 2), ("", "Ann Smithson asked", 2)],
    )
    def test_wrong_usage(self, ann: Contact, number: str, reason: str, code: int) -> None:
        with pytest.raises(CommandError) as error:
            call_command("erase_contact", number or ann.number, "--reason", reason, "--yes")
        assert error.value.returncode == code
        assert not Erasure.objects.exists()

    def test_refused_twice(self, logged: LoggedSegment, ann: Contact) -> None:
        self.run(ann.number, "--reason", "asked", "--yes")
        with pytest.raises(CommandError) as error:
            self.run(ann.number, "--reason", "asked", "--yes")
        assert error.value.returncode == 1
