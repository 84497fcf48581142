"""Filter sets of templates and the log, for their lists and for the criteria of segments."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.choices import Evaluation, InformationFlow
from crm.filters import (
    ChoicesFilter,
    CodesFilter,
    DatesFilter,
    FilterSet,
    FlagFilter,
    NumbersFilter,
)
from crm.models import Campaign, Contact, Salesperson
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


class LogEntryFilter(InteractionCriteriaFilter):
    """Interactions, for their list: cancelled ones too; postponed ones have a list of their own."""

    contact = NumbersFilter("contact__number", label=_("Contact no."), model=Contact)
    cancelled = FlagFilter("cancelled", label=_("Cancelled"))

    class Meta(InteractionCriteriaFilter.Meta):
        model = InteractionLogEntry

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All but postponed entries."""
        return FilterSet.filter_queryset(self, queryset.filter(postponed=False))
