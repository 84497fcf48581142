"""Which entries a reader means: those ticked, or all that the list's filters find."""

from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from interactions.filters import LogEntryFilter
from interactions.models import InteractionLogEntry

TICKED = 200


class Meant:
    """From a form of the list: `entry` (ids), or `all` with `query`, the list's address.

    "All" asks the filters again here; a mistyped or unknown filter means nobody.
    """

    def __init__(self, posted: QueryDict) -> None:
        self.query = QueryDict(posted.get("query", ""))
        self.is_all = bool(posted.get("all"))
        self.ticked = [one for one in posted.getlist("entry")[:TICKED] if _is_id(one)]

    @property
    def entries(self) -> QuerySet[InteractionLogEntry]:
        """The entries, without order."""
        rows = InteractionLogEntry.objects.order_by()
        if not self.is_all:
            return rows.filter(pk__in=self.ticked, postponed=False)
        filterset = LogEntryFilter(self.query, rows)
        if self._unknown_keys or not filterset.is_valid():
            return rows.none()
        return filterset.qs.order_by()

    @cached_property
    def _unknown_keys(self) -> set[str]:
        known = {"page", "sort"}
        for name, field in LogEntryFilter(self.query).form.fields.items():
            endings = getattr(field.widget, "widgets_names", ("",))
            known |= {f"{name}{ending}" for ending in endings}
        return set(self.query) - known

    @property
    def list_url(self) -> str:
        """The list as the reader left it."""
        url = reverse("interactions:entries")
        return f"{url}?{self.query.urlencode()}" if self.query else url

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The same again, for the next form."""
        kept = [("query", self.query.urlencode())]
        return [*kept, ("all", "1")] if self.is_all else kept + [("entry", e) for e in self.ticked]


def _is_id(text: str) -> bool:
    """Whether a text can be an id: databases count to 64 bits."""
    return text.isdecimal() and len(text) <= 19 and int(text) < 2**63
