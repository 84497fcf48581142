"""What the demo's contacts belong to, bought, answered, and what was said to them before.

Row by row this would take longer than all the contacts; so each kind of row is dealt to the
contacts that a die picks for it, by one statement.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone

from crm.choices import Evaluation, InformationFlow, InitiatedBy
from crm.models import (
    BLOCKED,
    AlternativeAddress,
    BusinessRelation,
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    ContactType,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    ProfileQuestion,
    Purchase,
)
from crm.sql import insert_from
from interactions import proofs
from interactions.models import InteractionLogEntry, InteractionTemplate
from segments.demo.words import ITEMS

# How likely a contact is in each mailing group.
_MAILINGS = {"GIFT": 0.25, "NEWS": 0.45, "EVENT": 0.15, "CARD": 0.2, "CATALOGUE": 0.08}
_EVALUATIONS = ("", "", *(value for value, _label in Evaluation.choices[:4]))
_SIDES = 1_000_000
_PRIME = 2_147_483_647

# Any: filters ask for the dice, which mypy's plugin takes for misspelt fields.
Contacts = QuerySet[Any]


class Dealer:
    """Deals rows to contacts by dice: the same for the same seed, whatever the database."""

    def __init__(self, contacts: Sequence[Contact], chance: Random) -> None:
        self.chance = chance
        self._first = contacts[0].pk
        everybody = Contact.objects.order_by()
        self.everybody = everybody.filter(pk__gte=self._first, pk__lte=contacts[-1].pk)
        self.companies = self.everybody.filter(type=ContactType.COMPANY)
        self.people = self.everybody.filter(type=ContactType.PERSON)

    def some(self, contacts: Contacts, share: float) -> Contacts:
        """About this share of the contacts, by a die of their own."""
        return self._throw(contacts, "picked").filter(picked__lt=int(share * _SIDES))

    def dealt(self, contacts: Contacts, parts: int) -> list[Contacts]:
        """The contacts in so many parts of about the same size; each is in one of them."""
        thrown = self._throw(contacts, "dealt")
        edges = [_SIDES * part // parts for part in range(parts + 1)]
        return [thrown.filter(dealt__gte=low, dealt__lt=high) for low, high in pairwise(edges)]

    def give(self, contacts: Contacts, row: Model, **expressions: Any) -> None:
        """Writes this row once for each of the contacts; expressions are over the contact."""
        constants = {
            field.name: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key and getattr(row, field.attname) is not None
        }
        insert_from(type(row), contacts, {**constants, "contact": F("pk"), **expressions})

    def _throw(self, contacts: Contacts, name: str) -> Contacts:
        """Each contact's number on a new die: its place among the demo's contacts, scrambled."""
        one, two = (self.chance.randrange(1_000_000, _PRIME) for _die in range(2))
        scrambled = ((F("pk") - self._first + 1) * one % _PRIME) * two % _PRIME % _SIDES
        return contacts.alias(**{name: scrambled})


def make_links(dealer: Dealer, day: date) -> None:
    """Groups, relations, responsibilities, answers, purchases and summer addresses."""
    for group in MailingGroup.objects.filter(code__in=_MAILINGS).order_by("code"):
        chosen = dealer.some(dealer.everybody, _MAILINGS[group.code])
        dealer.give(chosen, ContactMailingGroup(group=group))
    _deal_each(dealer, dealer.companies, ContactIndustryGroup, "group", IndustryGroup)
    _deal_each(dealer, dealer.companies, ContactBusinessRelation, "relation", BusinessRelation)
    employees = dealer.some(dealer.people.exclude(company=None), 0.75)
    _deal_each(dealer, employees, ContactJobResponsibility, "responsibility", JobResponsibility)
    for question in ProfileQuestion.objects.prefetch_related("answers"):
        answers = list(question.answers.all())
        asked = dealer.some(dealer.companies, 0.5)
        for part, answer in zip(dealer.dealt(asked, len(answers)), answers, strict=True):
            dealer.give(part, ContactProfileAnswer(answer=answer, answered_at=timezone.now()))
    _deal_purchases(dealer, day)
    for house, part in enumerate(dealer.dealt(dealer.some(dealer.people, 0.01), 5), start=7):
        dealer.give(part, _summer_address(house, day))


def make_past_interactions(
    dealer: Dealer, templates: dict[str, InteractionTemplate], day: date
) -> None:
    """Calls, meetings and answers of the last two years, with a good many of the contacts."""
    reached = dealer.some(dealer.everybody.exclude(BLOCKED), 0.25)
    for _round in range(2):
        for part in dealer.dealt(reached, 100):
            template = templates[dealer.chance.choice(("CALL", "MEETING", "ANSWER"))]
            row = _interaction(template, dealer.chance, day)
            dealer.give(part, row, salesperson=F("salesperson_id"), language=F("language"))
        reached = dealer.some(reached, 0.3)
    proofs.write_proofs(None, InteractionLogEntry.objects.filter(logged_segment=None))


def _deal_each(
    dealer: Dealer, contacts: Contacts, link: type[Model], name: str, table: type[Model]
) -> None:
    """One row of the table for each contact, and for some a second one."""
    rows = list(table._default_manager.order_by("code"))
    for place, part in enumerate(dealer.dealt(contacts, len(rows))):
        dealer.give(part, link(**{name: rows[place]}))
        dealer.give(dealer.some(part, 0.25), link(**{name: rows[place - 1]}))


def _deal_purchases(dealer: Dealer, day: date) -> None:
    """Companies and private persons buy; some of them again and again."""
    buyers = dealer.some(dealer.everybody.filter(company=None), 0.7)
    chance = dealer.chance
    for _round in range(3):
        for part in dealer.dealt(buyers, 60):
            category = chance.choice(list(ITEMS))
            row = Purchase(
                item=chance.choice(ITEMS[category]),
                item_category=category,
                posting_date=day - timedelta(days=int(1000 * chance.random() ** 2)),
                quantity=Decimal(chance.randrange(1, 200)),
                amount=Decimal(chance.randrange(2_000, 900_000)) / 100,
            )
            dealer.give(part, row)
        buyers = dealer.some(buyers, 0.5)


def _summer_address(house: int, day: date) -> AlternativeAddress:
    return AlternativeAddress(
        code="SUMMER",
        address=f"Mökkitie {house}",
        post_code="52700",
        city="Mäntyharju",
        country="FI",
        starts_on=date(day.year, 6, 1),
        ends_on=date(day.year, 8, 31),
    )


def _interaction(template: InteractionTemplate, chance: Random, day: date) -> InteractionLogEntry:
    is_answer = template.information_flow == InformationFlow.INBOUND
    return InteractionLogEntry(
        date=day - timedelta(days=int(730 * chance.random() ** 1.3)),
        time=time(chance.randrange(8, 17), chance.choice((0, 15, 30, 45))),
        description=template.description,
        template=template,
        group=template.group,
        information_flow=template.information_flow,
        initiated_by=InitiatedBy.THEM if is_answer else InitiatedBy.US,
        cost=template.unit_cost,
        duration=template.unit_duration,
        evaluation=chance.choice(_EVALUATIONS),
        cancelled=chance.random() < 0.02,
        attempt_failed=template.code == "CALL" and chance.random() < 0.15,
        created_at=timezone.now(),
    )
