"""A list on its way out: what each cell says, as CSV or as a workbook, however long it is.

The page that shows a list also exports it (crm/pages): from a request where it is short, else by a
job, which makes the page anew from its address.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import IO, Any

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.tables import csv_lines, write_xlsx

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Longer lists are written by a job.
AT_ONCE = 5_000
CHUNK = 2000
# A column: its head, and where a row has its value - a path ("contact__name") or a function.
Source = str | Callable[[Any], Any]
Column = tuple[str | Promise, Source]


def value(row: Any, source: Source) -> Any:
    """What a row says in a column, as a spreadsheet takes it: a text, a number, a day."""
    return plain(source(row) if callable(source) else _at(row, source))


def _at(row: Any, path: str) -> Any:
    """The value at the end of a path; a choice in words; "" where the path ends early."""
    *parents, last = path.split("__")
    for name in parents:
        row = getattr(row, name)
        if row is None:
            return ""
    if isinstance(row, dict):
        return row[last]
    words = getattr(row, f"get_{last}_display", None)
    return words() if words else getattr(row, last)


def plain(value: Any) -> Any:
    """A value without what only we know: no time zones, no objects, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(microsecond=0, tzinfo=None)
    return str(value) if isinstance(value, Model | Promise) else value


def rows_of(
    queryset: Any,
    columns: Sequence[Column],
    prepare: Callable[[Any], Any] = list,
) -> Iterator[list[Any]]:
    """The cells of each row; `prepare` is given some rows at a time, and memory stays flat."""
    found = queryset.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        for row in prepare(chunk):
            yield [value(row, source) for _head, source in columns]


def write(out: IO[bytes], kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The table into a file of this kind."""
    if kind == XLSX:
        write_xlsx(out, head, rows)
        return
    for piece in csv_lines(head, rows):
        out.write(piece)


def file_name(title: str, kind: str) -> str:
    """What the file is called: the list and the day."""
    return f"{slugify(title, allow_unicode=True) or 'list'}-{timezone.localdate()}.{kind}"


def page_at(path: str, query: str, user: Any) -> Any:
    """The list page of an address, as this user sees it; he may have lost the right to it."""
    found = resolve(path)
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET, request.user = QueryDict(query), user
    page = found.func.view_class(**found.func.view_initkwargs)  # type: ignore[attr-defined]
    page.setup(request, *found.args, **found.kwargs)
    return page


def counted(rows: Iterable[Any], tell: Callable[[int], None], every: int = 500) -> Iterator[Any]:
    """The rows as they are, telling now and then how many went by."""
    with closing(iter(rows)) as found:  # type: ignore[type-var]
        for number, row in enumerate(found, 1):
            yield row
            if number % every == 0:
                tell(number)
