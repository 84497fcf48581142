"""`manage.py check_segment SEGMENT`: every problem of every line, grouped by reason."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from segments.log import check
from segments.models import Segment


class Command(BaseCommand):
    help = (
        "Checks an open segment as Log does. "
        "Exit code 0: it can be logged, perhaps with warnings; 1: it has errors; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("segment", help="number of the segment, e.g. SM00001")
        parser.add_argument("--send", action="store_true", help="as for Log with --send")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tells all problems, and ends with 1 where there are errors."""
        segment = Segment.objects.filter(number=options["segment"]).first()
        if segment is None:
            message = _("There is no open segment %s.") % options["segment"]
            raise CommandError(message, returncode=2)
        found = check(segment, send=options["send"])
        if options["json"]:
            problems = [asdict(problem) for problem in found]
            self.stdout.write(json.dumps(problems, ensure_ascii=False, indent=2))
        else:
            for problem in found:
                self.stdout.write(f"[{problem.severity} {problem.code}] {problem.sentence}")
        if any(problem.is_error for problem in found):
            sys.exit(1)
