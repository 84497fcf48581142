"""What each kind of step does to lines, from its stored parameters alone: so trails replay.

Every step costs a fixed number of statements. The random choice of a sample is a hash of the
contact's number with a seed that the step keeps, so a replay chooses the same contacts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, Value, Window
from django.db.models.functions import MD5, Coalesce, Concat, Lower, RowNumber
from django.utils.translation import gettext as _

from crm import sight
from crm.models import ContactQuerySet
from crm.sql import insert_from
from segments import selection, trail
from segments.checking import RULE_WORDS, problem_lines
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine, SegmentStep, StepKind
from segments.selection import Options
from segments.trail import WorksheetError

# More lines than a database's LIMIT needs to take.
MOST_LINES = 2**31


@dataclass(frozen=True)
class Asked:
    """A step as it is stored: its kind, its criteria, its options."""

    kind: str
    criteria: Criteria
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def flags(self) -> Options:
        """The options that selection understands."""
        known = {one.name for one in fields(Options)}
        return Options(**{name: on for name, on in self.options.items() if name in known})

    def work(self, segment: Segment) -> trail.Work:
        """What the step does to the lines of a segment."""
        return WORKS[self.kind](segment, self)


def run(
    segment: Segment, asked: Asked, *, by: User | None, keep_empty: bool = False
) -> SegmentStep | None:
    """Writes the step; None where it moves no line, unless such steps are to be kept."""
    return trail.step(
        segment,
        asked.kind,
        asked.criteria,
        asked.options,
        by,
        asked.work(segment),
        keep_empty=keep_empty,
    )


def refuse(criteria: Criteria, *, confirm_all: bool = False) -> None:
    """Refuses criteria that are wrong, and those that mean everybody unless that is meant."""
    if not criteria.is_valid():
        raise WorksheetError(" ".join(criteria.errors))
    if criteria.is_empty and not confirm_all:
        raise WorksheetError(_("Without criteria this means everybody. Tick that you mean it."))


# The options that each kind of step understands.
TAKES: dict[str, set[str]] = {
    StepKind.ADD: {
        "allow_existing", "expand_companies", "include_companies", "ignore_exclusion",
    },
    StepKind.ADD_BY_HAND: {"ignore_exclusion"},
    StepKind.PASTE: {"ignore_exclusion"},
    StepKind.REUSE_LOGGED: {"ignore_exclusion"},
    StepKind.REDUCE: {"entire_companies"},
    StepKind.REFINE: {"entire_companies"},
}  # fmt: skip


def option_faults(kind: str, options: Any) -> list[str]:
    """What is wrong with the options of a step, each a sentence; none for a step of our own."""
    if not isinstance(options, dict):
        return [_("Options are an object.")]
    if kind == StepKind.SAMPLE:
        return _sample_faults(options)
    if kind == StepKind.ONE_PER:
        what = options.get("one_per")
        right = isinstance(what, str) and what in SAME and set(options) == {"one_per"}
        return [] if right else [_("One for each “company”, “email” or “address”.")]
    if kind == StepKind.MEND:
        right = str(options.get("problem")) in RULE_WORDS and set(options) == {"problem"}
        return [] if right else [_("There is no such problem.")]
    if kind == StepKind.REMOVE_BY_HAND:
        return _twin_faults(options)
    known = TAKES.get(kind, set())
    wrong = [str(name) for name, on in options.items() if name not in known or type(on) is not bool]
    return [_("There is no such option: %s") % ", ".join(sorted(wrong))] if wrong else []


def _twin_faults(options: dict[str, Any]) -> list[str]:
    """How many lines went of contacts that had several: {"twins": {number: count}}."""
    twins = options.get("twins", {})
    counts = list(twins.values()) if isinstance(twins, dict) else [None]
    if set(options) - {"twins"} or not all(type(one) is int and one > 0 for one in counts):
        return [_("There is no such option: %s") % "twins"]
    return []


def _sample_faults(options: dict[str, Any]) -> list[str]:
    count, percent, seed = (options.get(name) for name in ("count", "percent", "seed"))
    if set(options) - {"count", "percent", "seed"} or not _is_seed(seed):
        return [_("A sample has a number or a percentage, and a seed.")]
    if percent is None and type(count) is int and 0 < count < MOST_LINES:
        return []
    if count is None and isinstance(percent, int | float) and 0 < percent < 100:
        return []
    return [_("Give a number of contacts from 1, or a percentage between 0 and 100.")]


def _is_seed(seed: Any) -> bool:
    """A short text that any database and page can take."""
    return isinstance(seed, str) and len(seed) <= 40 and seed.isprintable()


def _add(segment: Segment, asked: Asked) -> trail.Work:
    def work(number: int) -> tuple[int, int]:
        contacts = selection.part(segment, asked.criteria, asked.flags, "new")
        return insert_lines(segment, contacts, number), 0

    return work


def insert_lines(segment: Segment, contacts: ContactQuerySet, number: int) -> int:
    """One INSERT ... SELECT; lines come in the order of the contacts' names."""
    columns = {"segment": Value(segment.pk), "contact": F("pk"), "added_step": Value(number)}
    return insert_from(SegmentLine, selection.in_line_order(contacts), columns)


