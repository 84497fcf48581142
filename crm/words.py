"""A bound filter in words: what is asked, in the reader's language, and how to take it off."""

from dataclasses import dataclass

from django.http import QueryDict

from crm.filters import FilterSet


@dataclass(frozen=True)
class Said:
    """One filter in force: its name, its label, its value in words."""

    name: str
    label: str
    value: str

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


@dataclass(frozen=True)
class Chip:
    """A filter in force on a list page, with the query string that leaves it out."""

    said: Said
    query_without: str


def said(filterset: FilterSet) -> list[Said]:
    """Every filter in force, in the order of the form. The filter set must be valid."""
    fields = filterset.form.fields
    return [
        Said(name, str(fields[name].label), fields[name].words(value))
        for name, value in filterset.in_force.items()
    ]


def chips(filterset: FilterSet, query: QueryDict) -> list[Chip]:
    """The filters in force on a list page; taking one off also goes back to the first page."""
    return [Chip(one, _without(query, one.name)) for one in said(filterset)]


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for key in list(rest):
        if key == name or key.startswith(f"{name}_") or key in ("page", "after", "before"):
            del rest[key]
    return rest.urlencode()
