"""Where higher floors add to the pages of this one, which never names them.

Each registry is filled in an app's `ready()`; a function may answer None to stay away:

    from crm import panels
    panels.register("timeline", 10, timeline)                 # (request, contact) -> panel
    panels.campaign_panels.register("segments", 10, segments) # (request, campaign) -> panel
    panels.campaign_actions.register("letter", 10, letter)    # (request, campaign) -> Action
    panels.campaign_columns.register("said", 10, columns)     # (request, campaigns) -> CountColumns
    panels.contact_actions.register("letter", 20, letter)     # (request, contact) -> Action
    panels.list_actions.register("segment", 10, new_segment)  # (request, model) -> Action
    panels.bulk_actions.register("segment", 10, add_many)     # (request, model) -> Action
    panels.search_providers.register("segments", 20, find)    # (request, words) -> Found

A panel is (template_name, context): the template is drawn with that context over the page's own,
and begins with <section class="panel"><h2>. `words` are casefolded, at least one. Lower orders
stand first; this floor's own are search: contacts 10, campaigns 40. A bulk action's page is posted
the numbers ticked in a list (contact=...) or all=1, with the list's filters in its address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class Action:
    """A link that a page offers: where to, and its words."""

    url: str
    label: str
    icon: str = "plus"


@dataclass(frozen=True)
class CountColumn:
    """A column of numbers beside those of campaigns: its head, and the rows that are counted."""

    label: str
    rows: QuerySet[Any]

    def counts(self) -> dict[int, int]:
        """How many there are of each campaign, by its id; of those without any it says nothing.

        Rows are counted, and no column of theirs: so an index may do.
        """
        grouped = self.rows.order_by().values("campaign").annotate(n=Count("*"))
        return dict(grouped.values_list("campaign", "n"))


@dataclass(frozen=True)
class Hit:
    """One record that was found: its address, its number, its name, and a quiet word about it."""

    url: str
    number: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found of one kind: a few hits, and the page with all of them."""

    title: str
    hits: Sequence[Hit]
    more_url: str = ""


@dataclass
class Registry:
    """Functions by name, asked in their order."""

    entries: dict[str, tuple[int, Callable[..., Any]]] = field(default_factory=dict)

    def register(self, name: str, order: int, function: Callable[..., Any]) -> None:
        """Adds a function; the same name again takes the place of the first."""
        self.entries[name] = (order, function)

    def collect(self, request: HttpRequest, subject: Any) -> list[Any]:
        """What the functions answer, those left out that answer None."""
        functions = [function for _order, function in sorted(self.entries.values(), key=_order)]
        answers = (function(request, subject) for function in functions)
        return [answer for answer in answers if answer is not None]


def _order(entry: tuple[int, Callable[..., Any]]) -> int:
    return entry[0]


contact_panels = Registry()
contact_actions = Registry()
campaign_panels = Registry()
campaign_actions = Registry()
campaign_columns = Registry()
list_actions = Registry()
bulk_actions = Registry()
search_providers = Registry()

register = contact_panels.register
