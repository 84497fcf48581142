"""Makes the triggers of the audit trail, and tells which are missing."""

from typing import Any

from django.db import connections, router, transaction

from crm import sql
from crm.audit import postgres, sqlite
from crm.audit.statements import TABLE
from crm.audit.tables import Watched, watched
from crm.models import AuditEntry

# PostgreSQL has the functions in one place and the triggers that call them in another.
THEIR_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'audit_') ORDER BY 1"
THEIR_FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE starts_with(proname, 'audit_')"
OURS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 6) = 'audit_'"
)


def missing(using: str = "default") -> list[str]:
    """The triggers that are not there, or not as they should be."""
    there = _there(using)
    return sorted(name for name, body in _wanted(using).items() if there.get(name) != body)


def install(using: str = "default", **_signal: Any) -> None:
    """Makes what is missing and takes away what is wanted no more."""
    if not router.allow_migrate_model(using, AuditEntry):
        return
    wanted, there = _wanted(using), _there(using)
    if wanted == there:
        return
    with transaction.atomic(using):
        if connections[using].vendor == "sqlite":
            _drop(using, there)
            sql.execute_all(using, wanted.values())
        else:
            statements = _postgres_statements(_tables(using), set(there) - set(wanted))
            sql.execute_all(using, statements)


def remove(using: str = "default", **_signal: Any) -> None:
    """Takes them away on SQLite, before a migration rebuilds tables that they name."""
    if connections[using].vendor == "sqlite":
        _drop(using, _there(using))


def _drop(using: str, there: dict[str, str]) -> None:
    sql.execute_all(using, (f"DROP TRIGGER {name}" for name in there))


def _tables(using: str) -> list[Watched]:
    """What is watched of the tables that are there: none before the trail's own is."""
    there = set(connections[using].introspection.table_names())
    if TABLE not in there:
        return []
    return [one for one in watched.values() if one.model._meta.db_table in there]


def _wanted(using: str) -> dict[str, str]:
    """What there should be: names; on SQLite the statement, on PostgreSQL the function's body."""
    tables = _tables(using)
    if not tables:
        return {}
    if connections[using].vendor == "sqlite":
        made = {name: text for one in tables for name, text in sqlite.triggers(one)}
        return made | dict(sqlite.guards())
    made = {name: text for one in tables for name, text in postgres.functions(one)}
    return made | dict((postgres.guard(),))


def _there(using: str) -> dict[str, str]:
    if connections[using].vendor == "sqlite":
        return dict(sql.fetch_all(using, OURS))
    triggers = {name for (name,) in sql.fetch_all(using, THEIR_TRIGGERS)}
    functions = dict(sql.fetch_all(using, THEIR_FUNCTIONS))
    return {name: body if name in triggers else "" for name, body in functions.items()}


def _postgres_statements(tables: list[Watched], too_many: set[str]) -> list[str]:
    """Functions first, then the triggers that call them; what is wanted no more goes with them."""
    made = []
    if tables:
        bodies = [pair for one in tables for pair in postgres.functions(one)]
        made = [postgres.make_function(*pair) for pair in (*bodies, postgres.guard())]
        made += [text for one in tables for text in postgres.make_triggers(one)]
        made.append(postgres.make_guard())
    return made + [f"DROP FUNCTION {name} CASCADE" for name in sorted(too_many)]
