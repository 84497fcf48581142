r"""Dates and numbers written after a picture: the switches `\@ "d.M.yyyy"` and `\# "0,00"` of a
field.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from .locales import NBSP, Locale

DATE_SIGN = re.compile(
    r"'([^']*)'|(d{1,4}|M{1,4}|yyyy|yy|y|HH?|hh?|mm?|ss?|am/pm|AM/PM)|(.)", re.DOTALL
)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?.*)?\Z", re.ASCII)
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
DIGITS = re.compile(r"[0#](?:[0#., \u00a0\u202f]*[0#])?")


def date_of(text: str) -> datetime.date | None:
    """The date that an ISO 8601 string says, or None: 2026-11-20, also with a time."""
    if not ISO_DATE.match(text):
        return None
    try:
        return (
            datetime.date.fromisoformat(text)
            if len(text) == 10
            else datetime.datetime.fromisoformat(text)
        )
    except ValueError:
        return None


def number_of(text: str) -> Decimal | None:
    """The number that a plain decimal string says, or None: no grouping, a point as in JSON."""
    return Decimal(text) if PLAIN_NUMBER.match(text) else None


def write_date(value: datetime.date, picture: str, locale: Locale) -> str:
    """The date after Word's picture: d to dddd, M to MMMM, yy, yyyy, times, 'quoted text'."""
    after_day = re.search(r"(?<![d'])d{1,2}(?!d)[^dM]*MMMM", picture) is not None
    written = []
    for quoted, letters, other in DATE_SIGN.findall(picture):
        written.append(
            _date_part(value, letters, locale, after_day) if letters else quoted or other
        )
    return "".join(written)


def _date_part(value: datetime.date, letters: str, locale: Locale, after_day: bool) -> str:
    if letters in ("MMMM", "MMM"):
        month = locale.months[value.month - 1]
        return month[: locale.short] if letters == "MMM" else month + locale.partitive * after_day
    if letters in ("dddd", "ddd"):
        day = locale.days[value.weekday()]
        return day[: locale.short] if letters == "ddd" else day
    if letters[0] == "y":
        return f"{value.year:04d}" if letters == "yyyy" else f"{value.year % 100:02d}"
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime.min
    if letters.lower() == "am/pm":
        return ("AM" if moment.hour < 12 else "PM") if letters[0] == "A" else f"{moment:%p}".lower()
    numbers = {
        "d": value.day,
        "M": value.month,
        "H": moment.hour,
        "h": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }
    return f"{numbers[letters[0]]:0{len(letters)}d}"


def write_plain(value: Decimal | int, locale: Locale) -> str:
    """The number with all its decimals, grouped as the language groups."""
    sign, digits, fraction = _digits(Decimal(value), None)
    return sign + _grouped(digits, locale.group) + (locale.decimal + fraction if fraction else "")


def write_number(value: Decimal, picture: str, locale: Locale) -> str:
    """The number after Word's picture; halves are rounded away from zero.

    `0` is a digit always shown, `#` one shown if needed, `positive;negative;zero` choose by sign,
    other text is copied. The separators are those of the picture; a space becomes a no-break space.
    """
    sections = picture.split(";")
    chosen, signed = sections[0], True
    if value < 0 and len(sections) > 1:
        chosen, signed = sections[1], False
    elif value == 0 and len(sections) > 2:
        chosen = sections[2]
    found = DIGITS.search(chosen)
    if not found:
        return chosen.replace("'", "")
    before = chosen[: found.start()].replace("'", "")
    after = chosen[found.end() :].replace("'", "")
    written, negative = _in_picture(value, found.group(), locale)
    return ("-" if negative and signed else "") + before + written + after


def _in_picture(value: Decimal, picture: str, locale: Locale) -> tuple[str, bool]:
    whole, point, rest = _split_picture(picture, locale.decimal, locale.group)
    sign, digits, fraction = _digits(value, len(rest))
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    separators = re.sub(r"[0#]", "", whole)
    group = separators[:1].replace(" ", NBSP)
    required = rest.rfind("0") + 1
    fraction = fraction[:required] + fraction[required:].rstrip("0")
    written = _grouped(digits, group) if group else digits
    return written + (point + fraction if fraction else ""), sign == "-"


@lru_cache(maxsize=256)
def _split_picture(picture: str, decimal: str, group: str) -> tuple[str, str, str]:
    """Whole part, decimal separator, fraction.

    `0,00` has decimals in any language, `#,##0` groups in any.
    """
    points = [index for index, each in enumerate(picture) if each in ".,"]
    if not points:
        return picture, "", ""
    last = points[-1]
    repeated = picture.count(picture[last]) > 1
    groups_only = len(picture) - last - 1 == 3 and (
        picture[last] == group or (picture[last + 1 :] == "##0" and picture[last] != decimal)
    )
    alone = len({picture[index] for index in points}) == 1
    if repeated or (alone and groups_only) or (picture.endswith("##0") and alone):
        return picture, "", ""
    return picture[:last], picture[last], picture[last + 1 :]


def _digits(value: Decimal, places: int | None) -> tuple[str, str, str]:
    """Sign, whole digits and decimals. A number that rounds to nothing has no sign."""
    if places is not None:
        value = _rounded(value, places)
    text = f"{value:f}"
    sign = "-" if text.startswith("-") and value else ""
    digits, _, fraction = text.lstrip("+-").partition(".")
    return sign, digits, fraction


def _rounded(value: Decimal, places: int) -> Decimal:
    precision = len(value.as_tuple().digits) + abs(value.adjusted()) + places + 2
    unit = Decimal(1).scaleb(-places)
    return value.quantize(unit, rounding=ROUND_HALF_UP, context=Context(prec=precision))


def _grouped(digits: str, separator: str) -> str:
    first = len(digits) % 3
    groups = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    return separator.join(group for group in groups if group)
