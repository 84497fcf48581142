"""What many lines say differently: one value for ticked lines or for all of them."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from crm.sql import insert_from
from segments import overrides, trail
from segments.models import LineOverride, Segment, SegmentLine


@transaction.atomic
def set_many(
    segment: Segment, name: str, value: Any, *, by: User, lines: QuerySet[SegmentLine] | None = None
) -> int:
    """Lets lines say something themselves: those of a queryset, or all that are present.

    Returns how many lines now say it. The statements do not grow with the lines. An empty value
    takes it back. Raises ValueError for a name that no line can say.
    """
    if name not in overrides.NAMES:
        raise ValueError(f"a line cannot say {name!r}")
    trail.lock(segment)
    trail.touch(segment, by)
    chosen = SegmentLine.objects.present(segment).order_by()
    if lines is not None:
        chosen = chosen.filter(pk__in=lines.order_by().values("pk"))
    if value in ("", None):
        return _take_back(segment, chosen, name)
    silent = chosen.filter(override=None)
    columns = {one: overrides.nothing(one) for one in overrides.NAMES}
    insert_from(LineOverride, silent.order_by("pk"), {"line": F("pk"), **columns})
    return LineOverride.objects.filter(line__in=chosen.values("pk")).update(**{name: value})


def _take_back(segment: Segment, chosen: QuerySet[SegmentLine], name: str) -> int:
    saying = LineOverride.objects.filter(line__in=chosen.values("pk")).exclude(
        **{name: overrides.nothing(name)}
    )
    changed = saying.update(**{name: overrides.nothing(name)})
    # Not of `chosen`: lines chosen by their problem may have lost it just now.
    overrides.drop_empty(SegmentLine.objects.filter(segment=segment))
    return changed
