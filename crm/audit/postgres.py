"""The triggers as PostgreSQL wants them: one for each statement, over all the rows it wrote."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from crm.audit import statements
from crm.audit.statements import TABLE, quoted
from crm.audit.tables import Watched

EVENTS = {
    "created": ("INSERT", "NEW TABLE AS new_rows"),
    "changed": ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "deleted": ("DELETE", "OLD TABLE AS old_rows"),
}
ACT = "COALESCE(NULLIF(current_setting('segmentti.acting', true), ''), '{}')::jsonb"
GUARD = """
BEGIN
  IF current_setting('segmentti.pruning', true) = 'on' THEN RETURN COALESCE(NEW, OLD); END IF;
  RAISE EXCEPTION 'the audit trail is not changed';
END"""


def functions(one: Watched) -> Iterator[tuple[str, str]]:
    """The names of a table's functions, one for each thing that can be done, and their bodies."""
    for verb in one.verbs:
        body = f"\nDECLARE act jsonb := {ACT};\nBEGIN\n{_write(one, verb)};\nRETURN NULL;\nEND"
        yield f"audit_{one.model._meta.db_table}_{verb}", body


def guard() -> tuple[str, str]:
    """What keeps the audit trail as it is."""
    return "audit_refuses", GUARD


def make_function(name: str, body: str) -> str:
    made = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
    return f"{made} AS $body${body}$body$"


def make_triggers(one: Watched) -> Iterator[str]:
    """The statements that make a table's triggers, whether there are any yet or not."""
    table = quoted(one.model._meta.db_table)
    for verb in one.verbs:
        event, rows = EVENTS[verb]
        name = f"audit_{one.model._meta.db_table}_{verb}"
        yield (
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} "
            f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def make_guard() -> str:
    return (
        f"CREATE OR REPLACE TRIGGER audit_refuses BEFORE UPDATE OR DELETE ON {quoted(TABLE)} "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuses()"
    )


def _write(one: Watched, verb: str) -> str:
    """The one statement that puts down all that a statement did."""
    row = "o" if verb == "deleted" else "n"
    subject = one.subject_model._meta.label_lower
    said = ", ".join(
        (
            "clock_timestamp()",
            *(f"COALESCE(act ->> '{name}', '')" for name in ("by", "name", "request")),
            *(f"'{one.kind}'", f"{row}.{quoted(one.model._meta.pk.column)}", f"'{verb}'"),
            *(f"'{subject}'", statements.subject_id(one, row), statements.label(one, row)),
            _changes(one, verb),
        )
    )
    return statements.insert(f"SELECT {said} FROM {_rows(one, verb, row)}")  # noqa: S608


def _rows(one: Watched, verb: str, row: str) -> str:
    key = quoted(one.model._meta.pk.column)
    rows = {
        "created": "new_rows n",
        "changed": f"old_rows o JOIN new_rows n ON o.{key} = n.{key}",
        "deleted": "old_rows o",
    }[verb]
    conditions = [f"{row}.{quoted(one.only)}"] if one.only else []
    if verb == "changed":
        old, new = (
            ", ".join(f"{alias}.{quoted(f.column)}" for f in one.fields) for alias in ("o", "n")
        )
        conditions.append(f"ROW({old}) IS DISTINCT FROM ROW({new})")
    return f"{rows} WHERE {' AND '.join(conditions)}" if conditions else rows


def _changes(one: Watched, verb: str) -> str:
    """A JSON object of what changed; null stands for what did not, and is left out."""
    if verb != "changed" and not one.values:
        return "'{}'::jsonb"
    pairs = ", ".join(f"'{field.name}', {_change(one, verb, field)}" for field in one.fields)
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


def _change(one: Watched, verb: str, field: Any) -> str:
    column = quoted(field.column)
    old, new = f"o.{column}", f"n.{column}"
    empty = "'false'" if isinstance(field, models.BooleanField) else "''"
    differs = {
        "created": f"COALESCE({new}::text, {empty}) <> {empty}",
        "deleted": f"COALESCE({old}::text, {empty}) <> {empty}",
        "changed": f"{old} IS DISTINCT FROM {new}",
    }[verb]
    values = (statements.value(field, row) for row in ("o", "n"))
    said = statements.sides(one, verb, field, *values)
    return f"CASE WHEN {differs} THEN jsonb_build_array({said}) END"
