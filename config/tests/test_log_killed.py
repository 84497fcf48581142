"""The web server killed in the middle of Log: the segment is as it was, or wholly logged.

LINES says how many lines it has.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.tests.mailing import segment_of
from config.tests.processes import environment, wait_until
from interactions.models import CampaignEntry, InteractionLogEntry, LoggedSegment
from segments.models import Segment, SegmentLine, SegmentStep

LINES = int(os.environ.get("LINES", "1500"))
# When to kill, in parts of the time that a whole Log takes; the first is never finished.
MOMENTS = (0.2, 0.5, 0.8)

pytestmark = pytest.mark.django_db(transaction=True)


class Web:
    """The site in a process of its own, and one request to it."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
             "--timeout", "600", "--log-level", "critical"],
            cwd=site.BASE_DIR,
            env=environment(),
            start_new_session=True,
        )  # fmt: skip
        wait_until(self._answers, 60)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def post(self, path: str, client: Client) -> threading.Thread:
        """Sends a form as this client, without waiting for the answer."""
        token = "a" * 32
        session = client.cookies["sessionid"].value
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=f"csrfmiddlewaretoken={token}&send=on&accept=on&seen=".encode(),
            headers={"Cookie": f"sessionid={session}; csrftoken={token}"},
        )
        thread = threading.Thread(target=self._ask, args=(request,))
        thread.start()
        return thread

    def _ask(self, request: urllib.request.Request) -> None:
        with contextlib.suppress(OSError):  # it was killed
            urllib.request.urlopen(request, timeout=600).close()

    def kill(self) -> None:
        """SIGKILL to the master and its worker at once: the master would start another."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


def standing(number: str) -> dict[str, int]:
    """Everything that Log writes or takes away."""
    return {
        "segments": Segment.objects.filter(number=number).count(),
        "lines": SegmentLine.objects.count(),
        "steps": SegmentStep.objects.count(),
        "logged": LoggedSegment.objects.count(),
        "entries": InteractionLogEntry.objects.count(),
        "campaigns": CampaignEntry.objects.count(),
    }


def test_as_before_or_wholly_logged(
    settings: Any, tmp_path: Path, marketer: User, marketer_client: Client, capsys: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    segment = segment_of(LINES, marketer)
    before = standing(segment.number)
    assert before["lines"] == LINES
    after = dict.fromkeys(before, 0) | {"logged": 1, "entries": LINES}
    found, seconds = [], 1.0 + LINES / 20_000
    for moment in MOMENTS:
        web = Web()
        asked = web.post(reverse("segments:log", args=[segment.number]), marketer_client)
        time.sleep(seconds * moment)
        web.kill()
        asked.join(timeout=60)
        wait_until(_is_one_of(segment.number, before, after), 60)
        found.append(standing(segment.number) == after)
        if found[-1]:
            break
    if not found[-1]:  # and what was broken off can be done
        web = Web()
        web.post(reverse("segments:log", args=[segment.number]), marketer_client).join(timeout=600)
        web.kill()
    assert standing(segment.number) == after
    entries = InteractionLogEntry.objects.values("contact", "position", "delivery").distinct()
    assert entries.count() == LINES
    with capsys.disabled():
        print(f"\n{LINES} lines: logged when killed: {found}")


def _is_one_of(number: str, *allowed: dict[str, int]) -> Any:
    """A killed process leaves its transaction for the database to take back, a moment later."""
    return lambda: standing(number) in allowed
