"""What everybody can do to a segment, a contact, a list: each verb as its page does it."""

import re
import time
from typing import Any

from config.load.browsing import (
    EDIT,
    HTMX,
    LOG,
    OPERATION,
    PREVIEW,
    READ,
    Fields,
    Page,
    Person,
)

LINE = r'id="l-(\d+)"'
AT = r'name="at" value="(\d+)"'
LOGGED = r"was logged: ([\d,]+) interaction"


class Clerk(Person):
    """What everybody can do to a segment; each verb as its page does it."""

    abstract = True

    def worksheet(self, number: str, query: str = "", name: str = "worksheet") -> Page:
        return self.ask(READ, name, f"/segments/{number}/{query}")

    def create(self, description: str, **said: Any) -> str:
        """A new segment; its number."""
        page = self.ask(READ, "new segment, form", "/segments/new/")
        form = page.form("description") | {"description": description, **said}
        self.think()
        made = self.ask(OPERATION, "create a segment", "/segments/new/", form)
        number = made.location.split("/")[2]
        self.plan.tell("made", number)
        self.worksheet(number)
        return number

    def question(self) -> Fields:
        """Criteria that some thousands of a million contacts answer to, or thirty of few."""
        return {"contact-city": ", ".join(self.lots.sample(self.plan.cities, self.plan.breadth))}

    def choose(self, verb: str, number: str, asked: Fields) -> None:
        """Add, Keep or Remove: the form, what it would do as one types, and then it is done."""
        path = f"/segments/{number}/{verb}/"
        page = self.ask(READ, f"{verb}, form", path)
        form = page.form("at")
        if 'hx-trigger="load"' in page.text:  # what it would do is asked for by the page itself
            self._preview(verb, path, form)
        self.think()
        form |= asked
        self._preview(verb, path, form)
        self.think()
        name = f"{verb}: done"
        self.ask(OPERATION, name, path, form | {"action": "apply", "confirm_all": "on"})
        self.worksheet(number)

    def _preview(self, verb: str, path: str, form: Fields) -> None:
        """As htmx does at each change of the form; the step it was made for comes back."""
        page = self.ask(PREVIEW, f"{verb}: preview", path, form, headers=HTMX)
        form["at"] = page.found(AT)[0]

    def move(self, verb: str, number: str) -> None:
        """Back or forward."""
        self.ask(OPERATION, f"go {verb}", f"/segments/{number}/{verb}/", {})
        self.worksheet(number)

    def a_line(self, number: str) -> str:
        """Some line of the first page; "" where there is none."""
        return self.lots.choice(self.worksheet(number).found(LINE) or [""])

    def edit_cell(self, number: str, name: str = "description") -> None:
        """One value of one line, in place."""
        line = self.a_line(number)
        if not line:
            return
        path = f"/segments/{number}/lines/{line}/{name}/"
        said: dict[str, Any] = {"headers": HTMX, "may_be_gone": True}
        form = self.ask(READ, "cell, form", path, **said).form(name)
        self.think()
        form[name] = f"Said by {self.name} at {time.time():.1f}"
        self.ask(EDIT, "cell", path, form, **said)

    def edit_header(self, number: str, name: str = "subject") -> None:
        """One field of the header, in place."""
        path = f"/segments/{number}/header/{name}/"
        form = self.ask(READ, "header field, form", path, headers=HTMX).form(name)
        self.think()
        form[name] = f"By {self.name} at {time.time():.1f}"
        self.ask(EDIT, "header field", path, form, headers=HTMX, expected=(302,))
        self.worksheet(number)

    def edit_record(self, what: str, path: str, name: str) -> None:
        """A contact, a template, a campaign: the whole form."""
        form = self.ask(READ, f"{what}, form", path).form(name)
        self.think()
        form[name] = f"By {self.name} {time.time():.0f}"
        self.ask(EDIT, what, path, form)

    def remove_lines(self, number: str) -> None:
        """Two lines of the first page, ticked."""
        lines = self.worksheet(number).found(LINE)[:2]
        if lines:
            path = f"/segments/{number}/lines/remove/"
            self.ask(OPERATION, "remove ticked lines", path, {"line": lines})
            self.worksheet(number)

    def check(self, number: str) -> None:
        path = f"/segments/{number}/check/"
        page = self.ask(READ, "check", path)
        if "counted=1" in page.text:
            self.ask(PREVIEW, "check: counted", f"{path}?counted=1")

    def log(self, number: str, name: str = "log", **said: Any) -> None:
        """Logs with all that is doubtful, and tells how many interactions there were."""
        path = f"/segments/{number}/log/"
        page = self.ask(PREVIEW, "log, form", path)
        if "counted=1" in page.text:
            page = self.ask(PREVIEW, "log: counted", f"{path}?counted=1")
        form = page.form("follow_up")
        form.pop("send", None)
        self.think()
        done = self.ask(LOG, name, path, form | {"accept": "on"} | said)
        told = self.ask(READ, "logged segment", done.location)
        for count in re.findall(LOGGED, told.text):
            self.plan.tell("logged", f"{number}={count.replace(',', '')}")

    def read_contacts(self) -> None:
        """The list, in some order, on some page."""
        page, sort = self.lots.randint(1, 20), self.lots.choice(("", "name", "-number", "city"))
        self.ask(READ, "contacts", f"/contacts/?page={page}&sort={sort}")

    def read_card(self) -> None:
        self.ask(READ, "contact card", f"/contacts/{self.lots.choice(self.plan.contacts)}/")

    def search(self) -> None:
        """As one types: some digits of a name, then more of them."""
        word = self.lots.choice(self.plan.contacts)[1:]
        self.ask(READ, "search in contacts", f"/contacts/?search={word[: len(word) - 1]}")
        self.think()
        self.ask(READ, "search everywhere", f"/search/?q=name+{word}")
