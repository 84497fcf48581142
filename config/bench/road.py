"""Measures the worksheet's operations beside SQL written by hand: `make bench`.

Runs on the database of the environment, which must hold demo data; everything it writes is rolled
back. Prints a table and, on the last line, the same as JSON. Argument: how often each is run.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from crm.models import Contact, Salesperson  # noqa: E402
from interactions.models import InteractionLogEntry, InteractionTemplate  # noqa: E402
from segments import log, worksheet  # noqa: E402
from segments.criteria import Criteria  # noqa: E402
from segments.models import Segment, SegmentLine  # noqa: E402

ADD_BY_HAND = """
INSERT INTO segments_segmentline (segment_id, contact_id, added_step)
SELECT %s, id, 1 FROM crm_contact
WHERE NOT privacy_blocked AND NOT exclude_from_segment AND (NOT minor OR parental_consent)
ORDER BY sort_key, id
"""
REMOVE_BY_HAND = """
UPDATE segments_segmentline SET removed_step = 2
WHERE segment_id = %s AND removed_step IS NULL AND contact_id IN (
    SELECT c.id FROM crm_contact c JOIN crm_territory t ON t.id = c.territory_id
    WHERE t.code = 'NORTH')
"""
BACK_BY_HAND = "UPDATE segments_segment SET current_step = 0 WHERE id = %s"
# The plain columns only: the facts that a letter is made of again are not in it.
LOG_BY_HAND = """
INSERT INTO interactions_interactionlogentry (contact_id, segment_number, position, date,
    description, template_id, group_id, salesperson_id, correspondence_type, information_flow,
    initiated_by, cost, duration, campaign_target, campaign_response, language, subject,
    own_document, send_word_as_attachment, merge_values, evaluation, delivery, delivery_error,
    cancelled, postponed, attempt_failed, created_at)
SELECT l.contact_id, s.number, row_number() OVER (ORDER BY l.id), s.date, s.description, t.id,
    t.group_id, s.salesperson_id, t.correspondence_type, t.information_flow, t.initiated_by,
    t.unit_cost, t.unit_duration, t.campaign_target, t.campaign_response, c.language, '', FALSE,
    FALSE, '{}', '', '', '', FALSE, FALSE, FALSE, CURRENT_TIMESTAMP
FROM segments_segmentline l
JOIN segments_segment s ON s.id = l.segment_id
JOIN interactions_interactiontemplate t ON t.id = s.template_id
JOIN crm_contact c ON c.id = l.contact_id
WHERE l.segment_id = %s AND l.removed_step IS NULL
"""


@dataclass(frozen=True)
class Measure:
    """One operation: seconds (medians), statements, rows it touched."""

    database: str
    contacts: int
    operation: str
    rows: int
    statements: int
    seconds: float
    by_hand: float


class Bench:
    """The operations, each run on a new segment in a transaction that is rolled back."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.by = User.objects.get(username="marketer")
        self.template = InteractionTemplate.objects.get(code="CALL")
        self.contacts = Contact.objects.count()

    def measure(self) -> list[Measure]:
        north = Criteria({"contact": {"territory": ["NORTH"]}})
        return [
            self._measure("add all", lambda s: None, self._add, ADD_BY_HAND),
            self._measure(
                "remove a territory",
                self._add,
                lambda s: worksheet.reduce_contacts(s, north, by=self.by),
                REMOVE_BY_HAND,
            ),
            self._measure(
                "go back", self._add, lambda s: worksheet.go_back(s, by=self.by), BACK_BY_HAND
            ),
            self._measure("check", self._add, log.check, ""),
            self._measure("log", self._add, lambda s: log.log_segment(s, by=self.by), LOG_BY_HAND),
        ]

    def _add(self, segment: Segment) -> Any:
        return worksheet.add_contacts(segment, Criteria({}), by=self.by, confirm_all=True)

    def _measure(
        self,
        name: str,
        prepare: Callable[[Segment], Any],
        operation: Callable[[Segment], Any],
        sql: str,
    ) -> Measure:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            segment = self._segment()
            prepare(segment)
            before = len(queries)
            operation(segment)
            statements = len(queries) - before
            rows = SegmentLine.objects.filter(segment=segment).count() or self._logged(segment)
            transaction.set_rollback(True)
        seconds = statistics.median(self._time(prepare, operation) for _run in range(self.runs))
        by_hand = 0.0
        if sql:
            by_hand = statistics.median(
                self._time(prepare, lambda s: self._execute(sql, s)) for _run in range(self.runs)
            )
        return Measure(self._database(), self.contacts, name, rows, statements, seconds, by_hand)

    def _time(self, prepare: Callable[[Segment], Any], work: Callable[[Segment], Any]) -> float:
        with transaction.atomic():
            segment = self._segment()
            prepare(segment)
            start = time.perf_counter()
            work(segment)
            seconds = time.perf_counter() - start
            transaction.set_rollback(True)
        return seconds

    def _segment(self) -> Segment:
        return Segment.objects.create(
            description="Measured",
            template=self.template,
            salesperson=Salesperson.objects.get(user=self.by),
            by=self.by,
        )

    def _logged(self, segment: Segment) -> int:
        return InteractionLogEntry.objects.filter(segment_number=segment.number).count()

    def _execute(self, sql: str, segment: Segment) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [segment.pk])

    def _database(self) -> str:
        version = ".".join(map(str, connection.get_database_version()))
        return f"{connection.display_name} {version}"


def main(runs: int) -> None:
    """Prints the table and the JSON."""
    found = Bench(runs).measure()
    print(f"{found[0].database}, {found[0].contacts:,} contacts, median of {runs} runs")
    print(f"{'operation':<20} {'rows':>9} {'statements':>11} {'seconds':>9} {'by hand':>9}")
    for one in found:
        by_hand = f"{one.by_hand:9.3f}" if one.by_hand else f"{'':>9}"
        print(
            f"{one.operation:<20} {one.rows:>9,} {one.statements:>11} {one.seconds:9.3f} {by_hand}"
        )
    print(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
