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
        if not numbers:
            return set()
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
