"""Statistics of the log: how many, what they cost, how long they took; by what one asks for."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import later
from crm.exporting import Column
from crm.pages import ListPage
from interactions import statistics
from interactions.filters import LogEntryFilter
from interactions.models import InteractionLogEntry

LABELS: dict[str, str | Promise] = {
    "template": gettext_lazy("Template"),
    "group": gettext_lazy("Interaction group"),
    "campaign": gettext_lazy("Campaign"),
    "salesperson": gettext_lazy("Salesperson"),
    "contact": gettext_lazy("Contact"),
}


class StatisticsPage(ListPage):
    """A row for each template, group, campaign, salesperson or contact that has interactions.

    The list's filters choose what is counted; each number leads to the interactions counted. Many
    are counted when the page is there.
    """

    model = InteractionLogEntry
    filterset_class = LogEntryFilter
    paginator_class = Paginator  # type: ignore[assignment]
    template_name = "interactions/statistics.html"
    other_keys = (later.ASKED,)
    is_coming = False
    sums: dict[str, Any] | None = None
    empty_text: Any = gettext_lazy(
        "No interaction counts here: cancelled and postponed ones do not."
    )

    def get_title(self) -> str:
        return _("Statistics")

    @property
    def by(self) -> str:
        """What is counted by; what nobody counts by is not found."""
        by = str(self.kwargs["by"])
        if by not in statistics.BY:
            raise Http404(_("There are no statistics by %s.") % by)
        return by

    def in_order(self, rows: Any) -> Any:
        """The rows of the table instead of the entries."""
        self.is_coming = later.is_coming(self.request, later.up_to(rows))
        self.entries = rows.exclude(**{self.by: None})
        return statistics.grouped(rows, self.by)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """One page; but for contacts all rows are few, and need no statement to be counted."""
        if self.is_coming:
            queryset = []
        elif self.by == "contact":
            self.sums = statistics.summed(self.entries)
        else:
            queryset = list(queryset)
            self.sums = statistics.added_up(queryset)
        return super().paginate_queryset(queryset, page_size)

    def prepare(self, rows: Any) -> Any:
        """Each row with the address of the interactions it counts."""
        asked = {**self.request.GET.dict(), "cancelled": "false"}
        for name in ("page", later.ASKED):
            asked.pop(name, None)
        base = reverse("interactions:entries")
        for row in rows:
            row["url"] = f"{base}?{urlencode({**asked, self.by: row['code']})}"
        return rows

    def export_columns(self) -> list[Column]:
        return [
            (LABELS[self.by], "code"),
            (_("Name"), "name"),
            (_("Interactions"), "count"),
            (_("Cost"), "cost"),
            (_("Duration (min)"), "duration"),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        query = self.request.GET.copy()
        for name in ("page", later.ASKED):
            query.pop(name, None)
        tail = f"?{query.urlencode()}" if query else ""
        ways = [
            (label, reverse("interactions:statistics", args=[by]) + tail, by == self.by)
            for by, label in LABELS.items()
        ]
        shown |= {"by_label": LABELS[self.by], "ways": ways, "sums": self.sums}
        return shown | {"is_coming": self.is_coming, "is_uncounted": self.is_coming}
