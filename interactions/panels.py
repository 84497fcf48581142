"""Where the floor above adds to the pages of this one, and what this one adds to the floor below.

    from interactions import panels
    panels.logged_segment_actions.register("csv", 10, link)        # -> Action | None
    panels.logged_segment_panels.register("follow_up", 10, panel)  # -> (template, context) | None

Both functions take (request, logged). Actions are links beside the page's heading; panels stand on
the page, above its trail, and are drawn with their context over the page's. See crm/panels.py.
"""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import panels
from crm.models import Campaign, Contact
from crm.panels import Found, Hit, Registry
from crm.search import contains
from interactions import statistics
from interactions.models import InteractionLogEntry, LoggedSegment

logged_segment_actions = Registry()
logged_segment_panels = Registry()

Panel = tuple[str, dict[str, Any]]
SHOWN = 20


def register() -> None:
    """Hangs this app's parts into the pages below; called once, by ready()."""
    panels.contact_panels.register("timeline", 10, timeline)
    panels.campaign_panels.register("interactions", 20, campaign_entries)
    panels.search_providers.register("logged_segments", 30, find_logged_segments)


def timeline(request: HttpRequest, contact: Contact) -> Panel | None:
    """A contact's last interactions, newest first; a company's with those of its people."""
    if not request.user.has_perm("interactions.view_interactionlogentry"):
        return None
    whose = Q(contact=contact)
    if contact.is_company:
        whose = Q(contact__in=contact.people.order_by().values("pk")) | whose
    rows = InteractionLogEntry.objects.filter(whose, postponed=False).defer("merge_values")
    entries = list(
        rows.select_related("contact", "template", "salesperson", "document")[: SHOWN + 1]
    )
    asked = "company" if contact.is_company else "contact"
    return "interactions/_timeline.html", {
        "contact": contact,
        "sums": statistics.summed(rows),
        "entries": entries[:SHOWN],
        "has_more": len(entries) > SHOWN,
        "all_url": f"{reverse('interactions:entries')}?{urlencode({asked: contact.number})}",
    }


def campaign_entries(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """What was said for a campaign, push by push."""
    if not request.user.has_perm("interactions.view_campaignentry"):
        return None
    entries = campaign.entries.select_related("logged_segment", "salesperson")
    said = InteractionLogEntry.objects.filter(campaign=campaign)
    return "interactions/_campaign_entries.html", {
        "sums": statistics.summed(said),
        "entries": entries[:SHOWN],
        "all_url": f"{reverse('interactions:entries')}?{urlencode({'campaign': campaign.number})}",
    }


def find_logged_segments(request: HttpRequest, words: list[str]) -> Found | None:
    """Logged segments whose number or description has the words."""
    if not request.user.has_perm("interactions.view_loggedsegment"):
        return None
    rows = LoggedSegment.objects.defer("header", "trail")
    for word in words:
        rows = rows.filter(contains("segment_number", word) | contains("description", word))
    hits = [Hit(row.get_absolute_url(), row.segment_number, row.description) for row in rows[:5]]
    more = f"{reverse('interactions:logged_segments')}?{urlencode({'search': ' '.join(words)})}"
    return Found(_("Logged segments"), hits, more)
