"""Writes to a segment's header: its values, and its own letters, one a language."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from interactions import documents
from interactions.models import Document
from segments import trail
from segments.models import Segment, SegmentDocument


@transaction.atomic
def change(segment: Segment, values: dict[str, Any], *, by: User) -> None:
    """Writes these values and nothing else, so two people on one header do not undo each other.

    Raises SegmentGone where the segment was logged or deleted meanwhile. `by` is who does it.
    """
    trail.lock(segment)
    for name, value in values.items():
        setattr(segment, name, value)
    if values:
        segment.save(update_fields=[*values, "changed_at"])
        trail.touch(segment, by)


@transaction.atomic
def set_letter(
    segment: Segment, language: str, data: bytes, *, name: str, by: User
) -> SegmentDocument:
    """Gives the segment its own letter in a language, in place of the one it had.

    Raises mailmerge.DocumentError, whose text says what is wrong with the file and what to do.
    """
    trail.lock(segment)
    document = documents.store(data, name=name, by=by)
    row = SegmentDocument.objects.filter(segment=segment, language=language).first()
    before = row.document if row else None
    row = row or SegmentDocument(segment=segment, language=language)
    row.document = document
    row.save()
    trail.touch(segment, by)
    _release(before, document)
    return row


@transaction.atomic
def remove_letter(segment: Segment, language: str, *, by: User) -> bool:
    """Takes the segment's own letter in a language away; returns whether there was one."""
    trail.lock(segment)
    row = SegmentDocument.objects.filter(segment=segment, language=language).first()
    if row is None:
        return False
    row.delete()
    trail.touch(segment, by)
    _release(row.document, None)
    return True


def _release(before: Document | None, now: Document | None) -> None:
    if before is not None and before != now:
        documents.release(before)
