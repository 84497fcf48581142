"""`manage.py explain_contact SEGMENT CONTACT`: why a contact is on a segment, or why not."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.models import Contact
from segments.explain import Explanation, explain
from segments.models import Segment


class Command(BaseCommand):
    help = "Says why a contact is on an open segment, or why not, step by step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("segment", help="number of the segment, e.g. SM00001")
        parser.add_argument("contact", help="number of the contact, e.g. C000001")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        segment = Segment.objects.filter(number=options["segment"]).first()
        if segment is None:
            raise CommandError(_("There is no open segment %s.") % options["segment"])
        contact = Contact.objects.filter(number=options["contact"]).first()
        if contact is None:
            raise CommandError(_("There is no contact %s.") % options["contact"])
        told = explain(segment, contact)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(told), ensure_ascii=False, indent=2))
        else:
            self._tell(contact, told)

    def _tell(self, contact: Contact, told: Explanation) -> None:
        self.stdout.write(f"{contact}: {told.reason}")
        for step in told.steps:
            self.stdout.write(f"{step.number}. {step.label}: {step.sentence}")
            for condition in step.conditions:
                self.stdout.write(f"   [{'x' if condition.holds else ' '}] {condition.sentence}")
