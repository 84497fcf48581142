"""Two people at one segment: who else changed it, and an edit of what has changed meanwhile."""

import datetime
import hashlib
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timesince
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from interactions.models import LoggedSegment
from segments.models import Segment, SegmentEditor
from segments.views.access import SEE, Request


def latest(segment: Segment, user: User) -> SegmentEditor | None:
    """Who else changed the segment last."""
    others = SegmentEditor.objects.filter(segment=segment).exclude(user=user)
    return others.select_related("user").order_by("-changed_at").first()


def mark(segment: Segment, user: User) -> str:
    """The moment of the last change by somebody else: a later one is news to this page."""
    found = latest(segment, user)
    return found.changed_at.isoformat() if found else ""


@require_safe
def news(request: Request, number: str) -> HttpResponse:
    """Whether somebody else has changed the segment since the page was drawn; else nothing (204).

    The page asks every so often: two statements, and no redirect that would lose what is typed.
    """
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    segment = Segment.objects.filter(number=number).only("pk", "number").first()
    if segment is None:
        return _logged(request, number)
    since, found = _moment(request.GET.get("since", "")), latest(segment, request.user)
    if found is None or (since and found.changed_at <= since):
        return HttpResponse(status=204)
    shown = {"segment": segment, "since": request.GET.get("since", "")}
    shown |= {"who": name(found.user), "ago": ago(found)}
    return render(request, "segments/_news.html", shown)


def _moment(text: str) -> datetime.datetime | None:
    """The moment that mark() wrote; None for anything else."""
    try:
        read = parse_datetime(text)
    except ValueError:
        return None
    return read if read and is_aware(read) else None


def _logged(request: Request, number: str) -> HttpResponse:
    """The segment became a logged one while it was open here."""
    logged = LoggedSegment.objects.filter(segment_number=number).select_related("by").first()
    if logged is None:
        raise Http404(_("There is no segment %(number)s.") % {"number": number})
    shown = {"logged": logged, "who": name(logged.by) if logged.by else _("Somebody")}
    return render(request, "segments/_news.html", shown)


def name(user: User) -> str:
    return user.get_full_name() or user.username


def ago(editor: SegmentEditor) -> str:
    """How long ago somebody changed it, in words."""
    return timesince(editor.changed_at, depth=1)


def digest(value: Any) -> str:
    """A short sign of a stored value, to tell whether it is still what a form was drawn with."""
    text = str(getattr(value, "pk", value) if value is not None else "")
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16]


def is_overtaken(request: Request, before: Any, new: Any) -> bool:
    """Whether the value was changed after the form was drawn, and this edit would undo that."""
    was = request.POST.get("was")
    return was is not None and was != digest(before) and digest(new) != digest(before)


def overtaken(segment: Segment, user: User, text: str) -> str:
    """What to tell whoever edits a value that is not what he saw."""
    value, other = text or "–", latest(segment, user)
    if other is None:
        said = _("This was changed meanwhile to “%(value)s”. Save again to put yours in its place.")
        return said % {"value": value}
    said = _(
        "%(who)s changed this %(ago)s ago: it is “%(value)s” now. "
        "Save again to put yours in its place."
    )
    return said % {"who": name(other.user), "ago": ago(other), "value": value}
