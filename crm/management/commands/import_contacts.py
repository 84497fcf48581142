"""manage.py import_contacts FILE.csv: see crm.importing."""

import csv
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.importing import FileRefused, Rejection, import_contacts

SHOWN = 20


class Command(BaseCommand):
    help = "Imports contacts from a CSV file; a second run updates them."

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
        self._check(file, target, options["delimiter"])
        try:
            report = import_contacts(
                file,
                encoding=options["encoding"],
                delimiter=options["delimiter"].replace("\\t", "\t"),
                ignore_unknown=options["ignore_unknown"],
                dry_run=options["dry_run"],
            )
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if report.rejections or reasons:
            self._write_reasons(target, report.rejections)
        for rejection in report.rejections[:SHOWN]:
            self.stderr.write(_line_of(rejection))
        if report.rejections:
            self.stderr.write(_("All rejected rows: %(path)s") % {"path": target})
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

    def _check(self, file: Path, target: Path, delimiter: str) -> None:
        """What is wrong with the command itself is said before anything is read."""
        if delimiter != "auto" and len(delimiter.replace("\\t", "\t")) != 1:
            raise CommandError(_("The delimiter is one character."))
        if target.resolve() == file.resolve():
            raise CommandError(_("The reasons file would overwrite the file itself."))
        if target.is_dir() or not target.absolute().parent.is_dir():
            raise CommandError(_("%(path)s cannot be written.") % {"path": target})

    def _write_reasons(self, target: Path, rejections: Sequence[Rejection]) -> None:
        # With a byte order mark, for spreadsheets that know UTF-8 only by it.
        try:
            with target.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(("line", "number", "name", "reasons"))
                for one in rejections:
                    writer.writerow((one.line, one.number, one.name, " ".join(one.reasons)))
        except OSError as error:
            raise CommandError(
                _("The contacts are in, but %(path)s cannot be written.") % {"path": target}
            ) from error


def _line_of(rejection: Rejection) -> str:
    return _("Line %(line)d: %(reasons)s") % {
        "line": rejection.line,
        "reasons": " ".join(rejection.reasons),
    }
