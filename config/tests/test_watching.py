"""What those see who watch an installation: readiness, figures, the program's log."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.test import Client

from crm.models import Job, JobState, WorkerSign
from crm.work import signs

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-tests-only"


def ready(client: Client, query: str = "") -> tuple[int, dict[str, str]]:
    answer = client.get(f"/readyz{query}")
    return answer.status_code, answer.json()


def test_ready_and_a_worker_is_told(client: Client) -> None:
    fine = {"database": "ok", "migrations": "ok"}
    assert ready(client) == (200, fine | {"worker": "none"})
    assert ready(client, "?worker=1")[0] == 503
    signs.give("here:1")
    assert ready(client, "?worker=1") == (200, fine | {"worker": "ok"})
    WorkerSign.objects.update(seen_at=Now() - timedelta(seconds=90))
    assert ready(client)[1]["worker"] == "none"


def test_a_sign_goes_with_its_worker_and_a_dead_ones_with_time(client: Client) -> None:
    signs.give("dead:1")
    WorkerSign.objects.update(seen_at=Now() - timedelta(days=2))
    signs.give("here:1")
    signs.give("here:1")
    assert list(WorkerSign.objects.values_list("name", flat=True)) == ["here:1"]
    signs.take_away("here:1")
    assert not WorkerSign.objects.exists()


def test_a_worker_gives_signs_beside_its_work(transactional_db: None) -> None:
    with signs.SignOfLife("here:2") as _alive:
        for _each in range(200):
            if WorkerSign.objects.filter(name="here:2").exists():
                break
            time.sleep(0.05)
        assert WorkerSign.objects.filter(name="here:2").exists()
    assert not WorkerSign.objects.exists()


def test_not_ready_before_the_migrations(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="segments").delete()
    assert (ready(client)[0], ready(client)[1]["migrations"]) == (503, "missing")


def test_not_ready_without_a_database(client: Client) -> None:
    def refuse(*_query: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        assert ready(client) == (
            503,
            {"database": "unavailable", "migrations": "unknown", "worker": "unknown"},
        )


@pytest.mark.parametrize(
    ("token", "said"),
    [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, f"Bearer {TOKEN}x")],
)
def test_figures_are_closed(admin_client: Client, settings: Any, token: str, said: str) -> None:
    settings.METRICS_TOKEN = token
    assert admin_client.get("/metrics", headers={"Authorization": said}).status_code == 404


def test_figures(
    client: Client, settings: Any, marketer: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    settings.METRICS_TOKEN = TOKEN
    waits = Job.objects.create(kind="x", user=marketer, state=JobState.QUEUED)
    Job.objects.filter(pk=waits.pk).update(created_at=Now() - timedelta(seconds=100))
    Job.objects.create(
        kind="x", user=marketer, state=JobState.RUNNING, lease_until=Now() - timedelta(seconds=9)
    )
    signs.give("here:1")
    client.get("/contacts/C000001/")
    with django_assert_max_num_queries(3):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    text = answer.content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert figures['segmentti_jobs{state="queued"}'] == "1.0"
    assert 99 < float(figures["segmentti_jobs_oldest_queued_seconds"]) < 130
    assert figures["segmentti_jobs_leases_expired"] == "1.0"
    assert figures["segmentti_workers"] == "1.0"
    counted = 'segmentti_request_seconds_count{method="GET",page="crm:contact",status="3xx"}'
    assert float(figures[counted]) >= 1
    assert "C000001" not in text


def test_every_answer_brings_its_request(client: Client, settings: Any) -> None:
    asked = {"X-Request-ID": "from-a-proxy-1"}
    own = client.get("/healthz", headers=asked)["X-Request-ID"]
    assert own != "from-a-proxy-1"
    settings.PROXIES = 1
    assert client.get("/healthz", headers=asked)["X-Request-ID"] == "from-a-proxy-1"
    wrong = client.get("/healthz", headers={"X-Request-ID": "a b\nc"})["X-Request-ID"]
    assert len(wrong) == 32


def test_the_log_is_json_where_that_is_wished() -> None:
    code = (
        "import django, logging; django.setup()\n"
        "from django.test import Client\n"
        "Client(SERVER_NAME='localhost').get('/theme/')\n"
        "logging.getLogger('x').warning('hello')"
    )
    environment = os.environ | {
        "LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=configured.BASE_DIR,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    [request] = [line for line in lines if line["logger"] == "config.requests"]
    assert (request["page"], request["method"], request["status"]) == ("theme", "GET", 405)
    assert len(request["request_id"]) == 32
    assert (lines[-1]["message"], lines[-1]["level"]) == ("hello", "WARNING")
