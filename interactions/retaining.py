"""What the log keeps only for a while; see crm/retention.py."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.retention import Rule
from interactions import cancelling
from interactions.erasing import drop_files
from interactions.models import InteractionLogEntry, LoggedSegment, PrintPack


def _cancelled(before: datetime.date) -> QuerySet[InteractionLogEntry]:
    return InteractionLogEntry.whole.filter(cancelled=True, date__lt=before)


def _cancelled_segments(before: datetime.date) -> QuerySet[LoggedSegment]:
    return LoggedSegment.whole.filter(cancelled=True, logged_at__date__lt=before)


def _delete_cancelled(before: datetime.date, _by: User | None) -> int:
    """The interactions, then whole logged segments with what is left of them."""
    count = cancelling.delete_cancelled(_cancelled(before))
    for logged in _cancelled_segments(before):
        count += cancelling.delete_logged_segment(logged) + 1
    return count


def _packs(before: datetime.date) -> Any:
    return PrintPack.objects.filter(created_at__date__lt=before).exclude(file="")


@transaction.atomic
def _drop_packs(before: datetime.date, _by: User | None) -> int:
    return drop_files(list(_packs(before)))


RULES = [
    Rule(
        "cancelled",
        _("Cancelled interactions and logged segments"),
        "keep_cancelled",
        lambda day: _cancelled(day).count() + _cancelled_segments(day).count(),
        _delete_cancelled,
    ),
    Rule(
        "packs",
        _("Files of print packs"),
        "keep_packs",
        lambda day: _packs(day).count(),
        _drop_packs,
    ),
]
