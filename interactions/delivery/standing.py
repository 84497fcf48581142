"""How far the delivery of a logged segment is, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from crm.models import Job
from interactions.delivery.again import UNSENT
from interactions.delivery.scope import Entries, Scope
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment

LOG, AGAIN = "log", "again"
# Single entries that wait: so many are looked for among the jobs.
FEW = 20
MOVING = (Delivery.QUEUED, Delivery.IN_PROGRESS)
COLOURS = {"delivered": "good", "failed": "bad", "uncertain": "own", "in_progress": "accent"}


@dataclass(frozen=True)
class State:
    """So many entries are in this state; the address lists them."""

    state: str
    label: str
    count: int
    url: str
    colour: str


@dataclass(frozen=True)
class Standing:
    """The entries of a logged segment by state.

    `unsent` have a letter and were logged without being sent; `to_send` of them say how. `job` is
    at work on them; None where nobody is: then `last` is the one that ended last. `which` tells
    verbs whether they are about the log or about what was sent again as new interactions, whose
    standing is `again`.
    """

    which: str
    states: Sequence[State]
    unsent: int
    to_send: int
    job: Job | None
    last: Job | None
    again: "Standing | None" = None

    @property
    def total(self) -> int:
        """All that were queued once."""
        return sum(state.count for state in self.states)

    @property
    def settled(self) -> int:
        """Those that no worker will touch again by itself."""
        return sum(state.count for state in self.states if state.state not in MOVING)

    @property
    def is_moving(self) -> bool:
        """Whether something waits or is on its way."""
        return self.settled < self.total

    @property
    def waiting(self) -> int:
        """Those that somebody has to deliver yet."""
        return self.total - self.settled

    @property
    def is_idle(self) -> bool:
        """Whether something waits and nobody is at work on it."""
        return self.is_moving and self.job is None

    @property
    def is_watched(self) -> bool:
        """Whether the page should ask again soon."""
        return bool(self.job or (self.again and self.again.job))

    @property
    def counts(self) -> dict[str, int]:
        """The counts by state, as delivery.RESENDABLE and UNSENT name them."""
        found = {state.state: state.count for state in self.states}
        return found | ({UNSENT: self.unsent} if self.unsent else {})


def standing(logged: LoggedSegment) -> Standing:
    """The numbers, and who works on them, by a fixed number of statements."""
    again = _of(Scope(number=logged.segment_number), AGAIN, logged)
    return replace(_of(Scope.of(logged), LOG, logged), again=again if again.total else None)


def scope_of(logged: LoggedSegment, which: str) -> Scope:
    """The entries that a verb is about."""
    return Scope(number=logged.segment_number) if which == AGAIN else Scope.of(logged)


def _of(scope: Scope, which: str, logged: LoggedSegment) -> Standing:
    rows = scope.entries().order_by()
    is_letter, has_way = Q(document__isnull=False), ~Q(correspondence_type="")
    counted = rows.values("delivery").annotate(
        n=Count("pk"),
        letters=Count("pk", filter=is_letter),
        to_send=Count("pk", filter=is_letter & has_way),
    )
    by_state = {row["delivery"]: row for row in counted}
    unsent = by_state.pop("", {"letters": 0, "to_send": 0})
    found = {state: row["n"] for state, row in by_state.items()}
    states = [
        State(value, str(label), found[value], _url(logged, value), COLOURS.get(value, ""))
        for value, label in Delivery.choices
        if found.get(value)
    ]
    at_work = last = None
    if states:
        is_moving = any(state in found for state in MOVING)
        waiting = rows.filter(delivery__in=MOVING).values_list("pk", flat=True)
        jobs = _jobs(scope, list(waiting[:FEW]) if is_moving else [])
        at_work = jobs.active().order_by("pk").first()
        last = jobs.ended().order_by("-ended_at").first()
    return Standing(which, states, unsent["letters"], unsent["to_send"], at_work, last)


def _jobs(scope: Scope, waiting: list[int]) -> Any:
    """The jobs that deliver it as a whole, or one of those that wait by itself."""
    of_all = Q(**{f"arguments__{name}": value for name, value in scope.arguments.items()})
    of_one = Q(arguments__entry__in=waiting)
    return Job.objects.filter(of_all | of_one, kind__startswith="delivery.")


def idle() -> Entries:
    """Letters of whatever segment, or of none, that wait while no job is at work on them."""
    jobs = Job.objects.active().filter(kind__startswith="delivery.").order_by("pk")
    told = list(jobs.values_list("arguments", flat=True))
    logged, number, entry = (
        [one[name] for one in told if name in one] for name in ("logged", "number", "entry")
    )
    again = Q(logged_segment=None, segment_number__in=number)
    at_work = Q(pk__in=entry) | Q(logged_segment__in=logged) | again
    return InteractionLogEntry.objects.counted().filter(delivery__in=MOVING).exclude(at_work)


def _url(logged: LoggedSegment, state: str) -> str:
    asked = {"segment": logged.segment_number, "delivery": state, "cancelled": "false"}
    return f"{reverse('interactions:entries')}?{urlencode(asked)}"
