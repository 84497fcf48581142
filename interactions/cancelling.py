"""Cancel and restore: of entries, of campaign entries, of whole logged segments.

`cancelled` is what is in force and what every count asks. An entry is cancelled by itself
(`cancelled_itself`) or because its campaign entry or its logged segment is; so restoring these
revives what was cancelled with them and nothing that was cancelled alone. Deleting is for what is
cancelled, and leaves the proofs (see proofs.py). The statements do not grow with the entries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from crm.sql import delete_rows
from interactions import documents, proofs, targets
from interactions.models import CampaignEntry, Document, InteractionLogEntry, LoggedSegment

Entries = QuerySet[InteractionLogEntry]
BY_PARENT = Q(logged_segment__cancelled=True) | Q(campaign_entry__cancelled=True)


@dataclass(frozen=True)
class Restored:
    """How many came back, and how many stay because what they belong to is cancelled."""

    count: int
    held: int


@transaction.atomic
def cancel_entries(entries: Entries) -> int:
    """Cancels these entries by themselves; returns how many were not so before."""
    _hold_parents(entries)
    chosen = _alone(entries.filter(cancelled_itself=False))
    with _targets_kept(entries):
        return chosen.update(cancelled_itself=True, cancelled=True)


@transaction.atomic
def restore_entries(entries: Entries) -> Restored:
    """Takes back that these entries were cancelled; those of a cancelled parent stay so."""
    _hold_parents(entries)
    held = entries.order_by().filter(BY_PARENT, cancelled=True).count()
    free = _alone(entries.filter(~BY_PARENT, cancelled=True))
    with _targets_kept(entries):
        return Restored(free.update(cancelled_itself=False, cancelled=False), held)


@transaction.atomic
def cancel_campaign_entry(entry: CampaignEntry) -> int:
    """Cancels a campaign entry with its interactions; returns how many of these."""
    _hold(entry)
    entry.cancelled = entry.cancelled_itself = True
    entry.save(update_fields=["cancelled", "cancelled_itself"])
    entries = InteractionLogEntry.whole.filter(campaign_entry=entry)
    with _targets_kept(entries):
        return entries.filter(cancelled=False).update(cancelled=True)


@transaction.atomic
def restore_campaign_entry(entry: CampaignEntry) -> Restored:
    """Restores a campaign entry with what was cancelled with it; held while its segment is."""
    _hold(entry)
    if entry.logged_segment is not None and entry.logged_segment.cancelled:
        return Restored(0, 1)
    entry.cancelled = entry.cancelled_itself = False
    entry.save(update_fields=["cancelled", "cancelled_itself"])
    entries = InteractionLogEntry.whole.filter(campaign_entry=entry)
    with _targets_kept(entries):
        return Restored(_revive(entries), 0)


@transaction.atomic
def cancel_logged_segment(logged: LoggedSegment) -> int:
    """Cancels a logged segment with all that belongs to it; returns how many interactions."""
    _hold(logged)
    logged.cancelled = True
    logged.save(update_fields=["cancelled"])
    logged.campaign_entries.filter(cancelled=False).update(cancelled=True)
    entries = InteractionLogEntry.whole.filter(logged_segment=logged)
    with _targets_kept(entries):
        return entries.filter(cancelled=False).update(cancelled=True)


@transaction.atomic
def restore_logged_segment(logged: LoggedSegment) -> int:
    """Restores it with what was cancelled with it; what was cancelled alone stays cancelled."""
    _hold(logged)
    logged.cancelled = False
    logged.save(update_fields=["cancelled"])
    logged.campaign_entries.filter(cancelled_itself=False).update(cancelled=False)
    entries = InteractionLogEntry.whole.filter(logged_segment=logged)
    with _targets_kept(entries):
        return _revive(entries)


@transaction.atomic
def delete_cancelled(entries: Entries) -> int:
    """Deletes those of these entries that are cancelled, with their comments; returns how many.

    Documents go with their last use. The proofs stay and say that the entries went with leave.
    """
    _hold_parents(entries)
    gone = _alone(entries.filter(cancelled=True))
    used = Document.objects.filter(pk__in=gone.order_by().values("document"))
    released = list(used)
    proofs.mark_erased(gone)
    drop_what_hangs_on(gone)
    with _targets_kept(gone):
        count = delete_rows(gone.order_by())
    documents.release_all(released)
    return count


@transaction.atomic
def delete_logged_segment(logged: LoggedSegment) -> int:
    """Deletes a cancelled logged segment with its entries, campaign entries and proofs.

    Returns how many interactions went. Raises ValueError for one that is not cancelled.
    """
    _hold(logged)
    if not logged.cancelled:
        raise ValueError("only a cancelled logged segment can be deleted")
    count = delete_cancelled(InteractionLogEntry.whole.filter(logged_segment=logged))
    delete_rows(logged.proofs.order_by())
    logged.delete()
    return count


@contextmanager
def _targets_kept(entries: Entries) -> Iterator[None]:
    """Campaigns of these entries aim, after what is done within, at whom their log says then."""
    campaigns = list(entries.order_by().exclude(campaign=None).values_list("campaign").distinct())
    yield
    targets.keep(campaign for (campaign,) in campaigns)


def drop_what_hangs_on(gone: Entries) -> None:
    """What refers to these entries and goes with them, table by table."""
    for relation in InteractionLogEntry._meta.related_objects:
        rows: Any = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": gone.order_by().values("pk")}
        )
        if relation.on_delete is models.CASCADE:
            delete_rows(rows)
        elif relation.on_delete is models.SET_NULL:
            rows.update(**{relation.field.name: None})


def _revive(entries: Entries) -> int:
    """Entries without a cancelled parent count again, but for those cancelled alone."""
    free = entries.filter(~BY_PARENT, cancelled=True, cancelled_itself=False)
    return _alone(free).update(cancelled=False)


def _alone(entries: Entries) -> Entries:
    """The same entries without joins and order: an UPDATE or DELETE of one statement."""
    return InteractionLogEntry.whole.filter(pk__in=entries.order_by().values("pk"))


def _hold(row: LoggedSegment | CampaignEntry) -> None:
    """Holds the row, and first the logged segment it belongs to, as they are now."""
    if isinstance(row, CampaignEntry) and row.logged_segment_id:
        LoggedSegment.whole.select_for_update().only("pk").get(pk=row.logged_segment_id)
    rows: Any = type(row).whole.select_for_update()
    row.refresh_from_db(from_queryset=rows)


def _hold_parents(entries: Entries) -> None:
    """Nobody cancels or restores what these entries belong to until the end of the transaction."""
    for model, name in ((LoggedSegment, "logged_segment"), (CampaignEntry, "campaign_entry")):
        parents: Any = model.whole.filter(pk__in=entries.order_by().values(name))
        list(parents.select_for_update().order_by("pk").values_list("pk", flat=True))
