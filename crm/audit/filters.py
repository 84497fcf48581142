"""What one may ask of the audit trail."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.audit.tables import watched
from crm.fields import TextField
from crm.filters import ChoicesFilter, DatesFilter, FilterSet, ValuesFilter
from crm.models import AuditEntry, AuditVerb


class LabelFilter(django_filters.Filter):
    """The number or code itself, in either case; found by its index."""

    field_class = TextField

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        text = (value or "").strip()
        return qs.filter(label__in={text, text.upper(), text.lower()}) if text else qs


def _kinds() -> list[tuple[str, str]]:
    names = ((one.kind, one.name) for one in watched.values())
    return sorted(names, key=lambda pair: pair[1].casefold())


class AuditFilter(FilterSet):
    """Changes, by record, kind, person and day."""

    search = LabelFilter(label=_("Number, code or user name"))
    kind = ChoicesFilter("kind", label=_("Kind"), choices=_kinds)
    verb = ChoicesFilter("verb", label=_("What was done"), choices=AuditVerb.choices)
    by = ValuesFilter("by", label=_("By"))
    at = DatesFilter("at", label=_("When"), lookup="__date")
    act = ValuesFilter("act", label=_("By way of"))
    request = ValuesFilter("request", label=_("Request"))

    class Meta:
        model = AuditEntry
        fields: ClassVar[list[str]] = []
