"""What Django cannot say: INSERT ... SELECT, DELETE without looking, time limits. Our cursor."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connections, models, router, transaction
from django.db.models import QuerySet, Value

MANY_ROWS = 50_000


def insert_from(model: type[models.Model], rows: QuerySet[Any], columns: dict[str, Any]) -> int:
    """Writes one row of `model` for each row of a queryset, in its order, by one statement.

    `columns` maps field names of `model` to expressions over the queryset's rows, or to constants.
    Returns the number of rows written. Fields that are not named get their database default: name
    all that have none.
    """
    using = router.db_for_write(model)
    names = {f"insert_{name}": _expression(model, name, of) for name, of in columns.items()}
    selected = rows.using(using).annotate(**names).values_list(*names)
    try:
        sql, parameters = selected.query.get_compiler(using).as_sql()
    except EmptyResultSet:  # Django sees without asking that no row can match
        return 0
    quote = connections[using].ops.quote_name
    targets = ", ".join(quote(_field(model, name).column) for name in columns)
    with connections[using].cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({targets}) {sql}", parameters)
        return cursor.rowcount


def _expression(model: type[models.Model], name: str, of: Any) -> Any:
    """An expression as it is; a constant as a value of the field it goes into."""
    if hasattr(of, "resolve_expression"):
        return of
    return Value(of, output_field=_field(model, name))


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def delete_rows(rows: QuerySet[Any]) -> int:
    """Deletes the rows of a queryset by one statement; the caller sees to what refers to them.

    QuerySet.delete() would fetch every row first to look for others that refer to it.
    """
    return rows._raw_delete(router.db_for_write(rows.model))


def sha256_of_lines(beginning: str, rows: QuerySet[Any]) -> str:
    """The SHA-256 of a text and then of each row's only column and a line's end, in their order.

    The rows stay in the database: PostgreSQL hashes them itself, SQLite by a function that it is
    taught for this. Both give an aggregate like these the rows in the order of the inner query.
    """
    connection = connections[router.db_for_read(rows.model)]
    inner, parameters = rows.query.get_compiler(connection.alias).as_sql()
    if connection.vendor == "postgresql":
        lines = "COALESCE(STRING_AGG(line || E'\\n', ''), '')"
        total = f"ENCODE(SHA256(CONVERT_TO(%s || {lines}, 'UTF8')), 'hex')"
    else:
        total = "SHA256_OF_LINES(%s, line)"
    with connection.cursor() as cursor:
        sql = f"WITH lines(line) AS ({inner}) SELECT {total} FROM lines"  # noqa: S608 - Django's SQL
        cursor.execute(sql, (*parameters, beginning))
        found = cursor.fetchone()[0]
    # SQLite asks no function about no rows.
    return found or hashlib.sha256(beginning.encode()).hexdigest()


class _Hash:
    """SQLite's aggregate: of a text, the same for all rows, and of each row's line."""

    def __init__(self) -> None:
        self._total: Any = None

    def step(self, beginning: str, line: str) -> None:
        if self._total is None:
            self._total = hashlib.sha256(beginning.encode())
        self._total.update(f"{line}\n".encode())

    def finalize(self) -> str | None:
        return self._total.hexdigest() if self._total else None


def teach_sqlite(connection: Any, **_signal: Any) -> None:
    """Gives a new connection to SQLite the functions that PostgreSQL has.

    At its beginning: it learns nothing anew while rows are read, as a check of the whole log does.
    """
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("SHA256_OF_LINES", 2, _Hash)
        connection.connection.create_function("BYTES_OF_HEX", 1, bytes.fromhex, deterministic=True)


def by_pk(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """All rows, so many at a time, in the order of their ids; a statement for each piece.

    Nothing is being read between two pieces, as it would be with `iterator`: on SQLite who reads
    may not write, once somebody else has.
    """
    rows, last = rows.order_by("pk"), 0
    while found := list(rows.filter(pk__gt=last)[:size]):
        yield found
        if len(found) < size:
            return
        last = found[-1].pk


def refresh_statistics(*tables: type[models.Model]) -> None:
    """Counts these tables for PostgreSQL's planner, which learns of many new rows only later.

    Within the transaction that writes them it else chooses plans for empty tables: the checks of
    foreign keys to 100,000 new contacts then took minutes. SQLite plans without statistics.
    """
    for model in tables:
        connection = connections[router.db_for_write(model)]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def note_growth(model: type[models.Model], rows: int) -> bool:
    """Tells PostgreSQL's planner when a table has just grown or changed by very many rows, if so.

    Until autovacuum comes round it would plan for the table as it was, and look up half a million
    lines one by one. SQLite plans without statistics.
    """
    if rows >= MANY_ROWS:
        refresh_statistics(model)
    return rows >= MANY_ROWS


def hold_table(model: type[models.Model]) -> None:
    """Waits for everybody who is writing to a table, and keeps others from it until the end.

    Only on PostgreSQL, inside a transaction; on SQLite whoever writes is alone anyway.
    """
    connection = connections[router.db_for_write(model)]
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def use_trigrams(nearness: float) -> bool:
    """Whether the database has the index of names' trigrams (migration 0003).

    If so, `trigrams_like` finds from now on what is as near as this, of 1.
    """
    connection = connections[router.db_for_read(None)]  # type: ignore[arg-type]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('crm_contact_trigrams') IS NOT NULL")
        there = bool(cursor.fetchone()[0])
        if there:
            set_threshold = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)"
            cursor.execute(set_threshold, [str(nearness)])
        return there


class TooLong(Exception):
    """A question took longer than it was given."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Lets the questions asked within take so long and no longer; then raises TooLong.

    Only for reading: PostgreSQL counts each statement by itself, SQLite all of them together.
    """
    connection = connections[router.db_for_read(None)]  # type: ignore[arg-type]
    limited = _postgres_limit if connection.vendor == "postgresql" else _sqlite_limit
    try:
        with limited(connection, seconds):
            yield
    except OperationalError as error:
        cancelled = getattr(error.__cause__, "pgcode", "") == "57014"
        if cancelled or str(error) == "interrupted":
            raise TooLong from error
        raise


@contextmanager
def _postgres_limit(connection: Any, seconds: float) -> Iterator[None]:
    """The server's own timeout, for this transaction; a transaction around it gets its own back."""
    set_limit = "SELECT set_config('statement_timeout', %s, true)"
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()[0]
        cursor.execute(set_limit, [f"{max(1, int(seconds * 1000))}ms"])
        yield
        cursor.execute(set_limit, [before])


@contextmanager
def _sqlite_limit(connection: Any, seconds: float) -> Iterator[None]:
    """Looks at the clock every so many instructions. No transaction: one would wait for writers."""
    connection.ensure_connection()
    end = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def execute_all(using: str, statements: Iterable[str]) -> None:
    """Runs statements that want no parameters, one after another."""
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fetch_all(using: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a statement without parameters gives."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
