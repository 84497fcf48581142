"""`manage.py retain`: deletes what is older than the marketing set-up says."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from crm import erasing, retention


class Command(BaseCommand):
    help = (
        "Deletes what is older than the marketing set-up says: cancelled interactions, files of "
        "print packs and jobs, consents that hold no more, and persons with whom nothing happened "
        "(these are erased only where the set-up says so). To be run once a day, by a timer. "
        "Exit code 0: done; 1: somebody could not be erased now, run it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count, delete nothing")
        parser.add_argument(
            "--list", action="store_true", help="name the inactive persons' numbers"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each kind."""
        told, refused = [], ""
        try:
            for done in retention.retain(dry_run=options["dry_run"]):
                told.append(self._row(done, named=options["list"]))
                if not options["json"]:
                    self._say(done, told[-1])
        except erasing.EraseRefused as error:
            refused = str(error)
        if options["json"]:
            self.stdout.write(json.dumps({"rules": told, "refused": refused}, indent=2))
        elif refused:
            self.stderr.write(refused)
        if refused:
            raise SystemExit(1)

    def _row(self, done: retention.Done, *, named: bool) -> dict[str, Any]:
        row: dict[str, Any] = {"code": done.rule.code, "found": done.found, "deleted": done.deleted}
        row["before"] = done.before.isoformat() if done.before else None
        if named and done.rule.code == "inactive" and done.before:
            people = retention.inactive(done.before)
            row["numbers"] = list(people.values_list("number", flat=True))
        return row

    def _say(self, done: retention.Done, row: dict[str, Any]) -> None:
        if done.before is None:
            self.stdout.write(_("%s: kept for good.") % done.rule.label)
            return
        said = _("%(label)s: from before %(day)s %(found)d, deleted %(deleted)d.")
        values = {"label": done.rule.label, "day": row["before"]}
        self.stdout.write(said % {**row, **values})
        for number in row.get("numbers", ()):
            self.stdout.write(f"  {number}")
