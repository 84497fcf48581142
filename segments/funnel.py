"""The trail as a funnel: one row a step with its words and a bar; steps by hand in a row fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from segments import trail
from segments.models import Segment, SegmentStep, StepKind

BY_HAND = (StepKind.ADD_BY_HAND, StepKind.REMOVE_BY_HAND)
# The bars are drawn on a scale of so many units.
FULL = 160


@dataclass(frozen=True)
class StepRow:
    """One step as the reader sees it. `bar` is its lines, `ghost` the lines before it, of FULL."""

    step: SegmentStep
    sentences: Sequence[str]
    before: int
    bar: int
    ghost: int
    is_undone: bool
    is_current: bool

    @property
    def is_editable(self) -> bool:
        """Whether what it asks can be changed, and the steps after it played again."""
        return self.step.kind in trail.ASKING and not self.is_undone


@dataclass(frozen=True)
class Fold:
    """Steps drawn as one: several made by hand one after the other, or any other one alone."""

    rows: Sequence[StepRow]
    added: int
    removed: int

    @property
    def is_folded(self) -> bool:
        return len(self.rows) > 1

    @property
    def first(self) -> StepRow:
        return self.rows[0]

    @property
    def last(self) -> StepRow:
        return self.rows[-1]

    @property
    def has_current(self) -> bool:
        return any(row.is_current for row in self.rows)


def funnel(segment: Segment) -> list[Fold]:
    """The whole trail, the steps beyond the pointer marked as undone; one statement."""
    steps = list(segment.steps.select_related("by").defer("criteria").order_by("number"))
    rows = _rows(segment, steps)
    grouped = groupby(rows, key=_group)
    return [_fold(list(some)) for _key, some in grouped]


def standing(folds: Sequence[Fold]) -> tuple[int, int]:
    """How many lines there are where the segment stands, and the number of the last step."""
    rows = [row for fold in folds for row in fold.rows]
    lines = sum(row.step.lines_after for row in rows if row.is_current)
    return lines, rows[-1].step.number if rows else 0


def _rows(segment: Segment, steps: Sequence[SegmentStep]) -> list[StepRow]:
    before = [0, *(step.lines_after for step in steps[:-1])]
    most = max((step.lines_after for step in steps), default=0) or 1
    return [
        StepRow(
            step=step,
            sentences=trail.sentences(step.words),
            before=earlier,
            bar=_width(step.lines_after, most),
            ghost=_width(max(earlier, step.lines_after), most),
            is_undone=step.number > segment.current_step,
            is_current=step.number == segment.current_step,
        )
        for step, earlier in zip(steps, before, strict=False)
    ]


def _width(lines: int, most: int) -> int:
    """At least a sliver where there is anything."""
    return max(round(lines / most * FULL), 2) if lines else 0


def _group(row: StepRow) -> tuple[bool, int]:
    """Steps by hand share a group while they are alike done or undone; others stand alone."""
    by_hand = row.step.kind in BY_HAND
    return row.is_undone, -1 if by_hand else row.step.number


def _fold(rows: list[StepRow]) -> Fold:
    return Fold(rows, sum(r.step.added for r in rows), sum(r.step.removed for r in rows))
