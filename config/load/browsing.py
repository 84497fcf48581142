"""A marketer's browser: pages, forms sent as they were drawn, and a judgement of every answer.

What a page says where somebody else was first is no error: it is counted by its name.
"""

import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import lxml.html
from locust import FastHttpUser
from locust.exception import RescheduleTask, StopUser
from urllib3.filepost import encode_multipart_formdata

READ, POLL, PREVIEW, EDIT = "read", "poll", "preview", "edit"
OPERATION, LOG, LONG, EMPTY, SIGN_IN = "operation", "log", "long job", "empty view", "signing in"
HTMX = {"HX-Request": "true"}
# What pages say of things that happen by design, and what we call it.
BY_DESIGN = {
    "Somebody changed the segment meanwhile": "step refused: somebody changed the segment",
    "Save again to put yours in its place": "edit refused: somebody changed the value",
    "Nothing would change: no step was written": "step that would change nothing",
    "is on the segment already": "contact by hand that is on the segment already",
    "to count; it can still be done": "count broken off after five seconds",
    "the warnings have changed": "Log refused: the warnings have changed",
    "There are no contacts on the segment": "Log refused: no lines any more",
}
LOGGED, GONE = "page of a segment that was logged meanwhile", "line that is gone by now"
Fields = dict[str, Any]


@dataclass
class Page:
    """An answer."""

    status: int
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.headers.get("location") or self.headers.get("hx-redirect") or ""

    def form(self, having: str) -> Fields:
        """The form with a field of that name, as a browser would send it; {} for none."""
        for form in lxml.html.fromstring(self.text).forms:
            if having in form.fields:
                return Fields(form.form_values())
        return {}

    def found(self, pattern: str) -> list[str]:
        """All that a pattern finds, each once, in order."""
        return list(dict.fromkeys(re.findall(pattern, self.text)))

    @property
    def complaint(self) -> str:
        """What the page is not content with, in its words."""
        faults = re.findall(
            r'(?s)class="(?:notice error|field-errors|errorlist)[^>]*>(.*?)</', self.text
        )
        return " / ".join(re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in faults)[:300]


def by_design(page: Page, path: str, *, is_sent: bool, may_be_gone: bool) -> str:
    """The name of what happened by design; "" where nothing did."""
    if page.status == 404 and may_be_gone:
        return GONE
    if page.location.startswith("/logged-segments/") and not path.endswith("/log/"):
        return LOGGED
    if page.status != 200 or not is_sent:
        return ""
    return next((name for words, name in BY_DESIGN.items() if words in page.text), "")


def fault(page: Page, expected: tuple[int, ...]) -> str:
    """What is wrong with an answer; "" for nothing."""
    if page.status not in expected or page.location.startswith("/accounts/login/"):
        return f"{page.status} {page.location} {page.complaint}".strip()
    return f"refused: {page.complaint}" if "hx-retarget" in page.headers else ""


class Person(FastHttpUser):
    """Somebody who has logged in. `plan` is set by drive.py before anybody comes."""

    abstract = True
    plan: Any
    network_timeout = connection_timeout = 600.0
    # As behind a proxy; and no answer is lost to a connection that is closed just then.
    default_headers = {"Connection": "close", "Accept-Language": "en", "Accept-Encoding": "gzip"}

    def on_start(self) -> None:
        self.lots = random.Random(self.plan.next_seed())
        self.name = self.plan.next_name()
        for _try in range(10):
            with suppress(RescheduleTask):  # its process was killed just then
                return self._sign_in()
            time.sleep(0.5)
        raise StopUser

    def _sign_in(self) -> None:
        page = self.ask(SIGN_IN, "the log-in page", "/accounts/login/")
        said = page.form("username") | {"username": self.name, "password": self.plan.password}
        self.ask(SIGN_IN, "log in", "/accounts/login/", said)

    def wait_time(self) -> float:
        """What a person thinks between two pages."""
        return self.lots.uniform(*self.plan.pace)

    def think(self) -> None:
        time.sleep(self.wait_time())

    def ask(
        self,
        kind: str,
        name: str,
        path: str,
        sent: Fields | None = None,
        *,
        headers: dict[str, str] | None = None,
        expected: tuple[int, ...] = (),
        may_be_gone: bool = False,
        files: Fields | None = None,
    ) -> Page:
        """One request, judged; a POST where something is sent.

        Ends the task where there was no answer, or not the one that the task goes on from.
        """
        expected = expected or ((200,) if sent is None or headers is HTMX else (302,))
        note: dict[str, str] = {"kind": kind, "path": path}
        body, more = self._body(sent, files)
        with self.client.request(
            "GET" if sent is None else "POST",
            path,
            name=name,
            data=body,
            headers={**(headers or {}), **more},
            allow_redirects=False,
            catch_response=True,
            context={"note": note},
        ) as answer:
            page = _page(answer)
            wrong = self._judged(
                page, note, expected, is_sent=sent is not None, may_be_gone=may_be_gone
            )
            if wrong:
                answer.failure(f"{wrong} {getattr(answer, 'error', None) or ''}".strip())
            else:
                answer.success()
        if wrong or note["by design"] or not page.status:
            raise RescheduleTask
        return page

    def _judged(
        self,
        page: Page,
        note: dict[str, str],
        expected: tuple[int, ...],
        *,
        is_sent: bool,
        may_be_gone: bool,
    ) -> str:
        """What is wrong with the answer; notes its status, and what happened by design."""
        note["status"] = str(page.status)
        found = by_design(page, note["path"], is_sent=is_sent, may_be_gone=may_be_gone)
        note["by design"] = found
        return "" if found else fault(page, expected)

    def _body(self, sent: Fields | None, files: Fields | None) -> tuple[Any, dict[str, str]]:
        """The form as bytes, with the token that the cookie names."""
        if sent is None:
            return None, {}
        cookies = {cookie.name: cookie.value for cookie in self.client.cookiejar}
        sent = {**sent, "csrfmiddlewaretoken": cookies.get("csrftoken", "")}
        if files:
            body, content_type = encode_multipart_formdata({**sent, **files})
            return body, {"Content-Type": content_type}
        return urlencode(sent, doseq=True), {"Content-Type": "application/x-www-form-urlencoded"}


def _page(answer: Any) -> Page:
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    is_text = "text/html" in headers.get("content-type", "")
    return Page(answer.status_code, (answer.text or "") if is_text else "", headers)
