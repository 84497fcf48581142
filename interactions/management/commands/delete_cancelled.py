"""`manage.py delete_cancelled`: deletes for good what was cancelled."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from interactions import cancelling
from interactions.models import InteractionLogEntry, LoggedSegment


class Command(BaseCommand):
    help = (
        "Deletes cancelled interactions with their comments, and with --segments cancelled logged "
        "segments with all that belongs to them. Letters go with their last use. "
        "Without --yes it only says how many. Exit code 0: done; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", help="only those dated before this day, e.g. 2026-01-31")
        parser.add_argument("--segment", help="only those of one logged segment, e.g. SM00001")
        parser.add_argument("--segments", action="store_true", help="logged segments, too")
        parser.add_argument("--yes", action="store_true", help="delete; this cannot be undone")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Counts, or deletes and counts."""
        segments = LoggedSegment.objects.filter(cancelled=True)
        entries = InteractionLogEntry.objects.filter(cancelled=True)
        if number := options["segment"]:
            if not LoggedSegment.objects.filter(segment_number=number).exists():
                message = _("There is no logged segment %s.") % number
                raise CommandError(message, returncode=2)
            segments = segments.filter(segment_number=number)
            entries = entries.filter(logged_segment__segment_number=number)
        if options["before"]:
            day = self._day(options["before"])
            entries = entries.filter(date__lt=day)
            segments = segments.filter(logged_at__date__lt=day)
        told = {"deleted": options["yes"], "interactions": entries.count(), "segments": 0}
        if options["segments"]:
            told["segments"] = segments.count()
        if options["yes"]:
            told["interactions"] = cancelling.delete_cancelled(entries)
            for logged in segments if options["segments"] else ():
                told["interactions"] += cancelling.delete_logged_segment(logged)
        self._tell(told, as_json=options["json"])

    def _day(self, text: str) -> Any:
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None:
            raise CommandError(_("%s is not a day like 2026-01-31.") % text, returncode=2)
        return day

    def _tell(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, indent=2))
            return
        said = _("Cancelled: interactions: %(interactions)d, logged segments: %(segments)d.")
        self.stdout.write(said % told)
        self.stdout.write(
            _("They were deleted.") if told["deleted"] else _("Nothing was deleted: add --yes.")
        )
