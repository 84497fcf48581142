"""The triggers as SQLite wants them: one for each row that is written."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from crm.audit import statements
from crm.audit.statements import TABLE, quoted
from crm.audit.tables import Watched

EVENTS = {"created": "INSERT", "changed": "UPDATE", "deleted": "DELETE"}


def triggers(one: Watched) -> Iterator[tuple[str, str]]:
    """The names of a table's triggers and the statements that make them."""
    for verb in one.verbs:
        name = f"audit_{one.model._meta.db_table}_{verb}"
        row = "OLD" if verb == "deleted" else "NEW"
        conditions = [_changed(one)] if verb == "changed" else []
        conditions += [f"{row}.{quoted(one.only)}"] if one.only else []
        when = f" WHEN {' AND '.join(conditions)}" if conditions else ""
        body = statements.insert(f"VALUES ({', '.join(_values(one, verb, row))})")
        table = quoted(one.model._meta.db_table)
        yield name, f"CREATE TRIGGER {name} AFTER {EVENTS[verb]} ON {table}{when} BEGIN {body}; END"


def guards() -> Iterator[tuple[str, str]]:
    """What keeps the audit trail as it is."""
    for event in ("UPDATE", "DELETE"):
        name = f"audit_refuses_{event.lower()}"
        refuse = "SELECT RAISE(ABORT, 'the audit trail is not changed')"
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE {event} ON {quoted(TABLE)} "
            f"WHEN NOT MAY_PRUNE() BEGIN {refuse}; END",
        )


def _changed(one: Watched) -> str:
    columns = (quoted(field.column) for field in one.fields)
    return "(" + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns) + ")"


def _values(one: Watched, verb: str, row: str) -> list[str]:
    subject = one.subject_model._meta.label_lower
    return [
        "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
        *("ACTING('by')", "ACTING('name')", "ACTING('request')"),
        *(f"'{one.kind}'", f"{row}.{quoted(one.model._meta.pk.column)}", f"'{verb}'"),
        *(f"'{subject}'", statements.subject_id(one, row), statements.label(one, row)),
        _changes(one, verb),
    ]


def _changes(one: Watched, verb: str) -> str:
    """A JSON object of what changed; json_patch leaves out what is null, that is: what did not."""
    if verb != "changed" and not one.values:
        return "'{}'"
    pairs = (f"'{field.name}', {_change(one, verb, field)}" for field in one.fields)
    return f"json_patch('{{}}', json_object({', '.join(pairs)}))"


def _change(one: Watched, verb: str, field: Any) -> str:
    column = quoted(field.column)
    old, new = f"OLD.{column}", f"NEW.{column}"
    empty = "0" if isinstance(field, models.BooleanField) else "''"
    differs = {
        "created": f"COALESCE({new}, {empty}) <> {empty}",
        "deleted": f"COALESCE({old}, {empty}) <> {empty}",
        "changed": f"{old} IS NOT {new}",
    }[verb]
    said = statements.sides(one, verb, field, _json(field, "OLD"), _json(field, "NEW"))
    return f"json(CASE WHEN {differs} THEN json_array({said}) END)"


def _json(field: Any, row: str) -> str:
    own = statements.value(field, row)
    if isinstance(field, models.BooleanField):
        return f"json(CASE {own} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
    return f"json({own})" if isinstance(field, models.JSONField) else own
