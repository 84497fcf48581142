"""Every page of the site at full size: what it asks of the database, how long, how many bytes.

`python -m config.bench.pages CONTACTS RUNS` on an empty, migrated database, with DEBUG=false and
the static files collected. Each page is asked through the WSGI application with all of its
middleware, beside an empty view that also wants a log-in. A page that comes before its numbers has
a second row, for the page with them: it is what one waits for then, and may take a second. What is
over budget is named at the end, and then the program ends with 1.
"""

import json
import logging
import os
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
from config.wsgi import application  # noqa: I001 - sets Django up

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from config.bench import crowd
from config.bench.clock import Clock, Cost
from config.tests.weighing import Answer, Site, addresses, weigh
from crm import later

EMPTY = "/empty/"
MOST_MILLISECONDS, MOST_MILLISECONDS_THEN = 100, 1000
THEN = "numbers then: "
# Parts that a page which is there already asks for.
PARTS = {"interactions:logged_delivery"}
# What a page asks for when it is there, and the address it asks.
IS_COMING = re.compile(r'<[^>]*aria-busy="true"[^>]*>')
ASKS = re.compile(r'hx-get="([^"]*)"')
HEAD = (
    "| page | queries | ms worked | of an empty view | ms | worst | bytes | first visit |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


class Served(Site):
    """The site through its WSGI application; files come from whitenoise."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self._cookie = f"sessionid={client.cookies['sessionid'].value}"

    def ask(self, address: str) -> Answer:
        """A page, or a file."""
        route, _mark, query = address.partition("?")
        told: dict[str, str] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            told.update(headers, status=status)

        serve: Any = application
        parts = serve(self._environment(route, query), start)
        sent = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        return Answer(int(told["status"][:3]), told.get("Content-Type", ""), sent)

    file = ask

    def _environment(self, route: str, query: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": self._cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
        }


class ServedThen(Served):
    """The same, asked for the numbers that a page left for later."""

    def _environment(self, route: str, query: str) -> dict[str, Any]:
        header = f"HTTP_{later.HEADER.upper().replace('-', '_')}"
        return {**super()._environment(route, query), header: "1"}


@dataclass(frozen=True)
class Page:
    """What was measured: milliseconds on the clock, median and worst, and of processors."""

    name: str
    address: str
    queries: int
    passed: float
    worst: float
    worked: float
    page: int
    first_visit: int
    over: list[str]

    def line(self, empty: "Page") -> str:
        """One row of the table."""
        cells = [
            self.name,
            str(self.queries),
            f"{self.worked:.1f}",
            f"{self.worked / empty.worked:.1f}",
            f"{self.passed:.1f}",
            f"{self.worst:.1f}",
            f"{self.page:,}",
            f"{self.first_visit:,}",
        ]
        return f"| {' | '.join(cells)} |"


def coming(html: str, address: str) -> str:
    """The address at which a page asks for its numbers then; "" where it has them."""
    busy = IS_COMING.search(html)
    asks = ASKS.search(busy[0]) if busy else None
    return urljoin(address, unescape(asks[1])) if asks else address if busy else ""


def measure(site: Site, name: str, address: str, runs: int, most: int = MOST_MILLISECONDS) -> Page:
    """One page, asked for often; `most` milliseconds are what it may take.

    Where that is more than a page has, no other budget holds.
    """
    weight = weigh(site, address)
    costs = [_timed(site, address) for _run in range(runs)]
    passed = [cost.passed * 1000 for cost in costs]
    worked = statistics.median(cost.worked * 1000 for cost in costs)
    over = weight.over_budget() if most == MOST_MILLISECONDS else []
    if worked > most:
        over.append(f"{name}, {address}: {worked:,.0f} ms of processor")
    return Page(
        name=name,
        address=address,
        queries=weight.queries,
        passed=statistics.median(passed),
        worst=max(passed),
        worked=worked,
        page=weight.page,
        first_visit=weight.page + weight.files,
        over=over,
    )


def _measured(user: User, runs: int) -> Iterator[Page]:
    """Every page that there is, and what it asks for then."""
    site, then = Served(user), ServedThen(user)
    for name, address in addresses():
        answer = site.ask(address)
        if answer.is_page and name in PARTS:
            yield measure(site, THEN + name, address, runs, MOST_MILLISECONDS_THEN)
        elif answer.is_page:
            yield measure(site, name, address, runs)
            asked = coming(answer.text, address)
            if asked:
                yield measure(then, THEN + name, asked, runs, MOST_MILLISECONDS_THEN)


def _timed(site: Site, address: str) -> Cost:
    clock = Clock()
    answer = site.ask(address)
    cost = clock.cost
    if not answer.is_page:
        raise RuntimeError(f"{address} answers {answer.status}")
    return cost


def _empty(request: HttpRequest) -> HttpResponse:
    """A view that does nothing, behind the same middleware."""
    return HttpResponse(f"<p>{request.user.get_username()}</p>")


def main(contacts: str = "100000", runs: str = "5") -> int:
    """Prints the table, what is over budget, and on the last line the same as JSON."""
    logging.disable(logging.WARNING)
    urls.urlpatterns.append(path(EMPTY.strip("/") + "/", _empty, name="empty"))
    connection.settings_dict["CONN_MAX_AGE"] = None
    clock = Clock()
    with transaction.atomic():
        crowd.fill(int(contacts))
    crowd.tidy()
    print(f"{connection.vendor}: {contacts} contacts made in {clock.cost.passed:.0f} s")
    print(HEAD)
    user = User.objects.get(username="manager")
    empty = measure(Served(user), "an empty view", EMPTY, int(runs) * 3)
    print(empty.line(empty))
    pages = []
    for page in _measured(user, int(runs)):
        pages.append(page)
        print(page.line(empty), flush=True)
    over = [words for page in pages for words in page.over]
    print(*(f"OVER BUDGET {words}" for words in over), sep="\n")
    print(json.dumps([asdict(page) for page in (empty, *pages)]))
    return min(len(over), 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
