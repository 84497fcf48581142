"""All that is kept of one person, to be given to that person: rows in names and words, and files.

Every table with a key to a contact is found by itself (references.py), so none can be forgotten;
what is somebody else's stays out: users, other contacts, salespeople but for their names. Higher
floors add in their app's `ready()`:

    personal.nest(InteractionLogEntry, LogEntryComment, "entry")   # rows that belong to his rows
    personal.shape(InteractionLogEntry, "merge_values", his_facts) # of a value what is his
    personal.leave_out(DuplicatePair)                              # what speaks of others only
    personal.files.append(letters_of)                              # contact -> (name, bytes) ...
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db.models import FileField, ForeignKey
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.models import Contact, DuplicateKey, DuplicatePair, Erasure
from crm.models.contact import COMPUTED
from crm.references import keys

left_out: set[Any] = {Contact, DuplicateKey, DuplicatePair}
nested: dict[Any, tuple[Any, str]] = {}
shapes: dict[tuple[Any, str], Callable[[Any], Any]] = {}
files: list[Callable[[Contact], Iterator[tuple[str, bytes]]]] = []
# Of users nothing is told; another contact is another person; a row's id says nothing.
OF_OTHERS = (User, Contact, Erasure)


def nest(model: Any, inner: Any, key: str) -> None:
    """Rows of `inner` whose `key` is a row of `model` are told within it."""
    nested[model] = (inner, key)


def shape(model: Any, name: str, of: Callable[[Any], Any]) -> None:
    """Lets a function say what of a value is the person's."""
    shapes[model, name] = of


def leave_out(model: Any) -> None:
    """Tells nothing of a table."""
    left_out.add(model)


@dataclass(frozen=True)
class Record:
    """One row: its values by the names of its columns, and the rows that belong to it."""

    row: Any
    values: dict[str, Any]
    inner: list["Record"] = field(default_factory=list)

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """Label and text of each value that is there, for a reader."""
        for name, value in self.values.items():
            column = self.row._meta.get_field(name)
            if value not in ("", None, {}, []):
                yield capfirst(str(column.verbose_name)), _said(self.row, name, value)

    @property
    def data(self) -> dict[str, Any]:
        """The same for a program; all values, empty ones too."""
        if not self.inner:
            return self.values
        name = self.inner[0].row._meta.model_name
        return self.values | {name: [one.data for one in self.inner]}


@dataclass(frozen=True)
class Table:
    """All rows of one kind."""

    name: str
    label: str
    records: Sequence[Record]


def told(contact: Contact) -> list[Table]:
    """All that is kept of a contact; the statements do not grow with the rows."""
    himself = Table("contact", _("Contact"), [_record(contact)])
    return [himself, *(table for table in _tables(contact) if table.records)]


def as_data(tables: Iterable[Table]) -> dict[str, Any]:
    """The same as JSON can hold it."""
    return {table.name: [record.data for record in table.records] for table in tables}


def files_of(contact: Contact) -> Iterator[tuple[str, bytes]]:
    """Every file that is the person's, by a name of its own."""
    for of_floor in files:
        yield from of_floor(contact)


def _tables(contact: Contact) -> Iterator[Table]:
    for model, key in keys():
        if model not in left_out:
            rows = list(_with_keys(model).filter(**{key: contact}).order_by("pk"))
            label = capfirst(str(model._meta.verbose_name_plural))
            yield Table(model._meta.model_name, label, _records(model, rows))


def _records(model: Any, rows: Sequence[Any]) -> list[Record]:
    """The rows, with those that belong to them."""
    inside: dict[Any, list[Record]] = defaultdict(list)
    if model in nested and rows:
        inner, key = nested[model]
        for row in _with_keys(inner).filter(**{f"{key}__in": rows}).order_by("pk"):
            inside[getattr(row, f"{key}_id")].append(_record(row))
    return [_record(row, inside[row.pk]) for row in rows]


def _with_keys(model: Any) -> Any:
    """The rows of a table with what they name, at once."""
    names = [one.name for one in _columns(model) if isinstance(one, ForeignKey)]
    return model._base_manager.select_related(*names) if names else model._base_manager.all()


def _columns(model: Any) -> Iterator[Any]:
    """The columns that may be the person's."""
    for column in model._meta.concrete_fields:
        hidden = column.primary_key or isinstance(column, FileField) or column.name in COMPUTED[1:]
        if not hidden and not (column.is_relation and column.related_model in OF_OTHERS):
            yield column


def _record(row: Any, inner: list[Record] | None = None) -> Record:
    values = {one.name: _value(row, one) for one in _columns(type(row))}
    if isinstance(row, Contact) and row.company is not None:
        values["company"] = row.company.name
    return Record(row, values, inner or [])


def _value(row: Any, column: Any) -> Any:
    """What a row says in a column: what it names by its name."""
    value = getattr(row, column.name)
    of = shapes.get((type(row), column.name))
    if of is not None:
        return of(value)
    plain = isinstance(value, str | int | float | bool | dict | list | Decimal | None)
    dated = isinstance(value, datetime.date | datetime.time)
    return value if plain or dated else str(value)


def _said(row: Any, name: str, value: Any) -> str:
    """A value as a reader wants to see it."""
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " · ".join(str(one) for one in value.values() if one)
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return str(formats.localize(value))
