"""Check, Log and follow-up at full size, beside SQL by hand for the same effect.

`python -m config.bench.logging LINES RUNS` on an empty, migrated database. Seconds are the best of
RUNS, on the clock and of processors (see clock.py), and the ratio is of the latter; all that is
measured is rolled back, and each goes first in turn. By hand nothing is looked up that this segment
does not need: no overrides, one template, one campaign of none.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from config.bench import data  # noqa: E402
from config.bench.clock import Clock, Cost  # noqa: E402
from interactions import documents  # noqa: E402
from interactions.mergefields import facts  # noqa: E402
from interactions.models import InteractionTemplate, LoggedSegment  # noqa: E402
from interactions.starter import starter_letter  # noqa: E402
from segments import log, worksheet  # noqa: E402
from segments.criteria import Criteria  # noqa: E402
from segments.models import Segment  # noqa: E402

POSTGRES = connection.vendor == "postgresql"
LINES = "segments_segmentline l JOIN crm_contact c ON c.id = l.contact_id"
PRESENT = "l.segment_id = {segment} AND l.removed_step IS NULL"
CHECK = (
    "SELECT count(*), sum(CASE WHEN c.privacy_blocked THEN 1 ELSE 0 END),"
    " sum(CASE WHEN c.minor AND NOT c.parental_consent THEN 1 ELSE 0 END),"
    " sum(CASE WHEN c.exclude_from_segment THEN 1 ELSE 0 END),"
    " sum(CASE WHEN c.correspondence_type = 'email' AND c.email = '' THEN 1 ELSE 0 END),"
    f" count(*) - count(DISTINCT l.contact_id) FROM {LINES} WHERE {PRESENT}"
)
OBJECT, NESTED, NO_FACTS = (
    ("jsonb_build_object", "{}", "NULL::jsonb") if POSTGRES else ("json_object", "json({})", "NULL")
)
LANGUAGE = "CASE WHEN c.language IN ('en', 'fi') THEN c.language ELSE 'en' END"
DOCUMENT = "CASE WHEN c.language = 'fi' THEN {fi} ELSE {en} END"
FACTS = (
    f"{OBJECT}({', '.join(f'{chr(39)}{name}{chr(39)}, c.{name}' for name in facts.OF_CONTACT)},"
    f" 'company_name', f.name, 'language', {LANGUAGE}, 'segment_number', '{{number}}',"
    " 'segment_description', 'Measured', 'date', '{day}', 'description', 'Measured', 'subject', '',"
    f" 'personal_comment', '', 'salutation', {NO_FACTS}, 'salesperson',"
    f" (SELECT {OBJECT}('code', s.code, 'name', s.name, 'job_title', s.job_title, 'phone', s.phone,"
    " 'email', s.email) FROM crm_salesperson s WHERE s.id = 1),"
    f" 'campaign', {NO_FACTS}, 'our', {{our}})"
)
ENTRIES = (
    "INSERT INTO interactions_interactionlogentry (contact_id, logged_segment_id, segment_number,"
    " position, date, description, template_id, group_id, salesperson_id, correspondence_type,"
    " information_flow, initiated_by, cost, duration, campaign_target, campaign_response, language,"
    " subject, document_id, own_document, send_word_as_attachment, merge_values, evaluation,"
    " delivery, delivery_error, cancelled, postponed, attempt_failed, by_id, created_at)"
    " SELECT c.id, {logged}, '{number}', row_number() OVER (ORDER BY l.id), '{day}', 'Measured', 1,"
    " 1, 1, CASE WHEN c.correspondence_type = '' THEN 'hard_copy' ELSE c.correspondence_type END,"
    f" 'outbound', 'us', 1.2, 3, FALSE, FALSE, {LANGUAGE}, '', {DOCUMENT}, FALSE, FALSE, {FACTS},"
    " '', '', '', FALSE, FALSE, FALSE, {by}, CURRENT_TIMESTAMP"
    f" FROM {LINES} LEFT JOIN crm_contact f ON f.id = c.company_id WHERE {PRESENT} ORDER BY l.id"
)
SPOKEN = (
    "e.position || '|' || e.template_id || '|' || e.salesperson_id || '|0|' || e.duration || '|'"
    " || CAST(e.cost * 100 AS bigint) || '|0|' || d.sha256 || '|' || "
)
DIGEST = (
    f"encode(sha256(convert_to({SPOKEN} e.merge_values::text, 'UTF8')), 'hex')"
    if POSTGRES
    else f"SHA256({SPOKEN} PLAIN_JSON(e.merge_values))"
)
PROOFS = (
    "INSERT INTO interactions_entryproof (entry_id, logged_segment_id, position, digest, letter,"
    f" erased) SELECT e.id, {{logged}}, e.position, {DIGEST}, '', FALSE"
    " FROM interactions_interactionlogentry e JOIN interactions_document d ON d.id = e.document_id"
    " WHERE e.logged_segment_id = {logged} ORDER BY e.position"
)
DIGESTS = "SELECT digest FROM interactions_entryproof WHERE logged_segment_id = {logged}"
SEAL = (
    f"SELECT sha256(string_agg(digest, E'\\n')::bytea) FROM ({DIGESTS} ORDER BY position) AS d"
    if POSTGRES
    else f"SELECT SHA256(group_concat(digest)) FROM ({DIGESTS} ORDER BY position)"
)
GONE = "DELETE FROM segments_segmentline WHERE segment_id = {segment}"
FOLLOW_UP = (
    "INSERT INTO segments_segmentline (segment_id, contact_id, added_step) SELECT {other}, c.id, 1"
    " FROM crm_contact c WHERE NOT c.privacy_blocked AND NOT c.exclude_from_segment AND"
    " (NOT c.minor OR c.parental_consent) AND c.id IN (SELECT contact_id FROM"
    " interactions_interactionlogentry WHERE logged_segment_id = {logged} AND NOT cancelled AND NOT"
    " postponed) ORDER BY c.sort_key, c.id"
)


HEAD = "| database | operation | lines | seconds | by hand | worked | by hand | ratio |"
RULE = "|---|---|---:|---:|---:|---:|---:|---:|"


class Bench:
    """A segment with so many lines, and what is done to it at the end of its life."""

    def __init__(self, lines: int, runs: int) -> None:
        self.runs = runs
        self.by = User.objects.create_superuser("bench")
        # A contact in fifty is blocked or excluded.
        data.fill(lines + lines // 49)
        template = InteractionTemplate.objects.get()
        stored = {
            language: documents.store(starter_letter(language), name=f"{language}.docx", by=None)
            for language in ("en", "fi")
        }
        for language, document in stored.items():
            template.languages.create(language=language, document=document)
        self.segment = Segment.objects.create(
            description="Measured", template=template, salesperson_id=1, date=date(2026, 3, 2)
        )
        worksheet.add_contacts(self.segment, Criteria({}), by=self.by, confirm_all=True)
        self.lines = self.segment.lines.count()
        self.known = {
            "segment": self.segment.pk,
            "number": self.segment.number,
            "day": "2026-03-02",
            "by": self.by.pk,
            "our": NESTED.format(f"'{json.dumps(facts.our_facts())}'") + "::jsonb" * POSTGRES,
            **{language: document.pk for language, document in stored.items()},
        }
        self.found: list[dict[str, Any]] = []

    def run(self) -> list[dict[str, Any]]:
        """Check, Log, follow-up."""
        self._note("check", lambda: log.check(self.segment), lambda: self._execute(CHECK))
        self._note("log", self._log, self._log_by_hand)
        self.logged = self._log()
        self._vacuum()
        other = Segment.objects.create(description="By hand")
        values = {"logged": self.logged.pk, "other": other.pk}
        self._note(
            "follow-up",
            lambda: log.create_follow_up(self.logged, by=self.by),
            lambda: self._execute(FOLLOW_UP, **values),
        )
        return self.found

    def _log(self) -> LoggedSegment:
        segment = Segment.objects.get(pk=self.segment.pk)
        return log.log_segment(segment, by=self.by)

    def _log_by_hand(self) -> None:
        logged = LoggedSegment.objects.create(segment_number="BY-HAND", description="x").pk
        for sql in (CHECK, ENTRIES, PROOFS, SEAL, GONE):
            self._execute(sql, logged=logged)

    # -- how it is measured ------------------------------------------------------------------------

    def _note(self, name: str, ours: Callable[[], Any], hand: Callable[[], Any]) -> None:
        works = {"ours": ours, "hand": hand}
        costs: dict[str, list[Cost]] = {one: [] for one in works}
        for turn in range(self.runs):
            for one in ("ours", "hand") if turn % 2 == 0 else ("hand", "ours"):
                costs[one].append(self._timed(works[one]))
        best = {f"{one}_seconds": min(cost.passed for cost in costs[one]) for one in works}
        best |= {f"{one}_worked": min(cost.worked for cost in costs[one]) for one in works}
        self.found.append(
            {"database": connection.vendor, "operation": name, "lines": self.lines, **best}
        )
        cells = [connection.vendor, name, f"{self.lines:,}"]
        cells += [f"{one:.2f}" for one in best.values()]
        print(
            f"| {' | '.join(cells)} | {best['ours_worked'] / best['hand_worked']:.2f} |", flush=True
        )

    def _timed(self, work: Callable[[], Any]) -> Cost:
        """What some work costs, taken back afterwards; the tables are tidy before it."""
        self._vacuum()
        with transaction.atomic():
            clock = Clock()
            work()
            if POSTGRES:  # keys that are checked at the end of the transaction belong to it
                connection.check_constraints()
            cost = clock.cost
            transaction.set_rollback(True)
        return cost

    def _vacuum(self) -> None:
        if POSTGRES:
            for table in ("segments_segmentline", "interactions_interactionlogentry"):
                self._execute(f"VACUUM ANALYZE {table}")
            self._execute("VACUUM ANALYZE interactions_entryproof")

    def _execute(self, sql: str, **values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.format(**self.known, **values))
            if sql.startswith("SELECT"):
                cursor.fetchall()


def main(lines: str = "100000", runs: str = "2") -> None:
    """Prints the table, and on the last line the same as JSON."""
    print(HEAD, RULE, sep="\n")
    print(json.dumps(Bench(int(lines), int(runs)).run()))


if __name__ == "__main__":
    main(*sys.argv[1:])
