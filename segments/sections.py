"""The sections of the criteria: the tables that can be asked, and how their rows reach the contact.

The registry at the end is the only place that knows how.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import filters
from interactions.filters import InteractionCriteriaFilter
from segments.criteria_data import MATCH
from segments.filters import ContactCriteriaFilter, OnSegmentsFilter

Reach = Callable[[QuerySet[Any]], Q | Exists]


def of_contact(rows: QuerySet[Any]) -> Exists:
    """The row is the contact's own."""
    return Exists(rows.filter(contact=OuterRef("pk")))


def of_these(rows: QuerySet[Any]) -> Q:
    """The contact is one of those that have a row: what `of_contact` says, from the other end.

    PostgreSQL plans both alike. SQLite starts from the rows here; there it goes through all
    contacts and looks for each one's rows, which takes four times as long for a million.
    """
    return Q(pk__in=rows.values("contact"))


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


SECTIONS: dict[str, Section] = {
    section.key: section
    for section in (
        Section("contact", _("Contact"), ContactCriteriaFilter, None, _("is"), _("is not")),
        Section(
            "profile_answers",
            _("Profile answers"),
            filters.ProfileAnswerFilter,
            of_contact,
            _("has a profile answer"),
            _("has no profile answer"),
        ),
        Section(
            "mailing_groups",
            _("Mailing groups"),
            filters.MailingGroupFilter,
            of_contact,
            _("is in a mailing group"),
            _("is in no mailing group"),
        ),
        Section(
            "interactions",
            _("Interactions"),
            InteractionCriteriaFilter,
            of_contact,
            _("has an interaction"),
            _("has no interaction"),
        ),
        Section(
            "job_responsibilities",
            _("Job responsibilities"),
            filters.JobResponsibilityFilter,
            of_contact,
            _("has a job responsibility"),
            _("has no job responsibility"),
        ),
        Section(
            "industry_groups",
            _("Industry groups"),
            filters.IndustryGroupFilter,
            of_company,
            _("company is in an industry group"),
            _("company is in no industry group"),
        ),
        Section(
            "business_relations",
            _("Business relations"),
            filters.BusinessRelationFilter,
            of_company,
            _("company has a business relation"),
            _("company has no business relation"),
        ),
        Section(
            "purchases",
            _("Purchases"),
            filters.PurchaseFilter,
            of_either,
            _("has a purchase, or the company has"),
            _("neither contact nor company has a purchase"),
        ),
        Section(
            "consents",
            _("Consents and opt-outs"),
            filters.ConsentFilter,
            of_contact,
            _("said of a channel"),
            _("said of no channel"),
        ),
        Section(
            "segments",
            _("Segments"),
            OnSegmentsFilter,
            of_itself,
            _("is or was on a segment"),
            _("is or was on no segment"),
        ),
    )
}
