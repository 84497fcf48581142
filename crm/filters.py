"""One FilterSet a table, for its list page and for the criteria of segments alike.

A filter here never joins a table that can hold several rows of a contact, so nothing is ever
doubled and nothing needs distinct(): criteria ask linked tables by Exists (segments/criteria.py).
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.choices import CorrespondenceType
from crm.codes import CodesField
from crm.dates import Dates, DatesField
from crm.fields import (
    AmountField,
    ChoicesField,
    FlagField,
    NumbersField,
    PostCodesField,
    TextField,
    ValuesField,
)
from crm.languages import LANGUAGES
from crm.lookups import asked_words
from crm.models import (
    BusinessRelation,
    Campaign,
    CampaignStatus,
    Channel,
    Consent,
    ConsentSource,
    ConsentState,
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    ContactType,
    DuplicatePair,
    FormerNumber,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
    ProfileAnswer,
    ProfileQuestionnaire,
    Purchase,
    Salesperson,
    Territory,
    nowhere,
)

Rows = QuerySet[Any]


class InFilter(django_filters.Filter):
    """The column has one of the values."""

    def filter(self, qs: Rows, value: Sequence[Any] | None) -> Rows:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class ValuesFilter(InFilter):
    """One of the values typed."""

    field_class = ValuesField


class NumbersFilter(InFilter):
    """One of the rows whose numbers are typed."""

    field_class = NumbersField


class ContactNumbersField(NumbersField):
    """Numbers of contacts; those of contacts that were merged into others are known, too."""

    def known(self, numbers: list[str]) -> set[str]:
        """Those that a contact has or had."""
        former = FormerNumber.objects.filter(number__in=numbers).values_list("number", flat=True)
        return super().known(numbers) | set(former)


class ContactNumbersFilter(NumbersFilter):
    """One of the contacts whose numbers, of today or from before a merge, are typed."""

    field_class = ContactNumbersField

    def filter(self, qs: Rows, value: Sequence[str] | None) -> Rows:
        return super().filter(qs, current_numbers(value) if value else None)


def current_numbers(numbers: Sequence[str]) -> list[str]:
    """The numbers that contacts have today, of which some may be from before a merge."""
    in_use = Contact.objects.filter(number__in=numbers).order_by().values("number")
    former = FormerNumber.objects.filter(number__in=numbers).exclude(number__in=in_use)
    renamed = dict(former.values_list("number", "contact__number"))
    return [renamed.get(number, number) for number in numbers]


class CompanyFilter(ContactNumbersFilter):
    """One of the companies whose numbers are typed: the company itself and its people."""

    def filter(self, qs: Rows, value: Sequence[str] | None) -> Rows:
        if not value:
            return qs
        numbers = current_numbers(value)
        companies = Contact.objects.filter(number__in=numbers, type=ContactType.COMPANY).order_by()
        ids = list(companies.values_list("pk", flat=True))
        return qs.filter(Q(pk__in=ids) | Q(company_id__in=ids))


class ChoicesFilter(InFilter):
    """One of the choices ticked."""

    field_class = ChoicesField


class CodesFilter(InFilter):
    """One of the rows of a set-up table. Asks by id: their table need not be joined."""

    field_class = CodesField

    def filter(self, qs: Rows, value: Sequence[Any] | None) -> Rows:
        return super().filter(qs, [row.pk for row in value] if value else None)


class TextFilter(django_filters.Filter):
    """The column, which is kept casefolded, contains each of the words."""

    field_class = TextField

    def filter(self, qs: Rows, value: str | None) -> Rows:
        for word in (value or "").casefold().split():
            qs = qs.filter(**{f"{self.field_name}__contains": word})
        return qs


class SearchFilter(django_filters.Filter):
    """A word of the column, which is kept casefolded, begins with each of the words typed."""

    field_class = TextField

    def filter(self, qs: Rows, value: str | None) -> Rows:
        for word in asked_words(value or ""):
            qs = qs.filter(**{f"{self.field_name}__begins_word": word})
        return qs


class PostCodesFilter(django_filters.Filter):
    """The column begins with one of the values, or lies in one of the ranges, ends included."""

    field_class = PostCodesField

    def filter(self, qs: Rows, value: Sequence[str] | None) -> Rows:
        wanted = Q()
        for text in value or ():
            first, dots, last = (part.strip() for part in text.partition(".."))
            begins = Q(**{f"{self.field_name}__startswith": last if dots else first})
            between = {f"{self.field_name}__gte": first, f"{self.field_name}__lte": last}
            wanted |= begins | Q(**between) if dots else begins
        return qs.filter(wanted)


class FilledFilter(django_filters.Filter):
    """Whether a text column has anything in it."""

    field_class = FlagField

    def filter(self, qs: Rows, value: bool | None) -> Rows:
        if value is None:
            return qs
        empty = Q(**{self.field_name: ""})
        return qs.exclude(empty) if value else qs.filter(empty)


class AddressFilter(django_filters.Filter):
    """Whether a letter would arrive: a street or a box, and a city."""

    field_class = FlagField

    def filter(self, qs: Rows, value: bool | None) -> Rows:
        if value is None:
            return qs
        return qs.exclude(nowhere()) if value else qs.filter(nowhere())


class FlagFilter(django_filters.Filter):
    """A yes-or-no column."""

    field_class = FlagField

    def filter(self, qs: Rows, value: bool | None) -> Rows:
        return qs if value is None else qs.filter(**{self.field_name: value})


class DatesFilter(django_filters.Filter):
    """A day within a stretch of days, both ends included. `lookup` is "__date" for moments."""

    field_class = DatesField

    def __init__(self, *args: Any, lookup: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.lookup = lookup

    def filter(self, qs: Rows, value: Dates | None) -> Rows:
        if not value:
            return qs
        return value.within(qs, f"{self.field_name}{self.lookup}")


class AtLeastFilter(django_filters.Filter):
    """A number not below the one given."""

    field_class = AmountField

    def filter(self, qs: Rows, value: Any) -> Rows:
        return qs if value is None else qs.filter(**{f"{self.field_name}__gte": value})


class FilterSet(django_filters.FilterSet):
    """What all our filter sets share."""

    @property
    def in_force(self) -> dict[str, Any]:
        """The cleaned values of the filters that were filled in, by name; all of them valid."""
        self.form.is_valid()  # cleans it, once
        cleaned = getattr(self.form, "cleaned_data", {})
        empty: tuple[Any, ...] = (None, "", [], {})
        return {name: value for name, value in cleaned.items() if value not in empty}


def offer(filterset: type[FilterSet], name: str, one: django_filters.Filter) -> None:
    """Adds what only a floor above can ask to a filter set of this one; called by its ready()."""
    filterset.base_filters[name] = one


class ContactFilter(FilterSet):
    """Contacts."""

    search = SearchFilter("search_text", label=_("Search"))
    number = ContactNumbersFilter("number", label=_("Number"), model=Contact)
    name = TextFilter("search_name", label=_("Name"))
    type = ChoicesFilter("type", label=_("Type"), choices=ContactType.choices)
    company = CompanyFilter("company", label=_("Company no."), model=Contact)
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    territory = CodesFilter("territory", label=_("Territory"), model=Territory)
    country = ChoicesFilter("country", label=_("Country"), choices=lambda: list(countries))
    city = ValuesFilter("city", label=_("City"))
    post_code = PostCodesFilter("post_code", label=_("Post code"))
    language = ChoicesFilter("language", label=_("Language"), choices=LANGUAGES)
    organizational_level = CodesFilter(
        "organizational_level", label=_("Organizational level"), model=OrganizationalLevel
    )
    correspondence_type = ChoicesFilter(
        "correspondence_type", label=_("Correspondence type"), choices=CorrespondenceType.choices
    )
    has_email = FilledFilter("email", label=_("Has an e-mail address"))
    has_address = AddressFilter("address", label=_("Has a postal address"))
    created = DatesFilter("created_at", label=_("Created"), lookup="__date")

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []


class DuplicateFilter(FilterSet):
    """Contacts that look like the same one; those of whom somebody said no only when asked for."""

    dismissed = FlagFilter("dismissed", label=_("Said not to be the same"))

    class Meta:
        model = DuplicatePair
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Without the dismissed ones, unless they are asked for."""
        asked = self.form.cleaned_data["dismissed"]
        return super().filter_queryset(queryset if asked else queryset.filter(dismissed=False))


