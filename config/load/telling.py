"""What was measured, as tables and as JSON."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HEAD = (
    "| {of} | requests | a second | p50 ms | p95 ms | p99 ms | most ms | errors |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
Line = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """So many requests of one sort, and how long they took."""

    of: str
    requests: int
    a_second: float
    p50: float
    p95: float
    p99: float
    most: float
    errors: int

    @property
    def line(self) -> str:
        """As a row of the table."""
        times = (f"{one:,.0f}" for one in (self.p50, self.p95, self.p99, self.most))
        cells = [self.of, f"{self.requests:,}", f"{self.a_second:.1f}", *times, str(self.errors)]
        return f"| {' | '.join(cells)} |"


def row(of: str, lines: Sequence[Line], seconds: float) -> Row:
    """The row of these requests; those with errors are counted and not timed."""
    times = sorted(line["milliseconds"] for line in lines if not line["error"])
    return Row(
        of=of,
        requests=len(lines),
        a_second=len(lines) / seconds if seconds else 0.0,
        p50=percentile(times, 50),
        p95=percentile(times, 95),
        p99=percentile(times, 99),
        most=times[-1] if times else 0.0,
        errors=len(lines) - len(times),
    )


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest time that so many in a hundred do not exceed."""
    return times[max(0, math.ceil(len(times) * share / 100) - 1)] if times else 0.0


class Told:
    """All that drive.py wrote."""

    def __init__(self, path: Path) -> None:
        self.lines: list[Line] = [json.loads(line) for line in path.read_text().splitlines()]
        self.phases = {line["played"]: line for line in self.lines if "played" in line}

    @property
    def requests(self) -> list[Line]:
        return [line for line in self.lines if "milliseconds" in line]

    @property
    def errors(self) -> list[Line]:
        return [line for line in self.requests if line["error"]]

    def of(self, phase: str) -> list[Line]:
        """The requests of a phase that were begun while it was measured."""
        ended = self.phases[phase]["ended"]
        return [
            line
            for line in self.requests
            if line["phase"] == phase and line["is_warm"] and line["at"] <= ended
        ]

    def seconds(self, phase: str) -> float:
        played = self.phases[phase]
        return float(played["ended"] - played["begun"])

    def rows(self, phase: str, by: str) -> list[Row]:
        """A row for each kind, or each name, of requests."""
        sorts: dict[str, list[Line]] = defaultdict(list)
        for line in self.of(phase):
            sorts[line[by]].append(line)
        return [row(of, sorts[of], self.seconds(phase)) for of in sorted(sorts)]

    def told(self, what: str) -> list[str]:
        """What the people told of a sort."""
        return [line["value"] for line in self.lines if line.get("told") == what]

    @property
    def by_design(self) -> Counter[str]:
        """What happened by design, counted by its name."""
        return Counter(line["by design"] for line in self.requests if line["by design"])


def table(of: str, rows: Iterable[Row]) -> None:
    print(HEAD.format(of=of))
    print(*(one.line for one in rows), sep="\n")
    print(flush=True)


def counted(title: str, found: Counter[str]) -> None:
    """Names and how often."""
    if found:
        print(title)
        print(*(f"- {count} x {name}" for name, count in found.most_common()), sep="\n")
        print(flush=True)


def complaints(errors: Sequence[Line]) -> None:
    """Each sort of error, with how often and one example."""
    sorts: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in errors:
        sorts[line["name"], line["error"][:80]].append(line)
    for (name, _error), lines in sorts.items():
        print(f"ERROR {len(lines)} x {name}: {lines[0]['error']} ({lines[0]['path']})")


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [asdict(one) for one in rows]
