"""From the values of one contact to the text that stands in the letter."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .errors import DocumentError
from .locales import Locale, locale_of
from .pictures import date_of, number_of, write_date, write_number, write_plain

Value = str | int | Decimal | datetime.date | None

# XML 1.0 (fifth edition), production 2: everything else cannot stand in a document, not even
# escaped.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WORD_START = re.compile(r"(?<!\S)\S")


class Scope:
    """The values of one letter and its language.

    Names are looked up as written, then without regard to case.
    """

    def __init__(self, values: Mapping[str, Value], language: str = "en") -> None:
        self._values = values
        self._folded: dict[str, Value] | None = None
        self.language = language

    @property
    def locale(self) -> Locale:
        """How the letter's language writes."""
        return locale_of(self.language)

    def value(self, name: str) -> Value:
        """The value of a field; None if there is none of that name."""
        try:
            return self._values[name]
        except KeyError:
            if self._folded is None:
                self._folded = {key.casefold(): value for key, value in self._values.items()}
            return self._folded.get(name.casefold())


@dataclass(frozen=True)
class MergeField:
    """A merge field and its switches; `before` and `after` are written round a value that is not
    empty.
    """

    name: str
    date: str = ""
    number: str = ""
    case: str = ""
    before: str = ""
    after: str = ""
    charformat: bool = False

    @property
    def plain(self) -> bool:
        """Whether the value is written as it is."""
        return not (self.date or self.number or self.case or self.before or self.after)

    def names(self) -> tuple[str, ...]:
        """The merge field names in it."""
        return (self.name,)

    def text(self, scope: Scope) -> str:
        """The text in the letter. DocumentError if it could not stand in a Word document."""
        text = legal(self._written(scope.value(self.name), scope), self.name)
        if self.case:
            text = _cased(text, self.case)
        return self.before + text + self.after if text else ""

    def _written(self, value: Value, scope: Scope) -> str:
        if isinstance(value, str) and not self.date and not self.number:
            return value
        if value is None:
            return ""
        if self.date:
            date = date_of(value) if isinstance(value, str) else value
            if isinstance(date, datetime.date):
                return write_date(date, self.date, scope.locale)
        if self.number:
            number = number_of(value) if isinstance(value, str) else value
            if isinstance(number, int | Decimal) and Decimal(number).is_finite():
                return write_number(Decimal(number), self.number, scope.locale)
        return as_text(value, scope)


@dataclass(frozen=True)
class Branch:
    """An IF field: `left operator right` chooses between `then` and `other`."""

    left: Parts
    operator: str
    right: Parts
    then: Parts
    other: Parts
    charformat: bool = False
    plain: bool = False

    def names(self) -> tuple[str, ...]:
        """The merge field names in it, in order."""
        every = (*self.left, *self.right, *self.then, *self.other)
        return tuple(name for part in every if not isinstance(part, str) for name in part.names())

    def text(self, scope: Scope) -> str:
        """The text of the chosen side."""
        return joined(self.then if self._holds(scope) else self.other, scope)

    def _holds(self, scope: Scope) -> bool:
        left, right = _operand(self.left, scope), _operand(self.right, scope)
        one, two = _comparable(left, right)
        if self.operator in ("=", "<>"):
            return bool(one == two) == (self.operator == "=")
        if self.operator in ("<", ">="):
            return bool(one < two) == (self.operator == "<")
        return bool(one > two) == (self.operator == ">")


Expression = MergeField | Branch
Parts = tuple[str | Expression, ...]


def joined(parts: Parts, scope: Scope) -> str:
    """The text of a mixture of text and fields."""
    return "".join(part if isinstance(part, str) else part.text(scope) for part in parts)


def as_text(value: Value, scope: Scope) -> str:
    """A value without a switch, in the letter's language."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return write_date(value, scope.locale.date, scope.locale)
    if not Decimal(value).is_finite():
        return str(value)
    return write_plain(value, scope.locale)


def legal(text: str, name: str) -> str:
    """The text itself; DocumentError naming the field if a character cannot stand in XML."""
    found = ILLEGAL.search(text)
    if found:
        character = f"U+{ord(found.group()):04X}"
        raise DocumentError("illegal-character", name=name, character=character)
    return text


def _cased(text: str, case: str) -> str:
    if case == "upper":
        return text.upper()
    if case == "lower":
        return text.lower()
    if case == "firstcap":
        return text[:1].upper() + text[1:]
    return WORD_START.sub(lambda found: found.group().upper(), text)


def _operand(parts: Parts, scope: Scope) -> tuple[Value, str]:
    """What is compared: the value itself if a plain field stands alone, and its text."""
    text = joined(parts, scope)
    if len(parts) == 1 and isinstance(parts[0], MergeField) and parts[0].plain:
        return scope.value(parts[0].name), text
    return text, text


def _comparable(left: tuple[Value, str], right: tuple[Value, str]) -> tuple[Any, Any]:
    """Two numbers, else two dates, else two texts."""
    for read in (_as_number, _as_date):
        one, two = read(left[0]), read(right[0])
        if one is not None and two is not None:
            return one, two
    return left[1], right[1]


def _as_number(value: Value) -> Decimal | None:
    if isinstance(value, str):
        plain = value.strip().replace(",", ".") if value.count(",") == 1 else value.strip()
        return number_of(plain)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _as_date(value: Value) -> datetime.date | None:
    date = date_of(value.strip()) if isinstance(value, str) else value
    if isinstance(date, datetime.datetime):
        return date.date()
    return date if isinstance(date, datetime.date) else None
