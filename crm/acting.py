"""Who is at work, for the audit trail and for the lines of the program's log.

A request, a job or a command says who acts; whatever writes meanwhile need not know. PostgreSQL is
told in front of each writing statement, in the same message; SQLite asks a function of ours.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Act:
    """Who does something, by which page, job or command, and the request it is part of."""

    by: str = ""
    name: str = ""
    request: str = ""


_act: ContextVar[Callable[[], Act] | None] = ContextVar("act", default=None)
_may_prune: ContextVar[bool] = ContextVar("may_prune", default=False)


def now() -> Act:
    """What is being done now; outside of requests and jobs the command that runs."""
    said = _act.get()
    return said() if said else Act(name=_command())


def _command() -> str:
    called = Path(sys.argv[0]).name if sys.argv else ""
    return f"command:{sys.argv[1]}" if called == "manage.py" and len(sys.argv) > 1 else ""


@contextmanager
def doing(act: Callable[[], Act]) -> Iterator[None]:
    """What is written within is put down to this; asked anew each time, for a user may log in."""
    token = _act.set(act)
    try:
        yield
    finally:
        _act.reset(token)


@contextmanager
def pruning() -> Iterator[None]:
    """SQLite lets the audit trail's own keeper at it within; nobody else."""
    token = _may_prune.set(True)
    try:
        yield
    finally:
        _may_prune.reset(token)


def attach(connection: Any, **_signal: Any) -> None:
    """Teaches a new connection to tell its database who acts."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("ACTING", 1, lambda what: getattr(now(), what))
        connection.connection.create_function("MAY_PRUNE", 0, lambda: int(_may_prune.get()))
    elif _tell not in connection.execute_wrappers:
        connection.execute_wrappers.append(_tell)


def _tell(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Puts who acts in front of a writing statement; it holds until the transaction's end."""
    if isinstance(sql, str) and WRITES.match(sql):
        said = json.dumps(asdict(now())).replace("'", "''")
        said = said if params is None else said.replace("%", "%%")
        sql = f"SELECT set_config('segmentti.acting', '{said}', true); {sql}"
    return execute(sql, params, many, context)
