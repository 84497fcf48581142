"""The segmentation engine at full size, beside the best SQL by hand and the lean limit.

`python -m config.bench.engine CONTACTS RUNS` on an empty, migrated database. The lean limit is a
table with nothing but a key: no indexes, no checks. Seconds are the best of RUNS; everything
measured is rolled back, and PostgreSQL's tables are vacuumed between runs.
"""

import json
import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from config.bench import data  # noqa: E402
from crm import tables  # noqa: E402
from segments import export, worksheet  # noqa: E402
from segments.criteria import Criteria  # noqa: E402
from segments.models import Segment  # noqa: E402

# About half of the contacts, by a linked section: 8 of 30 groups, two memberships each.
WANTED = [f"G{index}" for index in range(1, 9)]
ASKED = {"mailing_groups": {"group": WANTED}}
ASKED_FINNISH = {"contact": {"language": ["fi"]}}
TWO_LINKS = {
    "mailing_groups": {"group": WANTED},
    "interactions": {"date": {"from": "2026-01-01"}, "evaluation": ["positive"]},
}
OPEN = (
    "NOT c.privacy_blocked AND NOT c.exclude_from_segment AND (NOT c.minor OR c.parental_consent)"
)
IN_GROUPS = (
    "EXISTS (SELECT 1 FROM crm_contactmailinggroup m WHERE m.contact_id = c.id"
    " AND m.group_id BETWEEN 1 AND 8)"
)
COMING = f"FROM crm_contact c WHERE {OPEN} AND {IN_GROUPS} ORDER BY c.sort_key, c.id"
MARK_LINES = "UPDATE segments_segmentline SET removed_step = 2 WHERE"
FINNISH = "(SELECT 1 FROM crm_contact c WHERE c.id = contact_id AND c.language = 'fi')"


@dataclass(frozen=True)
class Measure:
    """Seconds of an operation, of the SQL by hand, and of the lean limit; rows it touched."""

    database: str
    operation: str
    rows: int
    seconds: float
    by_hand: float | None = None
    lean: float | None = None


