"""The lists of contacts and of campaigns."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm import later, search
from crm.bulk import DEEDS
from crm.exporting import Column
from crm.models import Campaign, Contact
from crm.pages import ListPage
from crm.panels import CountColumn, bulk_actions, campaign_columns
from crm.templatetags.frame import column_label

# The columns a list of contacts may have besides number and name, with the sizes that show them.
COLUMNS = {
    "type": "",
    "company": "",
    "job_title": "",
    "address": "",
    "post_code": "",
    "city": "d-none d-md-table-cell",
    "country": "",
    "territory": "",
    "language": "",
    "email": "d-none d-lg-table-cell",
    "phone": "",
    "mobile_phone": "",
    "salesperson": "d-none d-lg-table-cell",
    "correspondence_type": "",
    "created_at": "",
    "changed_at": "",
}
# Where a file finds what is not simply the value of that name.
PATHS = {"company": "company__name", "country": "country__name"}
SHOWN_AT_FIRST = ("company", "city", "email", "salesperson")


class ContactListPage(ListPage):
    """Contacts, with columns of one's choice (?columns=city&columns=email) and bulk changes."""

    other_keys = ("columns",)

    @property
    def asked_columns(self) -> list[str]:
        """The columns that the address names."""
        return [name for name in self.request.GET.getlist("columns") if name in COLUMNS]

    @property
    def shown_columns(self) -> list[str]:
        """Those that are shown, in our order."""
        return [name for name in COLUMNS if name in (self.asked_columns or SHOWN_AT_FIRST)]

    def export_columns(self) -> list[Column]:
        """Those shown, and what the badges say: whoever takes a list along has to know it."""
        shown: list[Column] = [
            (column_label(Contact, name), PATHS.get(name, name)) for name in self.shown_columns
        ]
        return [
            (_("Number"), "number"),
            (_("Name"), "name"),
            *shown,
            (_("Blocked"), "is_blocked"),
            (_("Excluded"), "exclude_from_segment"),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        asked, shown = self.asked_columns, self.shown_columns
        mine = super().get_context_data(**context)
        return mine | {
            "columns": [(name, "" if asked else COLUMNS[name]) for name in shown],
            "asked_columns": asked,
            "every_column": [(name, name in shown) for name in COLUMNS],
            "deeds": [one for one in DEEDS.values() if self.request.user.has_perm(one.permission)],
            "bulk_actions": bulk_actions.collect(self.request, Contact),
            "near": self._near() if not mine["rows"] and not self.is_broken else [],
        }

    def _near(self) -> Sequence[Contact]:
        """Where a search found nothing: contacts whose names are written almost so."""
        return search.spelt_like(self.request.GET.get("search", ""))


class CampaignListPage(ListPage):
    """Campaigns, with the numbers that higher floors know of them; much is counted later."""

    model = Campaign
    template_name = "crm/campaigns.html"
    other_keys = (later.ASKED,)
    is_coming = False

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        found = super().paginate_queryset(queryset, page_size)
        if later.is_first_look(self.request):
            counted = self._counted(found[2])
            self.is_coming = any(later.up_to(one.rows) > later.AT_ONCE for one in counted)
        return found

    def prepare(self, rows: Any) -> Any:
        """Each campaign with its numbers, in the order of their columns; None where they come."""
        rows = list(rows)
        columns = self._counted(rows)
        counts = [] if self.is_coming else [column.counts() for column in columns]
        for row in rows:
            found = [of.get(row.pk, 0) for of in counts]
            row.numbers = [None] * len(columns) if self.is_coming else found
        return rows

    def _counted(self, rows: Any) -> list[CountColumn]:
        return [one for found in campaign_columns.collect(self.request, rows) for one in found]

    def export_columns(self) -> list[Column]:
        own: list[Column] = [
            (_("Number"), "number"),
            (_("Description"), "description"),
            (_("Status"), "status"),
            (_("Starts"), "starting_date"),
            (_("Ends"), "ending_date"),
            (_("Salesperson"), "salesperson"),
        ]
        counted = (
            (column.label, lambda row, place=place: row.numbers[place])
            for place, column in enumerate(self._counted([]))
        )
        return [*own, *counted]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        return shown | {"count_columns": self._counted([]), "is_coming": self.is_coming}
