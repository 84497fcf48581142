"""`manage.py verify_log`: is the log still what was written? See interactions/verification.py."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from interactions.models import LoggedSegment
from interactions.verification import Verdict, verify_log, verify_segment


class Command(BaseCommand):
    help = (
        "Recomputes the hash of every document, checks the proofs and seals that Log left, makes "
        "every letter again and compares it byte for byte. The hashes of letters made for the "
        "first time are noted. Exit code 0: all is as it was; 1: it is not; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--segment", help="number of one logged segment, e.g. SM00001")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verifies, tells, and ends with 1 where something is wrong."""
        verdict = self._verify(options["segment"])
        if options["json"]:
            told = {"clean": verdict.is_clean, **asdict(verdict)}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(verdict)
        if not verdict.is_clean:
            sys.exit(1)

    def _verify(self, number: str | None) -> Verdict:
        if number is None:
            return verify_log()
        logged = LoggedSegment.objects.filter(segment_number=number).first()
        if logged is None:
            message = _("There is no logged segment %s.") % number
            raise CommandError(message, returncode=2)
        return verify_segment(logged)

    def _tell(self, verdict: Verdict) -> None:
        for fault in verdict.faults:
            self.stderr.write(f"[{fault.code}] {fault.sentence}")
        self.stdout.write(
            _(
                "%(segments)d logged segments (%(unsealed)d without a seal), %(entries)d "
                "interactions, %(documents)d documents, %(letters)d letters (%(noted)d noted): "
                "%(faults)d faults."
            )
            % {**asdict(verdict), "faults": len(verdict.faults)}
        )
