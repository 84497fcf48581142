"""Mail by real workers to a real server: what arrives, and what a killed worker leaves behind.

MAILS says how many mails the first test sends, DELIVERIES and KILLS how hard the second one is.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from config.tests.mailing import numbered, segment_of
from config.tests.processes import kill, wait_until, worker, workers
from crm.models import Job, JobState
from interactions.models import InteractionLogEntry
from interactions.tests.postoffice import PostOffice
from segments import log

MAILS = int(os.environ.get("MAILS", "100"))
DELIVERIES = int(os.environ.get("DELIVERIES", "150"))
KILLS = int(os.environ.get("KILLS", "3"))
PATIENCE = 120 + DELIVERIES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Iterator[PostOffice]:
    settings.MEDIA_ROOT = tmp_path / "media"
    office = PostOffice()
    office.start()
    yield office
    office.stop()


def states() -> Counter[str]:
    return Counter(InteractionLogEntry.objects.values_list("delivery", flat=True))


def manner(number: int) -> str:
    """Of ten contacts one each is refused for good, for a while, cut off or left unanswered."""
    begins = {1: "never", 2: "busy", 3: "cut", 4: "mute"}.get(number % 10, "p")
    return f"{begins}{number:06}@x.example"


def test_each_mail_arrives_and_each_entry_ends_in_its_state(
    office: PostOffice, marketer: User
) -> None:
    log.log_segment(segment_of(MAILS, marketer, manner), by=marketer, send=True)
    with workers(2, **office.environment):
        wait_until(lambda: not Job.objects.active().exists(), 120 + MAILS)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    tenth = MAILS // 10
    assert states() == {"delivered": 7 * tenth, "failed": 2 * tenth, "uncertain": tenth}
    arrived = {manner(n) for n in range(1, MAILS + 1) if n % 10 not in (1, 3)}
    assert sorted(office.to) == sorted(arrived)
    for to, mail in zip(office.to, office.mails, strict=True):
        number = to.partition("@")[0][-6:]
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert (mail["To"], mail["Subject"]) == (to, "News of today")
        for body in (text.get_content(), html.get_content()):
            assert f"Dear Person {number}," in body
            assert f"your number is M{number}." in body
    assert len({mail["List-Unsubscribe"] for mail in office.mails}) == len(office.mails)
    entries = InteractionLogEntry.objects.all()
    tries = {
        entry.delivered_to[:4].rstrip("0123456789"): entry.delivery_attempts for entry in entries
    }
    assert tries == {"p": 1, "neve": 1, "busy": 3, "cut": 5, "mute": 1}


def test_killed_workers_lose_no_mail_and_send_none_twice(
    office: PostOffice, marketer: User, capsys: Any
) -> None:
    log.log_segment(segment_of(DELIVERIES, marketer), by=marketer, send=True)
    lots, kills = random.Random(5), 0
    with workers(2, **office.environment) as running:
        for share in range(1, KILLS + 1):
            enough = share * DELIVERIES // (KILLS + 1)
            wait_until(_has_sent(office, enough), PATIENCE)
            victim = lots.randrange(2)
            kill(running[victim])
            running[victim] = worker(**office.environment)
            kills += 1
        wait_until(lambda: not Job.objects.active().exists(), PATIENCE)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    found, sent = states(), Counter(office.to)
    uncertain = set(
        InteractionLogEntry.objects.filter(delivery="uncertain").values_list(
            "delivered_to", flat=True
        )
    )
    with capsys.disabled():
        print(f"\n{DELIVERIES} mails, {kills} kills: {dict(found)}, {len(sent)} arrived")
    assert set(found) <= {"delivered", "uncertain"}
    assert found["delivered"] + found["uncertain"] == DELIVERIES
    assert found["uncertain"] <= kills
    everybody = {numbered(number) for number in range(1, DELIVERIES + 1)}
    assert everybody - set(sent) <= uncertain
    assert [to for to, count in sent.items() if count > 1] == []


def _has_sent(office: PostOffice, count: int) -> Any:
    return lambda: len(office.to) >= count
