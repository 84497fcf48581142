"""Filter sets of the worksheet, and the contact's with what only this floor knows."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.dates import Dates, DatesField
from crm.fields import NumbersField
from crm.filters import CodesFilter, ContactFilter, DatesFilter, FilterSet, SearchFilter
from crm.models import Contact, Salesperson
from interactions.filters import WordsFilter
from interactions.models import InteractionLogEntry, InteractionTemplate, LoggedSegment
from segments.models import SavedCriteria, Segment, SegmentLine


class LastInteractionFilter(django_filters.Filter):
    """The day of the last interaction that counts lies within a stretch of days, or never was.

    Asked as "one in there or earlier than its end, and none after": no maximum needs computing.
    """

    field_class = DatesField

    def filter(self, qs: QuerySet[Any], value: Dates | None) -> QuerySet[Any]:
        if not value:
            return qs
        counted = InteractionLogEntry.objects.counted().filter(
            contact=OuterRef("pk"), attempt_failed=False
        )
        if "never" in value:
            return qs.filter(~Exists(counted))
        first, last = value.ends()
        within = counted.filter(date__gte=first) if first else counted
        within = within.filter(date__lte=last) if last else within
        qs = qs.filter(Exists(within))
        return qs.filter(~Exists(counted.filter(date__gt=last))) if last else qs


class ContactCriteriaFilter(ContactFilter):
    """Contacts, as criteria ask for them."""

    last_interaction = LastInteractionFilter(label=_("Last interaction"), never=True)

    class Meta(ContactFilter.Meta):
        model = Contact


def contact_question(query: QueryDict) -> list[tuple[str, str]]:
    """What the query of a list of contacts asks, as the criteria form would post it."""
    fields = ContactCriteriaFilter(None).form.fields
    return [
        (f"contact-{name}", value)
        for name, values in query.lists()
        if name in fields or name.rpartition("_")[0] in fields
        for value in values
        if value
    ]


# More segments than this are joined instead of named one by one.
FEW_SEGMENTS = 20


class SegmentNumbersField(NumbersField):
    """Numbers of segments; one that has been logged since is still known."""

    def known(self, numbers: list[str]) -> set[str]:
        """Open ones, and those that were."""
        logged = LoggedSegment.objects.filter(segment_number__in=numbers)
        return super().known(numbers) | set(logged.values_list("segment_number", flat=True))


class OnSegmentFilter(django_filters.Filter):
    """The contact stands in one of the open segments; of one logged since, it was in that."""

    field_class = SegmentNumbersField

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        if not value:
            return qs
        found = Segment.objects.filter(number__in=value).order_by()
        open_ones = list(found.values_list("number", flat=True))
        logged = [number for number in value if number not in open_ones]
        if open_ones and logged:
            return qs.filter(on_open_segment(open_ones) | on_logged_segment(logged))
        return qs.filter(on_logged_segment(logged) if logged else on_open_segment(open_ones))


class OnLoggedSegmentFilter(django_filters.Filter):
    """The contact was written to by one of the logged segments; cancelled entries do not count."""

    field_class = NumbersField

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        return qs.filter(on_logged_segment(value)) if value else qs


def on_open_segment(numbers: Sequence[str] | None = None) -> Exists:
    """A line of one of these segments (of any) that the segment's pointer has not undone."""
    pointer = F("segment__current_step")
    lines = SegmentLine.objects.filter(contact=OuterRef("pk"))
    if numbers and len(numbers) <= FEW_SEGMENTS:
        return Exists(lines.filter(_in_force(numbers)))
    lines = lines.filter(
        Q(removed_step=None) | Q(removed_step__gt=pointer), added_step__lte=pointer
    )
    return Exists(lines.filter(segment__number__in=numbers) if numbers else lines)


def _in_force(numbers: Sequence[str]) -> Q:
    """The lines of a few segments where they stand now, without a join: it misleads the planner."""
    found = Segment.objects.filter(number__in=numbers).order_by("pk")
    wanted = Q(pk__in=())
    for segment, step in found.values_list("pk", "current_step"):
        kept = Q(removed_step=None) | Q(removed_step__gt=step)
        wanted |= Q(kept, segment=segment, added_step__lte=step)
    return wanted


def on_logged_segment(numbers: Sequence[str] | None = None) -> Exists:
    """An entry of one of these logged segments (of any) that counts."""
    entries = InteractionLogEntry.objects.counted().filter(
        contact=OuterRef("pk"), logged_segment__isnull=False
    )
    return Exists(entries.filter(segment_number__in=numbers) if numbers else entries)


class OnSegmentsFilter(FilterSet):
    """Contacts, by the segments they stand on: open ones, logged ones, or any."""

    segment = OnSegmentFilter(label=_("Open segment"), model=Segment)
    logged_segment = OnLoggedSegmentFilter(
        label=_("Logged segment"), model=LoggedSegment, number="segment_number"
    )

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Where no segment is named, any open or logged one will do."""
        if not self.in_force:
            return queryset.filter(on_open_segment() | on_logged_segment())
        return super().filter_queryset(queryset)


class SegmentFilter(FilterSet):
    """Open segments, for their list."""

    search = WordsFilter("number", "description", label=_("Search"))
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    template = CodesFilter("template", label=_("Interaction template"), model=InteractionTemplate)
    date = DatesFilter("date", label=_("Date"))

    class Meta:
        model = Segment
        fields: ClassVar[list[str]] = []


class LineFilter(FilterSet):
    """Lines of a segment, by the words of their contacts."""

    search = SearchFilter("contact__search_text", label=_("Search"))

    class Meta:
        model = SegmentLine
        fields: ClassVar[list[str]] = []


class SavedCriteriaFilter(FilterSet):
    """Saved criteria, for their list."""

    search = WordsFilter("code", "description", label=_("Search"))

    class Meta:
        model = SavedCriteria
        fields: ClassVar[list[str]] = []
