"""What can be done to a logged segment and to its campaign entries."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from interactions import cancelling, verification
from interactions.models import CampaignEntry, LoggedSegment
from interactions.views.telling import cancelled, deleted, restored

CHANGE = "interactions.change_loggedsegment"
# More letters than that are for the command: nobody waits minutes for a page.
AT_ONCE = 1000


def _found(segment_number: str) -> LoggedSegment:
    return get_object_or_404(LoggedSegment, segment_number=segment_number)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def cancel(request: HttpRequest, segment_number: str) -> HttpResponse:
    """Cancels a logged segment with everything in it."""
    logged = _found(segment_number)
    count = cancelling.cancel_logged_segment(logged)
    said = _("%(segment)s was cancelled.") % {"segment": logged.segment_number}
    messages.success(request, f"{said} {cancelled(count)}")
    return redirect(logged)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def restore(request: HttpRequest, segment_number: str) -> HttpResponse:
    """Restores it with what was cancelled with it."""
    logged = _found(segment_number)
    count = cancelling.restore_logged_segment(logged)
    said = _("%(segment)s was restored.") % {"segment": logged.segment_number}
    messages.success(request, f"{said} {restored(cancelling.Restored(count, 0))}")
    return redirect(logged)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("interactions.delete_loggedsegment", raise_exception=True)
def delete(request: HttpRequest, segment_number: str) -> HttpResponse:
    """Deletes a cancelled logged segment for good, entries and all."""
    logged = _found(segment_number)
    if not logged.cancelled:
        messages.error(request, _("Only what is cancelled can be deleted. Cancel it first."))
        return redirect(logged)
    if request.method == "POST":
        count = cancelling.delete_logged_segment(logged)
        said = _("%(segment)s was deleted.") % {"segment": segment_number}
        messages.success(request, f"{said} {deleted(count)}")
        return HttpResponseRedirect(reverse("interactions:logged_segments"))
    shown: dict[str, Any] = {"title": _("Delete %(segment)s") % {"segment": segment_number}}
    shown |= {"logged": logged, "entries": logged.entries.count()}
    return render(request, "interactions/logged_delete.html", shown)


@require_POST
@permission_required("interactions.add_loggedsegment", raise_exception=True)
def verify(request: HttpRequest, segment_number: str) -> HttpResponse:
    """Verifies a logged segment at once, or says which command does."""
    logged = _found(segment_number)
    shown: dict[str, Any] = {"title": _("Verification"), "logged": logged}
    if logged.entry_count <= AT_ONCE:
        shown["verdict"] = verification.verify_segment(logged)
    return render(request, "interactions/verdict.html", shown)


@require_POST
@permission_required("interactions.change_campaignentry", raise_exception=True)
def campaign_entry_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancels what a logged segment said for one campaign."""
    entry = get_object_or_404(CampaignEntry, pk=pk)
    messages.success(request, cancelled(cancelling.cancel_campaign_entry(entry)))
    return redirect(entry.campaign)


@require_POST
@permission_required("interactions.change_campaignentry", raise_exception=True)
def campaign_entry_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Restores it, unless its logged segment is cancelled."""
    entry = get_object_or_404(CampaignEntry, pk=pk)
    result = cancelling.restore_campaign_entry(entry)
    if result.held:
        messages.error(request, _("It stays cancelled: its logged segment is cancelled."))
    else:
        messages.success(request, restored(result))
    return redirect(entry.campaign)
