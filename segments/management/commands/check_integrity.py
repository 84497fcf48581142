"""`manage.py check_integrity`: proves what must hold and the database cannot hold by itself."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.integrity import Found, Rule
from segments.integrity import ALL_RULES


class Command(BaseCommand):
    help = (
        "Looks for rows and files that break a rule of the house: wrong counts, pointers to "
        "nowhere, orphans, altered documents, number series that lie behind. "
        "Exit code 0: all is well; 1: something is left to mend."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="mend what can be mended")
        parser.add_argument("--only", metavar="RULE", help="one rule, by its code")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        told = [self._ask(rule, repair=options["repair"]) for rule in _chosen(options["only"])]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(told)
        if any(one["left"] for one in told):
            sys.exit(1)

    def _ask(self, rule: Rule, *, repair: bool) -> dict[str, Any]:
        """What a rule finds, what was mended, and what is left then."""
        found = rule.find()
        mended = rule.repair() if repair and found.count and rule.repair else 0
        left = rule.find() if mended else found
        return {
            "rule": rule.code,
            "label": str(rule.label),
            "found": found.count,
            "examples": found.examples,
            "mended": mended,
            "left": left.count,
            "can_be_repaired": rule.repair is not None,
        }

    def _tell(self, told: list[dict[str, Any]]) -> None:
        for one in told:
            if one["found"]:
                self.stdout.write(f"{one['rule']}: {one['found']} {one['label']}")
                self.stdout.write("   " + _shown(Found(one["found"], one["examples"])))
                if one["mended"]:
                    self.stdout.write("   " + _("mended: %d") % one["mended"])
        rules = ngettext("%d rule asked", "%d rules asked", len(told)) % len(told)
        left = sum(one["left"] for one in told)
        self.stdout.write(
            f"{rules}; " + (_("left to mend: %d") % left if left else _("all is well"))
        )


def _shown(found: Found) -> str:
    more = "" if found.count <= len(found.examples) else ", …"
    return ", ".join(found.examples) + more


def _chosen(code: str | None) -> tuple[Rule, ...]:
    chosen = tuple(rule for rule in ALL_RULES if code in (None, rule.code))
    if not chosen:
        known = ", ".join(rule.code for rule in ALL_RULES)
        raise CommandError(
            _("There is no rule %(code)s. There are: %(known)s.") % {"code": code, "known": known}
        )
    return chosen
