"""A little of `make bench-load` and `make soak`: they run, find nothing, and would find it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from config.load import bench, holding, soak, telling
from config.tests.mailing import segment_of
from config.tests.processes import environment
from crm import work
from crm.models import Contact, Job
from interactions.delivery.unsubscribe import unsubscribe_url
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine, SegmentStep

pytestmark = pytest.mark.django_db(transaction=True)
BRISK = (0.01, 0.05)


@pytest.fixture(autouse=True)
def _own_world(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.SITE_URL = tmp_path / "media", "https://crm.example"


@pytest.mark.django_db(transaction=True, reset_sequences=True)  # the data names its own keys
def test_marketers_at_work(capsys: Any) -> None:
    found = bench.run(300, 3, 1, environment(), pace=BRISK, brisk=BRISK)
    told: telling.Told = found["told"]
    assert bench.report(found) == 0, capsys.readouterr().out
    kinds = {one.of for one in told.rows(bench.ALONE, "kind")}
    assert kinds >= {"read", "preview", "operation", "edit", "log", "empty view"}
    assert found["memory"].keys() == {"web process", "worker"}
    assert [one["requests"] for one in found["beside"] if "itself" in one["of"]] == [1, 1]


def test_all_at_once_and_some_killed(capsys: Any) -> None:
    found = soak.run(
        3, 3, 300, environment(PATH=""), pace=BRISK, every=(1.0, 2.0), most=4, workers=2
    )
    assert soak.report(found) == 0, capsys.readouterr().out
    assert found["workers killed"] >= 1
    assert found["logged"] >= 1
    assert found["imported"] >= 1
    assert Job.objects.exists()


def test_what_does_not_hold_is_found(marketer: User, tmp_path: Path) -> None:
    segment = segment_of(3, marketer)
    left = Segment.objects.create(description="Left", by=marketer)
    worksheet.add_contacts(left, Criteria({}), by=marketer, confirm_all=True)
    SegmentLine.objects.filter(segment=left).update(contact=Contact.objects.earliest("pk"))
    logged = log.log_segment(segment, by=marketer, send=True)
    entry, other, _third = logged.entries.order_by("pk")
    mails = [unsubscribe_url(entry), unsubscribe_url(entry)]
    logged.entries.filter(pk=other.pk).update(delivery="delivered", subject="Altered")
    number, told = logged.segment_number, tmp_path / "told"
    said = [("made", number), ("made", number), ("made", "SM9"), ("imported", "x=2")]
    said += [("logged", f"{number}=4"), ("logged", "SM8=1")]
    lines = (json.dumps({"told": what, "value": value}) for what, value in said)
    told.write_text("\n".join(lines))
    job = work.start("export.list", user=marketer, path="/contacts/", query="", format="csv")
    SegmentStep.objects.filter(segment=left).update(added=7)
    faults = "\n".join(holding.faults(telling.Told(told), mails))
    for wrong in (
        "check_integrity: step_counts: 1",
        "verify_log: ",
        f"{job} is queued",
        f"{left.number}: 1 contacts stand on it twice",
        f"{number}: 3 were logged, 3 are there, 4 were told",
        "SM8 was logged and is not there",
        f"{number} was given 2 times",
        "SM9 was made and is not there",
        "import x: {'rows': 0, 'names': 0} of 2",
        f"({entry.contact_id}, '{number}') arrived 2 times",
        f"({entry.contact_id}, '{number}') arrived and is queued",
        f"({other.contact_id}, '{number}') is said to be delivered and did not arrive",
    ):
        assert wrong in faults
