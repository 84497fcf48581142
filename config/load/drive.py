"""`python -m config.load.drive PLAN OUT`: lets the people loose on the site, phase after phase.

A process of its own, for locust has Python wait in a way of its own; it knows nothing of Django.
OUT gets a line of JSON for each request, each thing told, and each phase.
"""

import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from locust import User
from locust.env import Environment

from config.load.browsing import Person
from config.load.marketers import Marketer
from config.load.others import Idle, Mover, Reader, by_turns
from config.load.together import Together

CASTS: dict[str, type[Person]] = {
    cast.__name__: cast for cast in (Marketer, Idle, Reader, Together)
}
PATIENCE = 600


@dataclass
class Plan:
    """What is to be done: the house's things, and how each phase is played."""

    told: dict[str, Any]
    out: TextIO
    phase: str = ""
    beside: str = ""
    is_over: bool = False

    def __post_init__(self) -> None:
        self._seeds = itertools.count(self.told["seed"])
        self._names = itertools.cycle(self.told["users"])
        self.pace = (1.0, 5.0)

    def __getattr__(self, name: str) -> Any:
        """Whatever else the plan says."""
        try:
            return self.told[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def next_seed(self) -> int:
        return next(self._seeds)

    def next_name(self) -> str:
        return str(next(self._names))

    def write(self, **line: Any) -> None:
        self.out.write(json.dumps({"phase": self.phase, **line}) + "\n")

    def tell(self, what: str, value: str) -> None:
        """Something to be compared with the database in the end."""
        self.write(told=what, value=value)


def phases(plan: Plan) -> Iterator[dict[str, Any]]:
    """Each phase of the plan, its settings in force."""
    for one in plan.told["phases"]:
        plan.phase, plan.beside, plan.is_over = one["name"], one.get("beside", ""), False
        plan.pace = tuple(one.get("pace", (1.0, 5.0)))
        plan.told["target"] = one.get("target", "")
        yield one


def play(plan: Plan, phase: dict[str, Any]) -> None:
    """Everybody comes, warms up, and is measured; then ends what is at hand and goes."""
    cast = CASTS[phase["cast"]]
    casts: list[type[User]] = [by_turns(cast) if phase.get("by turns") else cast]
    casts += [Mover] if phase.get("beside") else []
    environment = Environment(user_classes=casts, host=plan.host, stop_timeout=PATIENCE)
    warm_until = time.time() + phase.get("warm", 0)

    def heard(name: str, response_time: float, start_time: float, **more: Any) -> None:
        fault, note = more["exception"], more["context"]["note"]
        plan.write(
            name=name,
            milliseconds=response_time,
            at=start_time,
            error=str(fault) if fault else "",
            is_warm=start_time >= warm_until,
            **note,
        )

    environment.events.request.add_listener(heard)
    _run(plan, phase, environment, warm_until)


def _run(plan: Plan, phase: dict[str, Any], environment: Environment, warm_until: float) -> None:
    runner = environment.create_local_runner()
    users, beside = phase["users"], bool(phase.get("beside"))
    runner.start(users + beside, spawn_rate=max(users / max(phase.get("warm", 0), 0.2), 1))
    time.sleep(max(0.0, warm_until - time.time()))
    begun = time.time()
    waits = beside or phase.get("by turns")
    while time.time() < begun + phase["seconds"] or (waits and not plan.is_over):
        time.sleep(0.05)
        if time.time() > begun + phase["seconds"] + PATIENCE:
            raise RuntimeError(f"{phase['name']}: nobody gets done")
    ended = time.time()
    runner.stop()
    runner.quit()
    plan.write(played=phase["name"], users=users, begun=begun, ended=ended)
    plan.out.flush()


def main(plan_path: str, out_path: str) -> None:
    with Path(out_path).open("w") as out:
        plan = Plan(json.loads(Path(plan_path).read_text()), out)
        Person.plan = plan
        for phase in phases(plan):
            play(plan, phase)


if __name__ == "__main__":
    main(*sys.argv[1:])
