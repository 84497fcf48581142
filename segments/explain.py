"""Why a contact is on a segment, or why not: which step, which condition, which rule."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.models import Contact
from segments import saved, selection, trail
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine, SegmentStep, StepKind
from segments.steps import Asked
from segments.trail import WorksheetError


@dataclass(frozen=True)
class Condition:
    """One sentence of a step's criteria, and whether the contact satisfies it today."""

    sentence: str
    holds: bool


@dataclass(frozen=True)
class StepVerdict:
    """What one step says to the contact today."""

    number: int
    label: str
    sentence: str
    conditions: list[Condition] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """Whether the contact is in, the reason in a sentence, and what each step says to it."""

    is_in: bool
    reason: str
    steps: list[StepVerdict]


ADDING = (StepKind.ADD, StepKind.ADD_BY_HAND, StepKind.PASTE, StepKind.REUSE_LOGGED)


def explain(segment: Segment, contact: Contact) -> Explanation:
    """Explains one contact on one segment; the statements grow with the steps, not the lines."""
    lines = list(SegmentLine.objects.filter(segment=segment, contact=contact).order_by("pk"))
    at = segment.current_step
    present = [
        line
        for line in lines
        if line.added_step <= at and (line.removed_step is None or line.removed_step > at)
    ]
    verdicts = [
        _verdict(segment, contact, step)
        for step in segment.steps.filter(number__lte=at).order_by("number")
    ]
    if present:
        reason = _("In since step %d.") % present[0].added_step
        return Explanation(True, reason, verdicts)
    return Explanation(False, _why_out(segment, contact, lines), verdicts)


def _why_out(segment: Segment, contact: Contact, lines: list[SegmentLine]) -> str:
    """The first reason that holds."""
    at = segment.current_step
    removed = [line.removed_step for line in lines if line.removed_step and line.added_step <= at]
    if removed:
        return _("Removed by step %d.") % max(removed)
    if contact.is_blocked:
        return _("The contact is blocked and enters no segment.")
    if lines:
        return _("Added by step %d, which has been undone.") % lines[0].added_step
    if contact.exclude_from_segment:
        return _("The contact is excluded from segments.")
    return _("No step has matched the contact.")


def _verdict(segment: Segment, contact: Contact, step: SegmentStep) -> StepVerdict:
    """What a step says to the contact today; stored criteria may have gone stale."""
    label = str(step.get_kind_display())
    stored = {"kind": step.kind, "criteria": step.criteria, "options": step.options}
    try:
        asked = saved.read_step(step.number, stored)
    except WorksheetError as error:
        sentences = [*trail.sentences(step.words), str(error)]
        return StepVerdict(step.number, label, "; ".join(sentences))
    conditions = _conditions(asked, contact)
    return StepVerdict(step.number, label, _sentence(asked, contact, conditions), conditions)


def _conditions(asked: Asked, contact: Contact) -> list[Condition]:
    """Each section of the criteria by itself."""
    said = asked.criteria.words()
    return [
        Condition(sentence, _among(Criteria.as_stored({key: data}), contact))
        for sentence, (key, data) in zip(said, asked.criteria.data.items(), strict=False)
    ]


def _among(criteria: Criteria, contact: Contact) -> bool:
    return criteria.contacts(few=True).filter(pk=contact.pk).exists()


def _sentence(asked: Asked, contact: Contact, conditions: list[Condition]) -> str:
    """Whether the step means the contact today, and by what."""
    if asked.kind in (StepKind.SAMPLE, StepKind.ONE_PER):
        return _("This step looks at the lines, not at the contact.")
    if all(condition.holds for condition in conditions):
        return _("Matches today.")
    if selection.matched(asked.criteria, asked.flags, few=True).filter(pk=contact.pk).exists():
        return _("Matches today with its company.")
    return _("Does not match today.")
