"""The lines of a segment as a table: which ones, which page of them, and what each cell says."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet, Subquery
from django.http import QueryDict
from django.utils.functional import Promise

from crm import words
from crm.paging import CappedPaginator
from crm.routes import route
from crm.sql import time_limit
from segments import log, overrides, trail
from segments.calling import called
from segments.columns import FAST, SORTS, Column
from segments.effective import EffectiveLines
from segments.known import Known, related
from segments.line_filter import LineFilter
from segments.models import Segment, SegmentLine

PAGE = 50
# Seconds that an order may take; the reader is told to filter first where it takes more.
SORTING = 3.0
# Filters that ask what lines say, and what they say it of.
ASKED_OF_LINES = {"language_is": "language", "correspondence_is": "correspondence_type"}


@dataclass(frozen=True)
class Cell:
    """What a line says in one column, and whether it says so itself."""

    name: str
    label: str | Promise
    text: str
    is_own: bool
    is_editable: bool = False
    css: str = ""

    @property
    def classes(self) -> str:
        return f"{self.css} own".strip() if self.is_own else self.css


@dataclass(frozen=True)
class Row:
    """One line with its cells, and whether a call from it reached its contact."""

    line: SegmentLine
    segment_number: str
    cells: Sequence[Cell] = field(default_factory=list)
    is_called: bool = False

    @property
    def pk(self) -> str:
        """The id of the line, in no language's way to write numbers."""
        return str(self.line.pk)

    @property
    def url(self) -> str:
        """The line's own page."""
        return route("segments:line", self.segment_number, self.line.pk)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a line: Python reads no endless number, databases 64 bits."""
    return text.isdecimal() and len(text) <= 19 and int(text) < 2**63


class LinePaginator(CappedPaginator):
    """Pages of lines. The trail knows how many there are: nothing is counted without a filter.

    The pager's links name the line before or after the page, so that a page deep in half a million
    lines is found by the index and not by skipping; the last page is found from the end. What a
    filter found is looked for once: ids are cheap, to compare the words of contacts is not.
    """

    FOUND = FEW = CappedPaginator.CAP

    def __init__(
        self, lines: QuerySet[SegmentLine], stored: int | None, query: QueryDict, *, by_pk: bool
    ) -> None:
        super().__init__(lines.values_list("pk", flat=True), PAGE)
        self.stored, self.query, self.by_pk = stored, query, by_pk

    def page(self, number: Any) -> Page:
        """One page of line ids; without a neighbour's name rows are skipped to it."""
        number = self.validate_number(number)
        ids = self._known(number) if self.by_pk else None
        if ids is None:
            first = (number - 1) * PAGE
            rows: Any = self.object_list
            ids = list(rows[first : first + PAGE])
        return self._get_page(ids, number, self)  # type: ignore[attr-defined]

    def _known(self, number: int) -> list[int] | None:
        """The page among the few that were found, or beside a line that is named."""
        if self._few is not None:
            return sorted(self._few)[(number - 1) * PAGE : number * PAGE]
        rows: Any = self.object_list
        after, before = self.query.get("after", ""), self.query.get("before", "")
        if number > 1 and is_id(after):
            return list(rows.filter(pk__gt=int(after))[:PAGE])
        if number > 1 and is_id(before):
            return sorted(rows.filter(pk__lt=int(before)).order_by("-pk")[:PAGE])
        if 1 < number == self.num_pages and self.stored is not None:
            return sorted(rows.order_by("-pk")[: self.stored - (number - 1) * PAGE])
        return None

    @property
    def _is_filtered(self) -> bool:
        return self.stored is None and super()._is_filtered

    @cached_property
    def count(self) -> int:
        return super().count if self.stored is None else self.stored

    @property
    def is_capped(self) -> bool:
        return self.stored is None and super().is_capped


