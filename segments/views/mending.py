"""Check: every problem of every line, each with a mend for the whole group."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm import later
from segments import bulk, coverage, header, worksheet
from segments import log as logs
from segments.effective import EffectiveLines
from segments.forms import cell_form, header_field_form
from segments.models import LineOverride, Segment
from segments.trail import WorksheetError
from segments.views.access import CHANGE, LOG, SEE, Request, away, lines_now, on_segment
from segments.views.telling import done

# What can be set so that lines lose a problem; the first three may be said by the segment, too.
ON_SEGMENT = {
    "no_salesperson": "salesperson",
    "no_description": "description",
    "no_template": "template",
}
MENDS: dict[str, tuple[str, ...]] = {
    **{code: (name,) for code, name in ON_SEGMENT.items()},
    "no_address": ("correspondence_type",),
    "opted_out": ("correspondence_type",),
    "no_document": ("language", "template", "correspondence_type"),
    "blocked_salesperson": ("salesperson",),
    "cancelled_campaign": ("campaign",),
}


@require_safe
@on_segment(SEE)
def check(request: Request, segment: Segment) -> HttpResponse:
    """Every problem of every line, with a mend for the whole group."""
    shown: dict[str, Any] = {"title": _("Check"), "segment": segment}
    if later.is_coming(request, lines_now(segment)):
        shown["is_coming"] = True
    else:
        shown |= problems(request, segment)
    return render(request, "segments/check.html", shown)


def problems(
    request: Request,
    segment: Segment,
    *,
    send: bool = False,
    effective: EffectiveLines | None = None,
) -> dict[str, Any]:
    """What the check found, errors first, and what each can be mended by."""
    found = logs.check(segment, send=send, effective=effective)
    return {
        "problems": [
            {
                "problem": one,
                "forms": [_form(segment, one.code, name) for name in MENDS.get(one.code, ())],
                "on_segment": one.code in ON_SEGMENT,
                "language": one.code.partition(coverage.NO_LETTER)[2],
            }
            for one in found
        ],
        "errors": [one for one in found if one.is_error and not one.of_sending],
        "warnings": [one for one in found if not one.is_error or one.of_sending],
        "may": {"change": request.user.has_perm(CHANGE), "log": request.user.has_perm(LOG)},
    }


def _form(segment: Segment, code: str, name: str, data: Any = None, where: str = "") -> ModelForm:
    """The form of a value that ends a problem: of the segment, or of the lines that have it."""
    auto_id = f"{code}_{name}_%s"
    form: ModelForm
    if code in ON_SEGMENT and where != "lines":
        form = header_field_form(name)(data, instance=segment, auto_id=auto_id)
    else:
        form = cell_form(name)(data, instance=LineOverride(), auto_id=auto_id)
    form.fields[name].widget.attrs.pop("autofocus", None)
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
    """Sets a value: on the segment, or on those lines that have the problem."""
    names = MENDS.get(code, ())
    name, where = request.POST.get("name", *names[:1]), request.POST.get("where", "")
    if name not in names:
        raise Http404(_("There is nothing to set for this."))
    form = _form(segment, code, name, request.POST, where)
    if form.is_valid() and form.cleaned_data[name] not in ("", None):
        messages.success(request, _mended(request, segment, code, form, name))
        return away(request, reverse("segments:check", args=[segment.number]))
    if form.is_valid():
        form.add_error(name, _("Fill this in."))
    segment.refresh_from_db()
    shown: dict[str, Any] = {"title": _("Check"), "segment": segment}
    shown |= problems(request, segment)
    for one in shown["problems"]:
        if one["problem"].code == code:
            one["forms"] = [form if name in each.fields else each for each in one["forms"]]
    return render(request, "segments/check.html", shown)


def _mended(request: Request, segment: Segment, code: str, form: Any, name: str) -> str:
    """Sets it, and says what was done."""
    if not isinstance(form.instance, LineOverride):
        header.change(segment, form.changes, by=request.user)
        return _("The header was saved.")
    lines = logs.problem_lines(segment, code)
    count = bulk.set_many(segment, name, form.cleaned_data[name], by=request.user, lines=lines)
    said = ngettext(
        "%(count)s line says its %(what)s itself now.",
        "%(count)s lines say their %(what)s themselves now.",
        count,
    )
    return said % {"count": intcomma(count), "what": form.fields[name].label.lower()}
