"""Many rows by one statement, however many: they travel to the database as one JSON text.

Django's bulk_create and bulk_update cut their rows into batches by the number of parameters that a
statement may have, so on SQLite thirty contacts already take a second statement.
"""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router
from django.db.models.expressions import DatabaseDefault


def insert_rows(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Inserts these unsaved rows; the database numbers them. `pk` is not brought back."""
    if not rows:
        return
    fields: list[Any] = [one for one in model._meta.concrete_fields if _is_given(rows[0], one)]
    using = router.db_for_write(model)
    quote = connections[using].ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    source = _source(model, fields, using)
    _execute(
        using,
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {names} FROM {source}",  # noqa: S608
        _as_json(rows, fields, using, is_new=True),
    )


def _is_given(row: Any, field: Any) -> bool:
    """Whether a row brings a value of its own; else the database has one."""
    value = getattr(row, field.attname)
    return not field.primary_key and not isinstance(value, DatabaseDefault)


def update_rows(model: type[models.Model], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Writes these fields of rows that are stored, each found by its primary key."""
    if not rows:
        return
    key: Any = model._meta.pk
    fields: list[Any] = [model._meta.get_field(name) for name in dict.fromkeys(names)]
    using = router.db_for_write(model)
    quote = connections[using].ops.quote_name
    table, pk = quote(model._meta.db_table), quote(key.column)
    settings = ", ".join(f"{quote(one.column)} = given.{quote(one.column)}" for one in fields)
    source = _source(model, [key, *fields], using)
    _execute(
        using,
        f"UPDATE {table} SET {settings} FROM {source} WHERE {table}.{pk} = given.{pk}",  # noqa: S608
        _as_json(rows, [key, *fields], using, is_new=False),
    )


def _source(model: type[models.Model], fields: Sequence[Any], using: str) -> str:
    """The rows of the JSON as a table called `given`, with columns named as the model's are."""
    quote = connections[using].ops.quote_name
    if connections[using].vendor == "postgresql":
        # The table's own row type says what each value is.
        return f"jsonb_populate_recordset(NULL::{quote(model._meta.db_table)}, %s::jsonb) AS given"
    picked = ", ".join(
        f"{_extracted(field)} AS {quote(field.column)}"  # a column's name has no quotation mark
        for field in fields
    )
    return f"(SELECT {picked} FROM json_each(%s)) AS given"  # noqa: S608 - names of columns


def _extracted(field: Any) -> str:
    value = f"json_extract(value, '$.{field.column}')"
    return f"BYTES_OF_HEX({value})" if field.get_internal_type() == "BinaryField" else value


def _as_json(rows: Sequence[Any], fields: Sequence[Any], using: str, *, is_new: bool) -> str:
    connection = connections[using]
    prepared = [
        {
            field.column: _plain(
                field.get_db_prep_save(field.pre_save(row, is_new), connection),
                connection.vendor,
            )
            for field in fields
        }
        for row in rows
    ]
    return json.dumps(prepared, default=str, ensure_ascii=False)


def _plain(value: Any, vendor: str) -> Any:
    """What JSON can say of a value that was prepared for the database."""
    value = getattr(value, "adapted", value)  # psycopg2 wraps what it sends
    if isinstance(value, bytes | bytearray | memoryview):
        return ("\\x" if vendor == "postgresql" else "") + bytes(value).hex()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _execute(using: str, sql: str, rows: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [rows])
