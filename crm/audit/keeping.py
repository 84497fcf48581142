"""The two ways that something of the audit trail goes: age, and the right to be forgotten."""

import datetime
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, router, transaction
from django.db.models import QuerySet

from crm import acting, sql
from crm.models import AuditEntry


def prune(before: datetime.datetime) -> int:
    """Deletes what is older; returns how many changes."""
    with _allowed() as using:
        rows: QuerySet[AuditEntry] = QuerySet(AuditEntry, using=using).filter(at__lt=before)
        return sql.delete_rows(rows)


def redact(model: Any, ids: "Collection[int] | QuerySet[Any]") -> int:
    """Empties the values of all changes of these records; who did what when stays. For erasing."""
    with _allowed() as using:
        rows: QuerySet[AuditEntry] = QuerySet(AuditEntry, using=using).filter(
            subject=model._meta.label_lower, subject_id__in=ids
        )
        return rows.update(changes={})


def redact_rows(rows: Sequence[AuditEntry]) -> None:
    """The same of these rows, whose values name somebody."""
    with _allowed() as using:
        found: QuerySet[AuditEntry] = QuerySet(AuditEntry, using=using).filter(
            pk__in=[row.pk for row in rows]
        )
        found.update(changes={})


@contextmanager
def _allowed() -> Iterator[str]:
    """A transaction that may change the trail."""
    using = router.db_for_write(AuditEntry)
    with transaction.atomic(using), acting.pruning():
        _set(using, "on")
        yield using
        _set(using, "")


def _set(using: str, value: str) -> None:
    if connections[using].vendor == "postgresql":
        sql.fetch_all(using, f"SELECT set_config('segmentti.pruning', '{value}', true)")
