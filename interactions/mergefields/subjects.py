"""Subjects with merge fields: “Dear {First_Name}” or “Dear {{ First_Name }}”.

A subject is resolved in SQL, for a line's subject is asked where a million lines are read: so only
fields that are one fact may stand in one. The resolved subject is what is logged and said.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Left, Replace

from interactions.mergefields.asking import Row, said
from interactions.mergefields.facts import Facts
from interactions.mergefields.fields import Field, named
from interactions.mergefields.letter import values

TOKEN = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}|\{\s*([^{}]+?)\s*\}")
LONGEST = 200
# A place where a value will stand; no value has these, for Word cannot hold them.
START, END = "\x01", "\x02"


def tokens(text: str) -> dict[str, str]:
    """The merge fields of a subject: {as written: name}."""
    return {found[0]: found[1] or found[2] for found in TOKEN.finditer(text)}


def may_stand(field: Field | None) -> bool:
    """Whether a subject may use a field: one of one fact, and not the subject itself."""
    if field is None or not field.listed or field.path == ("subject",):
        return False
    return bool(field.path) or field.name == "Company_Name"


def resolve(text: str, facts: Facts) -> str:
    """A subject as these facts make it; what is no field of a subject stays as it is written."""
    said_now = values(facts)

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if not may_stand(named(name)):
            return found[0]
        return re.sub(r"[\r\n]", " ", str(said_now[name]))

    return TOKEN.sub(value, text)[:LONGEST]


def resolved(text: Any, subjects: Iterable[str], row: Row) -> Any:
    """The same in SQL: `text` is an expression that yields one of `subjects`.

    First each field becomes a mark, then each mark its value, so that no value is read as a field.
    An expression that has no fields is returned as it is.
    """
    fields: dict[str, Field] = {}
    for subject in subjects:
        for token, name in tokens(subject).items():
            field = named(name)
            if field is not None and may_stand(field):
                fields[token] = field
    if not fields:
        return text
    # {{ A }} before {A}, which stands within {{A}}.
    ordered = sorted(fields, key=len, reverse=True)
    made = text
    for number, token in enumerate(ordered):
        made = _replace(made, token, Value(f"{START}{number}{END}"))
    for number, token in enumerate(ordered):
        made = _replace(made, f"{START}{number}{END}", _in_one_line(said(fields[token], row)))
    return Left(made, LONGEST, output_field=TextField())


def _in_one_line(value: Any) -> Any:
    for character in (START, "\r", "\n"):
        value = _replace(value, character, Value("" if character == START else " "))
    return value


def _replace(text: Any, what: str, by: Any) -> Replace:
    return Replace(text, Value(what), by, output_field=TextField())
