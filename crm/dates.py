"""The form field of filters for days: from..to, the last so many, or never. See fields.py."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _


class Dates(Mapping[str, Any]):
    """A stretch of days: from and to (included, either may be open), the last so many, or never."""

    UNITS: ClassVar[dict[str, Any]] = {
        "days": _("days"),
        "weeks": _("weeks"),
        "months": _("months"),
        "years": _("years"),
    }

    IN_THE_LAST: ClassVar[dict[str, Any]] = {
        "days": ngettext_lazy("in the last day", "in the last %(count)d days", "count"),
        "weeks": ngettext_lazy("in the last week", "in the last %(count)d weeks", "count"),
        "months": ngettext_lazy("in the last month", "in the last %(count)d months", "count"),
        "years": ngettext_lazy("in the last year", "in the last %(count)d years", "count"),
    }

    def __init__(self, **values: Any) -> None:
        self.values_given = {
            key: value for key, value in values.items() if value not in (None, "", False)
        }

    def __getitem__(self, key: str) -> Any:
        return self.values_given[key]

    def __iter__(self) -> Any:
        return iter(self.values_given)

    def __len__(self) -> int:
        return len(self.values_given)

    def ends(self) -> tuple[datetime.date | None, datetime.date | None]:
        """First and last day; relative dates are counted from today, each time anew."""
        if "last" in self:
            today = timezone.localdate()
            return today - relativedelta(**{self["unit"]: self["last"]}), today
        return self.get("from"), self.get("to")

    def within(self, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        """The rows whose day in this column lies between the ends."""
        first, last = self.ends()
        rows = rows.filter(**{f"{column}__gte": first}) if first else rows
        return rows.filter(**{f"{column}__lte": last}) if last else rows


class DatesWidget(forms.MultiWidget):
    """Two dates, or a number and a unit; posted as name_from, _to, _last, _unit and _never."""

    template_name = "generic/dates.html"

    def __init__(self, *, never: bool = False) -> None:
        date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "from": date,
            "to": date,
            "last": forms.NumberInput(attrs={"min": 1, "max": 999}),
            "unit": forms.Select(choices=list(Dates.UNITS.items())),
        }
        if never:
            widgets["never"] = forms.CheckboxInput()
        super().__init__(widgets)
        self.keys = list(widgets)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Gives the list and the tick box the look of their kind, not that of a box to type in."""
        context = super().get_context(name, value, attrs)
        for part in context["widget"]["subwidgets"]:
            if "optgroups" in part:
                part["attrs"]["class"] = "form-select form-select-sm"
            elif part["type"] == "checkbox":
                part["attrs"]["class"] = "form-check-input"
        return context

    def decompress(self, value: Any) -> list[Any]:
        return [value.get(key) if value else None for key in self.keys]


class DatesField(forms.MultiValueField):
    """Days from..to, or the last so many days, weeks, months or years; cleaned to Dates."""

    shape: ClassVar[str] = "dict"

    def __init__(self, *, never: bool = False, **options: Any) -> None:
        fields: list[forms.Field] = [
            forms.DateField(required=False, input_formats=["%Y-%m-%d"]),
            forms.DateField(required=False, input_formats=["%Y-%m-%d"]),
            forms.IntegerField(required=False, min_value=1, max_value=999),
            forms.ChoiceField(required=False, choices=list(Dates.UNITS.items())),
        ]
        if never:
            fields.append(forms.BooleanField(required=False))
        self.keys = ("from", "to", "last", "unit", "never")[: len(fields)]
        options["require_all_fields"] = False
        super().__init__(fields, widget=DatesWidget(never=never), **options)

    def compress(self, data_list: list[Any]) -> Dates | None:
        given = dict(zip(self.keys, data_list or (), strict=False))
        if not given.get("last"):
            given.pop("unit", None)
        elif not given.get("unit"):
            given["unit"] = "days"
        dates = Dates(**given)
        self._refuse_contradictions(dates)
        return dates or None

    def _refuse_contradictions(self, dates: Dates) -> None:
        ways = ("from" in dates or "to" in dates) + ("last" in dates) + ("never" in dates)
        if ways > 1:
            raise ValidationError(_("Give dates, or a number of days, or “never”: one of them."))
        if "from" in dates and "to" in dates and dates["from"] > dates["to"]:
            raise ValidationError(_("The last day is before the first."))

    def to_json(self, value: Dates) -> dict[str, Any]:
        return {
            key: part.isoformat() if isinstance(part, datetime.date) else part
            for key, part in value.items()
        }

    def words(self, value: Dates) -> str:
        if "never" in value:
            return gettext("never")
        if "last" in value:
            return str(Dates.IN_THE_LAST[value["unit"]] % {"count": value["last"]})
        first, last = (date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in value.ends())
        return f"{first}–{last}"
