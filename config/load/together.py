"""All at the same segment, contact, template, campaign and log; and what keeps workers busy."""

import time

from locust import task
from locust.exception import RescheduleTask

from config.load.browsing import EDIT, HTMX, LONG, OPERATION, READ
from config.load.clerk import Clerk

SEGMENT = r'href="/segments/([A-Z]+\d+)/"'
LOGGED = r'href="/logged-segments/([A-Z]+\d+)/"'
ENTRY = r'href="/interactions/(\d+)/"'
ROWS = 400


class Together(Clerk):
    """Everybody wants the same things at the same time."""

    def ours(self) -> str:
        """The segment that all work on; whoever finds none makes the next one."""
        found = self.ask(READ, "segments", "/segments/?search=together").found(SEGMENT)
        return found[-1] if found else self.create("together", **self.plan.header)

    def our_log(self) -> str:
        """The logged segment that all look at; the first one there is."""
        found = self.ask(READ, "logged-segments", "/logged-segments/").found(LOGGED)
        if not found:
            raise RescheduleTask
        return found[-1]

    def an_entry(self) -> str:
        page = self.ask(READ, "logged segment", f"/logged-segments/{self.our_log()}/")
        found = page.found(ENTRY)
        if not found:
            raise RescheduleTask
        return self.lots.choice(found)

    @task(4)
    def add(self) -> None:
        self.choose("add", self.ours(), self.question())

    @task(2)
    def keep_or_remove(self) -> None:
        verb = self.lots.choice(("keep", "remove"))
        self.choose(verb, self.ours(), {"contact-language": self.lots.choice(("en", "fi"))})

    @task(4)
    def undo(self) -> None:
        self.move(self.lots.choice(("back", "forward")), self.ours())

    @task(2)
    def take_lines_out(self) -> None:
        self.remove_lines(self.ours())

    @task(4)
    def change_lines(self) -> None:
        self.edit_cell(self.ours(), self.lots.choice(("description", "personal_comment")))

    @task(4)
    def change_header(self) -> None:
        self.edit_header(self.ours())

    @task(3)
    def change_records(self) -> None:
        plan = self.plan
        self.edit_record("contact", f"/contacts/{plan.same_contact}/edit/", "address_2")
        self.edit_record("template", f"/templates/{plan.same_template}/edit/", "description")
        self.edit_record("campaign", f"/campaigns/{plan.same_campaign}/edit/", "description")

    @task(2)
    def check_it(self) -> None:
        self.check(self.ours())

    @task(1)
    def log_ours(self) -> None:
        """Where somebody is quicker, the others find it logged."""
        number = self.ours()
        self.choose("add", number, self.question())
        self.log(number, "log, all at once")

    @task(3)
    def work_on_the_log(self) -> None:
        """Evaluates, comments, cancels and restores the same entries."""
        path = f"/interactions/{self.an_entry()}/"
        said = {"evaluation": self.lots.choice(("positive", "negative", ""))}
        self.ask(EDIT, "evaluate", f"{path}evaluate/", said)
        self.ask(EDIT, "comment", f"{path}comment/", {"text": f"{self.name} {time.time():.0f}"})
        for verb in ("cancel", "restore"):
            self.ask(OPERATION, f"{verb} an entry", f"{path}{verb}/", {})

    @task(3)
    def read(self) -> None:
        self.worksheet(self.ours())
        self.lots.choice((self.read_contacts, self.search, self.read_card))()

    @task(2)
    def news(self) -> None:
        path = f"/segments/{self.ours()}/news/"
        self.ask(READ, "news", path, headers=HTMX, expected=(200, 204))

    @task(2)
    def send(self) -> None:
        """A segment of one's own, logged and sent by e-mail."""
        self._send("log and send", self.plan.mail)

    @task(1)
    def print_out(self) -> None:
        """The same by post: a worker makes a print pack."""
        self._send("log and print", self.plan.header["template"])

    def _send(self, name: str, template: int) -> None:
        said = {**self.plan.header, "template": template}
        number = self.create(f"Sent by {self.name}", **said)
        self.choose("add", number, self.question())
        self.log(number, name, send="on")

    @task(1)
    def export(self) -> None:
        self.ask(LONG, "export", "/contacts/", {"format": "csv"}, expected=(200, 302))

    @task(1)
    def import_rows(self) -> None:
        """A file of new contacts, tried and then imported by a worker."""
        mark = f"{self.name} {time.time():.2f}"
        rows = "".join(f"Import {mark} {row:04}\n" for row in range(ROWS))
        files = {"file": (f"{mark}.csv", f"name\n{rows}".encode(), "text/csv")}
        given = self.ask(
            LONG, "import: file", "/contacts/import/", {"encoding": "auto"}, files=files
        )
        form = self.ask(READ, "import: columns", given.location).form("identify")
        form["identify"] = "new"
        self.ask(LONG, "import: trial", given.location, form)
        self.ask(LONG, "import: started", f"{given.location}start/", {})
        self.plan.tell("imported", f"{mark}={ROWS}")
