"""`manage.py erase_contact`: erases a person for good."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm import erasing, mentions
from crm.models import Contact


class Command(BaseCommand):
    help = (
        "Erases a person: from contacts, log, worksheets, letters, files. What is counted stays, "
        "without the person. Nothing brings it back. Without --yes it only says what would go. "
        "Exit code 0: done; 1: refused now; 2: wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the contact's number, e.g. C000123")
        parser.add_argument("--reason", required=True, help="why; kept, so without the name")
        parser.add_argument("--yes", action="store_true", help="erase; this cannot be undone")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what would go, or erases and says what went."""
        contact = Contact.objects.filter(number=options["number"]).first()
        if contact is None:
            message = _("There is no contact %(number)s.") % {"number": options["number"]}
            raise CommandError(message, returncode=2)
        reason = options["reason"].strip()[:300]
        if not reason or mentions.found_in(reason, mentions.terms([contact])):
            message = _("Give a reason that does not name the person: it is kept.")
            raise CommandError(message, returncode=2)
        outlook = erasing.outlook(contact)
        told: dict[str, Any] = {"number": contact.number, "erased": options["yes"]}
        told |= {"goes": dict(outlook.goes), "stays": dict(outlook.stays)}
        if outlook.refused:
            raise CommandError(" ".join(outlook.refused), returncode=1)
        if options["yes"]:
            try:
                told["digest"] = erasing.erase([contact], by=None, reason=reason).digest
            except erasing.EraseRefused as error:
                raise CommandError(str(error), returncode=1) from error
        self._tell(told, as_json=options["json"])

    def _tell(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
            return
        for label, count in told["goes"].items():
            self.stdout.write(f"- {label}: {count}")
        for label, count in told["stays"].items():
            self.stdout.write(f"= {label}: {count}")
        self.stdout.write(
            _("%s was erased.") % told["number"]
            if told["erased"]
            else _("Nothing was erased: add --yes.")
        )
