"""The foot of the worksheet: Check with its mends, and Log."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions.models import LoggedSegment
from segments import coverage, header, worksheet
from segments import log as logs
from segments.effective import EMAIL, EffectiveLines
from segments.forms import LogForm, header_field_form
from segments.log import AlreadyLogged, LogRefused
from segments.models import Segment
from segments.totals import totals
from segments.trail import WorksheetError
from segments.views.access import CHANGE, LOG, SEE, Request, away, on_segment, posted
from segments.views.telling import done

# What the header can say for all lines that lack it.
MENDS = {
    "no_salesperson": "salesperson",
    "no_description": "description",
    "no_template": "template",
}


@require_safe
@on_segment(SEE)
def check(request: Request, segment: Segment) -> HttpResponse:
    """Every problem of every line, with a mend for the whole group."""
    shown = {"title": _("Check"), "segment": segment} | problems(request, segment)
    return render(request, "segments/check.html", shown)


def problems(request: Request, segment: Segment) -> dict[str, Any]:
    """What the check found, errors first, and what each can be mended by."""
    found = logs.check(segment)
    return {
        "problems": [
            {
                "problem": one,
                "form": _mending(segment, one.code),
                "language": one.code.partition(coverage.NO_LETTER)[2],
            }
            for one in found
        ],
        "errors": [one for one in found if one.is_error],
        "warnings": [one for one in found if not one.is_error],
        "may": {"change": request.user.has_perm(CHANGE), "log": request.user.has_perm(LOG)},
    }


def _mending(segment: Segment, code: str) -> Any:
    """The form that gives the header the value that lines lack; None where there is none."""
    if code not in MENDS:
        return None
    form = header_field_form(MENDS[code])(instance=segment, auto_id=f"{code}_%s")
    form.fields[MENDS[code]].widget.attrs.pop("autofocus", None)
    return form


@require_POST
@on_segment(CHANGE)
def take_out(request: Request, segment: Segment, code: str) -> HttpResponse:
    """Takes the lines with a problem out, by one step that can be undone."""
    try:
        step = worksheet.remove_problem(segment, code, by=request.user)
    except WorksheetError as error:
        messages.error(request, str(error))
        return away(request, reverse("segments:check", args=[segment.number]))
    if step is None:
        messages.warning(request, _("No line has this problem any more."))
    else:
        messages.success(request, done(step))
    return away(request, reverse("segments:check", args=[segment.number]))


@require_POST
@on_segment(CHANGE)
def mend(request: Request, segment: Segment, code: str) -> HttpResponse:
    """Gives the header the value that lines lack."""
    name = MENDS.get(code)
    if name is None:
        raise Http404(_("There is nothing to set for this."))
    form = header_field_form(name)(request.POST, instance=segment, auto_id=f"{code}_%s")
    if form.is_valid() and form.cleaned_data[name]:
        header.change(segment, form.changes, by=request.user)
        messages.success(request, _("The header was saved."))
        return away(request, reverse("segments:check", args=[segment.number]))
    if form.is_valid():
        form.add_error(name, _("Fill this in."))
    segment.refresh_from_db()
    shown: dict[str, Any] = {"title": _("Check"), "segment": segment}
    shown |= problems(request, segment)
    for one in shown["problems"]:
        one["form"] = form if one["problem"].code == code else one["form"]
    return render(request, "segments/check.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(LOG, CHANGE)
def log(request: Request, segment: Segment) -> HttpResponse:
    """Says what will happen in numbers, asks, logs."""
    form = LogForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        warnings = {one.code for one in logs.check(segment) if not one.is_error}
        if form.accepts(warnings):
            try:
                return _log(request, segment, follow_up=form.cleaned_data["follow_up"])
            except LogRefused:
                refused = _("Nothing was logged. Mend what is marked below.")
        else:
            refused = _("Nothing was logged. Read the warnings and tick that you accept them.")
    shown = {"title": _("Log segment %(number)s") % {"number": segment.number}, "form": form}
    shown |= {"segment": segment, "refused": refused} | problems(request, segment)
    return render(request, "segments/log.html", shown | outlook(segment))


def outlook(segment: Segment) -> dict[str, Any]:
    """What Log would write, in numbers."""
    effective = EffectiveLines(segment)
    lines = effective.lines("correspondence_type", "document_id").order_by()
    has_letter = Q(says_document_id__isnull=False)
    by_mail = Q(says_correspondence_type=EMAIL)
    on_paper = ~by_mail & ~Q(says_correspondence_type="")
    counts = lines.aggregate(
        on_paper=Count("pk", filter=on_paper),
        by_mail=Count("pk", filter=by_mail),
        neither=Count("pk", filter=Q(says_correspondence_type="")),
        letters=Count("pk", filter=has_letter),
    )
    return {"outlook": counts, "totals": totals(effective)}


def _log(request: Request, segment: Segment, *, follow_up: bool) -> HttpResponse:
    """Logs, and says how many; who comes second is led to what the first one logged."""
    try:
        logged = logs.log_segment(segment, by=request.user, send=False, follow_up=follow_up)
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
    if follow_up:
        _tell_follow_up(request, logged)
    return away(request, logged.get_absolute_url())


def _tell_follow_up(request: Request, logged: LoggedSegment) -> None:
    made = Segment.objects.filter(follows=logged).order_by("-pk").first()
    if made is not None:
        link = format_html('<a href="{}">{}</a>', made.get_absolute_url(), made)
        messages.success(request, format_html(_("The follow-up is {link}."), link=link))
