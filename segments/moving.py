"""Lines of two contacts that become one (crm/references.py).

Where both are on a segment the lines of one remain: of the contact that is in the segment where it
stands now, of the kept one where both or neither are. The steps' counts follow.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.models import Contact
from crm.references import MergeRefused
from crm.sql import delete_rows, hold_table
from interactions import documents
from segments import trail
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep


def move_lines(kept: Contact, other: Contact) -> int:
    """Moves the other's lines; the statements do not grow with lines or segments."""
    if not hold_segments((kept, other)):
        raise MergeRefused(_("One of the two is just being added to a segment. Try again."))
    lines = SegmentLine.objects.filter(contact=other)
    doomed = list(_doomed(kept, other).values_list("pk", flat=True))
    if doomed:
        drop_lines(SegmentLine.objects.filter(pk__in=doomed))
    return lines.update(contact=kept)


def hold_segments(contacts: Sequence[Contact]) -> bool:
    """Holds the segments that contacts are on, then keeps everybody from adding lines, as Add does.

    False where somebody put one of them on another segment in between.
    """
    lines = SegmentLine.objects.filter(contact__in=[one.pk for one in contacts]).order_by()
    segments = Segment.whole.filter(pk__in=lines.values("segment")).order_by("pk")
    held = set(segments.select_for_update().values_list("pk", flat=True))
    hold_table(SegmentLine)
    return not lines.exclude(segment__in=held).exists()


def on_open_segment(contacts: Collection[int]) -> dict[int, str]:
    """Why the company of these contacts stays: each is on a segment that is not logged yet."""
    lines = SegmentLine.objects.filter(contact__in=contacts).order_by().values("contact")
    first = dict(lines.annotate(first=Min("segment")).values_list("contact", "first"))
    segments = Segment.whole.in_bulk(set(first.values()))
    said = _("The company stays while the contact is on an open segment: %s.")
    return {contact: said % segments[segment] for contact, segment in first.items()}


def _doomed(kept: Contact, other: Contact) -> QuerySet[SegmentLine]:
    """The lines that would double."""
    here = Q(removed_step=None) | Q(removed_step__gt=F("segment__current_step"))
    present = SegmentLine.objects.filter(
        here, segment=OuterRef("segment"), added_step__lte=F("segment__current_step")
    )
    of_kept = SegmentLine.objects.filter(segment=OuterRef("segment"), contact=kept)
    of_other = SegmentLine.objects.filter(segment=OuterRef("segment"), contact=other)
    theirs, mine = present.filter(contact=other), present.filter(contact=kept)
    only_theirs = Q(Exists(theirs)) & ~Q(Exists(mine))
    doubled = Q(Exists(of_kept), ~only_theirs, contact=other)
    return SegmentLine.objects.filter(doubled | Q(Exists(of_other), only_theirs, contact=kept))


def drop_lines(lines: QuerySet[SegmentLine]) -> None:
    """Deletes lines as if no step had ever moved them."""
    steps = SegmentStep.objects.filter(segment__in=lines.order_by().values("segment"))
    there = Q(removed_step=None) | Q(removed_step__gt=OuterRef("number"))
    steps.update(
        added=F("added") - _number(lines, added_step=OuterRef("number")),
        removed=F("removed") - _number(lines, removed_step=OuterRef("number")),
        lines_after=F("lines_after") - _number(lines, there, added_step__lte=OuterRef("number")),
    )
    overrides = LineOverride.objects.filter(line__in=lines)
    letters = trail.own_letters(overrides)
    delete_rows(overrides)
    delete_rows(lines)
    documents.release_all(letters)


def _number(lines: QuerySet[SegmentLine], *where: Q, **equal: Any) -> Coalesce:
    """How many of the lines a step of theirs moved, or left."""
    of_step = lines.order_by().filter(*where, segment=OuterRef("segment"), **equal)
    counted = of_step.values("segment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
