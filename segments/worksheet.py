"""The worksheet's operations: section 4 of the product's design is their contract.

Each takes the segment first and the rest by name, is atomic, costs a fixed number of statements
whatever the number of contacts, and returns the step it wrote, or None where nothing was to do.
They raise WorksheetError with a sentence for the reader; then nothing has been written.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from crm.fields import MOST_VALUES
from crm.models import Contact
from crm.sql import delete_rows
from interactions import documents
from interactions.models import Document, LoggedSegment
from segments import selection, steps, trail
from segments.audience import apply_mailing_group, combine
from segments.criteria import Criteria
from segments.models import (
    LineOverride,
    Segment,
    SegmentDocument,
    SegmentEditor,
    SegmentLine,
    SegmentStep,
    StepKind,
)
from segments.saved import reuse_criteria, save_criteria
from segments.selection import Options, Preview
from segments.steps import Asked
from segments.trail import SegmentGone, WorksheetError

# The whole contract is reached through this module; the parts live where their subject does.
__all__ = [
    "Preview",
    "SegmentGone",
    "WorksheetError",
    "apply_mailing_group",
    "combine",
    "reuse_criteria",
    "save_criteria",
]


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
    steps.refuse(criteria, confirm_all=confirm_all)
    return steps.run(segment, Asked(StepKind.ADD, criteria, options.in_use()), by=by)


def reduce_contacts(
    segment: Segment,
    criteria: Criteria,
    *,
    by: User,
    entire_companies: bool = False,
    confirm_all: bool = False,
) -> SegmentStep | None:
    """Removes the lines whose contacts match."""
    steps.refuse(criteria, confirm_all=confirm_all)
    options = Options(entire_companies=entire_companies).in_use()
    return steps.run(segment, Asked(StepKind.REDUCE, criteria, options), by=by)


def refine_contacts(
    segment: Segment,
    criteria: Criteria,
    *,
    by: User,
    entire_companies: bool = False,
    confirm_all: bool = False,
) -> SegmentStep | None:
    """Keeps the lines whose contacts match and removes all others."""
    steps.refuse(criteria, confirm_all=confirm_all)
    options = Options(entire_companies=entire_companies).in_use()
    return steps.run(segment, Asked(StepKind.REFINE, criteria, options), by=by)


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
    options = Options(ignore_exclusion=ignore_exclusion).in_use()
    return steps.run(segment, Asked(StepKind.ADD_BY_HAND, criteria, options), by=by)


def remove_lines(segment: Segment, lines: Iterable[SegmentLine], *, by: User) -> SegmentStep | None:
    """Removes these lines by hand, in one step; lines of other segments are left alone.

    The step remembers the contacts by number. Refuses more lines than a step can remember.
    """
    wanted: Any = lines.values("pk") if isinstance(lines, QuerySet) else [one.pk for one in lines]
    chosen = SegmentLine.objects.filter(segment=segment, pk__in=wanted)
    found = dict(chosen.values_list("pk", "contact__number")[: MOST_VALUES + 1])
    if len(found) > MOST_VALUES:
        raise WorksheetError(_("At most %d lines at once; use “Remove…”.") % MOST_VALUES)
    numbers = list(dict.fromkeys(found.values()))
    criteria = Criteria.as_stored({"contact": {"number": numbers}} if numbers else {})
    options = _twins(segment, list(found))

    def work(number: int) -> tuple[int, int]:
        going = SegmentLine.objects.present(segment).filter(pk__in=list(found))
        return 0, going.update(removed_step=number)

    return trail.step(segment, StepKind.REMOVE_BY_HAND, criteria, options, by, work)


def _twins(segment: Segment, going: list[int]) -> dict[str, Any]:
    """Of contacts with several lines, how many go where others stay; for playing it again."""
    present = SegmentLine.objects.present(segment).order_by().values("contact__number")
    counted = present.annotate(lines=Count("pk"), gone=Count("pk", filter=Q(pk__in=going))).filter(
        gone__gt=0, lines__gt=F("gone")
    )
    twins = dict(counted.values_list("contact__number", "gone"))
    return {"twins": twins} if twins else {}


def remove_problem(segment: Segment, code: str, *, by: User) -> SegmentStep | None:
    """Removes the lines that Check finds a problem with, however many, by one step."""
    options = {"problem": code}
    faults = steps.option_faults(StepKind.MEND, options)
    if faults:
        raise WorksheetError(" ".join(faults))
    return steps.run(segment, Asked(StepKind.MEND, Criteria({}), options), by=by)


def preview(segment: Segment, kind: str, criteria: Criteria, **options: bool) -> Preview:
    """What a step would do now; writes nothing. `kind` is "add", "reduce" or "refine"."""
    chosen = Options(**options)
    if kind == StepKind.ADD:
        return selection.preview_add(segment, criteria, chosen)
    return selection.preview_remove(segment, kind, criteria, chosen)


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
    trail.touch(segment, by)
    return found


@transaction.atomic
def go_back(segment: Segment, *, by: User) -> SegmentStep | None:
    """Undoes one step by moving the pointer; returns the step undone, None before the first."""
    trail.lock(segment)
    undone = SegmentStep.objects.filter(segment=segment, number=segment.current_step).first()
    if undone is not None:
        trail.move_to(segment, segment.current_step - 1)
        trail.touch(segment, by)
    return undone


@transaction.atomic
def go_forward(segment: Segment, *, by: User) -> SegmentStep | None:
    """Does an undone step again by moving the pointer; returns it, None after the last."""
    trail.lock(segment)
    redone = SegmentStep.objects.filter(segment=segment, number=segment.current_step + 1).first()
    if redone is not None:
        trail.move_to(segment, redone.number)
        trail.touch(segment, by)
    return redone


def reuse_logged_segment(
    segment: Segment,
    logged: LoggedSegment,
    *,
    by: User,
    ignore_exclusion: bool = False,
    evaluations: Sequence[str] = (),
    deliveries: Sequence[str] = (),
    unanswered: bool = False,
) -> SegmentStep | None:
    """Adds the contacts of a logged segment, each once: cancelled entries and blocked ones are out.

    With `evaluations`, `deliveries` or `unanswered` only contacts with an entry that was evaluated
    so, whose delivery ended so, of which nothing came: the same entry must satisfy all of them.
    """
    number = [logged.segment_number]
    asked: dict[str, Any] = {"segments": {"logged_segment": number}}
    outcome: dict[str, Any] = {"evaluation": list(evaluations), "delivery": list(deliveries)}
    outcome = {name: values for name, values in outcome.items() if values}
    if unanswered:
        outcome["answered"] = False
    if outcome:
        asked["interactions"] = {"segment": number, **outcome}
    options = Options(ignore_exclusion=ignore_exclusion).in_use()
    criteria = Criteria(asked)
    steps.refuse(criteria)
    return steps.run(segment, Asked(StepKind.REUSE_LOGGED, criteria, options), by=by)


@transaction.atomic
def delete_segment(segment: Segment) -> None:
    """Deletes a worksheet with everything on it; letters that nobody uses any more go with it."""
    trail.lock(segment)
    overrides = LineOverride.objects.filter(line__segment=segment)
    letters = trail.own_letters(overrides)
    letters += Document.objects.filter(pk__in=segment.documents.order_by().values("document"))
    delete_rows(overrides)
    for table in (SegmentLine, SegmentStep, SegmentDocument, SegmentEditor):
        rows: QuerySet[Any] = table._default_manager.filter(segment=segment)
        delete_rows(rows.order_by())
    delete_rows(Segment.whole.filter(pk=segment.pk))
    documents.release_all(letters)