class Engine:
    """A segment with half of the contacts on it, and what is done to it."""

    def __init__(self, contacts: int, runs: int) -> None:
        self.runs = runs
        self.by = User.objects.create_superuser("bench")
        began = time.perf_counter()
        data.fill(contacts)
        print(
            f"{connection.vendor}: {contacts} contacts made in {time.perf_counter() - began:.0f} s"
        )
        self.measures: list[Measure] = []
        self._make_lean_table()
        template, salesperson = 1, 1
        self.empty = Segment.objects.create(
            description="empty", template_id=template, salesperson_id=salesperson
        )
        self.full = Segment.objects.create(
            description="full", template_id=template, salesperson_id=salesperson
        )
        self.other = Segment.objects.create(description="other")
        self.small = Segment.objects.create(
            description="small", template_id=template, salesperson_id=salesperson
        )
        step = worksheet.add_contacts(self.full, Criteria(ASKED), by=self.by)
        self.lines = step.added if step else 0
        worksheet.add_contacts(self.other, Criteria(ASKED_FINNISH), by=self.by)
        numbers = [f"C{index:07}" for index in range(1, 61)]
        worksheet.add_contacts(self.small, Criteria({"contact": {"number": numbers}}), by=self.by)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO lean (segment_id, contact_id, added_step) SELECT 1, c.id, 1 {COMING}"
            )

    def _make_lean_table(self) -> None:
        key = "bigserial" if connection.vendor == "postgresql" else "integer"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE lean (id {key} PRIMARY KEY, segment_id bigint, contact_id bigint,"
                " added_step integer, removed_step integer)"
            )

    # -- what is measured --------------------------------------------------------------------------

    def run(self) -> list[Measure]:
        """Everything, in the order of a working day."""
        self._add()
        self._remove()
        self._combine()
        self._pointer()
        self._preview()
        self._page()
        self._export()
        return self.measures

    def _add(self) -> None:
        sql = (
            "INSERT INTO {table} (segment_id, contact_id, added_step)"
            " SELECT {segment}, c.id, 1 {coming}"
        )
        fresh = (
            f"{IN_GROUPS} AND NOT EXISTS (SELECT 1 FROM segments_segmentline l WHERE"
            f" l.contact_id = c.id AND l.segment_id = {self.empty.pk} AND l.removed_step IS NULL)"
        )
        coming = COMING.replace(IN_GROUPS, fresh)
        self._note(
            "add",
            lambda: worksheet.add_contacts(self.empty, Criteria(ASKED), by=self.by),
            sql.format(table="segments_segmentline", segment=self.empty.pk, coming=coming),
            sql.format(table="lean", segment=2, coming=COMING),
        )

    def _remove(self) -> None:
        for kind, is_there in (("reduce", "EXISTS"), ("refine", "NOT EXISTS")):
            operation = getattr(worksheet, f"{kind}_contacts")
            where = f"AND removed_step IS NULL AND {is_there} {FINNISH}"
            self._note(
                kind,
                partial(self._removal, operation),
                f"{MARK_LINES} segment_id = {self.full.pk} {where}",
                f"UPDATE lean SET removed_step = 2 WHERE segment_id = 1 {where}",
            )

    def _removal(self, operation: Callable[..., Any]) -> Any:
        return operation(self.full, Criteria(ASKED_FINNISH), by=self.by)

    def _combine(self) -> None:
        theirs = (
            "IN (SELECT contact_id FROM segments_segmentline"
            f" WHERE segment_id = {self.other.pk} AND removed_step IS NULL)"
        )
        where = f"AND removed_step IS NULL AND contact_id {theirs}"
        self._note(
            "combine (remove another)",
            lambda: worksheet.combine(self.full, self.other, "reduce", by=self.by),
            f"{MARK_LINES} segment_id = {self.full.pk} {where}",
            f"UPDATE lean SET removed_step = 2 WHERE segment_id = 1 {where}",
        )

    def _pointer(self) -> None:
        update = f"UPDATE segments_segment SET current_step = 0 WHERE id = {self.full.pk}"
        self._note("go back", lambda: worksheet.go_back(self.full, by=self.by), update)
        self._note("go to step", lambda: worksheet.go_to_step(self.full, 0, by=self.by), update)

    def _preview(self) -> None:
        count = (
            f"SELECT count(*) FROM crm_contact c WHERE {IN_GROUPS} AND EXISTS (SELECT 1 FROM"
            " interactions_interactionlogentry e WHERE e.contact_id = c.id AND NOT e.cancelled AND"
            " NOT e.postponed AND e.date >= '2026-01-01' AND e.evaluation = 'positive')"
        )
        self._note(
            "preview over two links",
            lambda: worksheet.preview(self.empty, "add", Criteria(TWO_LINKS)),
            count,
        )
        self._note(
            "preview of an add to a full segment",
            lambda: worksheet.preview(self.full, "add", Criteria(ASKED)),
        )

    def _page(self) -> None:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(self.by)

        def page(segment: Segment, query: str) -> Callable[[], Any]:
            return lambda: self._seen(client.get(f"{segment.get_absolute_url()}{query}"))

        middle = self.full.lines.order_by("pk").values_list("pk", flat=True)[self.lines // 2]
        number = self.lines // 100
        self._note("page of 60 lines", page(self.small, ""), repeat=5)
        self._note(
            "page in the middle", page(self.full, f"?page={number}&after={middle}"), repeat=5
        )

    def _seen(self, response: Any) -> None:
        if response.status_code != 200:
            raise RuntimeError(f"the page answers {response.status_code}")

    def _export(self) -> None:
        def work() -> int:
            return sum(map(len, tables.csv_lines(export.head(), export.rows(self.full))))

        self._note("export (CSV)", work)
        tracemalloc.start()
        work()
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"export: peak of {peak / 2**20:.1f} MiB")

    # -- how it is measured ------------------------------------------------------------------------

    def _note(
        self,
        name: str,
        operation: Callable[[], Any],
        by_hand: str = "",
        lean: str = "",
        repeat: int = 0,
    ) -> None:
        rows = 0

        def run() -> None:
            nonlocal rows
            done = operation()
            rows = max(getattr(done, "added", 0), getattr(done, "removed", 0), rows)

        works = {"ours": run} | {
            limit: partial(self._execute, sql)
            for limit, sql in (("hand", by_hand), ("lean", lean))
            if sql
        }
        # Each goes first in turn: whoever does pays for pages that were not touched lately.
        seconds: dict[str, list[float]] = {name: [] for name in works}
        for turn in range(repeat or self.runs):
            names = list(works)
            for one in names[turn % len(names) :] + names[: turn % len(names)]:
                seconds[one].append(self._timed(works[one]))
        measure = Measure(
            connection.vendor,
            name,
            rows or self.lines * name.startswith("export"),
            min(seconds["ours"]),
            min(seconds.get("hand", ()), default=None),
            min(seconds.get("lean", ()), default=None),
        )
        self.measures.append(measure)
        print(line(measure), flush=True)

    def _execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def _timed(self, work: Callable[[], Any]) -> float:
        """Seconds of some work, taken back afterwards; the tables are tidy before it."""
        if connection.vendor == "postgresql":
            self._execute("VACUUM ANALYZE segments_segmentline")
            self._execute("VACUUM ANALYZE lean")
        pointer = {one.pk: one.current_step for one in (self.full, self.empty)}
        with transaction.atomic():
            began = time.perf_counter()
            work()
            seconds = time.perf_counter() - began
            transaction.set_rollback(True)
        for one in (self.full, self.empty):
            one.current_step = pointer[one.pk]
        return seconds


HEAD = "| database | operation | rows | seconds | by hand | ratio | lean limit | ratio |"
RULE = "|---|---|---:|---:|---:|---:|---:|---:|"


def line(measure: Measure) -> str:
    """One row of the table."""
    cells = [measure.database, measure.operation, f"{measure.rows:,}" if measure.rows else ""]
    cells.append(f"{measure.seconds:.3f}")
    for limit in (measure.by_hand, measure.lean):
        cells += [f"{limit:.3f}", f"{measure.seconds / limit:.2f}"] if limit else ["", ""]
    return f"| {' | '.join(cells)} |"


def main(contacts: str = "1000000", runs: str = "2") -> None:
    """Prints the table, and on the last line the same as JSON."""
    print(HEAD, RULE, sep="\n")
    measures = Engine(int(contacts), int(runs)).run()
    print(json.dumps([asdict(measure) for measure in measures]))


if __name__ == "__main__":
    main(*sys.argv[1:])
