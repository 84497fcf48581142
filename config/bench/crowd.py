"""A busy house for the bench of pages: rows of the demo, multiplied by SQL in seconds.

Whatever a table is given later, its copies have too, for they copy every column that is not named.
"""

from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection, models

from config.bench.data import series
from crm.models import (
    Campaign,
    Contact,
    ContactMailingGroup,
    DuplicatePair,
    Job,
    MailingGroup,
    Purchase,
)
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    Task,
)
from segments import worksheet
from segments.criteria import Criteria
from segments.demo import load_demo
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine

DEMO = 1000
# How many of what there are few of; and entries of the one contact whose card is walked.
SOME, MANY, BUSY = 60, 500, 300
POSTGRES = connection.vendor == "postgresql"
# Of a log entry: some day of the last two years.
DAY = (
    "CURRENT_DATE - CAST(c.id % 700 AS integer)"
    if POSTGRES
    else "date('now', '-' || (c.id % 700) || ' days')"
)


def fill(contacts: int) -> None:
    """So many contacts with purchases, log entries, tasks; half of them on one segment."""
    load_demo(contacts=DEMO)
    _set_up()
    _people(contacts - DEMO)
    _what_they_did(contacts)
    _segments(contacts)


def tidy() -> None:
    """As autovacuum would have left it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if POSTGRES else "ANALYZE")


class Source(NamedTuple):
    """What there is one copy for: a table with its alias, what stands before it, a condition."""

    table: str
    where: str = "TRUE"
    before: str = ""


def times(count: int) -> Source:
    """Numbers g.i from 1."""
    return Source("g", before=series(1, count))


def multiply(row: models.Model, source: Source, **columns: str) -> None:
    """A copy of a row for each of a source, with SQL expressions in place of some columns."""
    meta = type(row)._meta
    table, key = meta.db_table, meta.pk.column
    made_by_database = meta.auto_field
    fields: Any = [one for one in meta.concrete_fields if one is not made_by_database]
    names = [field.column for field in fields]
    told = ", ".join(columns.pop(name, f"r.{name}") for name in names)
    assert not columns, f"{table} has no {', '.join(columns)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{source.before} INSERT INTO {table} ({', '.join(names)}) SELECT {told}"
            f" FROM {table} r, {source.table} WHERE r.{key} = {row.pk} AND {source.where}"
        )


def _first(model: type[models.Model], **wanted: Any) -> Any:
    return model._default_manager.filter(**wanted).earliest("pk")


def _dealt(model: type[models.Model], of: str) -> str:
    """One of the first ids of a table, dealt out by a number."""
    ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:SOME])
    cases = " ".join(f"WHEN {place} THEN {pk}" for place, pk in enumerate(ids))
    return f"(CASE {of} % {len(ids)} {cases} END)"


def _set_up() -> None:
    """Templates, campaigns, saved criteria, jobs."""
    multiply(_first(InteractionTemplate), times(SOME), code="'T' || g.i")
    multiply(_first(Campaign), times(MANY), number="'B' || g.i", description="'Campaign ' || g.i")
    by = User.objects.get(username="manager")
    step = {"kind": "add", "criteria": {"contact": {"type": ["person"]}}, "options": {}}
    saved = SavedCriteria.objects.create(code="SAVED", description="Saved", steps=[step], by=by)
    multiply(saved, times(SOME), code="'SAVED' || g.i")
    job = Job.objects.create(kind="test", user=by, state="done", done=3, total=3)
    multiply(job, times(4 * MANY))


def _people(count: int) -> None:
    """Companies, every fifth, and people who work for them; names are shuffled numbers."""
    company, person = _first(Contact, type="company"), _first(Contact, type="person")
    last = Contact.objects.latest("pk").pk
    shuffled = "((g.i * 1789) % 1000003)"
    name = f"'Name ' || {shuffled}"
    key = f"convert_to(to_char({shuffled}, 'FM0000000'), 'UTF8')"
    columns = {
        "name": name,
        "sort_key": key if POSTGRES else f"CAST(printf('%07d', {shuffled}) AS BLOB)",
        "search_name": f"lower({name})",
        "search_text": f"lower({name}) || ' e' || g.i || '@example.com'",
        "email": "'e' || g.i || '@example.com'",
        "city": "'City ' || (g.i % 300)",
        "language": "CASE WHEN g.i % 2 = 0 THEN 'fi' ELSE 'en' END",
        "exclude_from_segment": "g.i % 97 = 0",
        "privacy_blocked": "g.i % 101 = 0",
    }
    companies = count // 5
    multiply(company, times(companies), number="'F' || g.i", **columns)
    columns["email"] = f"CASE WHEN g.i % 7 = 0 THEN '' ELSE {columns['email']} END"
    own = f"{last} + 1 + g.i % {companies}"
    multiply(person, times(count - companies), number="'P' || g.i", company_id=own, **columns)


def _what_they_did(contacts: int) -> None:
    """Purchases, groups, two log entries, a task for a tenth, a target for a fifth of them."""
    newcomers = Source("crm_contact c", f"c.id > {_first(Contact).pk + DEMO - 1}")
    multiply(_first(Purchase), newcomers, contact_id="c.id")
    group = _dealt(MailingGroup, "c.id")
    multiply(_first(ContactMailingGroup), newcomers, contact_id="c.id", group_id=group)
    logged = _first(LoggedSegment)
    multiply(logged, times(MANY), segment_number="'L' || g.i")
    entry = _first(InteractionLogEntry, logged_segment=logged)
    said = {
        "contact_id": "c.id",
        "date": DAY,
        "evaluation": "CASE c.id % 3 WHEN 0 THEN 'positive' ELSE '' END",
        "position": "c.id",
    }
    half = newcomers._replace(where=f"{newcomers.where} AND c.id % 2 = 0")
    multiply(entry, half, **said)
    LoggedSegment.objects.filter(pk=logged.pk).update(entry_count=logged.entries.count())
    others = _dealt(LoggedSegment, "c.id")
    for part in (newcomers, half):
        multiply(entry, part, logged_segment_id=others, **said)
    busy = Contact.objects.filter(type="person", company__isnull=False).earliest("pk")
    multiply(entry, times(BUSY), contact_id=str(busy.pk), logged_segment_id="NULL")
    _what_is_planned(busy, newcomers)


def _what_is_planned(busy: Contact, newcomers: Source) -> None:
    """Tasks, targets and responses of campaigns, and pairs that look alike."""
    by = User.objects.get(username="manager")
    task = Task.objects.create(contact=busy, description="Call", by=by)
    tenth, fifth = (
        newcomers._replace(where=f"{newcomers.where} AND c.id % {n} = 0") for n in (10, 5)
    )
    multiply(task, tenth, contact_id="c.id")
    target, _made = CampaignTarget.objects.get_or_create(campaign=_first(Campaign), contact=busy)
    multiply(target, fifth, contact_id="c.id")
    said = {"logged_segment_id": "NULL", "campaign_id": _dealt(Campaign, "g.i")}
    multiply(_first(CampaignEntry), times(MANY), **said)
    one, other = Contact.objects.filter(pk__gt=busy.pk + SOME).order_by("pk")[:2]
    pair = DuplicatePair.objects.create(first=one, second=other, score=90, reasons="name")
    multiply(pair, times(MANY), first_id=f"{one.pk} + g.i", second_id=f"{other.pk} + g.i")


def _segments(contacts: int) -> None:
    """Many small segments, and the one with half of the contacts, many steps and overrides."""
    by = User.objects.get(username="manager")
    small = _first(Segment)
    multiply(small, times(MANY), number="'S' || g.i", current_step="0", follows_id="NULL")
    big = Segment.objects.filter(template__isnull=False).latest("current_step", "pk")
    wanted = {"contact": {"language": ["fi"]}}
    worksheet.add_contacts(big, Criteria(wanted), by=by)
    for city in ("City 1", "City 2", "City 4"):
        worksheet.reduce_contacts(big, Criteria({"contact": {"city": [city]}}), by=by)
    lines = SegmentLine.objects.present(big)
    override = _first(LineOverride, line__segment=big)
    table = SegmentLine._meta.db_table
    free = f"l.id NOT IN (SELECT line_id FROM {LineOverride._meta.db_table})"
    own = Source(f"{table} l", f"l.segment_id = {big.pk} AND l.id % 100 = 0 AND {free}")
    multiply(override, own, line_id="l.id")
    assert lines.count() > contacts * 0.4, lines.count()
