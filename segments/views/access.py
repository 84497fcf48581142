"""Who may, which segment, and where one goes when it is gone or done with."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from interactions.models import LoggedSegment
from segments import trail
from segments.models import Segment
from segments.trail import SegmentGone

SEE, CHANGE = "segments.view_segment", "segments.change_segment"
ADD, DELETE, LOG = (
    "segments.add_segment",
    "segments.delete_segment",
    "interactions.add_loggedsegment",
)

Page = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """What the middleware makes of a request: somebody is logged in, and htmx may be asking."""

    user: User
    htmx: HtmxDetails


def posted(request: Request) -> QueryDict | None:
    """What a form was sent, also where that is nothing at all; None where it was only asked for."""
    return request.POST if request.method == "POST" else None


def files(request: Request) -> MultiValueDict[str, UploadedFile] | None:
    """The files that a form was sent."""
    return request.FILES if request.method == "POST" else None


def on_segment(*permissions: str) -> Callable[[Page], Page]:
    """Gives a page its segment, found by its number, and refuses whoever lacks a permission.

    A segment that was logged meanwhile leads to its logged segment; one that never was is a 404.
    """

    def decorate(view: Page) -> Page:
        @wraps(view)
        @vary_on_headers("HX-Request")
        def page(request: Request, number: str, **arguments: Any) -> HttpResponseBase:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            segment = in_full().filter(number=number).first()
            if segment is None:
                return gone(request, number)
            try:
                return view(request, segment, **arguments)
            except SegmentGone:
                return gone(request, number)

        return page

    return decorate


def in_full() -> Any:
    """Segments with what their header names, and `lines_now` when they were read."""
    rows = Segment.objects.select_related(
        "salesperson", "campaign", "template__campaign", "follows"
    )
    return trail.with_lines(rows)


def lines_now(segment: Any) -> int:
    """How many lines the segment of a page had when it was read."""
    return int(segment.lines_now)


def gone(request: Request, number: str) -> HttpResponse:
    """To the logged segment that this one became, with a word about it; else 404."""
    logged = LoggedSegment.objects.filter(segment_number=number).defer("header", "trail").first()
    if logged is None:
        raise Http404(_("There is no segment %(number)s.") % {"number": number})
    said = _("Segment {number} has been logged. This is what was said.")
    messages.warning(request, format_html(said, number=number))
    return away(request, logged.get_absolute_url())


def away(request: Request, url: str) -> HttpResponse:
    """To another page, also from a part of this one."""
    if request.htmx:
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def to_worksheet(request: Request, segment: Segment) -> HttpResponseRedirect:
    """Back to the worksheet; where it is open with a search or on a page, to just that."""
    url = segment.get_absolute_url()
    if request.htmx:
        here = urlsplit(request.htmx.current_url_abs_path or "")
        if here.path == url and here.query:
            url = f"{url}?{here.query}"
    return HttpResponseRedirect(url)
