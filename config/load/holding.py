"""What must hold when all is over, whoever was killed meanwhile: what does not, in words."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from django.core import signing
from django.core.management import call_command
from django.db.models import Count

from crm.models import Contact, Job, JobState
from interactions.delivery.unsubscribe import SALT
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment
from segments.models import Segment, SegmentLine

Mail = tuple[int, str]


def faults(told: Any, mails: list[str]) -> list[str]:
    """All that is wrong. `told` is what the people were told, `mails` who each mail was for."""
    asked = (_commands(), _jobs(), _lines(), _logged(told), _numbers(told), _imports(told))
    return [fault for one in (*asked, _mails(mails)) for fault in one]


def _commands() -> Iterator[str]:
    for command in ("check_integrity", "verify_log"):
        said = io.StringIO()
        try:
            with redirect_stdout(said), redirect_stderr(said):
                call_command(command, stdout=said, stderr=said)
        except SystemExit as end:
            if end.code:
                yield f"{command}: {said.getvalue()}"


def _jobs() -> Iterator[str]:
    for job in Job.objects.exclude(state=JobState.DONE):
        yield f"{job} is {job.state}: {job.error}"


def _lines() -> Iterator[str]:
    """Nobody asked for a contact twice on one segment."""
    for segment in Segment.objects.all():
        lines = SegmentLine.objects.present(segment).order_by().values("contact")
        doubled = lines.annotate(n=Count("pk")).filter(n__gt=1).count()
        if doubled:
            yield f"{segment.number}: {doubled} contacts stand on it twice"


def _logged(told: Any) -> Iterator[str]:
    """As many interactions as Log said, to the reader and to itself."""
    said = dict(one.split("=") for one in told.told("logged"))
    rows = LoggedSegment.objects.annotate(there=Count("entries"))
    counts = {one.segment_number: (one.entry_count, one.there) for one in rows}
    for number, (count, there) in counts.items():
        if count != there or int(said.get(number, count)) != count:
            yield f"{number}: {count} were logged, {there} are there, {said.get(number)} were told"
    yield from (f"{number} was logged and is not there" for number in set(said) - set(counts))
    both = Segment.objects.filter(number__in=counts).values_list("number", flat=True)
    yield from (f"{number} is open and logged" for number in both)


def _numbers(told: Any) -> Iterator[str]:
    """Each number was given once, and what got it is there, open or logged."""
    made = Counter(told.told("made"))
    yield from (f"{number} was given {times} times" for number, times in made.items() if times > 1)
    there = set(Segment.objects.values_list("number", flat=True))
    there |= set(LoggedSegment.objects.values_list("segment_number", flat=True))
    yield from (f"{number} was made and is not there" for number in set(made) - there)


def _imports(told: Any) -> Iterator[str]:
    """Each row of each file once."""
    for one in told.told("imported"):
        mark, rows = one.split("=")
        names = Contact.objects.filter(name__startswith=f"Import {mark} ")
        found = names.aggregate(rows=Count("pk"), names=Count("name", distinct=True))
        if found != {"rows": int(rows), "names": int(rows)}:
            yield f"import {mark}: {found} of {rows}"


def _mails(mails: list[str]) -> Iterator[str]:
    """Each mail at most once; once where it says delivered, and where it may have been."""
    arrived = Counter(whose(address) for address in mails)
    yield from (f"{mail} arrived {n} times" for mail, n in arrived.items() if n > 1)
    entries = InteractionLogEntry.objects.filter(correspondence_type="email").exclude(delivery="")
    states = {
        (contact, number): state
        for contact, number, state in entries.values_list("contact", "segment_number", "delivery")
    }
    for mail in set(arrived) - set(states):
        yield f"{mail} arrived and was never logged"
    for mail, state in states.items():
        if state == Delivery.DELIVERED and mail not in arrived:
            yield f"{mail} is said to be delivered and did not arrive"
        if state not in (Delivery.DELIVERED, Delivery.UNCERTAIN) and mail in arrived:
            yield f"{mail} arrived and is {state}"


def whose(address: str) -> Mail:
    """Contact and segment of a mail, by its address to unsubscribe at."""
    token = address.strip("<>").rstrip("/").rpartition("/")[2]
    contact, number = signing.loads(token, salt=SALT)
    return contact, number
