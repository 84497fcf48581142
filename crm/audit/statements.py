"""The parts of a trigger that both databases spell alike: what a row is called, what changed."""

from typing import Any

from crm.audit.tables import Watched, natural_key
from crm.models import AuditEntry

TABLE = AuditEntry._meta.db_table
COLUMNS = (
    *("at", "by", "act", "request", "kind", "row", "verb"),
    *("subject", "subject_id", "label", "changes"),
)


def quoted(name: str) -> str:
    """A name of ours, quoted as both databases want it."""
    return f'"{name}"'


def insert(values: str) -> str:
    """The statement that writes audit rows, up to its values or its SELECT."""
    return f"INSERT INTO {quoted(TABLE)} ({', '.join(map(quoted, COLUMNS))}) {values}"


def label(one: Watched, row: str) -> str:
    """What people call the row."""
    if not one.label:
        return "''"
    name, _between, target = one.label.partition("__")
    field = one.model._meta.get_field(name)
    own = f"{row}.{quoted(field.column)}"
    if not target:
        return f"COALESCE({own}, '')"
    return f"COALESCE({_reached(field, target, own)}, '')"


def subject_id(one: Watched, row: str) -> str:
    """The id of the record on whose page the change is seen."""
    field = one.model._meta.get_field(one.subject) if one.subject else one.model._meta.pk
    return f"{row}.{quoted(field.column)}"


def value(field: Any, row: str) -> str:
    """A column's value; of a key what people call the row it leads to."""
    own = f"{row}.{quoted(field.column)}"
    if not field.is_relation:
        return own
    return _reached(field, natural_key(field.related_model), own)


def sides(one: Watched, verb: str, field: Any, old: str, new: str) -> str:
    """What stood in a column and stands there now; of a secret one neither."""
    if field.name in one.secret:
        return "NULL, NULL"
    return f"{'NULL' if verb == 'created' else old}, {'NULL' if verb == 'deleted' else new}"


def _reached(field: Any, name: str, key: str) -> str:
    """A field of the row that a key leads to."""
    there = field.related_model._meta
    column, primary = quoted(there.get_field(name).column), quoted(there.pk.column)
    return f"(SELECT {column} FROM {quoted(there.db_table)} WHERE {primary} = {key})"  # noqa: S608
