"""What a segment costs and how long it takes, without reading every line."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from segments import trail
from segments.effective import EffectiveLines


@dataclass(frozen=True)
class Totals:
    """Sums over the lines in force; minutes."""

    lines: int
    cost: Decimal
    duration: int


def totals(effective: EffectiveLines, lines: int | None = None) -> Totals:
    """Lines that inherit cost the same each: only those that say otherwise are read.

    `lines` is how many there are, where that is known.
    """
    segment, template = effective.segment, effective.template
    each_cost = segment.unit_cost
    each_duration = segment.unit_duration
    if template is not None:
        each_cost = template.unit_cost if each_cost is None else each_cost
        each_duration = template.unit_duration if each_duration is None else each_duration
    differing = Q(override__template__isnull=False) | Q(override__cost__isnull=False)
    differing |= Q(override__duration__isnull=False)
    own = effective.lines("cost", "duration").order_by().filter(differing)
    sums = own.aggregate(lines=Count("pk"), cost=Sum("says_cost"), duration=Sum("says_duration"))
    lines = trail.lines_at(segment) if lines is None else lines
    alike = lines - sums["lines"]
    return Totals(
        lines=lines,
        cost=(sums["cost"] or Decimal(0)) + alike * Decimal(each_cost or 0),
        duration=(sums["duration"] or 0) + alike * (each_duration or 0),
    )
