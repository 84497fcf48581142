"""Home: what is open, what was logged lately, what needs care, and how much was said each week."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Count, IntegerField, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from crm import sight
from crm.choices import CorrespondenceType
from crm.filters import ContactFilter
from crm.models import Contact
from interactions import tasks
from interactions.delivery.standing import MOVING, idle
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment, Task
from segments import first_steps, trail
from segments.models import Segment
from segments.views.access import Request
from segments.views.setting_up import guide

SHOWN = 8
WEEKS = 12
HIGH, WIDE = 56, 22
# So many interactions of past weeks are counted once in so many seconds.
MANY, KEPT = 10_000, 600
# Counting what needs care stops here: more than this is "many".
MOST = 1000


@require_safe
def home(request: Request) -> HttpResponse:
    """The page one starts from; each part only for whoever may see its table."""
    user = request.user
    shown: dict[str, Any] = {"title": _("Home")}
    if user.has_perm("segments.view_segment"):
        shown |= {"segments": open_segments(user), "others": others(user)}
        shown |= {"may_create": user.has_perm("segments.add_segment")}
    if user.has_perm("interactions.view_loggedsegment"):
        shown["logged"] = logged_lately()
    if user.has_perm("interactions.view_interactionlogentry"):
        shown["weeks"] = weeks(timezone.localdate())
        shown["care"] = care(user)
    if user.has_perm("interactions.view_task"):
        due = tasks.due(user, timezone.localdate())
        # Which are the first is found before what they join: they may be thousands.
        first = Task.objects.filter(pk__in=due[:SHOWN].values("pk"))
        shown["tasks"] = list(first.select_related("contact", "salesperson", "by"))
        shown["tasks_due"] = due[: MOST + 1].count()
    # Whoever has logged something has all that the guide leads to.
    if not shown.get("logged"):
        found = first_steps.facts(user)
        if not first_steps.is_ready(found):
            shown["guide"] = guide(user, found)
    return render(request, "home.html", shown)


def _mine(user: Any) -> Q:
    return Q(by=user) | Q(salesperson__user=user)


def open_segments(user: Any) -> list[Segment]:
    """The segments that the user made or answers for, last changed first, with what is next."""
    rows = trail.with_lines(Segment.objects.filter(_mine(user)).order_by("-changed_at", "-pk"))
    found = list(rows.select_related("template")[:SHOWN])
    for segment in found:
        segment.next_step = next_step(segment)
    return found


def next_step(segment: Any) -> str:
    """What a segment waits for, in words."""
    if not segment.lines_now:
        return _("Choose contacts")
    if segment.template_id is None:
        return _("Choose a template")
    if not segment.description:
        return _("Describe it")
    return _("Check and log")


def others(user: Any) -> int:
    """How many open segments are somebody else's."""
    return Segment.objects.exclude(pk__in=Segment.objects.filter(_mine(user)).values("pk")).count()


def logged_lately() -> list[Any]:
    """What was logged last, each with how many of its letters are still on their way."""
    rows = LoggedSegment.objects.defer("header", "trail").select_related("by")[:SHOWN]
    found: list[Any] = list(rows)
    moving = InteractionLogEntry.objects.filter(
        logged_segment__in=found, delivery__in=MOVING, cancelled=False, postponed=False
    )
    counted = moving.order_by().values_list("logged_segment").annotate(n=Count("pk"))
    counts = dict(counted) if found else {}
    for one in found:
        one.waiting = counts.get(one.pk, 0)
    return found


@dataclass(frozen=True)
class Week:
    """A week of the chart: its Monday, how many interactions, where its bar stands."""

    monday: datetime.date
    count: int
    x: int
    y: int
    height: int


def weeks(today: datetime.date) -> Sequence[Week]:
    """The last weeks with the interactions that count, this week last; empty where none was."""
    this = today - datetime.timedelta(days=today.weekday())
    first = this - datetime.timedelta(weeks=WEEKS - 1)
    counts = _past(first, this) + _by_week(this, this + datetime.timedelta(weeks=1))
    most = max(counts.values(), default=0)
    mondays = [first + datetime.timedelta(weeks=week) for week in range(WEEKS)] if most else []
    return [_week(place, day, counts[day], most) for place, day in enumerate(mondays)]


def _past(first: datetime.date, this: datetime.date) -> Counter[datetime.date]:
    """The weeks before this one; many are kept a while, for little happens to the past."""
    key = None if sight.now() else f"weeks-{first}"
    counts: Counter[datetime.date] | None = cache.get(key) if key else None
    if counts is None:
        counts = _by_week(first, this)
        if key and counts.total() > MANY:
            cache.set(key, counts, KEPT)
    return counts


def _by_week(first: datetime.date, end: datetime.date) -> Counter[datetime.date]:
    """How many interactions count in each week, by its Monday."""
    entries = InteractionLogEntry.objects.counted().filter(date__gte=first, date__lt=end)
    days = entries.order_by().values_list("date").annotate(n=Count("*"))
    counts: Counter[datetime.date] = Counter()
    for day, said in days:
        counts[day - datetime.timedelta(days=day.weekday())] += said
    return counts


def _week(place: int, monday: datetime.date, count: int, most: int) -> Week:
    height = max(round(count / most * HIGH), 2) if count else 0
    return Week(monday, count, place * WIDE, HIGH - height, height)


@dataclass(frozen=True)
class Care:
    """Something that waits for a person: how many, of what, and where they are."""

    count: int
    is_many: bool
    words: str
    url: str


class HowMany(Subquery):
    """How many rows a question has, at most MOST and one, as a part of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: MOST + 1])


def care(user: Any) -> list[Care]:
    """Deliveries that failed or wait in vain, what was kept for later, contacts out of reach."""
    entries, contacts = InteractionLogEntry.objects.all(), Contact.objects.all()
    failed = entries.filter(delivery=Delivery.FAILED, cancelled=False, postponed=False)
    unreachable = contacts.filter(correspondence_type=CorrespondenceType.EMAIL, email="")
    letters = ContactFilter({"has_address": "false"}, contacts).qs
    nowhere = letters.filter(correspondence_type=CorrespondenceType.HARD_COPY)
    postponed = entries.filter(postponed=True)
    log, card = reverse("interactions:entries"), reverse("crm:contacts")
    asked = (
        (
            failed,
            ngettext_lazy("delivery that failed", "deliveries that failed"),
            f"{log}?delivery=failed&cancelled=false",
        ),
        (
            idle(),
            ngettext_lazy(
                "letter that waits, and nobody is at work on it",
                "letters that wait, and nobody is at work on them",
            ),
            f"{log}?delivery=queued&delivery=in_progress&cancelled=false",
        ),
        (
            postponed,
            ngettext_lazy("interaction kept for later", "interactions kept for later"),
            reverse("interactions:postponed"),
        ),
        (
            unreachable,
            ngettext_lazy(
                "contact who wants e-mail and has no address",
                "contacts who want e-mail and have no address",
            ),
            f"{card}?correspondence_type=email&has_email=false",
        ),
        (
            nowhere,
            ngettext_lazy(
                "contact who wants letters and has no postal address",
                "contacts who want letters and have no postal address",
            ),
            f"{card}?correspondence_type=hard_copy&has_address=false",
        ),
    )
    # All at once: whoever asks is a row to ask them beside.
    counts = User.objects.filter(pk=user.pk).values_list(*(HowMany(rows) for rows, *_ in asked))
    counted = zip(counts.get(), asked, strict=True)
    return [Care(min(n, MOST), n > MOST, words % n, url) for n, (_rows, words, url) in counted if n]
