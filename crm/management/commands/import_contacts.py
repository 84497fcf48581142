"""manage.py import_contacts FILE: see crm.importing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.importing import FileRefused, import_contacts
from crm.management.reasons import check, lines_of, write_reasons


class Command(BaseCommand):
    help = "Imports contacts from a CSV or XLSX file; a second run updates them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--reasons", type=Path, help="CSV file for rejected rows (default: FILE.rejected.csv)"
        )
        parser.add_argument("--delimiter", default="auto", help="one character (default: auto)")
        parser.add_argument("--encoding", default="auto", help="e.g. utf-8, cp1252 (default: auto)")
        parser.add_argument(
            "--ignore-unknown", action="store_true", help="leave out columns that are not known"
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")

    def handle(self, *, file: Path, reasons: Path | None, **options: Any) -> None:
        """Imports, writes the reasons file, prints the counts."""
        target = reasons or file.with_name(f"{file.name}.rejected.csv")
        delimiter = options["delimiter"].replace("\\t", "\t")
        check(file, target, delimiter)
        try:
            report = import_contacts(
                file,
                encoding=options["encoding"],
                delimiter=delimiter,
                ignore_unknown=options["ignore_unknown"],
                dry_run=options["dry_run"],
            )
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report.rejections or reasons:
            write_reasons(target, ("line", "number", "name", "reasons"), report.rejections)
        for line in lines_of(report.rejections, target):
            self.stderr.write(line)
        self.stdout.write(
            _("%(read)d read = %(created)d created + %(updated)d updated + %(rejected)d rejected.")
            % {
                "read": report.read,
                "created": report.created,
                "updated": report.updated,
                "rejected": report.rejected,
            }
        )
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a trial."))
