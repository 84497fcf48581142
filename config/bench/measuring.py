"""How an operation is measured beside its limits, and the table of it: one measure a row."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from config.bench.clock import Clock, Cost

# PostgreSQL's dead rows of one run would slow the next.
TABLES = ("segments_segmentline", "lean")

HEAD = (
    "| database | operation | rows | seconds | worked | by hand | ratio | lean limit | ratio |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True)
class Measure:
    """Rows that were touched; seconds on the clock; the others are seconds of processors."""

    database: str
    operation: str
    rows: int
    seconds: float
    worked: float
    by_hand: float | None = None
    lean: float | None = None

    @property
    def line(self) -> str:
        """One row of the table."""
        rows = f"{self.rows:,}" if self.rows else ""
        cells = [self.database, self.operation, rows, f"{self.seconds:.3f}", f"{self.worked:.3f}"]
        for limit in (self.by_hand, self.lean):
            cells += [f"{limit:.3f}", f"{self.worked / limit:.2f}"] if limit else ["", ""]
        return f"| {' | '.join(cells)} |"


class Measuring:
    """Runs operations, each beside the SQL by hand and the lean limit, and keeps the best."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.measures: list[Measure] = []

    def tidy(self) -> None:
        """Called after each run, when all that it wrote has been taken back."""

    def note(
        self,
        name: str,
        operation: Callable[[], Any],
        by_hand: str | Callable[[], Any] = "",
        lean: str = "",
        *,
        repeat: int = 0,
        rows: int = 0,
    ) -> None:
        def run() -> None:
            nonlocal rows
            done = operation()
            rows = max(getattr(done, "added", 0), getattr(done, "removed", 0), rows)

        works: dict[str, Callable[[], Any]] = {"ours": run}
        for limit, work in (("hand", by_hand), ("lean", lean)):
            if work:
                works[limit] = work if callable(work) else partial(self._execute, work)
        costs = self._costs(works, repeat or self.runs)
        best = {one: min(cost.worked for cost in found) for one, found in costs.items()}
        measure = Measure(
            connection.vendor,
            name,
            rows,
            min(cost.passed for cost in costs["ours"]),
            best["ours"],
            best.get("hand"),
            best.get("lean"),
        )
        self.measures.append(measure)
        print(measure.line, flush=True)

    def _costs(self, works: dict[str, Callable[[], Any]], runs: int) -> dict[str, list[Cost]]:
        """Each goes first in turn: whoever does pays for pages that were not touched lately."""
        costs: dict[str, list[Cost]] = {name: [] for name in works}
        names = list(works)
        for turn in range(runs):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                costs[name].append(self._timed(works[name]))
        return costs

    def _execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def _timed(self, work: Callable[[], Any]) -> Cost:
        """What some work costs, taken back afterwards; the tables are tidy before it."""
        if connection.vendor == "postgresql":
            for table in TABLES:
                self._execute(f"VACUUM ANALYZE {table}")
        with transaction.atomic():
            clock = Clock()
            work()
            cost = clock.cost
            transaction.set_rollback(True)
        self.tidy()
        return cost
