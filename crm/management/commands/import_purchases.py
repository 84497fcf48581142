"""manage.py import_purchases FILE: see crm.importing.purchases."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.importing import FileRefused
from crm.importing.purchases import import_purchases
from crm.management.reasons import SHOWN, check, lines_of, write_reasons


class Command(BaseCommand):
    help = "Imports purchases from a CSV or XLSX file; those with an external ID may come again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--reasons", type=Path, help="CSV file for rejected rows (default: FILE.rejected.csv)"
        )
        parser.add_argument("--delimiter", default="auto", help="one character (default: auto)")
        parser.add_argument("--encoding", default="auto", help="e.g. utf-8, cp1252 (default: auto)")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")

    def handle(self, *, file: Path, reasons: Path | None, **options: Any) -> None:
        """Imports, writes the reasons file, prints the counts."""
        target = reasons or file.with_name(f"{file.name}.rejected.csv")
        delimiter = options["delimiter"].replace("\\t", "\t")
        check(file, target, delimiter)
        try:
            report = import_purchases(
                file,
                dry_run=options["dry_run"],
                encoding=options["encoding"],
                delimiter=delimiter,
            )
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report.rejections or reasons:
            write_reasons(target, ("line", "contact", "item", "reasons"), report.rejections)
        self._tell(report, target)
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a trial."))

    def _tell(self, report: Any, target: Path) -> None:
        for line in lines_of(report.rejections, target):
            self.stderr.write(line)
        if report.new_items:
            listed = ", ".join(report.new_items[:SHOWN])
            self.stdout.write(_("Items never bought before: %(items)s") % {"items": listed})
        self.stdout.write(
            _("%(read)d read = %(created)d created + %(updated)d updated + %(rejected)d rejected.")
            % {
                "read": report.read,
                "created": report.created,
                "updated": report.updated,
                "rejected": report.rejected,
            }
        )
