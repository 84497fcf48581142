"""How a reader likes the lines laid out, which of them to see, what they are made of."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import later
from crm.sql import TooLong, time_limit
from segments import checking, columns, composition, grid
from segments.models import Segment
from segments.views.access import SEE, Request, away, lines_now, on_segment

# Seconds that the charts may take.
COUNTING = 20.0


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(SEE)
def choose_columns(request: Request, segment: Segment) -> HttpResponse:
    """Which columns the lines have, in what order; kept for this reader, on every segment."""
    chosen = [column.name for column in columns.chosen(request.user)]
    order = [column.name for column in columns.in_order(chosen)]
    if request.method == "POST":
        chosen = [name for name in request.POST.getlist("column") if name in columns.COLUMNS]
        order = [one.name for one in columns.in_order(request.POST.getlist("order"))]
        up, down = request.POST.get("up", ""), request.POST.get("down", "")
        if not up and not down:
            return _keep(request, segment, [name for name in order if name in chosen])
        order = columns.moved(order, up or down, -1 if up else 1)
    shown = {
        "segment": segment,
        "title": _("Columns"),
        "order": [columns.COLUMNS[name] for name in order],
        "chosen": chosen,
    }
    part = "segments/_columns.html" if request.htmx else "segments/columns.html"
    return render(request, part, shown)


def _keep(request: Request, segment: Segment, names: list[str]) -> HttpResponse:
    columns.choose(request.user, [] if request.POST.get("action") == "default" else names)
    here = request.htmx.current_url_abs_path if request.htmx else ""
    return away(request, here or segment.get_absolute_url())


@require_safe
@on_segment(SEE)
def filters(request: Request, segment: Segment) -> HttpResponse:
    """The filters of the lines, fetched when they are wanted; with htmx the fields alone."""
    shown = {"segment": segment, "title": _("Filter"), "problems": checking.RULE_WORDS}
    shown["selection"] = grid.Selection(segment, request.GET)
    part = "segments/_lines_filters.html" if request.htmx else "segments/lines_filters.html"
    return render(request, part, shown)


@require_safe
@on_segment(SEE, "crm.view_contact")
def made_of(request: Request, segment: Segment) -> HttpResponse:
    """The segment by type, territory, language and industry; a part of the worksheet with htmx.

    Many lines are counted when it stands there.
    """
    shown: dict[str, Any] = {"segment": segment, "title": _("Composition")}
    if later.is_coming(request, lines_now(segment)):
        shown["is_coming"] = True
    else:
        shown |= _charts(segment)
    part = "segments/_composition.html" if request.htmx else "segments/composition.html"
    return render(request, part, shown)


def _charts(segment: Segment) -> dict[str, Any]:
    try:
        with time_limit(COUNTING):
            return {"charts": composition.composition(segment)}
    except TooLong:
        return {"took_too_long": True}
