"""What is older than the set-up says is deleted; what is not, and what is in use, stays."""

import datetime
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import consents, retention
from crm.models import (
    Consent,
    Contact,
    Erasure,
    Job,
    JobFile,
    JobState,
    MarketingSetup,
    Purchase,
)
from interactions import delivery
from interactions.models import InteractionLogEntry, LoggedSegment, PrintPack, Task
from segments import log, worksheet
from segments.integrity import ALL_RULES
from segments.models import Segment
from segments.tests.conftest import everybody

TODAY = timezone.localdate()
LONG_AGO = TODAY - datetime.timedelta(days=800)
NOW = timezone.now()
THEN = NOW - datetime.timedelta(days=800)


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def keep(db: None) -> Callable[..., None]:
    """Says in the set-up what is kept for how many months."""

    def say(**months: Any) -> None:
        MarketingSetup.load()
        MarketingSetup.objects.update(**months)

    return say


def run(*arguments: str) -> dict[str, dict[str, Any]]:
    said = StringIO()
    call_command("retain", *arguments, "--json", stdout=said)
    return {row["code"]: row for row in json.loads(said.getvalue())["rules"]}


@pytest.fixture
def logged(segment: Segment, contact: Any, marketer: User) -> LoggedSegment:
    for name in ("Ann", "Bo"):
        contact(name)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    logged = log.log_segment(segment, by=marketer)
    logged.entries.update(delivery="queued", correspondence_type="hard_copy")
    delivery.make_pack(delivery.Scope(logged=logged.pk), by=marketer, file_format="zip")
    return logged


def test_an_empty_set_up_keeps_everything(logged: LoggedSegment) -> None:
    Contact.objects.update(created_at=THEN)
    InteractionLogEntry.objects.update(date=LONG_AGO, cancelled=True)
    told = run()
    assert {code: row["before"] for code, row in told.items() if code != "job_files"} == {
        "cancelled": None,
        "packs": None,
        "consents": None,
        "inactive": None,
    }
    assert InteractionLogEntry.objects.count() == 2


def test_cancelled_ones(logged: LoggedSegment, keep: Callable[..., None]) -> None:
    keep(keep_cancelled=24)
    ann, bo = logged.entries.order_by("pk")
    InteractionLogEntry.objects.filter(pk=ann.pk).update(date=LONG_AGO, cancelled=True)
    InteractionLogEntry.objects.filter(pk=bo.pk).update(cancelled=True)
    assert run("--dry-run")["cancelled"]["found"] == 1
    assert InteractionLogEntry.objects.count() == 2
    row = run()["cancelled"]
    assert (row["found"], row["deleted"]) == (1, 1)
    assert InteractionLogEntry.objects.get() == bo
    LoggedSegment.objects.update(cancelled=True, logged_at=THEN)
    run()
    assert not LoggedSegment.objects.exists()


def test_files_of_packs_and_jobs(
    logged: LoggedSegment, keep: Callable[..., None], settings: Any
) -> None:
    keep(keep_packs=12)
    settings.JOB_FILE_DAYS = 7
    for ended in (THEN, NOW):
        job = Job.objects.create(kind="x", state=JobState.DONE, ended_at=ended)
        JobFile.objects.create(job=job, name="a", file=ContentFile(b"a", name="a"))
    assert (run()["packs"]["found"], JobFile.objects.count()) == (0, 1)
    PrintPack.objects.update(created_at=THEN)
    assert run()["packs"]["deleted"] == 1
    pack = PrintPack.objects.get()
    assert (pack.file.name, pack.sha256, pack.letters, len(pack.entries)) == ("", "", 2, 2)


def test_consents_that_hold_no_more(contact: Any, keep: Callable[..., None]) -> None:
    keep(keep_consents=12)
    ann = contact("Ann")
    for state in ("consented", "withdrawn"):
        consents.record(ann, "email", state, source="form", date=LONG_AGO)
    consents.record(ann, "post", "opted_out", source="form", date=LONG_AGO)
    assert run()["consents"]["deleted"] == 1
    rows = Consent.objects.order_by("channel").values_list("channel", "state")
    assert list(rows) == [("email", "withdrawn"), ("post", "opted_out")]


@pytest.fixture
def people(
    contact: Any, company: Any, logged: LoggedSegment, segment: Segment, marketer: User
) -> Any:
    """One who is inactive, and one for each reason why somebody is not."""
    names = ("Idle", "New", "Called", "Bought", "Said", "Waits", "Listed")
    made = {name: contact(name, number=name.upper()) for name in names}
    company("Idle Oy")
    Contact.objects.exclude(name="New").update(created_at=THEN)
    template = InteractionLogEntry.objects.earliest("pk").template
    InteractionLogEntry.objects.update(date=TODAY)
    for name, day in (("Called", TODAY), ("Idle", LONG_AGO)):
        InteractionLogEntry.objects.create(
            contact=made[name], date=day, description="x", template=template, group=template.group
        )
    Purchase.objects.create(contact=made["Bought"], item="A", posting_date=TODAY, amount=1)
    consents.record(made["Said"], "email", "consented", source="form")
    Task.objects.create(contact=made["Waits"], description="Call", due=LONG_AGO)
    worksheet.add_contact(Segment.objects.create(number="OPEN"), made["Listed"], by=marketer)
    return made


def test_inactive_persons_are_listed(people: Any, keep: Callable[..., None]) -> None:
    keep(keep_inactive=24)
    row = run("--list")["inactive"]
    assert (row["found"], row["deleted"], row["numbers"]) == (1, 0, ["IDLE"])
    assert not Erasure.objects.exists()


def test_or_erased_where_the_set_up_says_so(people: Any, keep: Callable[..., None]) -> None:
    keep(keep_inactive=24, erase_inactive=True)
    assert run("--dry-run")["inactive"]["found"] == 1
    assert not Erasure.objects.exists()
    assert run()["inactive"]["deleted"] == 1
    assert Contact.objects.get(number="IDLE").name == "(IDLE)"
    assert Erasure.objects.get().reason.startswith("Retention")
    assert run()["inactive"]["found"] == 0
    broken = [rule.code for rule in ALL_RULES if rule.find().count]
    assert broken in ([], ["document_orphans"])


def test_somebody_who_cannot_be_erased_now(people: Any, keep: Callable[..., None]) -> None:
    keep(keep_inactive=24, erase_inactive=True)
    Job.objects.create(
        kind="x", state=JobState.RUNNING, lease_until=NOW + datetime.timedelta(hours=1)
    )
    said = StringIO()
    with pytest.raises(SystemExit) as error:
        call_command("retain", stdout=said, stderr=said)
    assert error.value.code == 1
    assert "1 job is running" in said.getvalue()
    assert not Erasure.objects.exists()


def test_it_counts_by_a_fixed_number_of_statements(contact: Any, keep: Callable[..., None]) -> None:
    keep(keep_cancelled=1, keep_packs=1, keep_consents=1, keep_inactive=1)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(retention.retain(dry_run=True))
        return len(captured)

    contact("Ann")
    before = cost()
    for _n in range(30):
        contact()
    Contact.objects.update(created_at=THEN)
    assert cost() == before
