"""What must hold on worksheets; see crm/integrity.py. No database checks the keys of lines."""

from typing import Any

from django.db import transaction
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm import integrity as of_contacts
from crm.integrity import Rule, among
from crm.models import Contact, NumberSeries
from crm.sql import delete_rows
from interactions import integrity as of_the_log
from interactions.models import LoggedSegment
from segments import trail
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep

# -- lines ---------------------------------------------------------------------------------------


def _astray() -> QuerySet[SegmentLine]:
    """Lines of segments or contacts that are not there."""
    segment = Exists(Segment.whole.filter(pk=OuterRef("segment_id")))
    contact = Exists(Contact.whole.filter(pk=OuterRef("contact_id")))
    return SegmentLine.objects.filter(~segment | ~contact).order_by()


@transaction.atomic
def _delete_astray() -> int:
    overrides = LineOverride.objects.filter(line__in=_astray())
    letters = trail.own_letters(overrides)
    delete_rows(overrides)
    gone = delete_rows(_astray())
    of_the_log.documents.release_all(letters)
    return gone


def _without_step() -> QuerySet[SegmentLine]:
    """Lines that a step brought or took which the trail does not have."""

    def is_there(number: str) -> Exists:
        steps = SegmentStep.objects.filter(segment=OuterRef("segment"), number=OuterRef(number))
        return Exists(steps)

    taken = Q(removed_step__isnull=False) & ~is_there("removed_step")
    return SegmentLine.objects.filter(~is_there("added_step") | taken).order_by()


# -- the trail -----------------------------------------------------------------------------------


def _lines(step: str) -> Coalesce:
    """How many lines of the segment name a step in this column."""
    lines = SegmentLine.objects.filter(segment=OuterRef("segment"), **{step: OuterRef("number")})
    counted = lines.order_by().values("segment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _miscounted() -> QuerySet[Any]:
    """Steps whose numbers (added, removed) are not those of the lines."""
    counted = SegmentStep.objects.annotate(came=_lines("added_step"), went=_lines("removed_step"))
    return counted.exclude(added=F("came"), removed=F("went"))


def _wrong_sums() -> QuerySet[Any]:
    """Steps after which there are not as many lines as all steps so far make."""
    before = SegmentStep.objects.filter(segment=OuterRef("segment"), number__lte=OuterRef("number"))
    so_far = before.order_by().values("segment").annotate(n=Sum("added") - Sum("removed"))
    number = Subquery(so_far.values("n"), output_field=IntegerField())
    return SegmentStep.objects.annotate(so_far=number).exclude(lines_after=F("so_far"))


@transaction.atomic
def _count_again() -> int:
    """Counts the lines of each step; sums follow from them."""
    wrong = {step.pk for step in _miscounted()}
    list(Segment.whole.select_for_update().filter(steps__in=wrong).order_by("pk"))
    steps = list(_miscounted())
    for step in steps:
        step.added, step.removed = step.came, step.went
    SegmentStep.objects.bulk_update(steps, ["added", "removed"], batch_size=500)
    return len(steps) + _sum_again()


def _sum_again() -> int:
    steps = list(_wrong_sums())
    for step in steps:
        step.lines_after = step.so_far
    SegmentStep.objects.bulk_update(steps, ["lines_after"], batch_size=500)
    return len(steps)


def _gaps() -> QuerySet[Any]:
    """Segments whose steps are not numbered 1, 2, 3, ..."""
    counted = Segment.whole.annotate(steps_there=Count("steps"), last=Max("steps__number"))
    return counted.filter(last__isnull=False).exclude(steps_there=F("last"))


def _beyond() -> QuerySet[Any]:
    """Segments that stand at a step which is not there."""
    last = Coalesce(Max("steps__number"), Value(0))
    return Segment.whole.annotate(last=last).filter(current_step__gt=F("last"))


@transaction.atomic
def _move_back() -> int:
    beyond = list(_beyond())
    for segment in beyond:
        segment.current_step = segment.last
    Segment.whole.bulk_update(beyond, ["current_step"], batch_size=500)
    return len(beyond)


def _logged_and_open() -> QuerySet[Segment]:
    logged = LoggedSegment.whole.filter(segment_number=OuterRef("number"))
    return Segment.whole.filter(Exists(logged))


NUMBERED = {NumberSeries.SEGMENT: Segment}
RULES: tuple[Rule, ...] = (
    Rule(
        "line_astray",
        _("lines of segments or contacts that are not there"),
        lambda: among(_astray(), "pk"),
        _delete_astray,
    ),
    Rule(
        "line_step",
        _("lines of steps that the trail does not have"),
        lambda: among(_without_step(), "pk"),
    ),
    Rule(
        "step_numbers",
        _("segments whose steps are not numbered one after the other"),
        lambda: among(_gaps(), "number"),
    ),
    Rule(
        "step_counts",
        _("steps whose numbers of added and removed are not those of their lines"),
        lambda: among(_miscounted(), "segment__number"),
        _count_again,
    ),
    Rule(
        "step_sums",
        _("steps whose number of lines afterwards is not the sum so far"),
        lambda: among(_wrong_sums(), "segment__number"),
        _sum_again,
    ),
    Rule(
        "pointer",
        _("segments that stand at a step that is not there"),
        lambda: among(_beyond(), "number"),
        _move_back,
    ),
    Rule(
        "open_and_logged",
        _("segments that are open and logged at once"),
        lambda: among(_logged_and_open(), "number"),
    ),
    Rule(
        "segment_series_behind",
        _("the number series of segments lies behind the numbers in use"),
        lambda: of_contacts.series_behind(NUMBERED),
        lambda: of_contacts.move_series_on(NUMBERED),
    ),
)
# All rules of the house, from the ground floor up.
ALL_RULES = (*of_contacts.RULES, *of_the_log.RULES, *RULES)