class ProfileAnswerFilter(FilterSet):
    """Answers that contacts gave."""

    questionnaire = CodesFilter(
        "answer__question__questionnaire",
        label=_("Profile questionnaire"),
        model=ProfileQuestionnaire,
    )
    answer = CodesFilter("answer", label=_("Answer"), model=ProfileAnswer)

    class Meta:
        model = ContactProfileAnswer
        fields: ClassVar[list[str]] = []


class MailingGroupFilter(FilterSet):
    """Memberships of mailing groups."""

    group = CodesFilter("group", label=_("Mailing group"), model=MailingGroup)

    class Meta:
        model = ContactMailingGroup
        fields: ClassVar[list[str]] = []


class JobResponsibilityFilter(FilterSet):
    """Responsibilities of persons."""

    responsibility = CodesFilter(
        "responsibility", label=_("Job responsibility"), model=JobResponsibility
    )

    class Meta:
        model = ContactJobResponsibility
        fields: ClassVar[list[str]] = []


class IndustryGroupFilter(FilterSet):
    """Industries of companies."""

    group = CodesFilter("group", label=_("Industry group"), model=IndustryGroup)

    class Meta:
        model = ContactIndustryGroup
        fields: ClassVar[list[str]] = []


class BusinessRelationFilter(FilterSet):
    """Relations of companies to us."""

    relation = CodesFilter("relation", label=_("Business relation"), model=BusinessRelation)

    class Meta:
        model = ContactBusinessRelation
        fields: ClassVar[list[str]] = []


class PurchaseFilter(FilterSet):
    """Purchases."""

    item = ValuesFilter("item", label=_("Item"))
    item_category = ValuesFilter("item_category", label=_("Item category"))
    posting_date = DatesFilter("posting_date", label=_("Posting date"))
    minimum_amount = AtLeastFilter("amount", label=_("Amount at least"))

    class Meta:
        model = Purchase
        fields: ClassVar[list[str]] = []


class ConsentFilter(FilterSet):
    """What contacts said of channels, as it holds now; what was overruled never matches."""

    channel = ChoicesFilter("channel", label=_("Channel"), choices=Channel.choices)
    state = ChoicesFilter("state", label=_("What was said"), choices=ConsentState.choices)
    source = ChoicesFilter("source", label=_("Source"), choices=ConsentSource.choices)
    date = DatesFilter("date", label=_("Date"))

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Only what holds now."""
        return super().filter_queryset(queryset.filter(is_current=True))


class CampaignFilter(FilterSet):
    """Campaigns."""

    number = ValuesFilter("number", label=_("Number"))
    status = ChoicesFilter("status", label=_("Status"), choices=CampaignStatus.choices)
    salesperson = CodesFilter("salesperson", label=_("Salesperson"), model=Salesperson)
    starting_date = DatesFilter("starting_date", label=_("Starting date"))

    class Meta:
        model = Campaign
        fields: ClassVar[list[str]] = []
