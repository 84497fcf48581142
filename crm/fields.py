"""Form fields for filters: each reads what a form posts, says itself, and goes to JSON and back.

A filter's parameters are stored as JSON in codes, never ids, and validated by the same form each
time they are used. `shape` tells what JSON a field takes: "list", "text", "number", "flag" or
"dict" (then `keys` are its keys, and the form posts them as name_key).
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

MOST_VALUES = 10_000
LONGEST_VALUE = 200


def any_of(words: Iterable[str]) -> str:
    """Values joined by "or", in the reader's language."""
    listed = list(words)
    if len(listed) > 6:
        more = len(listed) - 5
        listed = [*listed[:5], ngettext("%d more", "%d more", more) % more]
    if len(listed) < 2:
        return "".join(listed)
    return gettext("%(all_but_last)s or %(last)s") % {
        "all_but_last": ", ".join(listed[:-1]),
        "last": listed[-1],
    }


class TextField(forms.CharField):
    """Some text that is looked for."""

    shape: ClassVar[str] = "text"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_VALUE, **options})

    def to_json(self, value: str) -> str:
        return value

    def words(self, value: str) -> str:
        return gettext("“%s”") % value


class AmountField(forms.DecimalField):
    """A sum of money, zero or more."""

    shape: ClassVar[str] = "number"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_digits": 14, "decimal_places": 2, **options})

    def to_json(self, value: Any) -> str:
        return str(value)

    def words(self, value: Any) -> str:
        return str(value)


class FlagField(forms.TypedChoiceField):
    """Yes, no, or not asked."""

    shape: ClassVar[str] = "flag"

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", "---"), ("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **options,
        )

    def to_json(self, value: bool) -> bool:
        return value

    def words(self, value: bool) -> str:
        return gettext("yes") if value else gettext("no")


class ValuesInput(forms.TextInput):
    """One line for several values; a query string may also name them one by one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return ", ".join(given)


class ValuesField(forms.CharField):
    """Several values typed with commas, semicolons, tabs or line ends between them."""

    shape: ClassVar[str] = "list"
    widget = ValuesInput

    def to_python(self, value: Any) -> Any:
        """The values as typed, without doubles, in order."""
        text = super().to_python(value) or ""
        for separator in (";", "\t", "\n", "\r"):
            text = text.replace(separator, ",")
        values = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        if len(values) > MOST_VALUES:
            raise ValidationError(_("At most %d values, please.") % MOST_VALUES)
        return values

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_json(self, value: Sequence[str]) -> list[str]:
        return list(value)

    def words(self, value: Sequence[str]) -> str:
        return any_of(value)


class NumbersField(ValuesField):
    """Numbers of rows of a large table; each must be there. Cleaned to a list of numbers."""

    def __init__(
        self, *, model: type[models.Model], number: str = "number", **options: Any
    ) -> None:
        super().__init__(**options)
        self.model, self.number = model, number

    def clean(self, value: Any) -> list[str]:
        """The numbers; refuses those that no row has, by name."""
        numbers: list[str] = super().clean(value)
        found = self.model._default_manager.filter(**{f"{self.number}__in": numbers})
        refuse_unknown(numbers, set(found.values_list(self.number, flat=True)))
        return numbers


class ChoicesField(forms.MultipleChoiceField):
    """Several of a fixed list. Cleaned to a list of values."""

    shape: ClassVar[str] = "list"

    def to_json(self, value: Sequence[str]) -> list[str]:
        return list(value)

    def words(self, value: Sequence[str]) -> str:
        choices: Any = self.choices
        labels = {str(key): str(label) for key, label in choices}
        return any_of(labels[key] for key in value)


class CodesField(forms.MultipleChoiceField):
    """Several rows of a set-up table, by their codes. Cleaned to a list of rows."""

    shape: ClassVar[str] = "list"

    def __init__(self, *, model: type[models.Model], code: str = "code", **options: Any) -> None:
        self.model, self.code = model, code
        super().__init__(choices=self.rows, **options)

    def rows(self) -> list[tuple[str, str]]:
        """Every code with its description, for the list to choose from."""
        return [
            (getattr(row, self.code), self.said(row)) for row in self.model._default_manager.all()
        ]

    def said(self, row: models.Model) -> str:
        """A row as the reader sees it: its description, and the code where they differ."""
        code = getattr(row, self.code)
        return str(row) if code in str(row) else f"{row} ({code})"

    def clean(self, value: Any) -> list[Any]:
        """The rows, in the order of their table; refuses codes that are not there, by name."""
        codes = list(dict.fromkeys(str(code).strip() for code in value or ()))
        rows = list(self.model._default_manager.filter(**{f"{self.code}__in": codes}))
        refuse_unknown(codes, {getattr(row, self.code) for row in rows})
        return rows

    def to_json(self, value: Sequence[models.Model]) -> list[str]:
        return [getattr(row, self.code) for row in value]

    def words(self, value: Sequence[models.Model]) -> str:
        return any_of(str(row) for row in value)


def refuse_unknown(wanted: Sequence[str], known: set[str]) -> None:
    """Raises ValidationError that names the values which are not known."""
    unknown = [value for value in wanted if value not in known]
    if unknown:
        raise ValidationError(
            ngettext("There is no %(values)s.", "There are no %(values)s.", len(unknown))
            % {"values": ", ".join(Truncator(value).chars(40) for value in unknown[:10])}
        )


class PostCodesField(ValuesField):
    """Beginnings ("00") and ranges ("00100..00990") of post codes."""

    def clean(self, value: Any) -> list[str]:
        """The values; refuses a range without an end or turned round."""
        values: list[str] = super().clean(value)
        for text in values:
            first, dots, last = text.partition("..")
            if dots and not (first.strip() and last.strip() and first.strip() <= last.strip()):
                raise ValidationError(
                    _("Write a range as 00100..00990, the smaller first: %s") % text
                )
        return values


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
