"""Every list of the URL table is exported with the columns it shows, by whoever may see it."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse

from config.tests.addresses import Samples
from config.tests.matrix import MATRIX, READER
from crm.models import Contact
from crm.pages import ListPage
from segments.demo import load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def export(client: Client, address: str, kind: str = "csv") -> Any:
    return client.post(address, {"format": kind})


def table(answer: Any) -> list[list[str]]:
    """An exported CSV as rows."""
    assert answer.status_code == 200, answer.get("Location")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def lists(resolver: Any = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """The name and the pattern of every list page of the URL table."""
    patterns: list[Any] = (resolver or get_resolver()).url_patterns
    for one in patterns:
        if hasattr(one, "url_patterns"):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from lists(one, inner)
        elif issubclass(getattr(one.callback, "view_class", object), ListPage):
            yield f"{space}{one.name}", one


def heads(html: str) -> list[str]:
    """The heads of a list's columns, but for ticks and verbs."""
    found = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", html, re.DOTALL)
    hidden = re.compile(r"<span class=\"visually-hidden\">.*?</span>|<[^>]*>", re.DOTALL)
    return [text for one in found if (text := unescape(hidden.sub("", one)).strip())]


def test_every_list_is_exported_with_the_columns_it_shows() -> None:
    """Walked from the URL table, so a new list is exported, too, or fails here."""
    load_demo(contacts=60)
    samples = Samples()
    client = Client()
    client.force_login(User.objects.get(username="admin"))
    walked, empty = [], []
    for name, pattern in lists():
        places = {place: samples.of(name, place) for place in pattern.pattern.converters}
        address = reverse(name, kwargs=places)
        page = client.get(address)
        shown = heads(page.content.decode())
        rows = table(export(client, address))
        assert [head for head in rows[0] if head in shown] == shown, name
        assert len(rows) - 1 == page.context["paginator"].count, name
        assert all(len(row) == len(rows[0]) for row in rows), name
        book = openpyxl.load_workbook(io.BytesIO(export(client, address, "xlsx").getvalue()))
        assert book.active is not None
        assert book.active.max_row == max(len(rows), 1), name
        walked.append(name)
        empty += [name] if len(rows) == 1 else []
    assert len(walked) >= 14
    assert empty == []


def test_who_may_see_a_list_may_take_it_along(client: Client, reader_client: Client) -> None:
    contact = Contact.objects.create(name="Anna")
    nobody = Client()
    nobody.force_login(User.objects.create_user("nobody"))
    for name, pattern in lists():
        if name == "crm:jobs":  # everybody has jobs, and sees his own
            continue
        places = dict.fromkeys(pattern.pattern.converters, "template")
        if name == "crm:record_history":
            places = {"kind": "crm.contact", "pk": str(contact.pk)}
        address = reverse(name, kwargs=places)
        assert export(nobody, address).status_code == 403, name
        assert export(client, address)["Location"].startswith("/accounts/login/"), name
        may = MATRIX[name][1] == READER
        assert export(reader_client, address).status_code == (200 if may else 403), name
