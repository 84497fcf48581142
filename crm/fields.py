"""Form fields for filters: each reads what a form posts, says itself, and goes to JSON and back.

A filter's parameters are stored as JSON in codes, never ids, and validated by the same form each
time they are used. `shape` tells what JSON a field takes: "list", "text", "number", "flag" or
"dict" (then `keys` are its keys, and the form posts them as name_key).
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm import together
from crm.together import Short

MOST_VALUES = 10_000
LONGEST_VALUE = 200
# PostgreSQL cannot even be asked for NUL, and these fields forget to refuse it.
refuse_nul = ProhibitNullCharactersValidator()


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
        refuse_nul(text)
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
        refuse_unknown(numbers, self.known(numbers))
        return numbers

    def known(self, numbers: list[str]) -> set[str]:
        """Those of these numbers that a row has."""
        found = self.model._default_manager.filter(**{f"{self.number}__in": numbers})
        return set(found.values_list(self.number, flat=True))


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

    @property
    def short(self) -> Short:
        """The same as a list that is read together with others: see read_together."""
        meta = self.model._meta
        names = [name for name in SAYING if name in {field.name for field in meta.fields}]
        rows: Any = self.model._default_manager.all()
        return Short(rows, meta.ordering or ("pk",), self.code, names[0])

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        """Takes what was read for it as its choices."""
        saying = self.short.text
        made = [self.model(**{self.code: code, saying: text}) for code, text in rows]
        self.choices = [(getattr(row, self.code), self.said(row)) for row in made]

    def said(self, row: models.Model) -> str:
        """A row as the reader sees it: its description, and the code where they differ."""
        code = getattr(row, self.code)
        return str(row) if code in str(row) else f"{row} ({code})"

    def clean(self, value: Any) -> list[Any]:
        """The rows, in the order of their table; refuses codes that are not there, by name."""
        codes = list(dict.fromkeys(str(code).strip() for code in value or ()))
        refuse_nul("".join(codes))
        rows = list(self.model._default_manager.filter(**{f"{self.code}__in": codes}))
        refuse_unknown(codes, {getattr(row, self.code) for row in rows})
        return rows

    def to_json(self, value: Sequence[models.Model]) -> list[str]:
        return [getattr(row, self.code) for row in value]

    def words(self, value: Sequence[models.Model]) -> str:
        return any_of(str(row) for row in value)


# What a row of a set-up table says of itself besides its code.
SAYING = ("description", "name", "text")


def read_together(fields: Iterable[Any]) -> None:
    """Reads the choices of all those fields that offer codes, each table once, by one statement."""
    offering = [field for field in fields if isinstance(field, CodesField)]
    shorts = {(field.model, field.code): field.short for field in offering}
    read = dict(zip(shorts, together.read(list(shorts.values())), strict=True))
    for field in offering:
        field.offer(read[field.model, field.code])


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
