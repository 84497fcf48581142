"""What refers to a contact, on this floor and above: moved when two contacts become one.

Every table with a key to a contact is found by itself, so none can be forgotten. Rows are moved;
where the database allows a row only once (a unique constraint), the kept contact's stays. A table
that wants more registers its own way in its app's `ready()`:

    from crm import references
    references.register(SegmentLine, move_lines)           # (kept, other) -> rows moved
    references.company_holds.append(on_open_segment)       # ids -> why the company of each stays
    references.afterwards.append(settle)                   # the kept contact, when all is moved
    references.followers.append(follow)                    # ids of people with another company
"""

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from crm.models import (
    AlternativeAddress,
    Contact,
    ContactProfileAnswer,
    DuplicateKey,
    DuplicatePair,
)
from crm.models.contact import COMPUTED


class MergeRefused(Exception):
    """Why two contacts cannot become one, in a sentence for the reader."""


Mover = Callable[[Contact, Contact], int]
# Rows that say nothing by themselves.
PASSING = (DuplicatePair, DuplicateKey)
movers: dict[Any, Mover] = {}
company_holds: list[Callable[[Collection[int]], dict[int, str]]] = []
afterwards: list[Callable[[Contact], None]] = []
followers: list[Callable[[Sequence[int]], None]] = []


def register(model: Any, mover: Mover) -> None:
    """Moves the rows of a table in its own way."""
    movers[model] = mover


def keys() -> Iterator[tuple[Any, str]]:
    """Every table and the column of it that names a contact."""
    for relation in Contact._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            yield relation.related_model, relation.field.name  # type: ignore[union-attr]


def counts(*contacts: Contact) -> list[dict[str, int]]:
    """How many rows of each kind refer to each contact, by the kind's name; one statement."""
    kinds = {f"kind_{index}": one for index, one in enumerate(keys()) if one[0] not in PASSING}
    numbers = {alias: _number(model, name) for alias, (model, name) in kinds.items()}
    rows = Contact.whole.filter(pk__in=[one.pk for one in contacts]).order_by()
    counted = {row["pk"]: row for row in rows.annotate(**numbers).values("pk", *numbers)}
    return [
        {
            str(model._meta.verbose_name_plural): counted[one.pk][alias]
            for alias, (model, _name) in kinds.items()
            if counted[one.pk][alias]
        }
        for one in contacts
    ]


def _number(model: Any, name: str) -> Coalesce:
    """How many rows of a table refer to the contact outside."""
    rows = model._base_manager.filter(**{name: OuterRef("pk")}).order_by()
    counted = rows.values(name).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def move_all(kept: Contact, other: Contact) -> int:
    """Lets everything that refers to `other` refer to `kept`; how many rows were moved."""
    return sum(
        movers[model](kept, other) if model in movers else _move(model, name, kept, other)
        for model, name in keys()
    )


def _move(model: Any, name: str, kept: Contact, other: Contact) -> int:
    """Moves rows by one statement, after dropping those that the kept contact has, too."""
    rows = model._base_manager.filter(**{name: other})
    for together in _once(model, name):
        mine = model._base_manager.filter(
            **{name: kept}, **{one: OuterRef(one) for one in together}
        )
        rows.filter(Exists(mine)).delete()
    return int(rows.update(**{name: kept}))


def _once(model: Any, name: str) -> Iterator[tuple[str, ...]]:
    """The other columns of the unique constraints that hold for this key."""
    for constraint in model._meta.total_unique_constraints:
        if name in constraint.fields:
            yield tuple(one for one in constraint.fields if one != name)
    if model._meta.get_field(name).unique:
        yield ()


def why_company_stays(contact: Contact) -> list[str]:
    """Why the company of a contact cannot change now, in sentences."""
    return why_companies_stay([contact.pk]).get(contact.pk, [])


def why_companies_stay(ids: Collection[int]) -> dict[int, list[str]]:
    """The same of many contacts by id, those left out that may change; a few statements."""
    found: dict[int, list[str]] = {}
    for hold in company_holds:
        for pk, why in hold(ids).items():
            found.setdefault(pk, []).append(why)
    return found


def company_changed(people: Sequence[int]) -> None:
    """Every road that gives stored people another company, or none, says so here afterwards."""
    for follow in followers if people else ():
        follow(people)


def _move_addresses(kept: Contact, other: Contact) -> int:
    """Addresses that hold on days when the kept contact has one of its own are dropped."""
    theirs = AlternativeAddress.objects.filter(contact=other)
    until = Coalesce(OuterRef("ends_on"), Value(datetime.date.max))
    not_over = Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on"))
    mine = AlternativeAddress.objects.filter(not_over, contact=kept, starts_on__lte=until)
    theirs.filter(Exists(mine)).delete()
    return theirs.update(contact=kept)


def _move_answers(kept: Contact, other: Contact) -> int:
    """Of a question that takes one answer the kept contact's stays."""
    mine = ContactProfileAnswer.objects.filter(
        contact=kept, answer__question=OuterRef("answer__question")
    )
    theirs = ContactProfileAnswer.objects.filter(contact=other)
    theirs.filter(Exists(mine), answer__question__multiple_answers=False).delete()
    return _move(ContactProfileAnswer, "contact", kept, other)


def _move_people(kept: Contact, other: Contact) -> int:
    """People are found by their company's name, and stand under it in lists."""
    people = list(Contact.whole.filter(company=other))
    for person in people:
        person.company = kept
        person.prepare()
    Contact.whole.bulk_update(people, ["company", *COMPUTED], batch_size=500)
    return len(people)


def _drop_pair(kept: Contact, other: Contact) -> int:
    """What the other was taken for is asked anew at the next search."""
    DuplicatePair.whole.filter(Q(first=other) | Q(second=other)).delete()
    return 0


register(AlternativeAddress, _move_addresses)
register(ContactProfileAnswer, _move_answers)
register(Contact, _move_people)
register(DuplicatePair, _drop_pair)
