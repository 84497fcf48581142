"""Marketers at work, each on segments of their own and on some that they share."""

from contextlib import suppress

from locust import task
from locust.exception import RescheduleTask

from config.load.browsing import EMPTY, HTMX, POLL, READ
from config.load.clerk import LINE, Clerk


class Marketer(Clerk):
    """Mostly reads; tries questions out; builds, changes, checks and logs segments."""

    def on_start(self) -> None:
        """Whoever is at work has a segment already: it is made before anything is measured."""
        super().on_start()
        self.mine = ""
        with suppress(RescheduleTask):
            self.own()

    def own(self) -> str:
        """The segment that is being worked on; a new one where it was logged."""
        if not self.mine:
            self.mine = self.create(f"Of {self.name}", **self.plan.header)
            self.choose("add", self.mine, self.question())
        return self.mine

    def any(self) -> str:
        """One's own, or one of those that several work on."""
        return self.own() if self.lots.random() < 0.5 else self.lots.choice(self.plan.shared)

    @task(3)
    def home(self) -> None:
        self.ask(READ, "home", "/")

    @task(8)
    def contacts(self) -> None:
        self.lots.choice((self.read_contacts, self.search))()

    @task(8)
    def card(self) -> None:
        self.read_card()

    @task(6)
    def lists(self) -> None:
        name = self.lots.choice(
            ("segments", "logged-segments", "interactions", "templates", "campaigns", "tasks")
        )
        self.ask(READ, name, f"/{name}/")

    @task(10)
    def look(self) -> None:
        """The worksheet, a page deep in it, a line."""
        number = self.any()
        page = self.worksheet(number, self.lots.choice(("", "", "?page=2", "?sort=name")))
        lines = page.found(LINE)
        if lines:
            self.think()
            path = f"/segments/{number}/lines/{self.lots.choice(lines)}/"
            self.ask(READ, "line", path, headers=HTMX, may_be_gone=True)

    @task(4)
    def find_lines(self) -> None:
        """Two words as one types them, the second to its fourth digit."""
        asked = f"?search=name+00{self.lots.randrange(100):02}"
        self.worksheet(self.any(), asked, "worksheet, searched")

    @task(6)
    def news(self) -> None:
        """The worksheet asks by itself whether somebody else has changed it."""
        path = f"/segments/{self.lots.choice(self.plan.shared)}/news/"
        self.ask(POLL, "news", path, headers=HTMX, expected=(200, 204))

    @task(4)
    def empty(self) -> None:
        self.ask(EMPTY, "an empty view", "/empty/")

    @task(5)
    def try_out(self) -> None:
        """A question of two sections, as one types, and then not done."""
        path = f"/segments/{self.any()}/add/"
        form = self.ask(READ, "add, form", path).form("at")
        self.think()
        for part in (self.question(), {"mailing_groups-group": f"G{self.lots.randint(1, 30)}"}):
            form |= part
            self._preview("add", path, form)
            self.think()

    @task(3)
    def add(self) -> None:
        self.choose("add", self.any(), self.question())

    @task(1)
    def keep(self) -> None:
        self.choose("keep", self.own(), {"contact-language": self.lots.choice(("en", "fi"))})

    @task(1)
    def remove(self) -> None:
        self.choose("remove", self.own(), {"industry_groups-group": "G7"})

    @task(2)
    def take_lines_out(self) -> None:
        self.remove_lines(self.any())

    @task(3)
    def undo(self) -> None:
        number = self.any()
        self.move("back", number)
        self.think()
        self.move("forward", number)

    @task(5)
    def change_lines(self) -> None:
        self.edit_cell(self.any())

    @task(3)
    def change_header(self) -> None:
        self.edit_header(self.any())

    @task(2)
    def change_contact(self) -> None:
        number = self.lots.choice(self.plan.contacts)
        self.edit_record("contact", f"/contacts/{number}/edit/", "address_2")

    @task(2)
    def look_for_problems(self) -> None:
        self.check(self.any())

    @task(2)
    def log_small(self) -> None:
        """A small segment, made, checked and logged; the one of one's own stays."""
        number = self.create(f"Small one of {self.name}", **self.plan.header)
        word = self.lots.choice(self.plan.contacts)[1:]
        self.choose("add", number, {"contact-name": f"name {word[: max(1, len(word) - 2)]}"})
        self.check(number)
        self.log(number)
