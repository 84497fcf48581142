"""Trying: what some work would do to a segment, found by doing it and taking it back.

The same code path as the step itself, so what is shown and what is done cannot differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

from crm.models import Contact
from segments import trail
from segments.models import Segment, SegmentLine, SegmentStep
from segments.selection import SAMPLE

T = TypeVar("T")


@dataclass(frozen=True)
class Trial:
    """The steps that would be written, the lines there would be, and samples of at most ten."""

    steps: Sequence[SegmentStep]
    lines: int
    sample_added: Sequence[Contact] = ()
    sample_removed: Sequence[Contact] = ()

    @property
    def added(self) -> int:
        return sum(step.added for step in self.steps)

    @property
    def removed(self) -> int:
        return sum(step.removed for step in self.steps)

    @property
    def is_none(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.removed


class _TakeBack(Exception):
    """Ends a transaction whose work was only wanted to be looked at."""


def look(segment: Segment, work: Callable[[], T]) -> T:
    """What some work finds; all that it wrote is taken back. Raises whatever the work raises."""
    stood = segment.current_step
    try:
        with transaction.atomic():
            trail.lock(segment)
            found = work()
            raise _TakeBack
    except _TakeBack:
        return found
    finally:
        segment.current_step = stood


def try_out(segment: Segment, work: Callable[[], Any]) -> Trial:
    """What the work would do now; writes nothing. Raises whatever the work raises."""

    def tried() -> Trial:
        before = segment.current_step
        work()
        return since(segment, before)

    return look(segment, tried)


def since(segment: Segment, before: int) -> Trial:
    """What the steps after `before` have done, up to where the segment stands."""
    at = segment.current_step
    written = list(segment.steps.filter(number__gt=before, number__lte=at).order_by("number"))
    lines = SegmentLine.objects.filter(segment=segment).select_related("contact__company")
    added = lines.filter(added_step__gt=before, removed_step=None).order_by("pk")
    removed = lines.filter(added_step__lte=before, removed_step__gt=before).order_by("pk")
    return Trial(
        steps=written,
        lines=trail.lines_at(segment),
        sample_added=[line.contact for line in added[:SAMPLE]] if written else [],
        sample_removed=[line.contact for line in removed[:SAMPLE]] if written else [],
    )
