"""What a page of the site costs: questions to the database, and bytes on the wire.

Bytes are as a browser gets them: pages compressed, files compressed as whitenoise keeps them ready.
What a page draws on is read from its HTML, and from the style sheets that it names.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from whitenoise.compress import Compressor

from config.tests.addresses import named_addresses
from crm.models import Contact
from segments.models import Segment

# The budgets of a page.
MOST_QUERIES = 15
MOST_BYTES_FIRST = 150_000
MOST_BYTES_AFTER = 30_000
FILES = "/static/"
# They bracket questions and ask nothing.
BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
OF_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
GZIP = b"\x1f\x8b"


class Answer(NamedTuple):
    """What came: its status, its media type, and its bytes as they were sent."""

    status: int
    kind: str
    sent: bytes

    @property
    def text(self) -> str:
        """What it says."""
        plain = gzip.decompress(self.sent) if self.sent.startswith(GZIP) else self.sent
        return plain.decode(errors="replace")

    @property
    def is_page(self) -> bool:
        """Whether it is HTML, a whole page or a part of one."""
        return self.status == 200 and "html" in self.kind


class Site:
    """The site as one person sees it."""

    def __init__(self, user: User) -> None:
        self._client = Client()
        self._client.force_login(user)

    def ask(self, address: str) -> Answer:
        """A page."""
        found = self._client.get(address, headers={"Accept-Encoding": "gzip"})
        return Answer(found.status_code, found["Content-Type"], found.getvalue())

    def file(self, address: str) -> Answer:
        """A static file, as whitenoise serves it."""
        return _file(address)


@cache
def _file(address: str) -> Answer:
    found, compressor = finders.find(address.removeprefix(FILES)), Compressor(quiet=True)
    assert isinstance(found, str), f"no static file {address}"
    content = Path(found).read_bytes()
    if compressor.should_compress(address):
        content = min(content, compressor.compress_gzip(content), key=len)
    return Answer(200, "", content)


@dataclass(frozen=True)
class Weight:
    """Of one page: questions asked, and the bytes sent for itself and for its files."""

    address: str
    queries: int
    page: int
    files: int

    def over_budget(self) -> list[str]:
        """What is too much, in words."""
        sums = (
            (self.queries, MOST_QUERIES, "queries"),
            (self.page, MOST_BYTES_AFTER, "bytes"),
            (self.page + self.files, MOST_BYTES_FIRST, "bytes on the first visit"),
        )
        return [f"{self.address}: {n:,} {what}" for n, most, what in sums if n > most]


def addresses() -> list[tuple[str, str]]:
    """Name and address of whatever the URL table has, made once: that writes samples."""
    return [*named_addresses(), *_more()]


def _more() -> Iterator[tuple[str, str]]:
    """What the same addresses show of other things: a company, a search, an order, a far page."""
    company = Contact.objects.filter(type="company").earliest("pk")
    yield "a company", company.get_absolute_url()
    yield "a search everywhere", "/search/?q=virtanen"
    yield "a search of contacts", "/contacts/?search=name&type=person"
    yield "contacts in another order", "/contacts/?sort=-city"
    yield "a far page of contacts", "/contacts/?page=100"
    yield "an order of lines", f"{_largest().get_absolute_url()}?sort=number"


def _largest() -> Segment:
    return Segment.objects.filter(template__isnull=False).latest("current_step", "pk")


def weigh(site: Site, address: str) -> Weight:
    """Asks for a page that was asked for before, so that what is kept is there."""
    with CaptureQueriesContext(connection) as captured:
        answer = site.ask(address)
    assert answer.is_page, f"{address}: {answer.status}"
    asked = [one for one in captured if not one["sql"].startswith(BRACKETS)]
    files = sum(len(site.file(one).sent) for one in files_of(site, answer.text))
    return Weight(address, len(asked), len(answer.sent), files)


def files_of(site: Site, html: str) -> set[str]:
    """The static files that a page wants at once, with those that its style sheets name."""
    named = {urlsplit(one).path for one in _Named(html).found if one.startswith(FILES)}
    sheets = [one for one in named if one.endswith(".css")]
    while sheets:
        sheet = sheets.pop()
        new = set(_named_by(sheet, site.file(sheet).text)) - named
        sheets += [one for one in new if one.endswith(".css")]
        named |= new
    return named


def _named_by(sheet: str, text: str) -> Iterator[str]:
    """What a style sheet draws on; a browser may leave some of it out."""
    for one in OF_STYLE.findall(text):
        if not one.startswith(("data:", "#")):
            yield normpath(join(dirname(sheet), urlsplit(one).path))


class _Named(HTMLParser):
    """The addresses of files that stand in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag in ("script", "img"):
            self.found.append(given.get("src") or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.found.append(given.get("href") or "")
