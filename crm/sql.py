"""What Django cannot say: INSERT ... SELECT, and DELETE without looking. The only cursor we have."""

from typing import Any

from django.db import connections, models, router
from django.db.models import QuerySet


def insert_from(model: type[models.Model], rows: QuerySet[Any], columns: dict[str, Any]) -> int:
    """Writes one row of `model` for each row of a queryset, in its order, by one statement.

    `columns` maps field names of `model` to expressions over the queryset's rows. Returns the
    number of rows written. Fields that are not named get their database default: name all that
    have none.
    """
    using = router.db_for_write(model)
    names = {f"insert_{name}": expression for name, expression in columns.items()}
    selected = rows.using(using).annotate(**names).values_list(*names)
    sql, parameters = selected.query.get_compiler(using).as_sql()
    quote = connections[using].ops.quote_name
    targets = ", ".join(quote(model._meta.get_field(name).column) for name in columns)  # type: ignore[union-attr]
    with connections[using].cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({targets}) {sql}", parameters)  # noqa: S608
        return cursor.rowcount


def delete_rows(rows: QuerySet[Any]) -> int:
    """Deletes the rows of a queryset by one statement; whoever calls it sees to what refers to them.

    QuerySet.delete() would fetch every row first to look for others that refer to it.
    """
    return rows._raw_delete(router.db_for_write(rows.model))  # type: ignore[attr-defined]
