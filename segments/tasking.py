"""A task for everybody on a segment."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction

from crm.models import Salesperson, blocked
from interactions import tasks
from segments import trail
from segments.effective import EffectiveLines, doubled
from segments.models import Segment, SegmentLine


@transaction.atomic
def add_tasks(
    segment: Segment,
    *,
    description: str,
    due: datetime.date,
    salesperson: Salesperson | None = None,
    by: User,
) -> int:
    """One task for each contact on the segment who is not blocked; how many.

    A fixed number of statements. It is the salesperson's; without one, that of the line, as the
    interaction would be.
    """
    trail.lock(segment)
    lines = EffectiveLines(segment).lines("salesperson_id")
    once = lines.exclude(doubled(SegmentLine.objects.present(segment)))
    once = once.exclude(blocked("contact__"))
    return tasks.add_many(
        once,
        contact="contact_id",
        description=description,
        due=due,
        salesperson=salesperson or "says_salesperson_id",
        segment_number=segment.number,
        by=by,
    )
