"""Numbers about what was logged, each by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.choices import Evaluation
from interactions.filters import AnsweredFilter
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment
from interactions.models.log import LogEntryQuerySet


@dataclass(frozen=True)
class Number:
    """A number, what it counts, and the page that lists what was counted."""

    label: str
    count: int
    url: str = ""


@dataclass(frozen=True)
class LoggedCounts:
    """What became of a logged segment: all but `cancelled` count entries that count."""

    totals: Sequence[Number]
    deliveries: Sequence[Number]
    evaluations: Sequence[Number]
    counted: int
    letters: int
    cost: object
    duration: int


# What interactions are counted by: the column, and the code and the name of what it refers to.
BY = {
    "template": ("code", "description"),
    "group": ("code", "description"),
    "campaign": ("number", "description"),
    "salesperson": ("code", "name"),
    "contact": ("number", "name"),
}
SUMS = {"count": Count("pk"), "cost": Sum("cost"), "duration": Sum("duration")}


def summed(entries: LogEntryQuerySet) -> dict[str, Any]:
    """How many of these entries count, what they cost together and how long they took."""
    found = entries.counted().order_by().aggregate(**SUMS)
    return {name: value or 0 for name, value in found.items()}


def grouped(entries: LogEntryQuerySet, by: str) -> QuerySet[Any]:
    """The same for each `by` of BY: rows of code, name, count, cost, duration; most first.

    Cancelled and postponed entries, and those without one, are left out.
    """
    code, name = BY[by]
    named = {"code": F(f"{by}__{code}"), "name": F(f"{by}__{name}")}
    rows = entries.counted().exclude(**{by: None}).order_by().values(by, **named)
    return rows.annotate(**SUMS).order_by("-count", "code")


def added_up(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What all rows of `grouped` come to."""
    return {name: sum(row[name] for row in rows) for name in SUMS}


@dataclass(frozen=True)
class Outcomes:
    """How many contacts of a logged segment a follow-up by outcome would be for."""

    contacts: int
    evaluations: dict[str, int]
    failed: int
    silent: int


def outcomes(logged: LoggedSegment) -> Outcomes:
    """Contacts by outcome of what counts; evaluations best first, and only those that occur."""
    entries = InteractionLogEntry.objects.counted().filter(logged_segment=logged)
    rows = entries.exclude(contact=None).order_by()
    contacts = Count("contact", distinct=True)
    grouped = rows.exclude(evaluation="").values("evaluation").annotate(n=contacts)
    found = {row["evaluation"]: row["n"] for row in grouped}
    failed = Count("contact", distinct=True, filter=Q(delivery=Delivery.FAILED))
    totals = rows.aggregate(all=contacts, failed=failed)
    silent = AnsweredFilter().filter(rows, False).aggregate(n=contacts)["n"]
    ordered = {value: found[value] for value in Evaluation.values if value in found}
    return Outcomes(totals["all"], ordered, totals["failed"], silent)


def of_logged_segment(logged: LoggedSegment) -> LoggedCounts:
    """Entries by delivery and by evaluation, with links to the lists of them."""
    rows = InteractionLogEntry.objects.filter(logged_segment=logged, postponed=False)
    counted = Q(cancelled=False)
    found = rows.aggregate(
        counted=Count("pk", filter=counted),
        not_counted=Count("pk", filter=~counted),
        letters=Count("pk", filter=counted & Q(document__isnull=False)),
        total_cost=Sum("cost", filter=counted),
        total_duration=Sum("duration", filter=counted),
        **_by("delivery", Delivery.values),
        **_by("evaluation", ["", *Evaluation.values]),
    )
    totals = [Number(_("Interactions"), found["counted"], _url(logged, cancelled="false"))]
    if found["not_counted"]:
        url = _url(logged, cancelled="true")
        totals.append(Number(_("Cancelled"), found["not_counted"], url))
    evaluations = _numbers(logged, found, "evaluation", Evaluation.choices)
    evaluations.append(Number(_("Not evaluated"), found["evaluation_"]))
    return LoggedCounts(
        totals=totals,
        deliveries=_numbers(logged, found, "delivery", Delivery.choices),
        evaluations=evaluations,
        counted=found["counted"],
        letters=found["letters"],
        cost=found["total_cost"] or 0,
        duration=found["total_duration"] or 0,
    )


def _by(field: str, values: Sequence[str]) -> dict[str, Count]:
    """One count for each value of a column, cancelled entries left out."""
    return {
        f"{field}_{value}": Count("pk", filter=Q(cancelled=False, **{field: value}))
        for value in values
    }


def _numbers(
    logged: LoggedSegment,
    found: dict[str, int],
    field: str,
    choices: Sequence[tuple[str, object]],
) -> list[Number]:
    """The counts of a column that are not zero."""
    return [
        Number(
            str(label), found[f"{field}_{value}"], _url(logged, cancelled="false", **{field: value})
        )
        for value, label in choices
        if found[f"{field}_{value}"]
    ]


def _url(logged: LoggedSegment, **filters: str) -> str:
    query = urlencode({"segment": logged.segment_number, **filters})
    return f"{reverse('interactions:entries')}?{query}"
