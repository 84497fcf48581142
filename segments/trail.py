"""The trail: which step a segment stands at, how a step begins and ends, and what it says.

A step is written by `step(...)`: it holds the segment's row, drops the steps beyond the pointer,
lets the caller move lines, and moves the pointer on. Undo and redo only move it.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.sql import delete_rows, note_growth
from interactions import documents
from interactions.models import Document
from segments.checking import RULE_WORDS
from segments.criteria import Criteria
from segments.models import (
    LineOverride,
    Segment,
    SegmentEditor,
    SegmentLine,
    SegmentStep,
    StepKind,
)

OPTION_WORDS: dict[str, Promise] = {
    "allow_existing": _("also those already in"),
    "expand_companies": _("with everybody at their companies"),
    "include_companies": _("with their companies"),
    "ignore_exclusion": _("also those excluded from segments"),
    "entire_companies": _("with everybody at their companies"),
    "count": _("%(count)s contacts at random"),
    "saved": _("by saved criteria %(saved)s"),
    "percent": _("%(percent)s %% of the contacts at random"),
}
ONE_PER_WORDS: dict[str, Promise] = {
    "company": _("one for each company; the first in order stays"),
    "email": _("one for each e-mail address; the first in order stays"),
    "address": _("one for each address; the first in order stays"),
}
# Kinds that mean everybody when they have no criteria.
ASKING = (StepKind.ADD, StepKind.REDUCE, StepKind.REFINE)

# What a step does to lines: it gets the step's number and returns (added, removed).
Work = Callable[[int], tuple[int, int]]


class WorksheetError(Exception):
    """Something that cannot be done, in a sentence for the reader."""


class SegmentGone(Exception):
    """The segment is not there any more: somebody logged or deleted it.

    Not a WorksheetError: what is refused can be told on the segment's page, this cannot.
    """


class _NothingToDo(Exception):
    """Takes a step back that has moved no line."""


def lock(segment: Segment) -> None:
    """Holds the segment's row until the end of the transaction and reads it anew.

    Every write to a worksheet comes through here first, so two people on one segment queue up.
    """
    try:
        segment.refresh_from_db(from_queryset=Segment.whole.select_for_update())
    except Segment.DoesNotExist as error:
        raise SegmentGone(_("This segment has been logged or deleted meanwhile.")) from error


@transaction.atomic
def step(
    segment: Segment,
    kind: str,
    criteria: Criteria,
    options: dict[str, Any],
    by: User | None,
    work: Work,
    *,
    keep_empty: bool = False,
) -> SegmentStep | None:
    """Writes one step of the trail around `work`; None, and nothing written, when no line moved."""
    lock(segment)
    try:
        with transaction.atomic():
            number = segment.current_step + 1
            drop_beyond(segment)
            segment.is_at_end = True
            added, removed = work(number)
            if not (added or removed or keep_empty):
                raise _NothingToDo
    except _NothingToDo:
        return None
    finally:
        segment.is_at_end = False
    if note_growth(SegmentLine, added):
        segment.is_fresh = False
    written = SegmentStep.objects.create(
        segment=segment,
        number=number,
        kind=kind,
        criteria=criteria.data,
        options=options,
        words=in_every_language(kind, criteria, options),
        added=added,
        removed=removed,
        lines_after=lines_at(segment) + added - removed,
        by=by,
    )
    move_to(segment, number)
    touch(segment, by)
    return written


def drop_beyond(segment: Segment) -> None:
    """Drops the steps beyond the pointer: the lines they brought and the marks they made."""
    beyond = SegmentStep.objects.filter(segment=segment, number__gt=segment.current_step)
    if not beyond.exists():
        return
    lines = SegmentLine.objects.filter(segment=segment)
    brought = lines.filter(added_step__gt=segment.current_step)
    letters = own_letters(LineOverride.objects.filter(line__in=brought))
    delete_rows(LineOverride.objects.filter(line__in=brought))
    delete_rows(brought)
    lines.filter(removed_step__gt=segment.current_step).update(removed_step=None)
    delete_rows(beyond)
    documents.release_all(letters)


def own_letters(overrides: QuerySet[LineOverride]) -> list[Document]:
    """The letters that only these overrides may be using; to be released when they are gone."""
    used = overrides.exclude(document=None).order_by().values("document")
    return list(Document.objects.filter(pk__in=used))


def move_to(segment: Segment, number: int) -> None:
    """Moves the pointer; the caller holds the row."""
    segment.current_step = number
    segment.save(update_fields=["current_step", "changed_at"])


def touch(segment: Segment, by: User | None) -> None:
    """Notes who changed the segment just now, for the others at it; the caller holds the row."""
    if by is None:
        return
    now = timezone.now()
    if not SegmentEditor.objects.filter(segment=segment, user=by).update(changed_at=now):
        SegmentEditor.objects.create(segment=segment, user=by, changed_at=now)


def lines_at(segment: Segment, number: int | None = None) -> int:
    """How many lines there are at a step, by default where it stands; read, not counted."""
    at = segment.current_step if number is None else number
    found = SegmentStep.objects.filter(segment=segment, number=at)
    return found.values_list("lines_after", flat=True).first() or 0


def with_lines(segments: Any) -> Any:
    """Adds `lines_now`: read from the step at the pointer, never counted."""
    at = SegmentStep.objects.filter(segment=OuterRef("pk"), number=OuterRef("current_step"))
    lines = Subquery(at.order_by().values("lines_after")[:1], output_field=IntegerField())
    return segments.annotate(lines_now=Coalesce(lines, 0))


def in_every_language(
    kind: str, criteria: Criteria, options: dict[str, Any]
) -> dict[str, list[str]]:
    """What a step asks, in words, for each language of ours: readers change, the trail stays."""
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = words_now(kind, criteria, options)
    return said


def words_now(kind: str, criteria: Criteria, options: dict[str, Any]) -> list[str]:
    """What a step asks, in the reader's language."""
    asked = [] if criteria.is_empty and kind not in ASKING else criteria.words()
    return asked + _option_words(options)


def _option_words(options: dict[str, Any]) -> list[str]:
    """The options that a reader should know of, in words."""
    words = [str(OPTION_WORDS[name]) % options for name in options if name in OPTION_WORDS]
    words += [str(ONE_PER_WORDS[options["one_per"]])] if "one_per" in options else []
    return words + ([str(RULE_WORDS[options["problem"]])] if "problem" in options else [])


def sentences(words: dict[str, list[str]]) -> list[str]:
    """A step's words in the reader's language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return words.get(language) or words.get(settings.LANGUAGE_CODE) or []
