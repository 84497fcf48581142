"""manage.py jobs: lists jobs, tries one again, cancels one."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import work
from crm.models import Job, JobState

COLUMNS = (
    "id", "kind", "state", "done", "total", "attempts", "worker", "error", "arguments", "result",
    "created_at", "started_at", "ended_at",
)  # fmt: skip
SHOWN = 50


class Command(BaseCommand):
    help = (
        "Lists jobs, newest first; tries one again that failed; cancels one. "
        "Exit code 0, or 1 where the job is not there or cannot be tried again or cancelled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", choices=("list", "retry", "cancel"), default="list")
        parser.add_argument("job", nargs="?", type=int, help="number of the job, for retry, cancel")
        parser.add_argument("--state", choices=JobState.values, help="list only jobs in this state")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, verb: str, job: int | None, **options: Any) -> None:
        """Does what is asked, and prints the jobs it is about."""
        if verb == "list":
            wanted = {"state": options["state"]} if options["state"] else {}
            self._print(Job.objects.filter(**wanted).order_by("-pk"), options)
            return
        found = Job.objects.filter(pk=job or 0).first()
        if found is None:
            raise CommandError(_("There is no job %s.") % (job or ""))
        try:
            (work.retry if verb == "retry" else work.cancel)(found)
        except work.NotNow as error:
            raise CommandError(str(error)) from error
        self._print(Job.objects.filter(pk=found.pk), options)

    def _print(self, jobs: QuerySet[Job], options: dict[str, Any]) -> None:
        rows = list(jobs.values(*COLUMNS, "user__username")[:SHOWN])
        if options["json"]:
            self.stdout.write(json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
            return
        for row in rows:
            total = "?" if row["total"] is None else row["total"]
            self.stdout.write(
                f"{row['id']:>6} {row['state']:<10} {row['kind']:<20} {row['done']}/{total}"
                f" {row['user__username'] or '-'} {row['error']}".rstrip()
            )
