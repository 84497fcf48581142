"""Calls made from lines: logged at once, the line taken out in the same breath if wanted."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from interactions import calls, creating
from interactions.models import InteractionLogEntry
from segments import trail, worksheet
from segments.models import Segment, SegmentLine


@transaction.atomic
def call_from_line(
    segment: Segment,
    line: SegmentLine,
    log: Callable[[], InteractionLogEntry],
    *,
    by: User,
    take_out: bool,
) -> InteractionLogEntry:
    """Logs the call and, if told so, takes the line out by a step that can be undone.

    A line that stays is *called*: Check warns of it, so that it is not logged twice. Raises
    creating.Refused, also where the line went or the segment was logged meanwhile.
    """
    try:
        trail.lock(segment)
    except trail.SegmentGone as gone:
        raise creating.Refused({"": str(gone)}) from gone
    present = SegmentLine.objects.present(segment).filter(pk=line.pk).first()
    if present is None:
        raise creating.Refused({"": _("This line is not on the segment any more.")})
    entry = log()
    if take_out:
        worksheet.remove_lines(segment, [present], by=by)
    return entry


def calls_of(line: SegmentLine) -> QuerySet[InteractionLogEntry]:
    """Every call made from the line's segment to its contact, those that failed too."""
    made = InteractionLogEntry.whole.counted().filter(
        segment_number=line.segment.number, logged_segment=None, contact=line.contact_id
    )
    return made.select_related("by").defer("merge_values")


def called(segment: Segment) -> Exists:
    """Whether a call from the segment reached a line's contact; to be asked of a page of lines."""
    return Exists(calls.made_from(segment.number).filter(contact=OuterRef("contact")))
