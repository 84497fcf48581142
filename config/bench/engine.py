"""The segmentation engine at full size, beside the best SQL by hand and the lean limit.

`python -m config.bench.engine CONTACTS RUNS` on an empty, migrated database. The lean limit is a
table with nothing but a key: no indexes, no checks. The best of RUNS counts; everything measured is
rolled back, and PostgreSQL's tables are vacuumed between runs.
"""

import json
import os
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from config.bench import data  # noqa: E402
from config.bench.clock import Clock  # noqa: E402
from config.bench.measuring import HEAD, Measure, Measuring  # noqa: E402
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


class Engine(Measuring):
    """A segment with half of the contacts on it, and what is done to it."""

    def __init__(self, contacts: int, runs: int) -> None:
        super().__init__(runs)
        self.by = User.objects.create_superuser("bench")
        clock = Clock()
        data.fill(contacts)
        print(f"{connection.vendor}: {contacts} contacts made in {clock.cost.passed:.0f} s")
        self._make_lean_table()
        names = ("empty", "full", "other", "small", "hundredth")
        self.empty, self.full, self.other, self.small, self.hundredth = map(self._segment, names)
        step = worksheet.add_contacts(self.full, Criteria(ASKED), by=self.by)
        self.lines = step.added if step else 0
        worksheet.add_contacts(self.other, Criteria(ASKED_FINNISH), by=self.by)
        self._fill_with_first(self.small, 60)
        self._fill_with_first(self.hundredth, self.lines // 100)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO lean (segment_id, contact_id, added_step) SELECT 1, c.id, 1 {COMING}"
            )

    def _segment(self, name: str) -> Segment:
        return Segment.objects.create(description=name, template_id=1, salesperson_id=1)

    def _fill_with_first(self, segment: Segment, count: int) -> None:
        numbers = [f"C{index:07}" for index in range(1, count + 1)]
        asked = Criteria({"contact": {"number": numbers}})
        worksheet.add_contacts(segment, asked, by=self.by, ignore_exclusion=True)

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
        self.note(
            "add",
            lambda: worksheet.add_contacts(self.empty, Criteria(ASKED), by=self.by),
            sql.format(table="segments_segmentline", segment=self.empty.pk, coming=coming),
            sql.format(table="lean", segment=2, coming=COMING),
        )

    def _remove(self) -> None:
        for kind, is_there in (("reduce", "EXISTS"), ("refine", "NOT EXISTS")):
            operation = getattr(worksheet, f"{kind}_contacts")
            where = f"AND removed_step IS NULL AND {is_there} {FINNISH}"
            self.note(
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
        self.note(
            "combine (remove another)",
            lambda: worksheet.combine(self.full, self.other, "reduce", by=self.by),
            f"{MARK_LINES} segment_id = {self.full.pk} {where}",
            f"UPDATE lean SET removed_step = 2 WHERE segment_id = 1 {where}",
        )

    def _pointer(self) -> None:
        update = "UPDATE segments_segment SET current_step = {} WHERE id = " + str(self.full.pk)
        self.note("go back", lambda: worksheet.go_back(self.full, by=self.by), update.format(0))
        self.note(
            "go to a step",
            lambda: worksheet.go_to_step(self.full, 0, by=self.by),
            update.format(0),
        )
        worksheet.go_back(self.full, by=self.by)
        self.note(
            "go forward", lambda: worksheet.go_forward(self.full, by=self.by), update.format(1)
        )
        worksheet.go_forward(self.full, by=self.by)

    def _preview(self) -> None:
        count = (
            f"SELECT count(*) FROM crm_contact c WHERE {IN_GROUPS} AND EXISTS (SELECT 1 FROM"
            " interactions_interactionlogentry e WHERE e.contact_id = c.id AND NOT e.cancelled AND"
            " NOT e.postponed AND e.date >= '2026-01-01' AND e.evaluation = 'positive')"
        )
        self.note(
            "preview over two links",
            lambda: worksheet.preview(self.empty, "add", Criteria(TWO_LINKS)),
            count,
        )
        self.note(
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
        self.note(
            f"page in the middle of {self.lines:,} lines, beside a page of 60",
            page(self.full, f"?page={number}&after={middle}"),
            page(self.small, ""),
            repeat=7,
        )

    def _seen(self, response: Any) -> None:
        if response.status_code != 200:
            raise RuntimeError(f"the page answers {response.status_code}")

    def _export(self) -> None:
        """Rows a second, and how much memory it takes, which tracing would make slow."""
        for segment, lines in ((self.hundredth, self.lines // 100), (self.full, self.lines)):
            work = partial(self._exported, segment)
            self.note("export as CSV", work, rows=lines)
            speed = lines / self.measures[-1].worked
            tracemalloc.start()
            work()
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            print(f"export of {lines:,} lines: {speed:,.0f} rows/s, {peak / 2**20:.1f} MiB at most")

    def _exported(self, segment: Segment) -> None:
        for part in tables.csv_lines(export.head(), export.rows(segment)):
            len(part)

    def tidy(self) -> None:
        """The segments stand where they stood: what was measured has been rolled back."""
        self.full.refresh_from_db()
        self.empty.refresh_from_db()


def main(contacts: str = "1000000", runs: str = "2") -> None:
    """Prints the table, and on the last line the same as JSON."""
    print(HEAD)
    measures = Engine(int(contacts), int(runs)).run()
    print(json.dumps([asdict(measure) for measure in measures]))


if __name__ == "__main__":
    main(*sys.argv[1:])
