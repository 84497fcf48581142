"""Saved criteria: steps of a trail under a code, to be played again on any segment."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from segments import steps, trail
from segments.criteria import Criteria
from segments.criteria_data import parse, printable
from segments.models import SavedCriteria, Segment, SegmentStep, StepKind
from segments.steps import Asked
from segments.trail import WorksheetError

BY_HAND = (StepKind.ADD_BY_HAND, StepKind.REMOVE_BY_HAND, StepKind.PASTE)
# Kinds that name whom they mean: without criteria they would silently mean everybody.
NAMING = (*BY_HAND, StepKind.REUSE_LOGGED)
# A refresh is what playing the trail again does; it is no question of its own.
NEVER_SAVED = (StepKind.REFRESH,)
FORMAT = "segmentti-criteria-1"
MOST_STEPS = 100
LONGEST_CODE = 40


@transaction.atomic
def save_criteria(
    segment: Segment,
    *,
    code: str,
    description: str = "",
    by: User,
    numbers: Iterable[int] | None = None,
) -> SavedCriteria:
    """Keeps steps of the trail up to where the segment stands; those made by hand are left out.

    `numbers` chooses the steps instead. Raises WorksheetError where none is left or the code is
    taken.
    """
    trail.lock(segment)
    chosen = segment.steps.filter(number__lte=segment.current_step).exclude(kind__in=NEVER_SAVED)
    if numbers is None:
        chosen = chosen.exclude(kind__in=BY_HAND)
    else:
        chosen = chosen.filter(number__in=list(numbers))
    kept = [
        {"kind": step.kind, "criteria": step.criteria, "options": step.options}
        for step in chosen.order_by("number")
    ]
    if not kept:
        raise WorksheetError(_("There is no step to save. Choose at least one."))
    return _create(code, description, kept, by)


def _create(code: str, description: str, kept: list[dict[str, Any]], by: User) -> SavedCriteria:
    code = code.strip().upper()
    if not code:
        raise WorksheetError(_("Saved criteria need a code."))
    if len(code) > LONGEST_CODE:  # measured as it is stored: "ß" becomes two letters
        raise WorksheetError(_("The code or the description is too long."))
    if SavedCriteria.objects.filter(code=code).exists():
        raise WorksheetError(_("There are saved criteria %s already. Choose another code.") % code)
    return SavedCriteria.objects.create(code=code, description=description, steps=kept, by=by)


@transaction.atomic
def reuse_criteria(segment: Segment, saved: SavedCriteria, *, by: User) -> SegmentStep | None:
    """Plays every saved step against today's data, each a step of its own; all of them or none.

    Returns the last step written. Raises WorksheetError that names codes which are gone.
    """
    trail.lock(segment)
    written = None
    for asked in read_steps(saved.steps):
        written = steps.run(segment, asked, by=by) or written
    SavedCriteria.objects.filter(pk=saved.pk).update(last_used_at=timezone.now(), last_used_by=by)
    return written


def read_steps(stored: Any) -> list[Asked]:
    """Stored steps, checked as strictly as if they had just been typed; raises WorksheetError."""
    if not isinstance(stored, list) or not 0 < len(stored) <= MOST_STEPS:
        raise WorksheetError(_("Steps are a list of 1 to %d.") % MOST_STEPS)
    return [read_step(place, one) for place, one in enumerate(stored, 1)]


def read_step(place: int, stored: Any) -> Asked:
    """One stored step; the error says which."""
    if not isinstance(stored, dict) or set(stored) - {"kind", "criteria", "options"}:
        raise WorksheetError(_("Step %d has “kind”, “criteria” and “options”.") % place)
    kind = stored.get("kind")
    if not isinstance(kind, str) or kind not in steps.WORKS:
        raise WorksheetError(_("Step %(place)d: there is no kind “%(kind)s”.") % {
            "place": place, "kind": printable(str(kind)[:40])})  # fmt: skip
    criteria = Criteria.as_stored(stored.get("criteria", {}))
    faults = criteria.errors or steps.option_faults(kind, stored.get("options", {}))
    if not faults and kind in NAMING and criteria.is_empty:
        faults = [_("It names no contacts.")]
    if faults:
        raise WorksheetError(_("Step %(place)d: %(faults)s") % {
            "place": place, "faults": printable(" ".join(map(str, faults)))})  # fmt: skip
    return Asked(kind, criteria, stored.get("options", {}))


def words(saved: SavedCriteria) -> list[dict[str, Any]]:
    """Each step for the reader: its kind and its sentences; what is out of date says so."""
    said = []
    for place, stored in enumerate(saved.steps, 1):
        try:
            asked = read_step(place, stored)
            kind, sentences = asked.kind, trail.words_now(asked.kind, asked.criteria, asked.options)
        except WorksheetError as error:
            kind, sentences = str(stored.get("kind", "")), [str(error)]
        label = dict(StepKind.choices).get(kind, kind)
        said.append({"number": place, "kind": kind, "label": label, "sentences": sentences})
    return said


def export_json(saved: SavedCriteria) -> str:
    """The criteria as a JSON text that import_json reads, here or in another installation."""
    content = {
        "format": FORMAT,
        "code": saved.code,
        "description": saved.description,
        "steps": saved.steps,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


@transaction.atomic
def import_json(text: str, *, by: User) -> SavedCriteria:
    """Saved criteria from such a text. Raises WorksheetError that says what is wrong with it."""
    content, fault = parse(text)
    if fault is not None:
        raise WorksheetError(fault)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise WorksheetError(_("This is not a file of saved criteria."))
    code, description = content.get("code"), content.get("description", "")
    if not isinstance(code, str) or not isinstance(description, str):
        raise WorksheetError(_("Code and description are texts."))
    if not (code + description).isprintable():
        raise WorksheetError(_("The code or the description has characters that cannot be shown."))
    if len(description) > 100:
        raise WorksheetError(_("The code or the description is too long."))
    read_steps(content.get("steps"))
    return _create(code, description, content["steps"], by)
