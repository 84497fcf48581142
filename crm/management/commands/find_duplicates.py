"""Looks for contacts that may be the same one, to be compared and merged on their page."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import duplicates


class Command(BaseCommand):
    help = _("Looks for contacts that may be the same one.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how far it is on a terminal, and at the end what was found."""
        found = duplicates.find(progress=self.show)
        said = ngettext(
            "%(compared)d comparisons; %(new)d new pair.",
            "%(compared)d comparisons; %(new)d new pairs.",
            found.new,
        )
        self.stdout.write(said % {"compared": found.compared, "new": found.new})

    def show(self, done: int, of: int) -> None:
        """One line that is written over."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done * 100 // max(of, 1)} %", ending="")
