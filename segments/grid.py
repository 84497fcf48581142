"""The lines of a segment as a table: which ones, which page of them, and what each cell says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import Salesperson
from crm.paging import CappedPaginator
from interactions.models import Document
from segments import log, overrides, trail
from segments.effective import EffectiveLines
from segments.filters import LineFilter
from segments.inheritance import value_text
from segments.models import LineOverride, Segment, SegmentLine

PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column of the table. One with a `name` can be said by a line itself."""

    label: str | Promise
    name: str = ""
    css: str = ""


# After the contact's company, name, number and type; followed by its e-mail and phone.
SAYING = (
    Column(_("Correspondence"), "correspondence_type"),
    Column(_("Language"), "language"),
    Column(_("Template"), "template"),
    Column(_("Description"), "description"),
    Column(_("Subject"), "subject"),
    Column(_("Salesperson"), "salesperson"),
    Column(_("Letter"), "document"),
    Column(_("Evaluation"), "evaluation"),
)


@dataclass(frozen=True)
class Cell:
    """What a line says in one column, and whether it says so itself."""

    name: str
    label: str | Promise
    text: str
    is_own: bool


@dataclass(frozen=True)
class Row:
    """One line with its cells."""

    line: SegmentLine
    cells: Sequence[Cell] = field(default_factory=list)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a line: Python reads no endless number, databases 64 bits."""
    return text.isdecimal() and len(text) <= 19 and int(text) < 2**63


class LinePaginator(CappedPaginator):
    """Pages of lines. The trail knows how many there are: nothing is counted without a filter.

    The pager's links name the line before or after the page, so that a page deep in half a million
    lines is found by the index and not by skipping; the last page is found from the end.
    """

    def __init__(self, lines: QuerySet[SegmentLine], stored: int | None, query: QueryDict) -> None:
        super().__init__(lines.order_by("pk").values_list("pk", flat=True), PAGE)
        self.stored, self.query = stored, query

    def page(self, number: Any) -> Page:
        """One page of line ids; without a neighbour's name rows are skipped to it."""
        number = self.validate_number(number)
        ids = self._beside(number)
        if ids is None:
            ids = list(super().page(number).object_list)
        return self._get_page(ids, number, self)  # type: ignore[attr-defined]

    def _beside(self, number: int) -> list[int] | None:
        rows: Any = self.object_list
        after, before = self.query.get("after", ""), self.query.get("before", "")
        if number > 1 and is_id(after):
            return list(rows.filter(pk__gt=int(after))[:PAGE])
        if number > 1 and is_id(before):
            return sorted(rows.filter(pk__lt=int(before)).order_by("-pk")[:PAGE])
        if 1 < number == self.num_pages and self.stored is not None:
            return sorted(rows.order_by("-pk")[: self.stored - (number - 1) * PAGE])
        return None

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.CAP) if self.stored is None else self.stored

    @property
    def is_capped(self) -> bool:
        return self.stored is None and self._counted > self.CAP


class Selection:
    """Which of the lines present a reader asked for: by words, by problem, or all of them."""

    def __init__(self, segment: Segment, query: QueryDict) -> None:
        self.segment = segment
        self.query = query
        self.problem = query.get("problem", "")
        lines: QuerySet[SegmentLine] = SegmentLine.objects.present(segment)
        if self.problem:
            lines = log.problem_lines(segment, self.problem)
        self.filterset = LineFilter(query, lines)

    @property
    def is_all(self) -> bool:
        """Whether nothing was asked."""
        return not self.problem and self.filterset.is_valid() and not self.filterset.in_force

    @property
    def lines(self) -> QuerySet[SegmentLine]:
        """The lines; none at all where the question was mistyped."""
        valid = self.filterset.is_valid()
        return self.filterset.qs if valid else SegmentLine.objects.none()

    def page(self, number: str | None) -> Page:
        """One page of line ids; a page that is not there gives the nearest one."""
        stored = trail.lines_at(self.segment) if self.is_all else None
        return LinePaginator(self.lines, stored, self.query).get_page(number)


def rows(effective: EffectiveLines, ids: Sequence[int]) -> list[Row]:
    """These lines of a segment with their cells, in order, by a fixed number of statements."""
    lines = effective.lines(*(SAYS[column.name] for column in SAYING)).filter(pk__in=ids)
    found = list(lines.select_related("contact__company", "override"))
    known = _Known(effective, found)
    return [Row(line, [known.cell(line, column) for column in SAYING]) for line in found]


# What a line says under another name than its column's.
SAYS = {
    name: f"{name}_id" if name in ("template", "salesperson", "document", "campaign") else name
    for name in overrides.NAMES
}


class _Known:
    """The names of what some lines refer to, each table asked once."""

    def __init__(self, effective: EffectiveLines, lines: Sequence[Any]) -> None:
        self.names: dict[str, Mapping[int, Any]] = {
            "template": {pk: row.code for pk, row in effective.templates.items()},
            "salesperson": _names(Salesperson, {line.says_salesperson_id for line in lines}),
            "document": _names(Document, {line.says_document_id for line in lines}),
        }

    def cell(self, line: Any, column: Column) -> Cell:
        """What the line says in this column."""
        said = getattr(line, f"says_{SAYS[column.name]}")
        if column.name in self.names:
            text = str(self.names[column.name].get(said, ""))
        else:
            text = value_text(LineOverride._meta.get_field(column.name), said)
        is_own = overrides.says(getattr(line, "override", None), column.name)
        return Cell(column.name, column.label, text, is_own)


def _names(model: type[Salesperson] | type[Document], ids: set[int | None]) -> dict[int, str]:
    wanted = [pk for pk in ids if pk is not None]
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in=wanted)}
