"""Every address asked by GET: what stands in the database is no markup, files are attachments,
headers hold, and nothing was changed by looking.
"""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from config.tests.addresses import named_addresses
from crm import acting
from crm.models import AuditEntry
from segments.demo import load_demo

pytestmark = pytest.mark.django_db
EVIL = "<b id=zq>&\"'"
OURS = ("crm", "interactions", "segments", "auth")
# What people write, as far as it is no code that something else is looked up by.
WRITTEN = {
    *(
        "name",
        "name_2",
        "first_name",
        "middle_name",
        "surname",
        "job_title",
        "address",
        "address_2",
    ),
    *("city", "territory_name", "description", "subject", "phone", "text", "words", "reason"),
    *("personal_comment", "company_name", "remark", "comment", "item", "bank_account", "error"),
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("frame-ancestors 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'")
SHOWN = ("text/html", "application/json", "text/plain", "image/png")


def mark() -> int:
    """Puts markup into every text that people write; returns into how many columns."""
    columns = 0
    with acting.pruning():
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if _is_written(model, field):
                    model._default_manager.update(**{field.name: EVIL})
                    columns += 1
    return columns


def _is_written(model: type[models.Model], field: Any) -> bool:
    """Whether people write it; the history of changes refuses to be changed, and reads others."""
    if model._meta.app_label not in OURS or model is AuditEntry or field.name not in WRITTEN:
        return False
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not field.unique and not field.choices and (field.max_length or 99) > 20


def snapshot() -> dict[str, str]:
    """A digest of each table that people's work is in."""
    return {
        model._meta.label: _digest(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in OURS
    }


def _digest(rows: Any) -> str:
    said = repr([list(map(_plain, row)) for row in rows])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _plain(value: Any) -> Any:
    """PostgreSQL gives bytes as a view, which says where it lies, not what it says."""
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture
def admin_of_demo(settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    load_demo(contacts=60)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="admin"))
    return client


def fault(answer: Any) -> str:
    """What is wrong with an answer, "" where nothing is."""
    kind = answer.get("Content-Type", "").partition(";")[0]
    missing = [name for name, value in HEADERS.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "").split("; ")
    missing += [rule for rule in POLICY if rule not in policy]
    if missing:
        return f"lacks {missing}"
    if kind and kind not in SHOWN and not answer["Content-Disposition"].startswith("attachment"):
        return f"shows {kind}"
    body = answer.getvalue()
    return "has markup of the database" if kind == "text/html" and b"<b id=zq>" in body else ""


def test_every_answer_is_safe_and_looking_changes_nothing(admin_of_demo: Client) -> None:
    addresses = list(named_addresses())
    admin_of_demo.get("/")
    before = snapshot()
    asked, marked = [], mark()
    assert marked > 20
    marked_state = snapshot()
    assert marked_state != before
    for name, address in addresses:
        answer = admin_of_demo.get(address)
        asked.append((name, answer.status_code, fault(answer)))
    assert [one for one in asked if one[2] or one[1] >= 500] == []
    assert sum(status == 200 for _name, status, _fault in asked) > 100
    after = snapshot()
    assert [label for label in after if after[label] != marked_state[label]] == []


def test_faults_are_found(admin_of_demo: Client) -> None:
    answer = admin_of_demo.get("/campaigns/")
    assert fault(answer) == ""
    answer.content += b"<b id=zq>"
    assert fault(answer) == "has markup of the database"
    del answer["X-Frame-Options"]
    assert fault(answer) == "lacks ['X-Frame-Options']"


@pytest.mark.parametrize("path", ["/nowhere/", "/campaigns/new/", "/contacts/?nonsense=1"])
def test_errors_have_the_headers_too(reader_client: Client, path: str) -> None:
    answer = reader_client.get(path)
    assert answer.status_code in (404, 403, 200)
    assert fault(answer) == ""
