"""What people type is never part of a statement, a page, a pattern's trouble, or a way out."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.fuzz import watch
from config.fuzz.pages import Fields
from config.fuzz.watch import time_limit
from config.tests.addresses import Samples, get_resolver, names
from segments.demo import load_demo

OURS = ("crm", "interactions", "segments", "config")
MARK = "zq'\"--%s\\"
IN_SQL = "zq'"


@contextmanager
def watched(found: list[str]) -> Iterator[None]:
    """Notes every statement that holds the mark in itself, not among its parameters."""

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if IN_SQL in str(sql):
            found.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def asked_by_get() -> Iterator[tuple[str, str]]:
    """Every page that is asked by GET, with its address."""
    samples = Samples()
    for name, places in names(get_resolver().url_patterns):
        if name != "logout" and not name.startswith("admin:"):
            yield name, reverse(name, kwargs={place: samples.of(name, place) for place in places})


@pytest.mark.django_db
def test_nothing_that_is_asked_is_part_of_a_statement(settings: Any, tmp_path: Path) -> None:
    """Each field that a page of an app has, and its sorting, with what ends a text in SQL."""
    settings.MEDIA_ROOT = tmp_path
    load_demo(contacts=60)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="admin"))
    found: list[str] = []
    asked: set[str] = set()
    for name, address in list(asked_by_get()):
        page = client.get(address)
        page.getvalue()
        if not page.get("Content-Type", "").startswith("text/html") or page.status_code != 200:
            continue
        fields = Fields()
        fields.feed(page.content.decode())
        its = {f"{name.partition(':')[0]}:{field}" for field in {*fields.known, "sort", "columns"}}
        with watched(found):
            for field in sorted(its - asked):
                answer = client.get(address, {field.partition(":")[2]: MARK})
                answer.getvalue()
                assert answer.status_code < 500, f"{name} {field}"
        asked |= {one for one in its if not one.endswith((":sort", ":columns"))}
    assert found == []
    assert len(asked) > 200


@pytest.mark.django_db
def test_the_watch_finds_it() -> None:
    found: list[str] = []
    with watched(found), connection.cursor() as cursor:
        cursor.execute("SELECT 'zq''x'")
    assert found == ["SELECT 'zq''x'"]


def patterns() -> Iterator[tuple[str, str | bytes]]:
    """Every pattern that stands in our code, with its file and line."""
    for app in OURS:
        for file in sorted((configured.BASE_DIR / app).rglob("*.py")):
            if "tests" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and _takes_pattern(node.func) and node.args:
                    (first, *_rest) = node.args
                    if isinstance(first, ast.Constant):
                        place = f"{file.relative_to(configured.BASE_DIR)}:{node.lineno}"
                        yield place, first.value  # type: ignore[misc]


def _takes_pattern(called: ast.expr) -> bool:
    """`re.something(...)`, or a validator made of a pattern."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.value.id == "re"
    return isinstance(called, ast.Name) and called.id in ("Regexp", "RegexValidator")


# What makes a pattern try and try: long runs, and what it nearly wants at their end.
PIECES = (*'a1 -._{«(\\"<,', "a ", "1.", "a,", "{a", '\\"')


@pytest.mark.parametrize(("place", "pattern"), list(patterns()))
def test_no_pattern_takes_long(place: str, pattern: Any) -> None:
    compiled = re.compile(pattern)
    for piece in PIECES:
        for end in ("", "!", "\n", "»"):
            text: Any = piece * 3000 + end
            if isinstance(pattern, bytes):
                text = text.encode()
            with time_limit():
                compiled.search(text)
                compiled.fullmatch(text)


def test_there_are_patterns_to_try_and_a_slow_one_is_found(monkeypatch: Any) -> None:
    assert len(list(patterns())) > 10
    monkeypatch.setattr(watch, "SECONDS", 0.3)
    with pytest.raises(watch.TooSlow), time_limit():
        re.search("(a+)+b", "a" * 100)


# Modules that go out into the world, and the files that may use them.
WAYS_OUT = {
    "urllib.request": set(),
    "http.client": set(),
    "ftplib": set(),
    "requests": set(),
    "httpx": set(),
    "aiohttp": set(),
    "urllib3": set(),
    "imaplib": set(),
    "poplib": set(),
    "telnetlib": set(),
    "xmlrpc.client": set(),
    "socket": {"crm/work/running.py"},  # this machine's name
    "smtplib": {"interactions/delivery/smtp.py"},  # the mail server of the settings
}


def imported(source: str) -> set[str]:
    """The modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_of_ours_asks_another_server() -> None:
    """No address that somebody typed is ever fetched: there is nothing that could."""
    used: dict[str, set[str]] = {name: set() for name in WAYS_OUT}
    for app in ("crm", "interactions", "segments"):
        for file in (configured.BASE_DIR / app).rglob("*.py"):
            if "tests" not in file.parts:
                for name in imported(file.read_text()) & set(WAYS_OUT):
                    used[name].add(str(file.relative_to(configured.BASE_DIR)))
    assert used == WAYS_OUT


def test_ways_out_are_found() -> None:
    assert imported("from urllib import request") >= {"urllib.request"}
    assert imported("def f():\n    import socket") == {"socket"}
