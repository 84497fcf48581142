"""The worksheet's operations: section 4 of the product's design is their contract.

Each takes the segment first and the rest by name, is atomic, costs a fixed number of statements
whatever the number of contacts, and returns the step it wrote, or None where nothing was to do.
They raise WorksheetError with a sentence for the reader; then nothing has been written.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext as _

from crm.models import Contact
from crm.sql import delete_rows, insert_from
from interactions.models import LoggedSegment
from segments import selection, trail
from segments.criteria import Criteria
from segments.models import (
    LineOverride,
    Segment,
    SegmentDocument,
    SegmentLine,
    SegmentStep,
    StepKind,
)
from segments.selection import Options, Preview
from segments.trail import SegmentGone, WorksheetError

__all__ = ["Preview", "SegmentGone", "WorksheetError"]

# More numbers than this are not listed in a step made by hand.
NUMBERS_KEPT = 1000


def add_contacts(
    segment: Segment,
    criteria: Criteria,
    *,
    by: User,
    allow_existing: bool = False,
    expand_companies: bool = False,
    include_companies: bool = False,
    ignore_exclusion: bool = False,
    confirm_all: bool = False,
) -> SegmentStep | None:
    """Adds the contacts that match; blocked ones never come, excluded ones only when told so."""
    options = Options(
        allow_existing=allow_existing,
        expand_companies=expand_companies,
        include_companies=include_companies,
        ignore_exclusion=ignore_exclusion,
    )
    _refuse(criteria, confirm_all)
    return _add(segment, StepKind.ADD, criteria, options, by)


def _add(
    segment: Segment, kind: str, criteria: Criteria, options: Options, by: User
) -> SegmentStep | None:
    def work(number: int) -> tuple[int, int]:
        contacts = selection.part(segment, criteria, options, "new").by_name()
        return _insert_lines(segment, contacts, number), 0

    return trail.step(segment, kind, criteria, options.in_use(), by, work)


def _insert_lines(segment: Segment, contacts: QuerySet[Contact], number: int) -> int:
    """One INSERT ... SELECT; the order of the contacts becomes the order of the lines."""
    columns = {
        "segment": Value(segment.pk),
        "contact": F("pk"),
        "added_step": Value(number),
    }
    return insert_from(SegmentLine, contacts, columns)


def reduce_contacts(
    segment: Segment,
    criteria: Criteria,
    *,
    by: User,
    entire_companies: bool = False,
    confirm_all: bool = False,
) -> SegmentStep | None:
    """Removes the lines whose contacts match."""
    options = Options(entire_companies=entire_companies)
    return _remove(segment, StepKind.REDUCE, criteria, options, by, confirm_all)


def refine_contacts(
    segment: Segment,
    criteria: Criteria,
    *,
    by: User,
    entire_companies: bool = False,
    confirm_all: bool = False,
) -> SegmentStep | None:
    """Keeps the lines whose contacts match and removes all others."""
    options = Options(entire_companies=entire_companies)
    return _remove(segment, StepKind.REFINE, criteria, options, by, confirm_all)


def _remove(
    segment: Segment, kind: str, criteria: Criteria, options: Options, by: User, confirm_all: bool
) -> SegmentStep | None:
    _refuse(criteria, confirm_all)

    def work(number: int) -> tuple[int, int]:
        lines = selection.leaving(segment, kind, criteria, options)
        return 0, lines.update(removed_step=number)

    return trail.step(segment, kind, criteria, options.in_use(), by, work)


def add_contact(
    segment: Segment, contact: Contact, *, by: User, ignore_exclusion: bool = False
) -> SegmentStep | None:
    """Adds one contact by hand. Refuses a blocked one, an excluded one unless told so."""
    if contact.is_blocked:
        raise WorksheetError(_("%s is blocked and cannot be on a segment.") % contact)
    if contact.exclude_from_segment and not ignore_exclusion:
        raise WorksheetError(
            _("%s is excluded from segments. Tick “ignore exclusion” to add it.") % contact
        )
    criteria = Criteria({"contact": {"number": [contact.number]}})
    options = Options(ignore_exclusion=ignore_exclusion)
    return _add(segment, StepKind.ADD_BY_HAND, criteria, options, by)


def remove_lines(segment: Segment, lines: Iterable[SegmentLine], *, by: User) -> SegmentStep | None:
    """Removes these lines by hand, in one step; lines of other segments are left alone."""
    wanted = lines.values("pk") if isinstance(lines, QuerySet) else [line.pk for line in lines]

    def work(number: int) -> tuple[int, int]:
        going = SegmentLine.objects.present(segment).filter(pk__in=list(wanted_ids))
        return 0, going.update(removed_step=number)

    chosen = SegmentLine.objects.filter(segment=segment, pk__in=wanted)
    found = list(chosen.values_list("pk", "contact__number"))
    wanted_ids = [pk for pk, _number in found]
    numbers = list(dict.fromkeys(number for _pk, number in found))
    criteria = Criteria({"contact": {"number": numbers[:NUMBERS_KEPT]}} if numbers else {})
    return trail.step(segment, StepKind.REMOVE_BY_HAND, criteria, {}, by, work)


def preview(segment: Segment, kind: str, criteria: Criteria, **options: bool) -> Preview:
    """What a step would do now; writes nothing. `kind` is "add", "reduce" or "refine"."""
    chosen = Options(**options)
    if kind == StepKind.ADD:
        return selection.preview_add(segment, criteria, chosen)
    return selection.preview_remove(segment, kind, criteria, chosen)


def _refuse(criteria: Criteria, confirm_all: bool) -> None:
    """Refuses criteria that are wrong, and those that mean everybody unless that is meant."""
    if not criteria.is_valid():
        raise WorksheetError(" ".join(criteria.errors))
    if criteria.is_empty and not confirm_all:
        raise WorksheetError(_("Without criteria this means everybody. Tick that you mean it."))


@transaction.atomic
def go_to_step(segment: Segment, number: int, *, by: User) -> SegmentStep | None:
    """Moves the pointer to a step (0: before the first), whatever the size of the segment.

    Returns that step, or None where the segment stands there already or at 0.
    """
    trail.lock(segment)
    found = SegmentStep.objects.filter(segment=segment, number=number).first()
    if found is None and number != 0:
        raise WorksheetError(_("There is no step %d.") % number)
    if number == segment.current_step:
        return None
    trail.move_to(segment, number)
    return found


@transaction.atomic
def go_back(segment: Segment, *, by: User) -> SegmentStep | None:
    """Undoes one step by moving the pointer; returns the step undone, None before the first."""
    trail.lock(segment)
    undone = SegmentStep.objects.filter(segment=segment, number=segment.current_step).first()
    if undone is not None:
        trail.move_to(segment, segment.current_step - 1)
    return undone


@transaction.atomic
def go_forward(segment: Segment, *, by: User) -> SegmentStep | None:
    """Does an undone step again by moving the pointer; returns it, None after the last."""
    trail.lock(segment)
    redone = SegmentStep.objects.filter(segment=segment, number=segment.current_step + 1).first()
    if redone is not None:
        trail.move_to(segment, redone.number)
    return redone


def reuse_logged_segment(
    segment: Segment,
    logged: LoggedSegment,
    *,
    by: User,
    ignore_exclusion: bool = False,
    evaluations: Sequence[str] = (),
    deliveries: Sequence[str] = (),
) -> SegmentStep | None:
    """Adds the contacts of a logged segment, each once: cancelled entries and blocked ones are out.

    With `evaluations` or `deliveries` only contacts with an entry that was evaluated, or whose
    delivery ended, so.
    """
    number = [logged.segment_number]
    asked: dict[str, Any] = {"segments": {"logged_segment": number}}
    outcome = {"evaluation": list(evaluations), "delivery": list(deliveries)}
    if evaluations or deliveries:
        asked["interactions"] = {"segment": number, **{k: v for k, v in outcome.items() if v}}
    options = Options(ignore_exclusion=ignore_exclusion)
    criteria = Criteria(asked)
    _refuse(criteria, confirm_all=False)
    return _add(segment, StepKind.REUSE_LOGGED, criteria, options, by)


@transaction.atomic
def delete_segment(segment: Segment) -> None:
    """Deletes a worksheet with everything on it, by one statement a table."""
    trail.lock(segment)
    delete_rows(LineOverride.objects.filter(line__segment=segment))
    for table in (SegmentLine, SegmentStep, SegmentDocument):
        rows: QuerySet[Any] = table._default_manager.filter(segment=segment)
        delete_rows(rows.order_by())
    delete_rows(Segment.objects.filter(pk=segment.pk))
