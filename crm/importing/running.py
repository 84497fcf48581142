"""The import of a file that was uploaded: tried, and carried out by a job, chunk by chunk.

Each chunk is one transaction that also stores the place after it, so whatever ends the worker,
every row goes in once (see crm/work).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import work
from crm.importing.columns import columns_for
from crm.importing.drafts import Draft
from crm.importing.opening import as_csv
from crm.importing.operation import (
    BEGINNING,
    batches,
    finish,
    handle,
    open_csv,
    rejection,
    scan,
)
from crm.importing.plan import Options, Plan
from crm.importing.rows import CsvFile, FileRefused
from crm.importing.samples import Samples
from crm.models import ContactImport, Job, RefusedRow
from crm.rowsets import insert_rows

Counts = Counter[str]


def try_out(given: ContactImport, *, progress: work.Progress = work.nobody) -> dict[str, Any]:
    """Judges every row and keeps the report; no contact is written. Raises work.Refused."""
    given.refused.all().delete()
    counts: Counts = Counter()
    with opened(given) as file:
        plan = plan_of(given, writes=False)
        samples, total, done = Samples(), scan(file, plan), 0
        for _position, drafts in batches(file, plan):
            handle(drafts, plan)
            done += len(drafts)
            samples.take(drafts)
            with transaction.atomic():
                _count(given, drafts, counts)
                progress(done, total)
    given.trial = {"at": timezone.now().isoformat(), "counts": counts, **samples.as_json()}
    # Unless the user chose otherwise meanwhile, and another trial is on its way.
    rows = ContactImport.objects.filter(pk=given.pk, trial_job=given.trial_job_id, started_at=None)
    rows.update(trial=given.trial)
    return dict(counts)


def carry_out(given: ContactImport, job: Job, progress: work.Progress) -> dict[str, Any]:
    """Writes the rows from where the job is on; keeps the report. Raises work.Refused."""
    before = job.position or {"at": BEGINNING, "counts": {}}
    counts, after = Counter(before["counts"]), before["at"]
    with opened(given) as file:
        plan = plan_of(given, writes=True)
        total, done = scan(file, plan), job.done
        for position, drafts in batches(file, plan, tuple(after)):
            with transaction.atomic():
                if not done:
                    given.refused.all().delete()  # those of the trial
                counts["followed"] += handle(drafts, plan)
                _count(given, drafts, counts)
                done += len(drafts)
                progress(done, total, position={"at": position, "counts": counts})
    finish(counts["new"])
    given.result = {"at": timezone.now().isoformat(), "counts": counts}
    given.save(update_fields=["result"])
    return dict(counts)


def _count(given: ContactImport, drafts: Sequence[Draft], counts: Counts) -> None:
    """Counts these rows, and keeps those that are refused."""
    counts.update(draft.outcome for draft in drafts)
    counts["alike"] += sum(bool(draft.alike) for draft in drafts)
    refused = (rejection(draft) for draft in drafts if draft.reasons)
    headings = {field: one for field, one in zip(given.mapping, given.head, strict=True) if field}
    insert_rows(
        RefusedRow,
        [
            RefusedRow(
                of=given,
                line=one.line,
                number=one.number[:60],
                name=one.name[:200],
                columns=", ".join(dict.fromkeys(headings.get(f, f) for f in one.fields if f)),
                reasons=" ".join(one.reasons),
            )
            for one in refused
        ],
    )


@contextmanager
def opened(given: ContactImport) -> Iterator[CsvFile]:
    """The stored file as rows. Raises work.Refused where it cannot be read (any more)."""
    try:
        if not given.file:
            raise FileNotFoundError
        with given.file.open("rb") as stored, as_csv(stored) as path:
            yield open_csv(path, encoding=given.encoding)
    except FileNotFoundError as error:
        raise work.Refused(_("This file is not there any more.")) from error
    except FileRefused as error:
        raise work.Refused(str(error)) from error


def plan_of(given: ContactImport, *, writes: bool) -> Plan:
    """What the user chose, as the rows are judged by it."""
    columns = columns_for([field or None for field in given.mapping])
    return Plan(columns, Options(**given.options), by=given.user, writes=writes)
