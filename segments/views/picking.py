"""Choosing one of many: saved criteria, open and logged segments; a search and a few links."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.panels import Found, Hit
from crm.search import contains
from interactions.models import LoggedSegment
from segments.models import SavedCriteria, Segment
from segments.views.access import Request

MOST = 30


def asked(request: Request) -> str:
    """What is searched for."""
    return request.GET.get("q", "").replace("\x00", "")[:200].strip()


def _having(rows: QuerySet[Any], text: str, *fields: str) -> QuerySet[Any]:
    for word in text.split():
        found = Q()
        for field in fields:
            found |= contains(field, word)
        rows = rows.filter(found)
    return rows


def saved_criteria(request: Request, url: Callable[[SavedCriteria], str]) -> Found:
    """Saved criteria by code, with how many steps and who used them last."""
    rows = SavedCriteria.objects.select_related("by", "last_used_by").order_by("code")
    found = _having(rows, asked(request), "code", "description")[:MOST]
    hits = [Hit(url(one), one.code, one.description, _use(one)) for one in found]
    return Found(_("Saved criteria"), hits)


def _use(saved: SavedCriteria) -> str:
    count = len(saved.steps)
    said = ngettext("%(count)s step", "%(count)s steps", count) % {"count": count}
    if saved.last_used_at is None:
        return _("%(steps)s, never used") % {"steps": said}
    day = date_format(localtime(saved.last_used_at), "SHORT_DATE_FORMAT")
    user = saved.last_used_by
    name = (user.get_full_name() or user.get_username()) if user else _("somebody")
    return _("%(steps)s, last used %(day)s by %(name)s") % {"steps": said, "day": day, "name": name}


def open_segments(request: Request, segment: Segment, view: str) -> Found:
    """Other open segments, the newest first."""
    rows = Segment.objects.exclude(pk=segment.pk)
    return _open(request, rows, lambda one: reverse(view, args=[segment.number, one.number]))


def to_be_filled(request: Request, logged: LoggedSegment, view: str) -> Found:
    """Open segments that a logged one may be added to, the newest first."""
    number = logged.segment_number
    rows = Segment.objects.all()
    return _open(request, rows, lambda one: reverse(view, args=[one.number, number]))


def _open(request: Request, rows: QuerySet[Segment], url: Callable[[Segment], str]) -> Found:
    rows = rows.exclude(number__startswith="~").order_by("-pk")
    found = _having(rows, asked(request), "number", "description")[:MOST]
    return Found(_("Open segments"), [Hit(url(one), one.number, one.description) for one in found])


def logged_segments(request: Request, segment: Segment, view: str) -> Found:
    """Logged segments, the newest first."""
    rows = LoggedSegment.objects.defer("header", "trail").order_by("-pk")
    found = _having(rows, asked(request), "segment_number", "description")[:MOST]
    hits = [
        Hit(
            reverse(view, args=[segment.number, one.segment_number]),
            one.segment_number,
            one.description,
        )
        for one in found
    ]
    return Found(_("Logged segments"), hits)
