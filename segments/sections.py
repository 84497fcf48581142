"""A section of the criteria: one table that can be asked, and how its rows reach the contact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise

from crm import filters
from segments.criteria_data import MATCH

Reach = Callable[[QuerySet[Any]], Q | Exists]


def of_contact(rows: QuerySet[Any]) -> Exists:
    """The row is the contact's own."""
    return Exists(rows.filter(contact=OuterRef("pk")))


def of_company(rows: QuerySet[Any]) -> Exists:
    """The row is of the contact's company, or the contact is that company."""
    return Exists(rows.filter(contact=Coalesce(OuterRef("company_id"), OuterRef("pk"))))


def of_either(rows: QuerySet[Any]) -> Q:
    """The row is the contact's own or its company's."""
    return Q(of_contact(rows)) | Q(Exists(rows.filter(contact=OuterRef("company_id"))))


def of_itself(rows: QuerySet[Any]) -> Exists:
    """The row is the contact."""
    return Exists(rows.filter(pk=OuterRef("pk")))


@dataclass(frozen=True)
class Section:
    """One table that criteria can ask. `reach` is None for the contact itself."""

    key: str
    label: Promise
    filterset: type[filters.FilterSet]
    reach: Reach | None
    has: Promise
    has_none: Promise

    @property
    def fields(self) -> dict[str, Any]:
        """The form fields by name; their shapes and keys, not a form to fill in."""
        return {name: one.field for name, one in self.filterset.base_filters.items()}

    @property
    def posted(self) -> set[str]:
        """The names that the section's form posts."""
        names = {f"{self.key}-{MATCH}"} if self.reach else set()
        for name, field in self.fields.items():
            names.add(f"{self.key}-{name}")
            names |= {f"{self.key}-{name}_{part}" for part in getattr(field, "keys", ())}
        return names

    def bind(self, query: QueryDict | None) -> filters.FilterSet:
        """The section's filter set over all its rows, bound to what a form posted."""
        rows = self.filterset._meta.model._default_manager.order_by()
        return self.filterset(query, queryset=rows, prefix=self.key)
