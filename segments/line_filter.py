"""The filter set of the lines of a segment: by their contacts, and by what they say."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.choices import CorrespondenceType
from crm.codes import CodesField
from crm.fields import ChoicesField
from crm.filters import ChoicesFilter, CodesFilter, FilterSet, SearchFilter
from crm.languages import LANGUAGES
from crm.models import ContactIndustryGroup, ContactType, IndustryGroup, Territory
from segments.models import LineOverride, SegmentLine

ANYTHING = "anything"


class OwnFilter(django_filters.Filter):
    """The line says one of these things itself, or anything at all."""

    field_class = ChoicesField

    def filter(self, qs: QuerySet[Any], value: Sequence[str] | None) -> QuerySet[Any]:
        if not value:
            return qs
        fields: Any = LineOverride._meta.concrete_fields
        said = Q(pk__in=())
        for field in fields:
            if field.name != "line" and (field.name in value or ANYTHING in value):
                empty = {field.name: None} if field.null else {field.name: ""}
                said |= ~Q(**empty)
        saying = LineOverride.objects.filter(said, line=OuterRef("pk"))
        return qs.filter(Exists(saying))


def own_choices() -> list[tuple[str, Any]]:
    """What a line can say itself."""
    fields: Any = LineOverride._meta.concrete_fields
    own = [(one.name, capfirst(str(one.verbose_name))) for one in fields if one.name != "line"]
    return [(ANYTHING, _("anything")), *own]


class IndustryOfLineFilter(django_filters.Filter):
    """The contact, or the company it belongs to, works in one of the industries."""

    field_class = CodesField

    def filter(self, qs: QuerySet[Any], value: Sequence[Any] | None) -> QuerySet[Any]:
        if not value:
            return qs
        links = ContactIndustryGroup.objects.filter(group__in=[row.pk for row in value])
        house = Coalesce(OuterRef("contact__company_id"), OuterRef("contact_id"))
        return qs.filter(Exists(links.filter(contact=house)))


class LineFilter(FilterSet):
    """Lines of a segment. They carry says_language and says_correspondence_type where asked."""

    search = SearchFilter("contact__search_text", label=_("Search"))
    own = OwnFilter(label=_("Says itself"), choices=own_choices)
    type = ChoicesFilter("contact__type", label=_("Type"), choices=ContactType.choices)
    territory = CodesFilter("contact__territory", label=_("Territory"), model=Territory)
    # Named unlike what lines say: a form that sets a value on all that are meant posts both.
    language_is = ChoicesFilter("says_language", label=_("Language"), choices=LANGUAGES)
    correspondence_is = ChoicesFilter(
        "says_correspondence_type",
        label=_("Correspondence type"),
        choices=CorrespondenceType.choices,
    )
    industry = IndustryOfLineFilter(label=_("Industry group"), model=IndustryGroup)

    class Meta:
        model = SegmentLine
        fields: ClassVar[list[str]] = []
