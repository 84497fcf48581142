"""What must hold in the log and among the documents; see crm/integrity.py."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.integrity import Found, Rule, among, listed
from crm.models import Campaign
from crm.work import files
from interactions import documents, targets
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    Document,
    InteractionLogEntry,
    LoggedSegment,
    PrintPack,
)

FOLDER = "documents"


# -- documents -----------------------------------------------------------------------------------


def _damaged() -> Iterator[str]:
    """Documents whose file is missing or not what was stored; the hash is that of their name."""
    for document in Document.objects.order_by("pk").iterator():
        try:
            documents.read(document)
        except documents.DocumentLost:
            yield f"{document.name} ({document.sha256[:12]})"


def _files() -> Iterator[str]:
    """The path of every file in the folder of documents."""
    folders, _loose = default_storage.listdir(FOLDER)
    for folder in sorted(folders):
        for name in sorted(default_storage.listdir(f"{FOLDER}/{folder}")[1]):
            yield f"{FOLDER}/{folder}/{name}"


def _files_of_nobody() -> Iterator[str]:
    """Files without a row: what a crash between the file and the commit leaves behind."""
    known = set(Document.objects.values_list("sha256", flat=True))
    return (path for path in _files() if path.rpartition("/")[2] not in known)


def _delete_files() -> int:
    """Deletes them, each while a row of its hash is held: nobody can be storing these bytes."""
    paths = list(_files_of_nobody())
    for path in paths:
        _delete_file(path)
    return len(paths)


def _delete_file(path: str) -> None:
    digest = path.rpartition("/")[2][:64]
    with transaction.atomic():
        _row, made = Document.objects.get_or_create(sha256=digest, defaults={"size": 0})
        if made:
            default_storage.delete(path)
            transaction.set_rollback(True)


def _packs_of_nobody() -> list[str]:
    """Files of packs without a row; one that is being made has its row within the hour."""
    known = set(PrintPack.objects.values_list("file", flat=True))
    return files.orphans("packs", known, timezone.now() - timedelta(hours=1))


def _delete_packs() -> int:
    paths = _packs_of_nobody()
    for path in paths:
        files.delete_file(path)
    return len(paths)


def _unused() -> QuerySet[Document]:
    """Documents that nothing refers to: their last use went without releasing them."""
    return documents.unused(Document.objects.all())


# -- the log -------------------------------------------------------------------------------------


def _miscounted() -> QuerySet[LoggedSegment]:
    """Logged segments whose number of entries is not the one they carry."""
    entries = InteractionLogEntry.whole.filter(logged_segment=OuterRef("pk")).order_by()
    counted = entries.values("logged_segment").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return LoggedSegment.whole.annotate(counted=number).exclude(entry_count=F("counted"))


@transaction.atomic
def _count_again() -> int:
    wrong = list(_miscounted())
    for logged in wrong:
        logged.entry_count = logged.counted  # type: ignore[attr-defined]
    LoggedSegment.whole.bulk_update(wrong, ["entry_count"], batch_size=500)
    return len(wrong)


def _strangers() -> QuerySet[InteractionLogEntry]:
    """Entries that name another segment than the logged one they belong to."""
    entries = InteractionLogEntry.whole.filter(logged_segment__isnull=False)
    return entries.exclude(segment_number=F("logged_segment__segment_number"))


def _doubled() -> Found:
    """Positions that two entries of one logged segment share."""
    entries = InteractionLogEntry.whole.filter(logged_segment__isnull=False).order_by()
    twice = entries.values("segment_number", "position").annotate(n=Count("pk")).filter(n__gt=1)
    return listed(f"{one['segment_number']}: {one['position']}" for one in twice[:1000])


def _of_other_campaigns() -> QuerySet[Any]:
    """Entries whose campaign entry is of another campaign or another logged segment."""
    entries = InteractionLogEntry.whole.filter(campaign_entry__isnull=False)
    elsewhere = Q(campaign_entry__logged_segment__isnull=False) & ~Q(
        campaign_entry__logged_segment=F("logged_segment")
    )
    # A null on either side compares to nothing: both are asked for by name.
    no_campaign = Q(campaign__isnull=True)
    return entries.filter(no_campaign | ~Q(campaign=F("campaign_entry__campaign")) | elsewhere)


def _misnumbered() -> QuerySet[CampaignEntry]:
    entries = CampaignEntry.whole.filter(logged_segment__isnull=False)
    return entries.exclude(segment_number=F("logged_segment__segment_number"))


def _without_facts() -> QuerySet[InteractionLogEntry]:
    """Entries with a letter to be merged and nothing to make it of."""
    merged = InteractionLogEntry.whole.filter(document__isnull=False, own_document=False)
    return merged.filter(merge_values={})


def _wrong_targets() -> Found:
    """Campaigns whose target group is not what the log says."""
    entries = InteractionLogEntry.whole.all()
    gone = targets.unfounded(CampaignTarget.whole.all(), entries)
    numbers = (
        rows.values_list("campaign__number", flat=True) for rows in (gone, targets.missing(entries))
    )
    return listed(sorted({number for found in numbers for number in found}))


def _keep_targets() -> int:
    count = _wrong_targets().count
    targets.keep(list(Campaign.objects.values_list("pk", flat=True)))
    return count


RULES: tuple[Rule, ...] = (
    Rule(
        "document_files",
        _("documents whose file is missing or was altered in the storage"),
        lambda: listed(_damaged()),
    ),
    Rule(
        "document_orphans",
        _("files of documents that no row knows"),
        lambda: listed(_files_of_nobody()),
        _delete_files,
    ),
    Rule(
        "pack_orphans",
        _("files of print packs that no row knows"),
        lambda: listed(_packs_of_nobody()),
        _delete_packs,
    ),
    Rule(
        "document_unused",
        _("documents that nothing uses any more"),
        lambda: among(_unused(), "name"),
        lambda: documents.release_all(list(_unused())),
    ),
    Rule(
        "logged_count",
        _("logged segments whose number of entries is wrong"),
        lambda: among(_miscounted(), "segment_number"),
        _count_again,
    ),
    Rule(
        "entry_segment",
        _("log entries that name another segment than the one they belong to"),
        lambda: among(_strangers(), "pk"),
    ),
    Rule("entry_position", _("positions that two entries of a logged segment share"), _doubled),
    Rule(
        "entry_campaign",
        _("log entries whose campaign entry belongs to another campaign or segment"),
        lambda: among(_of_other_campaigns(), "pk"),
    ),
    Rule(
        "campaign_entry_segment",
        _("campaign entries that name another segment than the one they belong to"),
        lambda: among(_misnumbered(), "pk"),
    ),
    Rule(
        "campaign_targets",
        _("campaigns whose target group is not what the log says"),
        _wrong_targets,
        _keep_targets,
    ),
    Rule(
        "entry_facts",
        _("log entries with a letter but nothing to make it of"),
        lambda: among(_without_facts(), "pk"),
    ),
)
