"""Several short lists by one statement: the choices of a page that offers many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, NullIf, RowNumber


def saying(path: str = "") -> Coalesce:
    """What a coded row says of itself: its description, else its code."""
    description = NullIf(f"{path}description", Value(""))
    return Coalesce(description, f"{path}code", output_field=TextField())


@dataclass(frozen=True)
class Short:
    """A list to be read: its rows in their order, what names one, and what is said of it."""

    rows: QuerySet[Any]
    order: Sequence[Any]
    code: Any
    text: Any


def read(lists: Sequence[Short]) -> list[list[tuple[str, str]]]:
    """Code and text of each row of each list, in the order of the lists."""
    found: list[list[tuple[str, str]]] = [[] for _one in lists]
    if lists:
        first, *others = [_part(place, one) for place, one in enumerate(lists)]
        rows = first.union(*others, all=True).order_by("of_list", "at") if others else first
        for of_list, _at, code, text in rows:
            found[of_list].append((code, text))
    return found


def _part(place: int, one: Short) -> QuerySet[Any]:
    rows = one.rows.order_by().annotate(
        of_list=Value(place, output_field=IntegerField()),
        at=Window(RowNumber(), order_by=list(one.order)),
        its_code=Cast(one.code, TextField()),
        its_text=Cast(one.text, TextField()),
    )
    return rows.values_list("of_list", "at", "its_code", "its_text")
