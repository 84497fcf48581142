"""Pages of long tables, without ever counting a million rows."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from crm import sight


class CappedPaginator(Paginator):
    """Counts up to CAP rows and no further; pages beyond are not offered, filters are.

    The last offered page thus skips CAP rows at most. From page FAR on, and on every page where
    `ids_first` says that rows are sorted, the ids of the page are asked first: an index skips ids
    alone ten times faster than whole rows with what they join, and so are they sorted faster.
    What a filter found is counted up to FOUND: rows are read for that, while an index counts all
    of a table. Few of them are sorted by themselves, for PostgreSQL expects a rare word to be a
    common one, and would look for it through all rows in the list's order. Where even many are
    FEW, they are looked for once, and not counted before.
    """

    CAP = 100_000
    FOUND = 10_000
    FAR = 20
    ids_first = False
    FEW = 1_000

    @cached_property
    def count(self) -> int:
        """The number of rows, or as many as are counted where there are more."""
        return min(self._counted, self._most)

    @property
    def _most(self) -> int:
        return min(self.CAP, self.FOUND) if self._is_filtered else self.CAP

    @cached_property
    def _counted(self) -> int:
        if self._is_filtered and self._most <= self.FEW:
            return len(self._found)
        rows: Any = self.object_list
        return rows.order_by()[: self._most + 1].count()

    @property
    def _is_filtered(self) -> bool:
        rows: Any = self.object_list
        return sight.is_filtered(rows)

    @property
    def _few(self) -> list[int] | None:
        """The ids of what a filter found, in no order; None where there is no filter, or many."""
        return self._found if self._is_filtered and self._counted <= self.FEW else None

    @cached_property
    def _found(self) -> list[int]:
        """Ids of what a filter found, one more than counted at most."""
        rows: Any = self.object_list
        return list(rows.order_by().values_list("pk", flat=True)[: self._most + 1])

    def page(self, number: Any) -> Page:
        """One page; a far one costs one more query and much less time."""
        number = self.validate_number(number)
        rows: Any = self.object_list
        if self._few:
            self.object_list = rows.filter(pk__in=self._few)
            return super().page(number)
        if number < self.FAR and not self.ids_first:
            return super().page(number)
        first = (number - 1) * self.per_page
        ids = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return self._get_page(rows.filter(pk__in=ids), number, self)  # type: ignore[attr-defined]

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self._most


class LongPaginator(CappedPaginator):
    """For lists where even a hundred thousand are too many to be counted each time.

    The log, and whoever is behind a number that a page has told already.
    """

    CAP = 10_000
