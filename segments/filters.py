"""Filter sets of the worksheet, and the contact's with what only this floor knows."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.dates import Dates, DatesField
from crm.fields import NumbersField
from crm.filters import CodesFilter, ContactFilter, DatesFilter, FilterSet
from crm.models import Contact, Salesperson
from interactions.filters import NextTaskFilter, WordsFilter, logged_ids
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
        _first, last = value.ends()
        qs = qs.filter(Exists(value.within(counted, "date")))
        return qs.filter(~Exists(counted.filter(date__gt=last))) if last else qs


class ContactCriteriaFilter(ContactFilter):
    """Contacts, as criteria ask for them."""

    last_interaction = LastInteractionFilter(label=_("Last interaction"), never=True)
    next_task = NextTaskFilter(label=_("Next task"), never=True)

    class Meta(ContactFilter.Meta):
        model = Contact


def contact_question(query: QueryDict) -> list[tuple[str, str]]:
    """What the query of a list of contacts asks, as the criteria form would post it."""
    fields = ContactCriteriaFilter.base_filters  # their form's fields are called the same
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


class SegmentsFilter(django_filters.Filter):
    """What both filters by segment share: they look segments up once for a question."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._known: dict[Any, Any] = {}

    def open_ones(self, value: Sequence[str]) -> "Standing":
        """Those that are open, and where they stand."""
        asked = ("open", *value)
        if asked not in self._known:
            found = Segment.objects.filter(number__in=value).order_by("pk")
            rows = found.values_list("number", "pk", "current_step")
            self._known[asked] = {number: (pk, step) for number, pk, step in rows}
        standing: Standing = self._known[asked]
        return standing

    def logged_ones(self, value: Sequence[str]) -> list[int]:
        """The ids of those that are logged."""
        asked = ("logged", *value)
        if asked not in self._known:
            self._known[asked] = logged_ids(value)
        ids: list[int] = self._known[asked]
        return ids


class OnSegmentFilter(SegmentsFilter):
    """The contact stands in one of the open segments; of one logged since, it was in that."""

    field_class = SegmentNumbersField

    def condition(self, value: Sequence[str], of: str) -> Q:
        """The question as a condition; `of` names the contact in the rows that are asked."""
        open_ones = self.open_ones(value)
        logged = [number for number in value if number not in open_ones]
        wanted = Q()
        if open_ones:
            wanted |= Q(on_open_segment(open_ones, of=of))
        if not logged:
            return wanted
        return wanted | Q(on_logged_segment(self.logged_ones(logged), of=of))


class OnLoggedSegmentFilter(SegmentsFilter):
    """The contact was written to by one of the logged segments; cancelled entries do not count."""

    field_class = NumbersField

    def condition(self, value: Sequence[str], of: str) -> Q:
        """As that of OnSegmentFilter."""
        return Q(on_logged_segment(self.logged_ones(value), of=of))

    def among(self, value: Sequence[str], of: str) -> Q:
        """The same, where it is not going to be negated."""
        return among_logged(self.logged_ones(value), of=of)


# Segments by number: the id, and the step where it stands.
Standing = dict[str, tuple[int, int]]


def on_open_segment(numbers: Standing | None = None, *, of: str = "pk") -> Exists:
    """A line of one of these segments (of any) that the segment's pointer has not undone."""
    pointer = F("segment__current_step")
    lines = SegmentLine.objects.filter(contact=OuterRef(of))
    if numbers and len(numbers) <= FEW_SEGMENTS:
        return Exists(lines.filter(_in_force(numbers)))
    lines = lines.filter(
        Q(removed_step=None) | Q(removed_step__gt=pointer), added_step__lte=pointer
    )
    return Exists(lines.filter(segment__number__in=list(numbers)) if numbers else lines)


def _in_force(numbers: Standing) -> Q:
    """The lines of a few segments where they stand now, without a join: it misleads the planner."""
    wanted = Q(pk__in=())
    for segment, step in numbers.values():
        kept = Q(removed_step=None) | Q(removed_step__gt=step)
        wanted |= Q(kept, segment=segment, added_step__lte=step)
    return wanted


class _SoughtByContact(Func):
    """A column that SQLite is not to search by.

    Without statistics it would take that index and look through the whole logged segment for each
    contact, instead of looking through the contact's few entries.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def on_logged_segment(ids: Sequence[int] | None = None, *, of: str = "pk") -> Exists:
    """An entry of one of these logged segments (of any) that counts.

    The segments are looked up first and named by their ids, which the log has an index of: so
    PostgreSQL reads the entries of just these segments and not the whole log.
    """
    entries = InteractionLogEntry.objects.counted().filter(contact=OuterRef(of))
    if ids is None:
        return Exists(entries.filter(logged_segment__isnull=False))
    of_segment = _SoughtByContact("logged_segment_id")
    return Exists(entries.alias(of_segment=of_segment).filter(of_segment__in=ids))


def among_logged(ids: Sequence[int], *, of: str) -> Q:
    """The same as a set that is read once; never to be negated: PostgreSQL would not end."""
    entries = InteractionLogEntry.objects.counted().filter(logged_segment__in=ids)
    return Q(**{f"{of}__in": entries.exclude(contact=None).order_by().values("contact")})


class OnSegmentsFilter(FilterSet):
    """Contacts, by the segments they stand on: open ones, logged ones, or any."""

    segment = OnSegmentFilter(label=_("Open segment"), model=Segment)
    logged_segment = OnLoggedSegmentFilter(
        label=_("Logged segment"), model=LoggedSegment, number="segment_number"
    )

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def condition(self, of: str, *, negated: bool = True) -> Q:
        """What is asked, of contacts ("pk") or of rows that name one ("contact").

        Where no segment is named, any open or logged one will do. Whoever will not negate it may
        say so: then it may be asked in a way that is faster.
        """
        if not self.in_force:
            return Q(on_open_segment(of=of)) | Q(on_logged_segment(of=of))
        wanted = Q()
        for name, value in self.in_force.items():
            one = self.filters[name]
            ask = one.condition if negated else getattr(one, "among", one.condition)
            wanted &= ask(value, of)
        return wanted

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The contacts among these."""
        return queryset.filter(self.condition("pk"))


class SegmentFilter(FilterSet):
    """Open segments, for their list."""

    search = WordsFilter("number", "description", label=_("Search"))
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    template = CodesFilter("template", label=_("Interaction template"), model=InteractionTemplate)
    date = DatesFilter("date", label=_("Date"))

    class Meta:
        model = Segment
        fields: ClassVar[list[str]] = []


class SavedCriteriaFilter(FilterSet):
    """Saved criteria, for their list."""

    search = WordsFilter("code", "description", label=_("Search"))

    class Meta:
        model = SavedCriteria
        fields: ClassVar[list[str]] = []
