"""Whose records one sees: the restriction to own or team's contacts and segments.

Tables that are restricted are `Seen`. Whatever asks them by `objects` (the default manager: pages,
lists, forms, criteria, searches, related sets) gets what the user of this request or job sees, for
the condition is part of each question and is said when it is put to the database. While nothing is
restricted it is not said at all: the question is the same as ever. `whole` asks without it: for
what must hold for everybody, as unique numbers, blocks and consents, proofs, and for work on what
hangs on a record that one does see.

Who is at work is said by a request's middleware and by the worker (`through`); a command sees all.
Who sees what: `access.sight_of`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models import BooleanField, Exists
from django.db.models.expressions import Col, Expression, RawSQL
from django.db.models.lookups import In, IsNull
from django.db.models.sql.where import AND, OR, WhereNode
from django.utils.translation import gettext_lazy

T = TypeVar("T")
HANDED_OVER = gettext_lazy(
    "%(record)s was handed over, and is not among those that you see any more."
)
Condition = Any


class Sight:
    """What one sees: the records of some salespeople, and those without a salesperson."""

    def __init__(self, find: Callable[[], Sequence[int]]) -> None:
        self._find = find

    @cached_property
    def salespeople(self) -> Sequence[int]:
        """Their ids; asked for when they are first needed."""
        with whole():
            return self._find()


_sight: ContextVar[Sight | None] = ContextVar("sight", default=None)


def now() -> Sight | None:
    """Through whose eyes one looks; None where everything is seen."""
    return _sight.get()


@contextmanager
def through(sight: Sight | None) -> Iterator[None]:
    """Questions put to the database within find what this sight sees."""
    token = _sight.set(sight)
    try:
        yield
    finally:
        _sight.reset(token)


def look(sight: Sight | None) -> None:
    """From now on, until the end of the `through` that one is in."""
    _sight.set(sight)


def whole() -> Any:
    """Within, everything is seen."""
    return through(None)


def each(sight: Sight | None, pieces: Iterable[T]) -> Iterator[T]:
    """The pieces of a stream, each made through this sight: long after its request has ended."""
    found = iter(pieces)
    end = object()
    while True:
        with through(sight):
            piece: Any = next(found, end)
        if piece is end:
            return
        yield piece


def is_filtered(rows: models.QuerySet[Any]) -> bool:
    """Whether a question asks for more than to be seen."""
    return any(not isinstance(one, _Condition) for one in rows.query.where.children)


# -- rules: which rows of a table are seen; each takes the columns it asks by name -----------------


def by_salesperson(name: str = "salesperson") -> Callable[..., Condition]:
    """Rows of a salesperson whose records one sees, and rows of none."""

    def rule(sight: Sight, columns: dict[str, Col]) -> Condition:
        column = columns[name]
        return _joined(OR, IsNull(column, True), In(column, sight.salespeople))

    return rule


def with_any(*names: str) -> Callable[..., Condition]:
    """Rows of which one sees at least one of the records that these keys name."""
    return lambda _sight, columns: _joined(OR, *(_Sees(columns[name]) for name in names))


def with_all(*names: str) -> Callable[..., Condition]:
    """Rows of which one sees all of these records."""
    return lambda _sight, columns: _joined(AND, *(_Sees(columns[name]) for name in names))


def with_first(name: str, otherwise: Callable[..., Condition]) -> Callable[..., Condition]:
    """Rows whose record one sees; those that name none go by another rule."""

    def rule(sight: Sight, columns: dict[str, Col]) -> Condition:
        alone = _joined(AND, IsNull(columns[name], True), otherwise(sight, columns))
        return _joined(OR, _Sees(columns[name]), alone)

    return rule


def _joined(connector: str, *conditions: Any) -> Condition:
    return WhereNode(list(conditions), connector)


class _Sees(Expression):
    """Whether the record that a key names is seen: asked of its own table, by its own rule."""

    output_field = BooleanField()

    def __init__(self, column: Col) -> None:
        super().__init__()
        self.column = column

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        table: Any = self.column.target.related_model
        key, parameters = compiler.compile(self.column)
        outer = RawSQL(key, parameters)  # noqa: S611 - Django's own name of a column
        found: Any = Exists(table._default_manager.order_by().filter(pk=outer))
        return compiler.compile(found)


class _Condition(Expression):
    """A table's rule, as part of a question; says nothing while everything is seen."""

    output_field = BooleanField()

    def __init__(self, rule: Callable[..., Condition], columns: dict[str, Any]) -> None:
        super().__init__()
        self.rule, self.columns = rule, columns

    def get_source_expressions(self) -> list[Any]:
        return list(self.columns.values())

    def set_source_expressions(self, expressions: Sequence[Any]) -> None:
        self.columns = dict(zip(self.columns, expressions, strict=True))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        sight = now()
        if sight is None:
            raise FullResultSet
        sql, parameters = compiler.compile(self.rule(sight, self.columns))
        return f"({sql})", parameters


class SeenManager(models.Manager[Any]):
    """The rows that one sees, by the rule of their table."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        query, model = rows.query, self.model
        alias = query.get_initial_alias()
        columns = {name: Col(alias, model._meta.get_field(name)) for name in model.seen_names}
        query.where.add(_Condition(model.seen_by, columns), AND)
        return rows


def is_lost(record: models.Model) -> bool:
    """Whether a record that was just saved is not seen any more by whoever saved it."""
    if now() is None or not isinstance(record, Seen):
        return False
    return not type(record).objects.filter(pk=record.pk).exists()


class Seen(models.Model):
    """A table of which one may see a part: `seen_by` is its rule, over the keys of `seen_names`."""

    seen_names: ClassVar[tuple[str, ...]] = ("salesperson",)
    seen_by: ClassVar[Callable[..., Condition]] = staticmethod(by_salesperson())

    objects = SeenManager()
    whole = models.Manager()

    class Meta:
        abstract = True

    def validate_unique(self, *args: Any, **options: Any) -> None:
        """A number is used once, also where one does not see by whom."""
        with whole():
            super().validate_unique(*args, **options)

    def validate_constraints(self, *args: Any, **options: Any) -> None:
        """What must hold of all rows is asked of all."""
        with whole():
            super().validate_constraints(*args, **options)
