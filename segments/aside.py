"""Rows that are set aside while a trail is played again.

They hang on a hidden segment, which never outlives the transaction.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crm.sql import delete_rows, insert_from
from interactions import documents
from segments import trail
from segments.models import (
    LineOverride,
    Segment,
    SegmentEditor,
    SegmentLine,
    SegmentStep,
)


def hide() -> Segment:
    """A segment that nobody sees: its maker's transaction removes it or is taken back."""
    hidden = Segment.whole.create(number=f"~{secrets.token_hex(8)}")
    hidden.is_fresh = True
    return hidden


@contextmanager
def hidden() -> Iterator[Segment]:
    """A hidden segment that is removed again with all that is on it."""
    attic = hide()
    yield attic
    overrides = LineOverride.objects.filter(line__segment=attic)
    letters = trail.own_letters(overrides)
    delete_rows(overrides)
    delete_rows(SegmentLine.objects.filter(segment=attic).order_by())
    delete_rows(SegmentStep.objects.filter(segment=attic).order_by())
    delete_rows(SegmentEditor.objects.filter(segment=attic).order_by())
    delete_rows(Segment.whole.filter(pk=attic.pk).order_by())
    documents.release_all(letters)


def copy_present(segment: Segment, target: Segment) -> None:
    """Keeps who is on a segment on another one, beyond its pointer, where no criteria see it."""
    present = SegmentLine.objects.present(segment).order_by("pk")
    columns = {"segment": Value(target.pk), "contact": F("contact_id"), "added_step": Value(1)}
    insert_from(SegmentLine, present, columns)


def carry_overrides(attic: Segment, segment: Segment, first: int) -> None:
    """Moves overrides from the lines put aside to the new lines of the same contacts, in order."""
    old = SegmentLine.objects.filter(segment=attic)
    new = SegmentLine.objects.filter(segment=segment, added_step__gte=first)
    same = new.annotate(rank=_rank(new)).filter(contact=OuterRef("contact"), rank=OuterRef("rank"))
    successors = old.annotate(rank=_rank(old)).annotate(
        successor=Subquery(same.order_by().values("pk")[:1])
    )
    found = successors.exclude(successor=None).order_by()
    LineOverride.objects.filter(line__in=found.values("pk")).update(
        line=Subquery(found.filter(pk=OuterRef("line_id")).values("successor")[:1])
    )


def _rank(lines: QuerySet[SegmentLine]) -> Coalesce:
    """How many of these lines of the same contact come before this one."""
    earlier = lines.filter(contact=OuterRef("contact"), pk__lt=OuterRef("pk")).order_by()
    count = earlier.values("contact").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), Value(0), output_field=IntegerField())
