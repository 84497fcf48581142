"""Many marketers at once: throughput, latencies by kind and by page, errors, memory.

`python -m config.load.bench CONTACTS USERS SECONDS [LEAST MOST]` with DEBUG=false and the static
files collected, on a migrated database: an empty one is filled, one that this program filled is
used as it stands. Ends with 1 where there was any error.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.db import connection

from config.load import playing, telling
from config.load.site import Watch, serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LOAD, ALONE, IDLE = "load", "one user alone", "an empty view, without a pause"
QUIET = "readers"
BESIDE = {"add": "readers beside a large Add", "log": "readers beside a large Log"}
READERS = 5
# Seconds a marketer until all have logged in and are at work.
WARMING = 2.0


def phases(made: dict[str, Any], users: int, seconds: float) -> list[dict[str, Any]]:
    """What is played, one after the other."""
    short = max(1.0, seconds / 6)
    reading = {"cast": "Reader", "users": READERS, "pace": made["brisk"], "warm": short / 10}
    return [
        {
            "name": IDLE,
            "cast": "Idle",
            "users": min(8, users),
            "seconds": short / 2,
            "warm": short / 4,
        },
        {
            "name": ALONE,
            "cast": "Marketer",
            "by turns": True,
            "users": 1,
            "seconds": short * 2,
            "pace": made["brisk"],
        },
        {
            "name": LOAD,
            "cast": "Marketer",
            "users": users,
            "seconds": seconds,
            # To log in takes half a second of a core by design, and all make their segment then.
            "warm": users * WARMING,
            "pace": made["pace"],
        },
        {"name": QUIET, "target": made["large"], "seconds": short, **reading},
        {"name": BESIDE["add"], "beside": "add", "target": made["large"], "seconds": 0, **reading},
        {"name": BESIDE["log"], "beside": "log", "target": made["to_log"], "seconds": 0, **reading},
    ]


def run(
    contacts: int,
    users: int,
    seconds: float,
    environment: dict[str, str],
    *,
    pace: tuple[float, float] = (1.0, 5.0),
    brisk: tuple[float, float] = (0.2, 0.6),
) -> dict[str, Any]:
    """Fills an empty database, plays all phases, prints the tables; returns all of it."""
    from config.load import house
    from crm.models import Contact

    begun = time.perf_counter()
    if not Contact.objects.exists():
        house.fill(contacts)
    plan = house.plan(contacts, users) | house.segments(contacts) | {"seed": 1}
    plan |= {"pace": pace, "brisk": brisk}
    load = os.getloadavg()[0]
    print(
        f"{connection.vendor}: {contacts:,} contacts, ready in {time.perf_counter() - begun:.0f} s"
    )
    print(f"load of the machine before: {load:.1f}\n", flush=True)
    told, watch = _played(plan, environment, users, seconds)
    return {
        "database": connection.vendor,
        "contacts": contacts,
        "users": users,
        "load before": load,
        "busy": {
            name: watch.between(one["begun"], one["ended"]) for name, one in told.phases.items()
        },
        "memory": watch.memory,
        "told": told,
    }


def _played(
    plan: dict[str, Any], environment: dict[str, str], users: int, seconds: float
) -> tuple[telling.Told, Watch]:
    """All phases, on the site with one worker."""
    with tempfile.TemporaryDirectory() as folder, serving(environment) as site:
        watch = Watch(site)
        watch.start()
        plan |= {"host": site.host, "phases": phases(plan, users, seconds)}
        people = playing.start(plan, Path(folder))
        try:
            told = playing.ended(people, Path(folder))
        finally:
            people.kill()
        watch.end()
    return told, watch


def report(found: dict[str, Any]) -> int:
    """Prints the tables, and all of it as JSON on the last line; 1 where there was an error."""
    told = found.pop("told")
    kinds, names = told.rows(LOAD, "kind"), told.rows(LOAD, "name")
    alone = {one.of: one for one in told.rows(ALONE, "name")}
    print(f"{found['users']} marketers, {told.seconds(LOAD):.0f} s")
    telling.table("kind", [telling.row("all", told.of(LOAD), told.seconds(LOAD)), *kinds])
    telling.table("one user alone", told.rows(ALONE, "kind"))
    telling.table("without a pause", told.rows(IDLE, "kind"))
    telling.table("page", names)
    beside = list(_beside(told))
    telling.table("reading", beside)
    telling.counted("By design:", told.by_design)
    print("Busy:", ", ".join(f"{name} {one:.0f} %" for name, one in found["busy"].items()))
    for role, one in found["memory"].items():
        print(f"A {role}: {one['mostly']:.0f} MiB, at most {one['at most']:.0f} MiB")
    telling.complaints(told.errors)
    found |= {
        "kinds": telling.as_json(kinds),
        "names": telling.as_json(names),
        "alone": telling.as_json(alone.values()),
        "empty": telling.as_json(told.rows(IDLE, "kind")),
        "beside": telling.as_json(beside),
        "by design": told.by_design,
        "errors": len(told.errors),
    }
    print(json.dumps(found))
    return min(1, len(told.errors))


def _beside(told: telling.Told) -> Iterator[telling.Row]:
    """The readers' rows, without and with the large thing; only while that went on."""
    for phase in (QUIET, *BESIDE.values()):
        lines = [line for line in told.of(phase) if line["kind"] == "read"]
        seconds = told.seconds(phase)
        large = [line for line in told.of(phase) if line["name"] in ("add: done", "a large Log")]
        for one in large:
            ended = one["at"] + one["milliseconds"] / 1000
            lines = [line for line in lines if one["at"] <= line["at"] <= ended]
            seconds = one["milliseconds"] / 1000
        for name in ("the same segment", "contacts", "segments"):
            yield telling.row(f"{phase}: {name}", [x for x in lines if x["name"] == name], seconds)
        if large:
            yield telling.row(f"{phase}: the large thing itself", large, seconds)


def main(contacts: str, users: str, seconds: str, *think: str) -> int:
    """`think` is how many seconds a marketer thinks between two pages, at least and at most."""
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))  # ends what was started, too
    django.setup()
    least, most = map(float, think or ("1", "5"))
    environment = dict(os.environ)
    found = run(int(contacts), int(users), float(seconds), environment, pace=(least, most))
    return report(found | {"think": [least, most]})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
