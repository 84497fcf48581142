"""Ten minutes of people who all want the same, while processes are killed; then: what must hold.

`python -m config.load.soak SECONDS USERS CONTACTS` on an empty, migrated database. Two people
first, then all of them. Workers are killed at random moments and others take their place; now and
then a process of the web server is. Ends with 1 where anything is lost, doubled, or wrong.
"""

import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

from config.load import playing, telling
from config.load.site import Site, Watch, serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

FEW, ALL = "two people", "all people"
WORKERS = 3
# A request that was under way when its process was killed had no answer: seconds around it.
CUT_OFF = 1.0
DRAINED = 1200


def phases(users: int, seconds: float, pace: tuple[float, float]) -> list[dict[str, Any]]:
    """Two people for a third of the time, then all of them."""
    common = {"cast": "Together", "pace": pace}
    return [
        {"name": FEW, "users": 2, "seconds": seconds / 3, "by turns": True, **common},
        {"name": ALL, "users": users, "seconds": seconds * 2 / 3, **common},
    ]


def run(
    seconds: float,
    users: int,
    contacts: int,
    environment: dict[str, str],
    *,
    pace: tuple[float, float] = (0.1, 1.0),
    every: tuple[float, float] = (3.0, 12.0),
    most: float = math.inf,
    workers: int = WORKERS,
) -> dict[str, Any]:
    """Fills the database, lets people and killer loose, waits for the workers; what came of it.

    `every` says how many seconds lie between two kills, `most` how many there are.
    """
    from config.load import holding, house
    from interactions.tests.postoffice import PostOffice

    house.fill_small(contacts)
    plan = house.plan(contacts, users) | {"seed": 1, "phases": phases(users, seconds, pace)}
    office = PostOffice()
    office.start()
    try:
        told = _soak(plan, environment | _mailer(office), every, most, workers)
        mails = [str(mail["List-Unsubscribe"]) for mail in office.mails]
    finally:
        office.stop()
    return told | {"mails": len(mails), "faults": holding.faults(told["told"], mails)}


def _mailer(office: Any) -> dict[str, str]:
    """What processes are told of mail, and of how soon to take up what a killed one left."""
    told: dict[str, str] = office.environment
    return told | {"MAIL_BACKOFF": "0.5", "JOB_LEASE": "2"}


def _soak(
    plan: dict[str, Any],
    environment: dict[str, str],
    every: tuple[float, float],
    most: float,
    workers: int,
) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(environment, workers=workers) as site,
    ):
        watch = Watch(site)
        watch.start()
        people = playing.start(plan | {"host": site.host}, Path(folder))
        try:
            _kill_now_and_then(site, people, every, most)
            told = playing.ended(people, Path(folder))
        finally:
            people.kill()
        drained = _drain()
        watch.end()
    cut_off = [line for line in told.errors if _was_cut_off(line, site)]
    for line in cut_off:
        line["error"], line["by design"] = "", "request whose process was killed"
    return {"told": told, "kills": site.kills, "drained": drained, "memory": watch.memory}


def _kill_now_and_then(
    site: Site, people: "subprocess.Popen[bytes]", every: tuple[float, float], most: float
) -> None:
    """Until the people are done; every fourth victim is of the web server."""
    lots = random.Random(5)
    while len(site.kills) < most:
        try:
            people.wait(timeout=lots.uniform(*every))
        except subprocess.TimeoutExpired:
            (site.kill_web if len(site.kills) % 4 == 3 else site.kill_worker)(lots)
        else:
            return


def _was_cut_off(line: dict[str, Any], site: Site) -> bool:
    """Whether a process of the web server was killed while this request had no answer yet."""
    ended = line["at"] + line["milliseconds"] / 1000
    return line["status"] == "0" and any(
        line["at"] - CUT_OFF <= moment <= ended + CUT_OFF
        for moment, role in site.kills
        if role == "web"
    )


def _drain() -> float:
    """Waits until the workers have nothing left; what was given up for its kills is tried again."""
    from crm import work
    from crm.models import Job, JobState

    begun = time.monotonic()
    tried_again: set[int] = set()
    while time.monotonic() < begun + DRAINED:
        for job in Job.objects.filter(state=JobState.FAILED).exclude(pk__in=tried_again):
            tried_again.add(job.pk)
            work.retry(job)
        if not Job.objects.active().exists():
            break
        time.sleep(0.1)
    return time.monotonic() - begun


def report(found: dict[str, Any]) -> int:
    """Prints what happened, and all of it as JSON on the last line; 1 where anything is wrong."""
    told = found.pop("told")
    for phase in (FEW, ALL):
        telling.table(phase, told.rows(phase, "kind"))
    telling.table("page", told.rows(ALL, "name"))
    telling.counted("By design:", told.by_design)
    kills = [role for _moment, role in found.pop("kills")]
    found |= {
        "workers killed": kills.count("worker"),
        "web processes killed": kills.count("web"),
        "requests": len(told.requests),
        "logged": len(told.told("logged")),
        "imported": len(told.told("imported")),
        "by design": told.by_design,
        "errors": len(told.errors),
    }
    telling.complaints(told.errors)
    print(*(f"FAULT {fault}" for fault in found["faults"]), sep="\n")
    print(json.dumps(found))
    return min(1, len(told.errors) + len(found["faults"]))


def main(seconds: str, users: str, contacts: str = "6000") -> int:
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))  # ends what was started, too
    django.setup()
    return report(run(float(seconds), int(users), int(contacts), dict(os.environ)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
