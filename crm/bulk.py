"""What is done to many contacts at once, each by one statement: a value, a mailing group."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, ContactMailingGroup, MailingGroup, Salesperson, Territory
from crm.sql import delete_rows, insert_from

Contacts = QuerySet[Contact]
CHANGE = "crm.change_contact"


@dataclass(frozen=True)
class Deed:
    """One thing that can be done: its words, the table its value is from, the right, the work.

    `work` gets the contacts, the value and who does it, and returns how many contacts it changed.
    """

    key: str
    label: str | Promise
    of: Any
    permission: str
    work: Callable[[Contacts, Any, User], int]


@transaction.atomic
def do(deed: Deed, contacts: Contacts, value: Any, *, by: User) -> int:
    """Does it to all of these contacts; how many were changed by it."""
    return deed.work(contacts.order_by(), value, by)


def _in(group: MailingGroup) -> QuerySet[ContactMailingGroup]:
    return ContactMailingGroup.objects.filter(group=group).order_by()


def _join(contacts: Contacts, group: MailingGroup, by: User) -> int:
    outside = contacts.filter(~Exists(_in(group).filter(contact=OuterRef("pk"))))
    return insert_from(ContactMailingGroup, outside, {"contact": F("pk"), "group": Value(group.pk)})


def _leave(contacts: Contacts, group: MailingGroup, by: User) -> int:
    return delete_rows(_in(group).filter(contact__in=contacts.values("pk")))


def _set(name: str) -> Callable[[Contacts, Any, User], int]:
    def work(contacts: Contacts, value: Any, by: User) -> int:
        # Of the ids: a filter may look at the very column that is being changed.
        changing = Contact.objects.filter(pk__in=contacts.values("pk")).order_by()
        same = {name: value} if value is not None else {f"{name}__isnull": True}
        others = changing.exclude(**same)
        return others.update(**{name: value}, changed_at=timezone.now(), changed_by=by)

    return work


def _mark(excluded: bool) -> Callable[[Contacts, Any, User], int]:
    work = _set("exclude_from_segment")
    return lambda contacts, _value, by: work(contacts, excluded, by)


ADD_LINK, DELETE_LINK = "crm.add_contactmailinggroup", "crm.delete_contactmailinggroup"
DEEDS = {
    deed.key: deed
    for deed in (
        Deed("join", _("Add to mailing group"), MailingGroup, ADD_LINK, _join),
        Deed("leave", _("Remove from mailing group"), MailingGroup, DELETE_LINK, _leave),
        Deed("salesperson", _("Set salesperson"), Salesperson, CHANGE, _set("salesperson")),
        Deed("territory", _("Set territory"), Territory, CHANGE, _set("territory")),
        Deed("exclude", _("Exclude from segments"), None, CHANGE, _mark(True)),
        Deed("include", _("Include in segments again"), None, CHANGE, _mark(False)),
    )
}
