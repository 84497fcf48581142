"""Filter sets of templates and the log, for their lists and for the criteria of segments."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.choices import CorrespondenceType, Evaluation, InformationFlow
from crm.dates import Dates, DatesField
from crm.fields import ChoicesField, NumbersField, TextField
from crm.filters import (
    ChoicesFilter,
    CodesFilter,
    DatesFilter,
    FilterSet,
    FlagFilter,
    NumbersFilter,
    TextFilter,
    ValuesFilter,
)
from crm.lookups import asked_words
from crm.models import Campaign, Contact, Salesperson
from crm.search import contains
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    Delivery,
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    Task,
)


class AnsweredFilter(FlagFilter):
    """Whether anything came of it: it was evaluated, or the contact turned to us afterwards."""

    def filter(self, qs: QuerySet[Any], value: bool | None) -> QuerySet[Any]:
        if value is None:
            return qs
        later = InteractionLogEntry.objects.counted().filter(
            contact=OuterRef("contact"),
            information_flow=InformationFlow.INBOUND,
            date__gte=OuterRef("date"),
            pk__gt=OuterRef("pk"),
        )
        silent = Q(evaluation="") & ~Q(Exists(later.order_by()))
        return qs.filter(~silent if value else silent)


def logged_ids(numbers: Sequence[str]) -> list[int]:
    """The ids of logged segments, which the log has an index of, by their numbers."""
    found = LoggedSegment.objects.filter(segment_number__in=numbers).order_by("pk")
    return list(found.values_list("pk", flat=True))


class NextTaskFilter(django_filters.Filter):
    """The day of the next open task lies within a stretch of days, or there is none."""

    field_class = DatesField

    def filter(self, qs: QuerySet[Any], value: Dates | None) -> QuerySet[Any]:
        if not value:
            return qs
        waiting = Task.objects.filter(contact=OuterRef("pk"), done_at=None).order_by()
        if "never" in value:
            return qs.filter(~Exists(waiting))
        first, _last = value.ends()
        qs = qs.filter(Exists(value.within(waiting, "due")))
        return qs.filter(~Exists(waiting.filter(due__lt=first))) if first else qs


class OfSegmentFilter(NumbersFilter):
    """What these segments said, and the calls that were made from them while they were open."""

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        if not value:
            return qs
        calls = Q(logged_segment=None, segment_number__in=value)
        return qs.filter(Q(logged_segment__in=logged_ids(value)) | calls)


class InteractionCriteriaFilter(FilterSet):
    """Interactions, as criteria ask for them: cancelled and postponed ones never match."""

    date = DatesFilter("date", label=_("Date"))
    segment = OfSegmentFilter(
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
    answered = AnsweredFilter(label=_("Answered"))

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
    campaign_target = FlagFilter("campaign_target", label=_("Campaign target"))
    campaign_response = FlagFilter("campaign_response", label=_("Campaign response"))

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


class StateFilter(django_filters.Filter):
    """Open, overdue, or done."""

    field_class = ChoicesField

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        asked = {
            "open": Q(done_at=None),
            "overdue": Q(done_at=None, due__lt=timezone.localdate()),
            "done": Q(done_at__isnull=False),
        }
        wanted = Q(pk__in=())
        for one in value or ():
            wanted |= asked[one]
        return qs.filter(wanted) if value else qs


TASK_STATES = [("open", _("Open")), ("overdue", _("Overdue")), ("done", _("Carried out"))]


class TaskFilter(FilterSet):
    """Tasks, for their list."""

    search = WordsFilter("description", label=_("Search"))
    state = StateFilter(label=_("State"), choices=TASK_STATES)
    due = DatesFilter("due", label=_("Due"))
    contact = NumbersFilter("contact__number", label=_("Contact no."), model=Contact)
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    segment = ValuesFilter("segment_number", label=_("Segment no."))

    class Meta:
        model = Task
        fields: ClassVar[list[str]] = []


class CampaignEntryFilter(FilterSet):
    """Pushes of campaigns, for their list."""

    campaign = CodesFilter("campaign", label=_("Campaign"), model=Campaign, code="number")
    date = DatesFilter("date", label=_("Date"))
    cancelled = FlagFilter("cancelled", label=_("Cancelled"))

    class Meta:
        model = CampaignEntry
        fields: ClassVar[list[str]] = []


class TargetFilter(FilterSet):
    """Targets of campaigns, for their list."""

    search = TextFilter("contact__search_text", label=_("Search"))
    campaign = CodesFilter("campaign", label=_("Campaign"), model=Campaign, code="number")
    active = FlagFilter("active", label=_("Active"))
    by_hand = FlagFilter("by_hand", label=_("By hand"))

    class Meta:
        model = CampaignTarget
        fields: ClassVar[list[str]] = []


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
