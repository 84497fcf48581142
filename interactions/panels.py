"""Where the floor above adds to the pages of this one, and what this one adds to the floor below.

    from interactions import panels
    panels.logged_segment_actions.register("csv", 10, link)        # -> Action | None
    panels.logged_segment_panels.register("follow_up", 10, panel)  # -> (template, context) | None
    panels.call_origins.register("line", 10, from_line)    # (request, contact) -> Origin | None

The first two take (request, logged). Actions are links beside the page's heading; panels stand on
the page, above its trail, and are drawn with their context over the page's. See crm/panels.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import panels
from crm.models import Contact
from crm.panels import Action, Found, Hit, Registry
from crm.search import contains
from interactions import campaigning, statistics
from interactions.models import InteractionLogEntry, LoggedSegment

logged_segment_actions = Registry()
logged_segment_panels = Registry()
call_origins = Registry()

Panel = tuple[str, dict[str, Any]]
SHOWN = 20
ADD = "interactions.add_interactionlogentry"


@dataclass(frozen=True)
class Origin:
    """Where a call is made from, if not from the contact alone.

    `initial` begins the form; `run` logs the call, by the function it is given, and whatever
    belongs to it: told True, it takes the line out as well.
    """

    label: str
    back_url: str
    segment_number: str
    initial: dict[str, Any]
    run: Callable[[Callable[[], InteractionLogEntry], bool], InteractionLogEntry]


def register() -> None:
    """Hangs this app's parts into the pages below; called once, by ready()."""
    panels.contact_panels.register("postponed", 5, postponed)
    panels.contact_panels.register("tasks", 8, tasks)
    panels.contact_panels.register("timeline", 10, timeline)
    panels.contact_actions.register("interaction", 20, new_interaction)
    panels.contact_actions.register("call", 30, new_call)
    panels.list_actions.register("interaction", 20, from_log)
    panels.campaign_panels.register("numbers", 10, campaigning.numbers)
    panels.campaign_panels.register("interactions", 20, campaigning.entries)
    panels.campaign_panels.register("targets", 30, campaigning.target_group)
    panels.campaign_panels.register("responses", 40, campaigning.responses)
    panels.campaign_actions.register("interaction", 10, campaigning.new_interaction)
    panels.campaign_columns.register("interactions", 10, campaigning.columns)
    panels.search_providers.register("logged_segments", 30, find_logged_segments)


# What is told of each: of a company's interactions also with whom of its people.
OF_TIMELINE = (
    *("date", "description", "cancelled", "evaluation", "contact_id", "document_id"),
    *("salesperson__code", "salesperson__name"),
)
OF_HOUSE = (*OF_TIMELINE, "contact__number", "contact__name")


def timeline(request: HttpRequest, contact: Contact, *, with_sums: bool = True) -> Panel | None:
    """A contact's last interactions, newest first; a company's with those of its people."""
    if not request.user.has_perm("interactions.view_interactionlogentry"):
        return None
    rows = InteractionLogEntry.objects.filter(_with(contact), postponed=False)
    told = OF_HOUSE if contact.is_company else OF_TIMELINE
    related = ("salesperson", *(["contact"] if contact.is_company else []))
    entries = list(rows.select_related(*related).only(*told)[: SHOWN + 1])
    asked = "company" if contact.is_company else "contact"
    return "interactions/_timeline.html", {
        "contact": contact,
        "sums": statistics.summed(rows) if with_sums else None,
        "entries": entries[:SHOWN],
        "has_more": len(entries) > SHOWN,
        "all_url": f"{reverse('interactions:entries')}?{urlencode({asked: contact.number})}",
    }


def _with(contact: Contact) -> Q:
    """Entries of a contact; of a company those of its people, too.

    One set of ids: with an OR outside of it PostgreSQL would walk the whole log.
    """
    if not contact.is_company:
        return Q(contact=contact)
    house = Contact.objects.filter(Q(pk=contact.pk) | Q(company=contact))
    return Q(contact__in=house.order_by().values("pk"))


def postponed(request: HttpRequest, contact: Contact) -> Panel | None:
    """What was begun with a contact and kept for later; nothing where there is none."""
    if not request.user.has_perm("interactions.view_interactionlogentry"):
        return None
    rows = InteractionLogEntry.objects.filter(contact=contact, postponed=True)
    kept = list(rows.select_related("template", "by").defer("merge_values")[:SHOWN])
    return ("interactions/_postponed.html", {"kept": kept}) if kept else None


def tasks(request: HttpRequest, contact: Contact) -> Panel | None:
    """What is to be done about a contact, next first."""
    if not request.user.has_perm("interactions.view_task"):
        return None
    rows = contact.tasks.filter(done_at=None).select_related("salesperson", "by")
    found = list(rows[: SHOWN + 1])
    return "interactions/_contact_tasks.html", {
        "contact": contact,
        "tasks": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "all_url": f"{reverse('interactions:all_tasks')}?{urlencode({'contact': contact.number})}",
    }


def new_interaction(request: HttpRequest, contact: Contact) -> Action | None:
    """From a contact's card to an interaction with it; a blocked one is told nothing."""
    if contact.is_blocked or not request.user.has_perm(ADD):
        return None
    url = f"{reverse('interactions:create')}?{urlencode({'contact': contact.number})}"
    return Action(url, _("Create interaction…"), "interactions")


def new_call(request: HttpRequest, contact: Contact) -> Action | None:
    """From a contact's card to the telephone."""
    if contact.is_blocked or not request.user.has_perm(ADD):
        return None
    url = f"{reverse('interactions:call')}?{urlencode({'contact': contact.number})}"
    return Action(url, _("Phone call…"), "phone")


def from_log(request: HttpRequest, model: type[Any]) -> Action | None:
    """From the list of interactions to a new one."""
    if model is not InteractionLogEntry or not request.user.has_perm(ADD):
        return None
    return Action(reverse("interactions:create"), _("Create interaction…"), "interactions")


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
