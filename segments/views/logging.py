"""Log: what will happen in numbers, what is doubtful, and then the whole of it or nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm import later
from interactions.models import Delivery, LoggedSegment
from segments import log as logs
from segments.effective import EMAIL, EffectiveLines
from segments.forms import LogForm
from segments.log import AlreadyLogged, LogRefused, WarningsChanged
from segments.models import Segment
from segments.totals import OWN, from_own
from segments.views.access import CHANGE, LOG, Request, away, lines_now, on_segment, posted
from segments.views.mending import problems


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(LOG, CHANGE)
def log(request: Request, segment: Segment) -> HttpResponse:
    """Says what will happen in numbers, asks, logs. Of many lines the page comes first."""
    shown: dict[str, Any] = {"title": _("Log segment %(number)s") % {"number": segment.number}}
    shown["segment"] = segment
    if later.is_coming(request, lines_now(segment)):
        return render(request, "segments/log.html", shown | {"is_coming": True})
    effective = EffectiveLines(segment)
    shown |= outlook(effective)
    can_send = shown["outlook"]["neither"] < shown["totals"].lines
    form = LogForm(posted(request), can_send=can_send)
    if request.method == "POST" and form.is_valid():
        try:
            return _log(request, segment, form)
        except LogRefused as error:
            form.refuse(error.problems)
        except WarningsChanged:
            form.refuse_doubts()
    found = problems(request, segment, send=True, effective=effective)
    seen = " ".join(f"{one.code}:{one.count}" for one in found["warnings"])
    return render(request, "segments/log.html", shown | found | {"form": form, "seen": seen})


def outlook(effective: EffectiveLines) -> dict[str, Any]:
    """What Log would write, in numbers."""
    says = ("correspondence_type", "document_id", "campaign_id", "cost", "duration")
    lines = effective.lines(*says).order_by()
    has_letter = Q(says_document_id__isnull=False)
    by_mail = Q(says_correspondence_type=EMAIL)
    on_paper = ~by_mail & ~Q(says_correspondence_type="")
    counts = lines.aggregate(
        on_paper=Count("pk", filter=on_paper),
        by_mail=Count("pk", filter=by_mail),
        neither=Count("pk", filter=Q(says_correspondence_type="")),
        letters=Count("pk", filter=has_letter),
        mails=Count("pk", filter=by_mail & has_letter),
        prints=Count("pk", filter=on_paper & has_letter),
        campaign_entries=Count("says_campaign_id", distinct=True),
        lines=Count("pk"),
        **OWN,
    )
    own = {name: counts.pop(name) for name in OWN}
    sums = from_own(effective, own, counts.pop("lines"))
    counts["nothing"] = sums.lines - counts["mails"] - counts["prints"]
    return {"outlook": counts, "totals": sums}


def _log(request: Request, segment: Segment, form: LogForm) -> HttpResponse:
    """Logs, and says how many; who comes second is led to what the first one logged."""
    follow_up, send = form.cleaned_data["follow_up"], form.cleaned_data["send"]
    try:
        logged = logs.log_segment(
            segment, by=request.user, send=send, follow_up=follow_up, accepted=form.accepted
        )
    except AlreadyLogged as error:
        messages.warning(request, str(error))
        return away(request, error.logged.get_absolute_url())
    said = ngettext(
        "Segment %(number)s was logged: %(count)s interaction.",
        "Segment %(number)s was logged: %(count)s interactions.",
        logged.entry_count,
    )
    messages.success(
        request, said % {"number": logged.segment_number, "count": intcomma(logged.entry_count)}
    )
    if send:
        _tell_sending(request, logged)
    if follow_up:
        _tell_follow_up(request, logged)
    return away(request, logged.get_absolute_url())


def _tell_sending(request: Request, logged: LoggedSegment) -> None:
    queued = logged.entries.filter(delivery=Delivery.QUEUED).count()
    said = ngettext(
        "%(count)s letter waits to be delivered.",
        "%(count)s letters wait to be delivered.",
        queued,
    )
    messages.success(request, said % {"count": intcomma(queued)})


def _tell_follow_up(request: Request, logged: LoggedSegment) -> None:
    made = Segment.objects.filter(follows=logged).order_by("-pk").first()
    if made is not None:
        link = format_html('<a href="{}">{}</a>', made.get_absolute_url(), made)
        messages.success(request, format_html(_("The follow-up is {link}."), link=link))
