"""What an operation costs: seconds that passed, and seconds that processors worked for it.

Ratios are made of the latter, for they hold on a machine that has other work to do as well: the
time of this process, and on PostgreSQL that of the server's process which answers it, where it can
be read.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass(frozen=True)
class Cost:
    """Seconds: on the clock, and of processors."""

    passed: float
    worked: float


class Clock:
    """Started when it is made; `cost` is what has been used since."""

    def __init__(self) -> None:
        self._server = _server_statistics()
        self._passed, self._worked = time.perf_counter(), self._now()

    @property
    def cost(self) -> Cost:
        """What was used so far."""
        return Cost(time.perf_counter() - self._passed, self._now() - self._worked)

    def _now(self) -> float:
        worked = time.process_time()
        if self._server is not None:
            worked += int(self._server.read_text().split()[0]) / 1e9
        return worked


def _server_statistics() -> Path | None:
    """Where Linux tells the nanoseconds of the server's process; None where it is elsewhere."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}")
    try:
        is_ours = (process / "comm").read_text().startswith("postgres")
        (process / "schedstat").read_text()
    except OSError:
        return None
    return process / "schedstat" if is_ours else None
