"""Filter sets of templates and the log, for their lists and for the criteria of segments."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.choices import CorrespondenceType, Evaluation, InformationFlow
from crm.fields import NumbersField, TextField
from crm.filters import (
    ChoicesFilter,
    CodesFilter,
    DatesFilter,
    FilterSet,
    FlagFilter,
    NumbersFilter,
)
from crm.lookups import asked_words
from crm.models import Campaign, Contact, Salesperson
from crm.search import contains
from interactions.models import (
    Delivery,
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)


class InteractionCriteriaFilter(FilterSet):
    """Interactions, as criteria ask for them: cancelled and postponed ones never match."""

    date = DatesFilter("date", label=_("Date"))
    segment = NumbersFilter(
        "segment_number", label=_("Segment no."), model=LoggedSegment, number="segment_number"
    )
    campaign = CodesFilter("campaign", label=_("Campaign"), model=Campaign, code="number")
    template = CodesFilter("template", label=_("Interaction template"), model=InteractionTemplate)
    group = CodesFilter("group", label=_("Interaction group"), model=InteractionGroup)
    evaluation = ChoicesFilter("evaluation", label=_("Evaluation"), choices=Evaluation.choices)
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    information_flow = ChoicesFilter(
        "information_flow", label=_("Information flow"), choices=InformationFlow.choices
    )
    delivery = ChoicesFilter("delivery", label=_("Delivery"), choices=Delivery.choices)

    class Meta:
        model = InteractionLogEntry
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only entries that count."""
        return super().filter_queryset(queryset.filter(cancelled=False, postponed=False))


class OfCompanyFilter(django_filters.Filter):
    """With one of the companies whose numbers are typed, or with somebody who works there."""

    field_class = NumbersField

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        house = Q(number__in=value or ()) | Q(company__number__in=value or ())
        return qs.filter(contact__in=Contact.objects.filter(house).order_by()) if value else qs


class OfContactFilter(django_filters.Filter):
    """With a contact whose name, number or address has each of the words."""

    field_class = TextField

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        contacts = Contact.objects.order_by()
        for word in asked_words(value or ""):
            contacts = contacts.filter(search_text__begins_word=word)
        return qs.filter(contact__in=contacts) if value else qs


class LogEntryFilter(InteractionCriteriaFilter):
    """Interactions, for their list: cancelled ones too; postponed ones have a list of their own."""

    search = OfContactFilter(label=_("Search for a contact"))
    contact = NumbersFilter("contact__number", label=_("Contact no."), model=Contact)
    company = OfCompanyFilter(label=_("Company no."), model=Contact)
    cancelled = FlagFilter("cancelled", label=_("Cancelled"))

    class Meta(InteractionCriteriaFilter.Meta):
        model = InteractionLogEntry

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All but postponed entries."""
        return FilterSet.filter_queryset(self, queryset.filter(postponed=False))


class WordsFilter(django_filters.Filter):
    """Each of the words stands in one of the columns, whatever the case. For small tables."""

    field_class = TextField

    def __init__(self, *columns: str, **options: Any) -> None:
        super().__init__(**options)
        self.columns = columns

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        for word in (value or "").split():
            anywhere = Q()
            for column in self.columns:
                anywhere |= contains(column, word)
            qs = qs.filter(anywhere)
        return qs


class TemplateFilter(FilterSet):
    """Interaction templates, for their list."""

    search = WordsFilter("code", "description", label=_("Search"))
    group = CodesFilter("group", label=_("Interaction group"), model=InteractionGroup)
    campaign = CodesFilter("campaign", label=_("Campaign"), model=Campaign, code="number")
    correspondence_type = ChoicesFilter(
        "correspondence_type", label=_("Correspondence type"), choices=CorrespondenceType.choices
    )

    class Meta:
        model = InteractionTemplate
        fields: ClassVar[list[str]] = []


class LoggedSegmentFilter(FilterSet):
    """Logged segments, for their list."""

    search = WordsFilter("segment_number", "description", label=_("Search"))
    logged = DatesFilter("logged_at", label=_("Logged"), lookup="__date")
    cancelled = FlagFilter("cancelled", label=_("Cancelled"))

    class Meta:
        model = LoggedSegment
        fields: ClassVar[list[str]] = []
