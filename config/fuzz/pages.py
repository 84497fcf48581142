"""Requests with rubbish: every address of the URL table, every method, everybody.

What a page's forms ask for is read off the page, so that most of what is sent is nearly right.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.fuzz.parsers import letter
from config.fuzz.rubbish import Rubbish
from config.fuzz.watch import Findings, TooSlow, time_limit
from config.tests.addresses import Samples, get_resolver, names

ROLES = ("anyone", "reader", "marketer", "manager", "admin")
ASKING = (*ROLES, *ROLES[1:], *ROLES[2:])  # who may more asks more
METHODS = ("get",) * 9 + ("post",) * 9 + ("head", "put", "patch", "delete", "options")
GONE = ("logout",)


class Fields(HTMLParser):
    """The names of a page's form fields, and the values that stand in them or may be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = {key: value or "" for key, value in attrs}
        name = said.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            self.known.setdefault(self._select, []).append(said.get("value", ""))
        elif tag in ("input", "textarea", "select", "button") and name:
            self.known.setdefault(name, []).append(said.get("value", ""))
            if said.get("type") == "file":
                self.files.add(name)


@dataclass
class Place:
    """One address of the URL table: its name, what stands in its places, and its fields."""

    name: str
    kwargs: dict[str, Any]
    fields: Fields = field(default_factory=Fields)


def places() -> Iterator[Place]:
    """Every address there is, Django admin's own included, with samples in it."""
    samples = Samples()
    for name, inner in names(get_resolver().url_patterns):
        if name in GONE or name.endswith(("jsi18n", "app_list", "view_on_site")):
            continue
        yield Place(name, {one: _sample(samples, name, one) for one in inner})


def _sample(samples: Samples, name: str, place: str) -> Any:
    try:
        return samples.of(name, place)
    except KeyError:
        return "1"  # of Django admin


class Pages:
    """Everybody, logged in, and all places with their fields."""

    def __init__(self, *, read: bool = True, raising: bool = False) -> None:
        self.clients = {role: Client(raise_request_exception=raising) for role in ROLES}
        for role in ROLES[1:]:
            self.clients[role].force_login(User.objects.get(username=role))
        self.asked = ""
        self.places = list(places())
        for place in self.places if read else ():
            self._read_fields(place)

    def _read_fields(self, place: Place) -> None:
        try:
            with transaction.atomic():
                page = self.clients["admin"].get(reverse(place.name, kwargs=place.kwargs))
                transaction.set_rollback(True)
            place.fields.feed(page.getvalue().decode("utf-8", "replace"))
        except (NoReverseMatch, AssertionError):
            return

    def ask(self, rubbish: Rubbish) -> int:
        """One request; whatever it wrote is taken back. Returns the status."""
        place = rubbish.choice(self.places)
        try:
            path = reverse(place.name, kwargs=self._kwargs(place, rubbish))
        except NoReverseMatch:
            path = reverse(place.name, kwargs=place.kwargs)
        if rubbish.chance(0.5):
            path += "?" + rubbish.query(place.fields.known)
        client = self.clients[rubbish.choice(ASKING)]
        call = getattr(client, rubbish.choice(METHODS))
        headers = {"HX-Request": "true"} if rubbish.chance(0.2) else {}
        if rubbish.chance(0.05):
            headers["Accept-Language"] = rubbish.text().encode().decode("latin-1")
        self.asked = f"{call.__name__} {path[:200]}"
        with transaction.atomic():
            answer = call(path, **self._body(place, rubbish, call.__name__), headers=headers)
            answer.getvalue()
            transaction.set_rollback(True)
        return int(answer.status_code)

    def _kwargs(self, place: Place, rubbish: Rubbish) -> dict[str, Any]:
        """The sample, or in one of five something else in one of its places."""
        kwargs = dict(place.kwargs)
        if kwargs and rubbish.chance(0.2):
            kwargs[rubbish.choice(sorted(kwargs))] = rubbish.choice((rubbish.text(), "0", 2**63, 7))
        return kwargs

    def _body(self, place: Place, rubbish: Rubbish, method: str) -> dict[str, Any]:
        if method != "post":
            return {}
        if rubbish.chance(0.05):
            return {"data": json.dumps(rubbish.json()), "content_type": "application/json"}
        if rubbish.chance(0.03):
            return {
                "data": rubbish.randbytes(50),
                "content_type": "multipart/form-data; boundary=x",
            }
        data: dict[str, Any] = {}
        for name, values in place.fields.known.items():
            if name in place.fields.files and rubbish.chance(0.5):
                content = rubbish.choice((letter(), rubbish.spoilt(letter()), b"", b"a;b\n1;2"))
                called = rubbish.text().replace("/", "")  # Django refuses to send a folder's name
                data[name] = SimpleUploadedFile(f"x{called}", content)
            elif rubbish.chance(0.85):
                right = rubbish.chance(0.75)
                data[name] = rubbish.some(values, 2) if right else rubbish.text()
        return {"data": data}


def run(pages: Pages, requests: int, findings: Findings, *, first: int = 0) -> dict[int, int]:
    """So many requests; how many were answered in which way."""
    raised: list[BaseException] = []

    def note(**_signal: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        raised.extend([error] if error else [])

    got_request_exception.connect(note)
    answered: dict[int, int] = {}
    try:
        for number in range(first, first + requests):
            seed = f"pages:{number}"
            raised.clear()
            try:
                with time_limit():
                    status = pages.ask(Rubbish(seed))
                answered[status] = answered.get(status, 0) + 1
            except (Exception, TooSlow) as error:
                raised.append(error)
            for fallen in raised[:1]:
                findings.note(fallen, f"{seed} {pages.asked}")
            if not (number + 1) % 1000:
                print(f"  {number + 1 - first} requests", flush=True)
    finally:
        got_request_exception.disconnect(note)
    return answered
