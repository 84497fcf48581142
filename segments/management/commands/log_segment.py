"""`manage.py log_segment SEGMENT`: turns an open segment into log entries."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from interactions.models import LoggedSegment
from segments.log import AlreadyLogged, LogRefused, WarningsChanged, log_segment
from segments.models import Segment


class Command(BaseCommand):
    help = (
        "Checks an open segment and logs it, all of it or nothing. "
        "Exit code 0: it is logged; 1: nothing was logged; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("segment", help="number of the segment, e.g. SM00001")
        parser.add_argument("--by", required=True, help="name of the user who logs it")
        parser.add_argument("--send", action="store_true", help="queue what can be delivered")
        parser.add_argument("--follow-up", action="store_true", help="make a follow-up segment")
        parser.add_argument(
            "--accept-warnings", action="store_true", help="log although there are warnings"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Logs it, and says what came of it; tells all problems where it may not be logged."""
        segment, by = self._found(options["segment"], options["by"])
        try:
            logged = log_segment(
                segment,
                by=by,
                send=options["send"],
                follow_up=options["follow_up"],
                accepted=None if options["accept_warnings"] else {},
            )
        except (LogRefused, WarningsChanged) as refused:
            for problem in refused.problems:
                self.stderr.write(f"[{problem.severity} {problem.code}] {problem.sentence}")
            self.stderr.write(_("Nothing was logged."))
            sys.exit(1)
        except AlreadyLogged as refused:
            raise CommandError(str(refused), returncode=1) from refused
        self._tell(logged, as_json=options["json"])

    def _found(self, number: str, name: str) -> tuple[Segment, User]:
        by = User.objects.filter(username=name, is_active=True).first()
        if by is None:
            raise CommandError(_("There is no user %s.") % name, returncode=2)
        if not by.has_perms(("segments.change_segment", "interactions.add_loggedsegment")):
            raise CommandError(_("%s may not log segments.") % name, returncode=2)
        segment = Segment.objects.filter(number=number).first()
        if segment is None:
            raise CommandError(_("There is no open segment %s.") % number, returncode=2)
        return segment, by

    def _tell(self, logged: LoggedSegment, *, as_json: bool) -> None:
        follow_up = Segment.objects.filter(follows=logged).order_by("-pk").first()
        told = {
            "segment": logged.segment_number,
            "interactions": logged.entry_count,
            "seal": logged.seal,
            "follow_up": follow_up.number if follow_up else None,
        }
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        said = _("%(segment)s was logged: interactions %(interactions)d, seal %(seal)s.")
        self.stdout.write(said % told)
        if follow_up is not None:
            self.stdout.write(_("The follow-up is %s.") % follow_up.number)
