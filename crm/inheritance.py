"""What a person has from the company, as the marketing set-up says (1.21 of the reference).

A person who is put under a company takes its values where the form left them as they were; one
whose value is the company's follows the company when that changes. An own value always stays.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from crm import consents, references
from crm.models import Contact, MarketingSetup

# The flag of the set-up, and the columns that go together: an address is one value.
GROUPS: dict[str, tuple[str, ...]] = {
    "salesperson": ("salesperson_id",),
    "territory": ("territory_id",),
    "country": ("country",),
    "language": ("language",),
    "address": ("address", "address_2", "post_code", "city"),
}
Values = dict[str, Any]


def groups(setup: MarketingSetup | None = None) -> list[tuple[str, ...]]:
    """The columns that people have from their company, as the set-up says, in hand or read now."""
    setup = setup or MarketingSetup.load()
    return [names for flag, names in GROUPS.items() if getattr(setup, f"inherit_{flag}")]


def values_of(company: Contact) -> Values:
    """The values that a new person of the company begins with."""
    return {name: getattr(company, name) for names in groups() for name in names}


def take_over(
    person: Contact,
    typed: set[str],
    before: Contact | None,
    columns: Sequence[tuple[str, ...]] | None = None,
) -> None:
    """Gives a person the values of the company just set, except those that somebody `typed`.

    A person who was there `before` takes over only what equalled the company of then, or was empty.
    `columns` are those of groups(), given by whoever asks for many people.
    """
    if person.company is None:
        return
    for names in groups() if columns is None else columns:
        if typed & {name.removesuffix("_id") for name in names}:
            continue
        if before is None or _follows(before, names):
            for name in names:
                setattr(person, name, getattr(person.company, name))


def _follows(person: Contact, names: tuple[str, ...]) -> bool:
    """Whether a person's value is the company's, or nobody's."""
    own = raw(person, names)
    return not any(own.values()) or (
        person.company is not None and own == raw(person.company, names)
    )


@transaction.atomic
def save(contact: Contact, *, by: User, typed: Iterable[str] = ()) -> int:
    """Saves a contact; returns how many people followed their company's new values.

    `typed` are the fields that somebody changed by hand. The statements do not grow with people.
    """
    before = None
    if contact.pk:
        stored = Contact.whole.select_for_update(of=("self",)).select_related("company")
        before = stored.filter(pk=contact.pk).first()
    if before is None:
        _begin(contact, set(typed))
    elif before.company_id != contact.company_id:
        take_over(contact, set(typed), before)
    contact.changed_by = by
    contact.save()
    consents.keep_in_step(contact, by=by)
    if before is not None and before.company_id != contact.company_id:
        references.company_changed([contact.pk])
    return follow(contact, before) if before is not None and contact.is_company else 0


def _begin(contact: Contact, typed: set[str]) -> None:
    """Gives a new contact what it has from its company, and from the set-up."""
    setup = MarketingSetup.load()
    take_over(contact, typed, None, groups(setup))
    if contact.salutation_id is None:
        contact.salutation_id = setup.default_salutation_id(contact.type)


def follow(company: Contact, before: Contact) -> int:
    """Lets people whose values are those of `before` have the company's of now; one statement."""
    changes: dict[str, Any] = {}
    concerned = Q(pk__in=())
    for names in groups():
        old, new = raw(before, names), raw(company, names)
        if old == new:
            continue
        concerned |= Q(**old)
        for name in names:
            field: Any = Contact._meta.get_field(name)
            there = Value(new[name], output_field=field)
            changes[name] = Case(When(**old, then=there), default=F(name), output_field=field)
    if not changes:
        return 0
    people: QuerySet[Contact] = Contact.whole.filter(company=company).filter(concerned)
    changes |= {"changed_at": timezone.now(), "changed_by": company.changed_by}
    return people.order_by().update(**changes)


def follow_one(
    person: Contact, before: Contact, company: Contact, columns: Sequence[tuple[str, ...]]
) -> bool:
    """The same of one person in hand, who is not saved; whether anything changed."""
    moved = False
    for names in columns:
        old, new = raw(before, names), raw(company, names)
        if old != new and raw(person, names) == old:
            moved = True
            for name in names:
                setattr(person, name, new[name])
    return moved


def raw(contact: Contact, names: tuple[str, ...]) -> Values:
    """The values as the database has them: a country is its code."""
    values = {name: getattr(contact, name) for name in names}
    return {name: str(one) if name == "country" else one for name, one in values.items()}
