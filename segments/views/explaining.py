"""Why a contact is on a segment or not; what playing the trail again today would change."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from segments import explain, replay
from segments.forms.audience import DriftForm, ExplainForm
from segments.models import Segment
from segments.trail import WorksheetError
from segments.views import once
from segments.views.access import CHANGE, SEE, Request, on_segment, posted, to_worksheet
from segments.views.limits import limited
from segments.views.telling import done


@require_safe
@on_segment(SEE, "crm.view_contact")
def why(request: Request, segment: Segment) -> HttpResponse:
    """The reason, and what each step says to the contact today."""
    form = ExplainForm(request.GET or None)
    shown: dict[str, Any] = {"title": _("Why is a contact (not) on it?"), "form": form}
    if form.is_valid():
        contact = form.cleaned_data["contact"]
        found = explain.explain(segment, contact)
        line = segment.lines.filter(contact=contact).order_by("pk").first()
        asked = (
            _("Why is %(contact)s on it?") if found.is_in else _("Why is %(contact)s not on it?")
        )
        shown |= {"title": asked % {"contact": contact}, "contact": contact, "found": found}
        shown["line"] = line if found.is_in else None
    return render(request, "segments/explain.html", shown | {"segment": segment})


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE, "segments.view_savedcriteria")
def drift(request: Request, segment: Segment) -> HttpResponse:
    """What the trail, or saved criteria in its place, would change today; does it as one step.

    The steps are played for it, which may take a while: the page comes first and then asks.
    """
    form = DriftForm(posted(request) or request.GET)
    shown: dict[str, Any] = {"title": _("What would change today"), "segment": segment}
    shown["is_coming"] = request.method != "POST" and "saved" not in request.GET
    if form.is_valid() and not shown["is_coming"]:
        saved = form.cleaned_data["saved"]
        try:
            if request.method == "POST":
                return _refreshed(request, segment, saved)
            look = partial(replay.drift, segment, by=request.user, saved=saved)
            shown |= limited(lambda: {"difference": look()})
        except WorksheetError as error:
            shown["refused"] = str(error)
        shown["saved"] = saved
    return render(request, "segments/drift.html", shown | {"form": form})


def _refreshed(request: Request, segment: Segment, saved: Any) -> HttpResponse:
    work = partial(replay.refresh, segment, by=request.user, saved=saved)
    step = once.as_shown(request, segment, work)
    if step is None:
        messages.success(request, _("Nothing has changed: no step was written."))
    elif step.added and step.removed:
        said = _("The segment was refreshed: +%(added)s, −%(removed)s lines.")
        messages.success(request, said % {"added": step.added, "removed": step.removed})
    else:
        messages.success(request, done(step))
    return to_worksheet(request, segment)
