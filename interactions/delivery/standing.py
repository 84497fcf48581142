"""How far the delivery of a logged segment is, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from crm.models import Job
from interactions.delivery.scope import Scope
from interactions.models import Delivery, LoggedSegment

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
    """The entries of a logged segment by state; `to_send` were logged without being sent.

    `job` is at work on them; None where nobody is.
    """

    states: Sequence[State]
    to_send: int
    job: Job | None

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
    def counts(self) -> dict[str, int]:
        """The counts by state."""
        return {state.state: state.count for state in self.states}


def standing(logged: LoggedSegment) -> Standing:
    """The numbers, and the job that works on them, by three statements."""
    rows = Scope.of(logged).entries().order_by()
    found = dict(rows.values_list("delivery").annotate(n=Count("pk")))
    unsent = rows.filter(delivery="").exclude(document=None).exclude(correspondence_type="")
    states = [
        State(value, str(label), found[value], _url(logged, value), COLOURS.get(value, ""))
        for value, label in Delivery.choices
        if found.get(value)
    ]
    jobs = Job.objects.active().filter(kind__startswith="delivery.", arguments__logged=logged.pk)
    return Standing(states, unsent.count(), jobs.order_by("pk").first())


def _url(logged: LoggedSegment, state: str) -> str:
    asked = {"segment": logged.segment_number, "delivery": state, "cancelled": "false"}
    return f"{reverse('interactions:entries')}?{urlencode(asked)}"
