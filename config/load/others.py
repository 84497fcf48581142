"""Readers of one large segment, whoever changes it meanwhile, and whoever asks for nothing."""

from typing import Any

from locust import task
from locust.exception import StopUser

from config.load.browsing import EMPTY, READ, Person
from config.load.clerk import Clerk


class Idle(Person):
    """Asks for the empty view, again and again."""

    def wait_time(self) -> float:
        return 0

    @task
    def empty(self) -> None:
        self.ask(EMPTY, "an empty view", "/empty/")


class Reader(Clerk):
    """Reads one large segment, and lists, while somebody changes that segment."""

    @task(3)
    def same_segment(self) -> None:
        self.ask(READ, "the same segment", f"/segments/{self.plan.target}/", expected=(200, 302))

    @task(1)
    def segments(self) -> None:
        self.ask(READ, "segments", "/segments/")

    @task(1)
    def contacts(self) -> None:
        self.read_contacts()

    @task(1)
    def card(self) -> None:
        self.read_card()


class Mover(Clerk):
    """Does one large thing to the segment that the readers read, and goes."""

    fixed_count = 1

    @task
    def large(self) -> None:
        try:
            if self.plan.beside == "log":
                self.log(self.plan.target, "a large Log")
            else:
                self.choose("add", self.plan.target, {"contact-language": "fi"})
        finally:
            self.plan.is_over = True
        raise StopUser


def by_turns(cast: type[Person]) -> type[Person]:
    """People who do each thing once, in some order, and then go on as they like."""

    class ByTurns(cast):  # type: ignore[valid-type, misc]
        def on_start(self) -> None:
            super().on_start()
            self.deck: list[Any] = list(dict.fromkeys(cast.tasks))
            self.lots.shuffle(self.deck)

        def turn(self) -> None:
            card = self.deck.pop() if self.deck else self.lots.choice(cast.tasks)
            try:
                card(self)
            finally:
                self.plan.is_over = self.plan.is_over or not self.deck

    ByTurns.tasks = [ByTurns.turn]
    return ByTurns
