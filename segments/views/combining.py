"""Another segment, open or logged: how the two lie, combining them; reusing a logged one."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm import later
from interactions.models import LoggedSegment
from segments import audience, trail, worksheet
from segments.forms.audience import ReuseLoggedForm
from segments.models import Segment, StepKind
from segments.selection import Preview
from segments.views import once, picking
from segments.views.access import CHANGE, Request, lines_now, on_segment, posted, to_worksheet

SEE_LOGGED = "interactions.view_loggedsegment"
LABELS = {
    StepKind.ADD: gettext_lazy("Add its contacts"),
    StepKind.REFINE: gettext_lazy("Keep only what both have"),
    StepKind.REDUCE: gettext_lazy("Remove its contacts"),
}


@dataclass(frozen=True)
class Way:
    """One of the three ways to combine, and what it would do."""

    kind: str
    label: Any
    preview: Preview

    @property
    def changes(self) -> int:
        return self.preview.new or self.preview.removed


@require_safe
@on_segment(CHANGE, SEE_LOGGED)
def choose(request: Request, segment: Segment) -> HttpResponse:
    """Which segment to combine with."""
    groups = [
        picking.open_segments(request, segment, "segments:combine_open"),
        picking.logged_segments(request, segment, "segments:combine_logged"),
    ]
    shown = {"title": _("Combine with segment"), "segment": segment, "groups": groups}
    return render(request, "segments/pick.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE, SEE_LOGGED)
def combine(request: Request, segment: Segment, other: str, logged: bool) -> HttpResponse:
    """How the two segments lie, and the three ways to combine them; among many it comes then."""
    found = _logged(other) if logged else _open(segment, other)
    refused = ""
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        work = partial(audience.combine, segment, found, kind, by=request.user)
        refused = once.tell(request, segment, work)
        if not refused:
            return to_worksheet(request, segment)
    shown = {"title": _("Combine with %(other)s") % {"other": found}, "segment": segment}
    shown |= {"other": found, "refused": refused}
    if later.is_coming(request, max(lines_now(segment), _size(found))):
        shown["is_coming"] = True
    else:
        shown |= _lie(segment, found)
    return render(request, "segments/combine.html", shown)


def _size(found: Segment | LoggedSegment) -> int:
    """How many lines or entries a segment has."""
    return found.entry_count if isinstance(found, LoggedSegment) else lines_now(found)


def _lie(segment: Segment, found: Segment | LoggedSegment) -> dict[str, Any]:
    """How the two lie, in numbers."""
    overlap, previews = audience.outlook(segment, found)
    ways = [Way(kind, label, previews[kind]) for kind, label in LABELS.items()]
    return {"overlap": overlap, "ways": ways}


def _open(segment: Segment, number: str) -> Segment:
    """Another open segment; 404 where there is none."""
    rows = trail.with_lines(Segment.objects.exclude(pk=segment.pk))
    found: Segment | None = rows.filter(number=number).first()
    if found is None:
        raise Http404(_("There is no segment %(number)s.") % {"number": number})
    return found


def _logged(number: str) -> LoggedSegment:
    """A logged segment, without what is long about it; 404 where there is none."""
    rows = LoggedSegment.objects.filter(segment_number=number)
    found = rows.defer("header", "trail").first()
    if found is None:
        raise Http404(_("There is no segment %(number)s.") % {"number": number})
    return found


@require_safe
@on_segment(CHANGE, SEE_LOGGED)
def choose_logged(request: Request, segment: Segment) -> HttpResponse:
    """Which logged segment to reuse."""
    groups = [picking.logged_segments(request, segment, "segments:reuse_logged_play")]
    shown = {"title": _("Reuse logged segment"), "segment": segment, "groups": groups}
    return render(request, "segments/pick.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE, SEE_LOGGED)
def reuse_logged(request: Request, segment: Segment, other: str) -> HttpResponse:
    """The contacts that a logged segment wrote to: what adding them would do; adds them.

    What adding many would do comes after the page.
    """
    logged = _logged(other)
    form = ReuseLoggedForm(posted(request))
    ignoring = form.is_valid() and form.cleaned_data["ignore_exclusion"]
    refused = ""
    if request.POST.get("action") == "apply":
        work = partial(
            worksheet.reuse_logged_segment,
            segment,
            logged,
            by=request.user,
            ignore_exclusion=bool(ignoring),
        )
        refused = once.tell(request, segment, work)
        if not refused:
            return to_worksheet(request, segment)
    shown = {"title": _("Reuse %(other)s") % {"other": logged}, "segment": segment, "form": form}
    shown |= {"logged": logged, "refused": refused}
    if later.is_coming(request, logged.entry_count):
        shown["is_coming"] = True
    else:
        asked, options = audience.those_of(logged), {"ignore_exclusion": bool(ignoring)}
        shown["preview"] = worksheet.preview(segment, StepKind.ADD, asked, **options)
    return render(request, "segments/reuse_logged.html", shown)
