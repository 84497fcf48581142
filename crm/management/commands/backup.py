"""manage.py backup: see crm/backup.py."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.backup import BackupError, back_up


class Command(BaseCommand):
    help = (
        "Copies the database and all documents into a new folder, as of one moment; "
        "nobody needs to stop. "
        "Exit code 0: done; 1: it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        try:
            manifest = back_up(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Copied files: %d.") % len(manifest["files"]))
