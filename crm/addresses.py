"""Where a contact is to be reached on a day: the only place that knows of alternative addresses.

Of a contact's addresses the one holds whose first day has come and whose last has not gone (1.18 of
the reference; two never hold on one day). It takes the place of the whole address block; of phone
and e-mail only where it has one.
"""

import datetime
from typing import Any

from django.db.models import (
    Exists,
    Expression,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf

from crm.models import AlternativeAddress, Contact

BLOCK = ("address", "address_2", "post_code", "city", "country")
REACH = ("phone", "email")


def in_force(prefix: str, on: Expression | F | datetime.date) -> QuerySet[AlternativeAddress]:
    """The address that holds on a day for the contact that `prefix` leads to; for a subquery.

    `on` is a date, or an expression over the outer row; an F names one of its annotations.
    """
    day = OuterRef(on.name) if isinstance(on, F) else on  # type: ignore[attr-defined]
    held = AlternativeAddress.objects.filter(_holds(day), contact=OuterRef(_key(prefix)))
    return held.order_by("-starts_on")


def email_of(contact: Contact, on: datetime.date) -> str:
    """Where one contact in hand reads e-mails on a day: at an address that holds, if it has one."""
    held = contact.alternative_addresses.filter(_holds(on)).exclude(email="")
    return held.order_by("-starts_on").values_list("email", flat=True).first() or contact.email


def _holds(day: Any) -> Q:
    """The condition that an address holds on a day, both its ends included."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def _key(prefix: str) -> str:
    return f"{prefix}pk" if not prefix else prefix.removesuffix("__")


def are_there() -> bool:
    """Whether any contact has such an address: if not, a million look-ups are saved."""
    return AlternativeAddress.objects.exists()


def without_email(prefix: str, on: Any) -> Q:
    """The condition that a row's contact has no e-mail address on a day."""
    without = Q(**{f"{prefix}email": ""})
    if not are_there():
        return without
    return without & ~Q(Exists(in_force(prefix, on).exclude(email="")))


class Overlaid(Func):
    """A JSON object with the keys of a second one in place of its own; a null changes nothing."""

    function = "json_patch"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "%(function)s(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" || ", **context
        )


def overlay(facts: Expression, prefix: str, on: Any) -> Expression:
    """Facts of a contact as JSON, with those of the address that holds on a day laid over them."""
    if not are_there():
        return facts
    block: dict[str, Any] = {name: F(name) for name in BLOCK}
    reach = {name: _own_or(name, prefix) for name in REACH}
    held = in_force(prefix, on).values(facts=JSONObject(**block, **reach))[:1]
    nothing = Value({}, output_field=JSONField())
    return Overlaid(facts, Coalesce(Subquery(held), nothing, output_field=JSONField()))


def _own_or(name: str, prefix: str) -> Coalesce:
    """The address's own value, else the contact's."""
    return Coalesce(NullIf(F(name), Value("")), OuterRef(f"{prefix}{name}"))
