"""Every page keeps its budget of questions to the database and of bytes on the wire."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import CompressPagesMiddleware
from config.tests.weighing import Answer, Site, Weight, addresses, files_of, weigh

pytestmark = pytest.mark.django_db


def walked() -> Iterator[tuple[Site, str]]:
    """Every address that shows something, as the manager sees it; else as the administrator."""
    manager, admin = (Site(User.objects.get(username=name)) for name in ("manager", "admin"))
    for _name, address in addresses():
        for site in (manager, admin):
            if site.ask(address).is_page:
                yield site, address
                break


def test_every_page_keeps_its_budgets(demo: Callable[[str], Client]) -> None:
    weights = [weigh(site, address) for site, address in walked()]
    assert [words for weight in weights for words in weight.over_budget()] == []
    assert len(weights) > 100


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (Weight("/a/", 15, 30_000, 120_000), []),
        (Weight("/a/", 16, 1, 1), ["/a/: 16 queries"]),
        (Weight("/a/", 1, 30_001, 1), ["/a/: 30,001 bytes"]),
        (Weight("/a/", 1, 30_000, 120_001), ["/a/: 150,001 bytes on the first visit"]),
    ],
)
def test_what_is_over_budget_is_said(weight: Weight, said: list[str]) -> None:
    assert weight.over_budget() == said


def test_the_files_of_a_page_are_found(reader: User) -> None:
    site = Site(reader)
    files = files_of(site, site.ask("/campaigns/").text)
    assert {"/static/css/app.css", "/static/js/app.js", "/static/img/icon.svg"} <= files
    assert len(site.file("/static/css/app.css").sent) < 8000
    admin = (
        '<link rel="stylesheet" href="/static/admin/css/widgets.css"><script src="/x.js"></script>'
    )
    drawn = files_of(site, admin)
    assert "/static/admin/img/calendar-icons.svg" in drawn
    assert "/x.js" not in drawn


def test_pages_are_compressed_and_files_are_not(reader_client: Client, rf: RequestFactory) -> None:
    page = reader_client.get("/campaigns/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.content)
    assert "Content-Encoding" not in reader_client.get("/campaigns/")
    zipped = HttpResponse(b"0" * 1000, content_type="application/zip")
    request = rf.get("/", headers={"Accept-Encoding": "gzip"})
    assert CompressPagesMiddleware(lambda _request: zipped)(request) is zipped
    assert "Content-Encoding" not in zipped


def test_what_was_sent_can_be_read() -> None:
    assert Answer(200, "text/html", gzip.compress(b"<html>")).text == "<html>"
    assert not Answer(302, "text/html", b"").is_page
    assert not Answer(200, "application/zip", b"PK").is_page
