"""manage.py restore: see crm/backup.py."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.backup import BackupError, restore


class Command(BaseCommand):
    help = (
        "Puts a copy made by backup into an empty database and an empty storage of documents. "
        "Then run check_integrity and verify_log. "
        "Exit code 0: done; 1: it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that backup wrote")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        try:
            manifest = restore(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Restored files: %d. Now run check_integrity and verify_log.")
            % len(manifest["files"])
        )
