"""What a segment costs and how long it takes, without reading every line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from segments import trail
from segments.effective import EffectiveLines
from segments.models import LineOverride


@dataclass(frozen=True)
class Totals:
    """Sums over the lines in force; minutes."""

    lines: int
    cost: Decimal
    duration: int


def _differing(prefix: str = "") -> Q:
    """The condition that an override, to which this prefix leads, changes what its line costs."""
    names = ("template", "cost", "duration")
    return Q(*((f"{prefix}{name}__isnull", False) for name in names), _connector=Q.OR)


DIFFERING = _differing("override__")
# Overrides are few beside lines: asked from their side, the lines without one are not read.
OVERRIDING = LineOverride.objects.filter(_differing()).values("line")


def _own(**only: Any) -> dict[str, Any]:
    return {
        "own_lines": Count("pk", **only),
        "own_cost": Sum("says_cost", **only),
        "own_duration": Sum("says_duration", **only),
    }


# Of the lines that may say otherwise than the header; all carry their cost and duration.
OWN = _own(filter=DIFFERING)


def totals(effective: EffectiveLines, lines: int | None = None) -> Totals:
    """Lines that inherit cost the same each: only those that say otherwise are read.

    `lines` is how many there are, where that is known.
    """
    lines_own = effective.lines("cost", "duration").order_by().filter(pk__in=OVERRIDING)
    own = lines_own.aggregate(**_own())
    lines = trail.lines_at(effective.segment) if lines is None else lines
    return from_own(effective, own, lines)


def from_own(effective: EffectiveLines, own: Mapping[str, Any], lines: int) -> Totals:
    """The sums over so many lines, where those of OWN are known."""
    segment, template = effective.segment, effective.template
    each_cost = segment.unit_cost
    each_duration = segment.unit_duration
    if template is not None:
        each_cost = template.unit_cost if each_cost is None else each_cost
        each_duration = template.unit_duration if each_duration is None else each_duration
    alike = lines - own["own_lines"]
    return Totals(
        lines=lines,
        cost=(own["own_cost"] or Decimal(0)) + alike * Decimal(each_cost or 0),
        duration=(own["own_duration"] or 0) + alike * (each_duration or 0),
    )
