"""A visitor of the site over HTTP: pages, forms, cookies; no JavaScript."""

import urllib.parse
import urllib.request
from collections.abc import Iterable
from http.cookiejar import CookieJar
from typing import Any
from urllib.request import HTTPCookieProcessor, ProxyHandler

import lxml.html


class Visitor:
    """Whoever sits before a browser; `page` is what he sees."""

    def __init__(self, site: str) -> None:
        self._opener = urllib.request.build_opener(
            ProxyHandler({}), HTTPCookieProcessor(CookieJar())
        )
        self.page: Any = None
        self.url = site

    def go(self, path: str) -> None:
        """Asks for a page; an error of the site is one of the test."""
        self._ask(path, None)

    def send(self, **values: str) -> None:
        """Sends the form that asks for these, with what stands in it otherwise."""
        (form,) = [form for form in self.page.xpath("//main//form") if self._asks(form, values)]
        there = [pair for pair in form.form_values() if pair[0] not in values]
        data = urllib.parse.urlencode([*there, *values.items()])
        self._ask(form.get("action") or self.url, data.encode())

    @staticmethod
    def _asks(form: Any, values: Iterable[str]) -> bool:
        return all(form.xpath(f".//*[@name='{name}']") for name in values)

    def text(self) -> str:
        """What he reads."""
        return " ".join(self.page.text_content().split())

    def _ask(self, path: str, data: bytes | None) -> None:
        asked = urllib.request.Request(urllib.parse.urljoin(self.url, path), data)
        asked.add_header("Referer", self.url)
        with self._opener.open(asked, timeout=60) as answer:
            self.url = answer.url
            self.page = lxml.html.fromstring(answer.read().decode())
