"""The operation: rows in, contacts written set by set; companies first, people point at them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction

from crm.importing.columns import columns_of
from crm.importing.drafts import Draft, keys, name_of, read
from crm.importing.headings import fold, known_names
from crm.importing.judging import judge
from crm.importing.opening import path_as_csv
from crm.importing.plan import Plan
from crm.importing.rows import CsvFile
from crm.importing.writing import write
from crm.models import Contact, ContactType, NumberSeries
from crm.sql import refresh_statistics

# Rows that are judged and written together, by a fixed number of statements.
CHUNK = 300
# From here on the database is told at once how many contacts there are now.
MANY = 10_000
COMPANIES, OTHERS = 0, 1
# Where to go on: the stage, and how many rows of it are done.
Position = tuple[int, int]
BEGINNING: Position = (COMPANIES, 0)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that did not go in, by the line it begins on, and all that is wrong with it.

    `fields` says for each reason which field's cell it is about, "" for none.
    """

    line: int
    number: str
    name: str
    reasons: Sequence[str]
    fields: Sequence[str] = ()


@dataclass(slots=True)
class Report:
    """What became of the rows: read = created + updated + rejected."""

    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)

    def add(self, drafts: Sequence[Draft], followed: int = 0) -> None:
        """Counts these."""
        self.counts.update(draft.outcome for draft in drafts)
        self.counts["alike"] += sum(bool(draft.alike) for draft in drafts)
        self.counts["followed"] += followed
        self.rejections += [rejection(draft) for draft in drafts if draft.reasons]

    @property
    def created(self) -> int:
        return self.counts["new"]

    @property
    def updated(self) -> int:
        return self.counts["changed"] + self.counts["unchanged"]

    @property
    def rejected(self) -> int:
        return self.counts["refused"]

    @property
    def read(self) -> int:
        return self.created + self.updated + self.rejected


def import_contacts(
    path: Path,
    *,
    encoding: str = "auto",
    delimiter: str = "auto",
    ignore_unknown: bool = False,
    dry_run: bool = False,
) -> Report:
    """Writes the good rows of a CSV or XLSX file, all in one transaction, and reports the bad ones.

    Columns the file does not have are left alone; an empty cell empties its field. A row is about
    the contact of its number, else of its external ID, else of the same name, type, e-mail,
    address, post code and employer (as far as the file has them); else about a new contact.
    Raises FileRefused where the file as a whole cannot be read. `dry_run` writes nothing.
    """
    with path_as_csv(path) as table:
        file = open_csv(table, encoding=encoding, delimiter=delimiter)
    plan = Plan(columns_of(file.header, ignore_unknown=ignore_unknown), writes=not dry_run)
    scan(file, plan)
    report = Report()
    with transaction.atomic():
        for _position, drafts in batches(file, plan):
            report.add(drafts, handle(drafts, plan))
    finish(report.created)
    report.rejections.sort(key=lambda one: one.line)
    return report


def open_csv(path: Path, *, encoding: str = "auto", delimiter: str = "auto") -> CsvFile:
    """The file, cut by the delimiter that makes its headings known best."""
    names = known_names()
    return CsvFile(
        path,
        encoding=encoding,
        delimiter=delimiter,
        count_known=lambda header: sum(fold(one) in names for one in header),
    )


def scan(file: CsvFile, plan: Plan) -> int:
    """Notes which line names whom first, and which are companies; how many rows there are.

    Asks the database nothing. Each later look at the file counts on it.
    """
    total = 0
    for row in file.rows():
        draft = read(row, plan)
        if draft.values.get("type") == ContactType.COMPANY:
            plan.company_lines.add(draft.line)
        plan.note(keys(draft, plan.options.identify), draft.line)
        total += 1
    return total


def batches(
    file: CsvFile, plan: Plan, after: Position = BEGINNING
) -> Iterator[tuple[Position, list[Draft]]]:
    """The rows from a place on, some at a time, each with the place after them."""
    for stage in (COMPANIES, OTHERS):
        if stage < after[0]:
            continue
        done = after[1] if stage == after[0] else 0
        rows = islice(_drafts(file, plan, stage), done, None)
        while drafts := list(islice(rows, CHUNK)):
            done += len(drafts)
            yield (stage, done), drafts


def _drafts(file: CsvFile, plan: Plan, stage: int) -> Iterator[Draft]:
    """The rows that say company, or the others."""
    if stage == COMPANIES and not plan.company_lines:
        return
    for row in file.rows():
        if (row.line in plan.company_lines) == (stage == COMPANIES):
            yield read(row, plan)


def handle(drafts: Sequence[Draft], plan: Plan) -> int:
    """Judges these rows, and writes them unless it is a trial; how many people followed."""
    if not plan.writes:
        judge(drafts, plan)
        return 0
    # Whoever else gives numbers to contacts waits from here on.
    NumberSeries.take_many(NumberSeries.CONTACT, 0, Contact)
    judge(drafts, plan)
    return write(drafts, plan)


def finish(created: int) -> None:
    """What many new contacts want afterwards."""
    if created >= MANY:
        refresh_statistics(Contact)


def rejection(draft: Draft) -> Rejection:
    """What is told of a row that was refused."""
    return Rejection(
        draft.line,
        draft.values.get("number", ""),
        name_of(draft.values) or draft.values.get("name", ""),
        [reason.text for reason in draft.reasons],
        [reason.field for reason in draft.reasons],
    )