class Selection:
    """Which of the lines present a reader asked for, and in what order."""

    def __init__(
        self,
        segment: Segment,
        query: QueryDict,
        effective: EffectiveLines | None = None,
        count: int | None = None,
    ) -> None:
        self.segment, self.query = segment, query
        # What the page has read already: the chain, and how many lines there are.
        self.effective, self.count = effective, count
        self.problem = query.get("problem", "")
        wanted = query.get("sort", "")
        self.sort = wanted if wanted.removeprefix("-") in SORTS else ""
        self.filterset = LineFilter(query, self._asked())

    def _asked(self) -> QuerySet[Any]:
        """The lines present, with what the filters ask of them."""
        if self.problem:
            return log.problem_lines(self.segment, self.problem)
        said = [name for asked, name in ASKED_OF_LINES.items() if self.query.get(asked)]
        if said:
            chain = self.effective or EffectiveLines(self.segment)
            return chain.lines("template_id", *said)
        return SegmentLine.objects.present(self.segment)

    @property
    def is_all(self) -> bool:
        """Whether nothing was asked."""
        return not self.problem and self.filterset.is_valid() and not self.filterset.in_force

    @property
    def lines(self) -> QuerySet[SegmentLine]:
        """The lines; none at all where the question was mistyped."""
        valid = self.filterset.is_valid()
        return self.filterset.qs if valid else SegmentLine.objects.none()

    @property
    def in_order(self) -> QuerySet[SegmentLine]:
        """The lines as sorted; their own order is that in which they came."""
        sign = "-" if self.sort.startswith("-") else ""
        fields = SORTS.get(self.sort.removeprefix("-"), ())
        return self.lines.order_by(*(f"{sign}{field}" for field in fields), "pk")

    @property
    def question(self) -> list[tuple[str, str]]:
        """What was asked, as a form posts it again."""
        names = ("problem", *self.filterset.form.fields)
        return [(name, one) for name in names for one in self.query.getlist(name) if one]

    @property
    def chips(self) -> list[words.Chip]:
        """The filters in force, each with the query that leaves it out."""
        return words.chips(self.filterset, self.query) if self.filterset.is_valid() else []

    def page(self, number: str | None) -> Page:
        """One page of line ids; a page that is not there gives the nearest one.

        Raises TooLong where the order asked for is not found soon enough.
        """
        stored = self._stored() if self.is_all else None
        pages = LinePaginator(self.in_order, stored, self.query, by_pk=not self.sort)
        is_slow = self.sort and self.sort.removeprefix("-") not in FAST
        with time_limit(SORTING) if is_slow else nullcontext():
            return pages.get_page(number)

    def _stored(self) -> int:
        return trail.lines_at(self.segment) if self.count is None else self.count

    def from_line(self, first: int, count: int, page: str | None) -> list[int]:
        """Ids of so many lines from one on, in order; it stands on this page, else []."""
        ids = self.in_order.values_list("pk", flat=True)
        if not self.sort:
            found = list(ids.filter(pk__gte=first)[:count])
            return found if found[:1] == [first] else []
        start = (int(page) - 1) * PAGE if page and is_id(page) and int(page) > 0 else 0
        near = list(ids[start : start + PAGE + count])
        return near[near.index(first) :][:count] if first in near[:PAGE] else []

    def beside(self, pk: int) -> tuple[int | None, int | None]:
        """The line before and the line after one, in their own order, whatever the sort."""
        lines = self.lines.order_by()
        before = lines.filter(pk__lt=pk).order_by("-pk").values("pk")[:1]
        after = lines.filter(pk__gt=pk).order_by("pk").values("pk")[:1]
        found = SegmentLine.objects.filter(pk=pk).annotate(
            before=Subquery(before), after=Subquery(after)
        )
        return found.values_list("before", "after").first() or (None, None)


def rows(effective: EffectiveLines, ids: Sequence[int], columns: Sequence[Column]) -> list[Row]:
    """These lines of a segment with their cells, in order, by a fixed number of statements."""
    said = [SAYS[column.name] for column in columns if column.is_said]
    # Put in order here: an ORDER BY makes Django compare it with each of 150 columns.
    lines = effective.lines("template_id", *said).filter(pk__in=ids).order_by()
    lines = lines.annotate(is_called=called(effective.segment))
    lines = lines.select_related(*related(column.name for column in columns))
    found = {line.pk: line for line in lines}
    in_order = [found[pk] for pk in ids if pk in found]
    known = Known(effective, in_order)
    number = effective.segment.number
    return [
        Row(line, number, [cell(known, line, one) for one in columns], line.is_called)
        for line in in_order
    ]


# What a line says under another name than its column's.
SAYS = {
    name: f"{name}_id" if name in ("template", "salesperson", "document", "campaign") else name
    for name in overrides.NAMES
}


def cell(known: Known, line: Any, column: Column) -> Cell:
    """What the line says in this column, or what its contact is."""
    if column.of is not None:
        text = str(column.of(line.contact))
        return Cell(column.name, column.label, text, is_own=False, css=column.css)
    said = getattr(line, f"says_{SAYS[column.name]}")
    text = known.text(column.name, said)
    is_own = overrides.says(getattr(line, "override", None), column.name)
    editable = column.name != "document"
    return Cell(column.name, column.label, text, is_own, editable, column.css)
