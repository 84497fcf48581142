"""manage.py deliver: sends what is queued, here and now or by the workers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm import work
from interactions import delivery
from interactions.delivery.standing import standing
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment

TROUBLE = (Delivery.FAILED, Delivery.UNCERTAIN)


class Command(BaseCommand):
    help = (
        "Delivers the queued letters of logged segments: mails, and print packs. "
        "Exit code 0; 1 where a letter failed or is uncertain, or there is no such segment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "segment", nargs="*", help="number of a logged segment; none: all with letters queued"
        )
        parser.add_argument("--retry", action="store_true", help="queue those that failed first")
        parser.add_argument(
            "--start", action="store_true", help="only start it, the workers do the rest"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, segment: list[str], **options: Any) -> None:
        """Delivers, then prints how many entries are in which state."""
        rows = self._asked(segment)
        for logged in rows:
            self._deliver(logged, **options)
        found = {logged.segment_number: standing(logged).counts for logged in rows}
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        for number, counts in found.items() if not options["json"] else ():
            said = " ".join(f"{state}={count}" for state, count in counts.items())
            self.stdout.write(f"{number} {said or '-'}")
        if not options["start"] and any(
            counts.get(bad) for counts in found.values() for bad in TROUBLE
        ):
            raise CommandError(_("Not everything was delivered."))

    def _asked(self, numbers: list[str]) -> list[LoggedSegment]:
        rows = LoggedSegment.objects.defer("header", "trail").order_by("pk")
        if not numbers:
            queued = InteractionLogEntry.objects.counted().filter(delivery=Delivery.QUEUED)
            return list(rows.filter(pk__in=queued.order_by().values("logged_segment")))
        found = list(rows.filter(segment_number__in=numbers))
        missing = set(numbers) - {logged.segment_number for logged in found}
        if missing:
            raise CommandError(_("There is no logged segment %s.") % ", ".join(sorted(missing)))
        return found

    def _deliver(self, logged: LoggedSegment, *, retry: bool, start: bool, **_rest: Any) -> None:
        scope = delivery.Scope.of(logged)
        if retry:
            InteractionLogEntry.objects.filter(
                pk__in=scope.entries().filter(delivery=Delivery.FAILED).values("pk")
            ).update(delivery=Delivery.QUEUED, delivery_attempts=0, delivery_at=None)
        for job in delivery.begin(scope, by=None):
            if not start:
                work.run_job.call(job.pk)