def _remove(segment: Segment, asked: Asked) -> trail.Work:
    kind = StepKind.REFINE if asked.kind == StepKind.REFINE else StepKind.REDUCE

    def work(number: int) -> tuple[int, int]:
        lines = selection.leaving(segment, kind, asked.criteria, asked.flags)
        with sight.whole():  # lines are the segment's, whoever is on them
            return 0, lines.update(removed_step=number)

    return work


def _remove_by_hand(segment: Segment, asked: Asked) -> trail.Work:
    """Lines taken out by hand are named by their contacts; of several the last ones go."""
    twins: dict[str, int] = asked.options.get("twins", {})

    def work(number: int) -> tuple[int, int]:
        lines = selection.leaving(segment, StepKind.REDUCE, asked.criteria, Options())
        if twins:
            last_first = Window(RowNumber(), partition_by="contact_id", order_by=F("pk").desc())
            going = Q(pk__in=()) | ~Q(contact__number__in=list(twins))
            for contact, count in twins.items():
                going |= Q(contact__number=contact, place__lte=count)
            chosen = lines.annotate(place=last_first).filter(going)
            lines = SegmentLine.objects.filter(pk__in=chosen.values("pk"))
        with sight.whole():
            return 0, lines.update(removed_step=number)

    return work


def _sample(segment: Segment, asked: Asked) -> trail.Work:
    def work(number: int) -> tuple[int, int]:
        lines = SegmentLine.objects.present(segment)
        kept = asked.options.get("count")
        if kept is None:
            share = float(asked.options["percent"]) / 100
            kept = max(1, round(trail.lines_at(segment) * share))
        lot = MD5(Concat(F("contact__number"), Value(f"/{asked.options['seed']}")))
        place = Window(RowNumber(), order_by=[lot, F("pk")])
        beyond = lines.order_by().annotate(place=place).filter(place__gt=kept)
        return 0, lines.order_by().filter(pk__in=beyond.values("pk")).update(removed_step=number)

    return work


# What "one per" counts as the same, and which of a contact's values must be there for it.
SAME: dict[str, tuple[list[Any], Q]] = {
    "company": ([Coalesce("contact__company_id", "contact_id")], Q()),
    "email": ([Lower("contact__email")], ~Q(contact__email="")),
    "address": (
        [Lower("contact__address"), F("contact__post_code"), Lower("contact__city")],
        ~Q(contact__address=""),
    ),
}


def _one_per(segment: Segment, asked: Asked) -> trail.Work:
    def work(number: int) -> tuple[int, int]:
        same, there = SAME[asked.options["one_per"]]
        lines = SegmentLine.objects.present(segment).order_by()
        place = Window(RowNumber(), partition_by=same, order_by="pk")
        later = lines.filter(there).annotate(place=place).filter(place__gt=1)
        return 0, lines.filter(pk__in=later.values("pk")).update(removed_step=number)

    return work


def _mend(segment: Segment, asked: Asked) -> trail.Work:
    def work(number: int) -> tuple[int, int]:
        lines = problem_lines(segment, asked.options["problem"]).order_by()
        chosen = SegmentLine.objects.filter(pk__in=lines.values("pk"))
        return 0, chosen.update(removed_step=number)

    return work


WORKS: dict[str, Callable[[Segment, Asked], trail.Work]] = {
    StepKind.ADD: _add,
    StepKind.ADD_BY_HAND: _add,
    StepKind.PASTE: _add,
    StepKind.REUSE_LOGGED: _add,
    StepKind.REDUCE: _remove,
    StepKind.REFINE: _remove,
    StepKind.REMOVE_BY_HAND: _remove_by_hand,
    StepKind.SAMPLE: _sample,
    StepKind.ONE_PER: _one_per,
    StepKind.MEND: _mend,
}
