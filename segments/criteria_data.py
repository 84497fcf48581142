"""The shape of stored criteria: read strictly, before any field sees a value.

Unknown keys are refused by name: a mistyped key that is silently ignored doubles an audience.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext

from crm.fields import LONGEST_VALUE, MOST_VALUES

MATCH, ANY, NONE = "match", "any", "none"
MOST_BYTES = 1_000_000

Sections = dict[str, dict[str, Any]]


def parse(text: str) -> tuple[Any, str | None]:
    """JSON text as data, or the sentence that says why it cannot be read."""
    if len(text) > MOST_BYTES:
        return None, gettext("The criteria are too long: at most a million characters.")
    try:
        return json.loads(text), None
    except ValueError as error:  # JSONDecodeError is one; a number of 5000 digits is another
        return None, gettext("This is not JSON: %(error)s") % {"error": error}
    except RecursionError:
        return None, gettext("The criteria are nested too deeply.")


def read(
    data: Any, known: Mapping[str, Mapping[str, Any]], linked: set[str]
) -> tuple[Sections, list[str]]:
    """The sections and fields whose keys and shapes are right, and a sentence for each that is not.

    `known` maps section keys to their form fields; `linked` names those that take "match".
    """
    if not isinstance(data, dict):
        return {}, [gettext("Criteria are an object with one key for each section.")]
    sections: Sections = {}
    faults: list[str] = []
    for key, fields in data.items():
        if key not in known:
            faults.append(_unknown(gettext("There is no section “%s”."), key))
        elif not isinstance(fields, dict):
            faults.append(gettext("“%s” is an object with one key for each field.") % key)
        else:
            sections[key] = {}
            for name, value in fields.items():
                fault = _fault(key, name, value, known[key], key in linked)
                if fault:
                    faults.append(fault)
                else:
                    sections[key][name] = value
    return sections, faults


def _unknown(sentence: str, key: object) -> str:
    return sentence % Truncator(printable(str(key))).chars(60)


def printable(text: str) -> str:
    """Text that any terminal, page and database can take: lone surrogates are shown escaped."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def _fault(key: str, name: str, value: Any, fields: Mapping[str, Any], linked: bool) -> str | None:
    """What is wrong with the shape of one field, if anything."""
    place = f"{key}.{Truncator(printable(str(name))).chars(60)}"
    if name == MATCH and linked:
        if value in (ANY, NONE):
            return None
        return gettext("%(place)s is “any” or “none”.") % {"place": place}
    if name not in fields:
        return _unknown(gettext("There is no field “%s”."), f"{key}.{name}")
    return _shape_fault(place, fields[name], value)


def _shape_fault(place: str, field: Any, value: Any) -> str | None:
    shape = field.shape
    right = {
        "list": lambda: _is_text(value) or (isinstance(value, list) and all(map(_is_text, value))),
        "text": lambda: _is_text(value),
        "number": lambda: _is_text(value) or isinstance(value, float),
        "flag": lambda: isinstance(value, bool),
        "dict": lambda: isinstance(value, dict) and all(map(_is_scalar, value.values())),
    }[shape]()
    if not right:
        return _WANTED[shape]() % {"place": place}
    if shape == "list" and isinstance(value, list) and len(value) > MOST_VALUES:
        return gettext("%(place)s has more than %(most)d values.") % {
            "place": place,
            "most": MOST_VALUES,
        }
    if shape == "list" and any("," in str(one) or ";" in str(one) for one in _listed(value)):
        return gettext("%(place)s: a value cannot have a comma or semicolon in it.") % {
            "place": place
        }
    unknown = set(value) - set(field.keys) if shape == "dict" else set()
    if unknown:
        return _unknown(gettext("There is no “%s”."), f"{place}.{min(map(str, unknown))}")
    return None


_WANTED = {
    "list": lambda: gettext("%(place)s is a list of texts."),
    "text": lambda: gettext("%(place)s is a text."),
    "number": lambda: gettext("%(place)s is a number."),
    "flag": lambda: gettext("%(place)s is true or false."),
    "dict": lambda: gettext("%(place)s is an object with dates."),
}


def _is_text(value: Any) -> bool:
    """A text or a whole number, short, without characters that no database takes."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return len(str(value)) <= LONGEST_VALUE and printable(str(value)) == str(value)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, bool) or _is_text(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def to_query(sections: Sections) -> QueryDict:
    """What the criteria form would have posted for this data."""
    query = QueryDict(mutable=True)
    for key, fields in sections.items():
        for name, value in fields.items():
            if isinstance(value, dict):
                for part, given in value.items():
                    query[f"{key}-{name}_{part}"] = "" if given in (None, False) else str(given)
            elif isinstance(value, list):
                query.setlist(f"{key}-{name}", [str(one) for one in value])
            else:
                query[f"{key}-{name}"] = (
                    str(value).lower() if isinstance(value, bool) else str(value)
                )
    return query
