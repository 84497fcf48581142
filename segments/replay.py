"""Playing a trail again: editing an earlier step, drift, refresh.

What would change is found by doing it and taking it back: the same code path, so the difference
shown and the difference made are one. Only the last step of a refresh, which makes one segment as
another, is not done to be shown: what it would add and remove is asked.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Contact
from crm.sql import delete_rows
from segments import aside, steps, trail, trying
from segments import saved as saved_criteria
from segments.criteria import Criteria
from segments.differing import Difference, contacts_of, difference, only
from segments.models import (
    SavedCriteria,
    Segment,
    SegmentLine,
    SegmentStep,
    StepKind,
)
from segments.steps import Asked
from segments.trail import WorksheetError

# -- editing an earlier step -----------------------------------------------------------------------


@transaction.atomic
def edit_step(
    segment: Segment,
    number: int,
    criteria: Criteria,
    *,
    by: User,
    options: dict[str, Any] | None = None,
    confirm_all: bool = False,
) -> SegmentStep:
    """Changes what a step asks, and plays it and the steps after it again on today's contacts.

    Overrides of contacts that stay are kept. Steps that move nobody any more stay in the trail.
    Returns the edited step. Raises WorksheetError for a step that cannot be edited.
    """
    trail.lock(segment)
    steps.refuse(criteria, confirm_all=confirm_all)
    again = _steps_again(segment, number)
    edited = _editable(again, number)
    chosen = edited.options if options is None else options
    faults = steps.option_faults(edited.kind, chosen)
    if faults:
        raise WorksheetError(" ".join(faults))
    changed = Asked(edited.kind, criteria, chosen)
    _play_again(segment, number, [(changed, by), *_asked(again[1:])])
    return SegmentStep.objects.get(segment=segment, number=number)


def _steps_again(segment: Segment, first: int) -> list[SegmentStep]:
    """The steps from one on, up to the pointer: what lies beyond it falls away as with any step."""
    found = segment.steps.filter(number__gte=first, number__lte=segment.current_step)
    return list(found.select_related("by").order_by("number"))


def _editable(again: list[SegmentStep], number: int) -> SegmentStep:
    if not again or again[0].number != number:
        raise WorksheetError(_("There is no step %d.") % number)
    if again[0].kind not in (StepKind.ADD, StepKind.REDUCE, StepKind.REFINE):
        raise WorksheetError(_("Only steps that ask by criteria can be edited."))
    return again[0]


def _asked(again: Sequence[SegmentStep]) -> list[tuple[Asked, User | None]]:
    """Stored steps as questions; a plain refresh is left out: playing again is one."""
    return [(asked, step.by) for step in again if (asked := _as_question(step)) is not None]


def _as_question(step: SegmentStep) -> Asked | None:
    """One step; None for one that asks nothing (any more)."""
    if step.kind == StepKind.REFRESH:
        return Asked(step.kind, Criteria({}), step.options) if "saved" in step.options else None
    criteria = step.criteria
    if step.kind in saved_criteria.BY_HAND:
        criteria = _still_there(criteria)
        if not criteria:
            return None
    stored = {"kind": step.kind, "criteria": criteria, "options": step.options}
    return saved_criteria.read_step(step.number, stored)


def _still_there(criteria: dict[str, Any]) -> dict[str, Any]:
    """Contacts that were named by hand, without those that have been deleted since."""
    numbers = criteria.get("contact", {}).get("number", [])
    found = Contact.whole.filter(number__in=numbers).order_by()
    left = sorted(found.values_list("number", flat=True))
    return {"contact": {"number": left}} if left else {}


def _run(segment: Segment, asked: Asked, by: User | None, *, keep_empty: bool = False) -> None:
    """Plays one question; a refresh by saved criteria is played as one."""
    if asked.kind != StepKind.REFRESH:
        steps.run(segment, asked, by=by, keep_empty=keep_empty)
        return
    saved = SavedCriteria.objects.filter(code=asked.options["saved"]).first()
    if saved is None:
        raise WorksheetError(_("There are no saved criteria %s any more.") % asked.options["saved"])
    refresh(segment, by=by, saved=saved)


def _play_again(segment: Segment, first: int, asked: list[tuple[Asked, User | None]]) -> None:
    """Puts the lines of the steps from `first` on aside and plays `asked` in their place."""
    trail.drop_beyond(segment)
    with aside.hidden() as attic:
        lines = SegmentLine.objects.filter(segment=segment)
        lines.filter(removed_step__gte=first).update(removed_step=None)
        lines.filter(added_step__gte=first).update(segment=attic, removed_step=None)
        delete_rows(SegmentStep.objects.filter(segment=segment, number__gte=first).order_by())
        trail.move_to(segment, first - 1)
        for one, by in asked:
            _run(segment, one, by, keep_empty=True)
        aside.carry_overrides(attic, segment, first)


# -- what would change -----------------------------------------------------------------------------


def difference_of_edit(
    segment: Segment, number: int, criteria: Criteria, *, by: User, **options: Any
) -> Difference:
    """What edit_step with the same arguments would change now; writes nothing."""

    def compare() -> Difference:
        before = aside.hide()
        aside.copy_present(segment, before)
        edit_step(segment, number, criteria, by=by, **options)
        before.current_step = 1  # now all is played, and its lines may be seen
        return difference(before, segment)

    return trying.look(segment, compare)


def drift(segment: Segment, *, by: User, saved: SavedCriteria | None = None) -> Difference:
    """What playing the trail (or saved criteria in its place) on today's contacts would change.

    The trail is played as by `refresh`, and what that would add and remove is asked, not done.
    """

    def compare() -> Difference:
        again = aside.hide()
        _play_aside(segment, again, saved, by)
        return difference(segment, again)

    return trying.look(segment, compare)


# -- refresh ---------------------------------------------------------------------------------------


@transaction.atomic
def refresh(
    segment: Segment, *, by: User | None, saved: SavedCriteria | None = None
) -> SegmentStep | None:
    """Plays the trail (or saved criteria) aside and makes the segment the same, as one step.

    None where nothing has changed. Lines of contacts that stay are not touched.
    """
    trail.lock(segment)
    options = {} if saved is None else {"saved": saved.code}
    with aside.hidden() as again:
        _play_aside(segment, again, saved, by)
        return trail.step(
            segment, StepKind.REFRESH, Criteria({}), options, by, _become(segment, again)
        )


def _play_aside(
    segment: Segment, again: Segment, saved: SavedCriteria | None, by: User | None
) -> None:
    """Plays the segment's trail (or saved criteria) on another one, which stands for it.

    The segment's own lines step back meanwhile: else criteria that ask who is on it found them.
    """
    if saved is None:
        asked = [one for one, _by in _asked(_steps_again(segment, 1))]
    else:
        asked = saved_criteria.read_steps(saved.steps)
    at = segment.current_step
    trail.move_to(segment, 0)
    for one in asked:
        _run(again, one, by)
    trail.move_to(segment, at)


def _become(segment: Segment, model: Segment) -> trail.Work:
    """Adds the contacts that only the model has and removes those that it lacks."""

    def work(number: int) -> tuple[int, int]:
        missing, gone = contacts_of(only(model, segment)), only(segment, model)
        removed = gone.update(removed_step=number)
        return steps.insert_lines(segment, missing, number), removed

    return work
