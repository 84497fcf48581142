"""manage.py prune_history: the audit trail's only broom."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.models import AuditEntry

# Nobody takes away the trail of what was done just now.
LEAST_DAYS = 90


class Command(BaseCommand):
    help = (
        "Deletes what the history of changes says about times longer past than this. "
        "Without --yes it only says how many. Exit code 0: done; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, required=True, help=f"at least {LEAST_DAYS}")
        parser.add_argument("--yes", action="store_true", help="delete; this cannot be undone")

    def handle(self, *, days: int, yes: bool, **_options: Any) -> None:
        """Counts, or deletes and counts."""
        if not LEAST_DAYS <= days <= 100 * 366:
            said = _("Keep at least %(days)d days.") % {"days": LEAST_DAYS}
            raise CommandError(said, returncode=2)
        before = timezone.now() - timedelta(days=days)
        count = audit.prune(before) if yes else AuditEntry.objects.filter(at__lt=before).count()
        self.stdout.write(_("Changes from before %(day)s: %(count)d.") % {
            "day": before.date(), "count": count,
        })  # fmt: skip
        self.stdout.write(_("They were deleted.") if yes else _("Nothing was deleted: add --yes."))
