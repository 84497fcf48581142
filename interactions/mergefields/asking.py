"""Merge fields asked in SQL: which lines have no value for one, and what a plain one says.

Most fields are one fact (`Field.path`), and a fact is a column. The salutations and the address
block are made of several; what they lack is said here too. A field that is not known to either
cannot be asked: its lines are not counted as lacking anything.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from crm.models import Campaign, ContactType, Salesperson, SalutationFormula, nowhere
from interactions.mergefields.facts import (
    OF_CONTACT,
    OF_LINE,
    Facts,
    our_facts,
)
from interactions.mergefields.fields import Field
from interactions.mergefields.words import MAY_LACK, NAME_PART

EMPTY = Value("", output_field=TextField())
TABLES: dict[str, Any] = {"salesperson": Salesperson, "campaign": Campaign}


@dataclass(frozen=True)
class Row:
    """Where a row has what its letter says, as `facts_expression` is told it.

    `prefix` leads to the contact; `language`, `salesperson` and `campaign` name columns or
    annotations; `line` says the facts of OF_LINE, as expressions. `our` gives what `our_facts`
    gives, and is called only where a field of ours is asked.
    """

    prefix: str = "contact__"
    language: str = "language"
    salesperson: str = "salesperson"
    campaign: str = "campaign"
    line: Mapping[str, Any] = field(default_factory=dict)
    our: Callable[[], Facts] = our_facts

    def names(self, table: str) -> str:
        """The name of the row's salesperson or campaign."""
        return self.salesperson if table == "salesperson" else self.campaign


def said(asked: Field, row: Row) -> Any:
    """What a field that is one fact says, as an expression of text; None for all others."""
    if asked.name == "Company_Name":
        return _company(row)
    if not asked.path:
        return None
    first = asked.path[0]
    if first in OF_CONTACT:
        return F(row.prefix + first)
    if first == "language":
        return F(row.language)
    return row.line.get(first, EMPTY) if first in OF_LINE else _nested(*asked.path, row=row)


def _nested(table: str, name: str, *, row: Row) -> Any:
    """A fact of our own, or of the row's salesperson or campaign."""
    if table == "our":
        return Value(str(row.our().get(name, "")), output_field=TextField())
    of_row = TABLES[table].objects.filter(pk=OuterRef(row.names(table))).order_by()
    return Coalesce(Subquery(of_row.values(name)[:1]), EMPTY, output_field=TextField())


def lacking(asked: Field, row: Row) -> Q | None:
    """The condition that a row has no value for a field; None where none can lack it, or none can
    be asked.

    It names no annotation from within a subquery: an aggregate would not know it there.
    """
    if asked.name in SPECIAL:
        return SPECIAL[asked.name](row)
    if asked.may_lack or not asked.path:
        return None
    first, *rest = asked.path
    if first == "our":
        return None if row.our().get(rest[0]) else ~Q(pk=None)
    if first in TABLES:
        filled = TABLES[first].objects.exclude(**{rest[0]: ""}).order_by().values("pk")
        name = row.names(first)
        return Q(**{f"{name}__isnull": True}) | ~Q(**{f"{name}__in": filled})
    if first in OF_CONTACT:
        return Q(**{row.prefix + first: ""})
    column = F(row.language) if first == "language" else row.line.get(first, EMPTY)
    return Q(Exact(ExpressionWrapper(column, output_field=TextField()), ""))


def _company(row: Row) -> Case:
    """The employer's name, or the company's own."""
    own = When(**{f"{row.prefix}type": ContactType.COMPANY}, then=F(f"{row.prefix}name"))
    employer = Coalesce(F(f"{row.prefix}company__name"), EMPTY, output_field=TextField())
    return Case(own, default=employer, output_field=TextField())


def _no_company(row: Row) -> Q:
    """Persons of whom no employer is known."""
    return Q(**{f"{row.prefix}company": None, f"{row.prefix}type": ContactType.PERSON})


def _no_address(row: Row) -> Q:
    return nowhere(row.prefix)


def _no_salutation(formality: str) -> Callable[[Row], Q]:
    """Persons to whom only the plain greeting is left: no formula, or a name part that lacks."""

    def condition(row: Row) -> Q:
        usable = Q(pk=None)
        for (language, parts), salutations in _formulas(formality).items():
            named = {f"{row.prefix}{part}__gt": "" for part in parts}
            usable |= Q(
                **{row.language: language, f"{row.prefix}salutation__in": salutations}, **named
            )
        return Q(**{f"{row.prefix}type": ContactType.PERSON}) & ~usable

    return condition


def _formulas(formality: str) -> dict[tuple[str, tuple[str, ...]], list[int]]:
    """Salutations by the language and the name parts that their formula needs: a small table."""
    found: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    rows = SalutationFormula.objects.exclude(**{formality: ""}).order_by()
    for language, salutation, formula in rows.values_list("language", "salutation", formality):
        needed = set(NAME_PART.findall(formula)) - MAY_LACK
        found[language, tuple(sorted(needed))].append(salutation)
    return found


SPECIAL: dict[str, Callable[[Row], Q]] = {
    "Formal_Salutation": _no_salutation("formal"),
    "Informal_Salutation": _no_salutation("informal"),
    "Address_Block": _no_address,
    "Company_Name": _no_company,
    "Country": lambda row: Q(**{f"{row.prefix}country": ""}),
}


def can_be_asked(asked: Field) -> bool:
    """Whether the lines that lack a field can be told at all."""
    return asked.name in SPECIAL or (bool(asked.path) and not asked.may_lack)
