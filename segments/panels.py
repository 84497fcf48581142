"""What this floor adds to the pages below: to contact cards, logged segments, and the search."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import panels
from crm.models import Contact
from crm.panels import Action, Found, Hit
from crm.search import contains
from interactions import panels as log_panels
from interactions.models import LoggedSegment
from segments import grid
from segments.calling import call_from_line
from segments.effective import EffectiveLines
from segments.filters import contact_question
from segments.models import Segment, SegmentLine

SHOWN = 20
HITS = 10


def register() -> None:
    """Hangs this app's parts into the pages below; called once, by ready()."""
    panels.contact_panels.register("segments", 20, on_contact)
    panels.contact_actions.register("segment", 10, add_contact)
    panels.list_actions.register("segment", 10, from_view)
    panels.bulk_actions.register("segment", 10, many_contacts)
    panels.search_providers.register("segments", 20, find)
    log_panels.logged_segment_actions.register("follow_up", 10, follow_up)
    log_panels.logged_segment_actions.register("reuse", 20, reuse)
    log_panels.call_origins.register("line", 10, from_line)


def on_contact(request: HttpRequest, contact: Contact) -> tuple[str, dict[str, Any]] | None:
    """The open segments that a contact stands on now."""
    if not request.user.has_perm("segments.view_segment"):
        return None
    found = list(standing_on(contact)[: SHOWN + 1])
    return "segments/_of_contact.html", {
        "segments": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "contact": contact,
    }


def standing_on(contact: Contact) -> Any:
    """The open segments where a line of the contact, or of a company's people, is present now."""
    # One set of ids: for "this one or one of those" every line of every segment was read.
    house = Contact.objects.filter(Q(pk=contact.pk) | Q(company=contact)).order_by()
    lines = SegmentLine.objects.order_by().filter(
        Q(contact__in=house.values("pk")) if contact.is_company else Q(contact=contact),
        Q(removed_step=None) | Q(removed_step__gt=F("segment__current_step")),
        added_step__lte=F("segment__current_step"),
    )
    return Segment.objects.filter(pk__in=lines.values("segment"))


def add_contact(request: HttpRequest, contact: Contact) -> Action | None:
    """From a contact's card onto a segment; a blocked contact enters none."""
    if contact.is_blocked or not request.user.has_perm("segments.change_segment"):
        return None
    url = reverse("segments:add_to_segment", args=[contact.number])
    return Action(url, _("Add to segment…"), "segments")


def from_view(request: HttpRequest, model: type[Any]) -> Action | None:
    """From a list of contacts to a new segment that begins with just those."""
    if model is not Contact or not request.user.has_perm("segments.add_segment"):
        return None
    asked = urlencode(contact_question(request.GET))
    url = reverse("segments:segment_create")
    return Action(f"{url}?{asked}" if asked else url, _("New segment from this view"), "segments")


def many_contacts(request: HttpRequest, model: type[Any]) -> Action | None:
    """From ticked contacts of a list, or all of it, onto an open segment."""
    if model is not Contact or not request.user.has_perm("segments.change_segment"):
        return None
    return Action(reverse("segments:gather"), _("Add to segment…"), "segments")


def follow_up(request: HttpRequest, logged: LoggedSegment) -> Action | None:
    """A follow-up from what was logged."""
    if not request.user.has_perm("segments.add_segment"):
        return None
    url = reverse("segments:follow_up", args=[logged.segment_number])
    return Action(url, _("Create follow-up…"), "segments")


def reuse(request: HttpRequest, logged: LoggedSegment) -> Action | None:
    """From what was logged to an open segment that takes over its contacts."""
    if not request.user.has_perm("segments.change_segment"):
        return None
    url = reverse("segments:reuse", args=[logged.segment_number])
    return Action(url, _("Reuse…"), "segments")


def from_line(request: HttpRequest, contact: Contact) -> log_panels.Origin | None:
    """A call made from a line (?line=): begins with what the line says, and may take it out."""
    asked = request.GET.get("line", "")
    if not asked:
        return None
    if not request.user.has_perm("segments.change_segment"):
        raise PermissionDenied
    line = _line(asked, contact)
    segment = line.segment
    said = EffectiveLines(segment).lines(*CALLED_WITH).get(pk=line.pk)
    initial = {
        "salesperson": said.says_salesperson_id,
        "campaign": said.says_campaign_id,
        "campaign_target": said.says_campaign_target,
        "campaign_response": said.says_campaign_response,
    }
    if said.says_description:
        initial["description"] = said.says_description
    user: Any = request.user
    return log_panels.Origin(
        label=_("Line of %(segment)s") % {"segment": segment.number},
        back_url=segment.get_absolute_url(),
        segment_number=segment.number,
        initial={name: value for name, value in initial.items() if value is not None},
        run=lambda log, out: call_from_line(segment, line, log, by=user, take_out=out),
    )


CALLED_WITH = (
    "template_id",
    "description",
    "salesperson_id",
    "campaign_id",
    "campaign_target",
    "campaign_response",
)


def _line(asked: str, contact: Contact) -> SegmentLine:
    """The line where it is present and the contact's; 404 else."""
    if not grid.is_id(asked):
        raise Http404
    rows = SegmentLine.objects.select_related("segment__template", "segment__campaign")
    line = get_object_or_404(rows, pk=int(asked), contact=contact)
    if not SegmentLine.objects.present(line.segment).filter(pk=line.pk).exists():
        raise Http404
    return line


def find(request: HttpRequest, words: list[str]) -> Found | None:
    """Open segments whose number or description has all the words."""
    if not request.user.has_perm("segments.view_segment"):
        return None
    segments = Segment.objects.order_by("-pk")
    for word in words:
        segments = segments.filter(contains("number", word) | contains("description", word))
    hits = [Hit(one.get_absolute_url(), one.number, one.description) for one in segments[:HITS]]
    return Found(_("Segments"), hits)
