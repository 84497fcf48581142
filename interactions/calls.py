"""Phone calls: which numbers reach a contact, and the call logged with its result at once."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.choices import InformationFlow, InitiatedBy
from crm.models import Contact
from interactions.creating import Extra, log_interaction
from interactions.models import InteractionLogEntry, InteractionTemplate


@dataclass(frozen=True)
class Number:
    """A number that reaches a contact, and whose it is."""

    label: str
    number: str

    @property
    def link(self) -> str:
        """The address that makes a phone dial it: without blanks, dashes and brackets."""
        dialled = "".join(sign for sign in self.number if sign.isdigit() or sign in "+*#")
        return f"tel:{dialled}"


def numbers(contact: Contact, day: datetime.date) -> list[Number]:
    """The contact's own numbers, those of the addresses in force that day, then the company's."""
    found = list(_of(contact, day, _("Phone"), _("Mobile phone")))
    if contact.company is not None:
        found += _of(contact.company, day, _("Company"), _("Company, mobile"))
    once: dict[str, Number] = {}
    for one in found:
        once.setdefault(one.number, one)
    return list(once.values())


def _of(contact: Contact, day: datetime.date, phone: str, mobile: str) -> Iterator[Number]:
    if contact.phone:
        yield Number(phone, contact.phone)
    if contact.mobile_phone:
        yield Number(mobile, contact.mobile_phone)
    in_force = contact.alternative_addresses.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day
    )
    for address in in_force.exclude(phone=""):
        yield Number(_("Address %(code)s") % {"code": address.code}, address.phone)


def call_template() -> InteractionTemplate | None:
    """The template that calls begin with; None where none is marked as such."""
    return InteractionTemplate.objects.filter(for_calls=True).first()


def log_call(entry: InteractionLogEntry, *, by: User, result: str = "") -> InteractionLogEntry:
    """Logs a call; where nothing else is said, not even by the template, we made it.

    A call of a segment's line carries the segment's number and belongs to no logged segment.
    Raises creating.Refused.
    """
    template = entry.template
    if not entry.information_flow and not template.information_flow:
        entry.information_flow = InformationFlow.OUTBOUND
    if not entry.initiated_by and not template.initiated_by:
        entry.initiated_by = InitiatedBy.US
    return log_interaction(entry, Extra(result=result, with_letter=False), by=by)


def made_from(segment_number: str) -> QuerySet[InteractionLogEntry]:
    """The calls made from a segment's lines that reached somebody and count."""
    calls = InteractionLogEntry.whole.counted().filter(
        segment_number=segment_number, logged_segment=None, attempt_failed=False
    )
    return calls.exclude(contact=None).order_by()
