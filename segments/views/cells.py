"""Cells: one value of one line, in place or on a page of its own; a whole column."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segments import columns, grid, overrides, source, trail
from segments.effective import EffectiveLines
from segments.forms import cell_form
from segments.models import LineOverride, Segment, SegmentLine
from segments.overrides import LineGone
from segments.views import meanwhile
from segments.views.access import CHANGE, SEE, Request, away, on_segment, posted
from segments.views.lines import ON_PAGE, find, line_part, page_of, said


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def cell(request: Request, segment: Segment, pk: int, name: str) -> HttpResponse:
    """One value of one line: its form, in place in the grid, else on a page of its own."""
    if name not in ON_PAGE:
        raise Http404(_("A line has no field “%(name)s”.") % {"name": name})
    if request.method != "POST":
        return _form(request, segment, find(segment, pk), name)
    with transaction.atomic():
        trail.lock(segment)  # so that what is compared is what is written over
        return _form(request, segment, find(segment, pk), name)


def _form(request: Request, segment: Segment, line: SegmentLine, name: str) -> HttpResponse:
    stored = LineOverride.objects.filter(line=line).first() or LineOverride(line=line)
    before, now = getattr(stored, name), said(line, name)
    inherited = {} if now.is_own else source.inherited(segment, line, name, now.text)
    form = cell_form(name)(posted(request), instance=stored, inherited=inherited)
    if request.method == "POST" and form.is_valid():
        if not meanwhile.is_overtaken(request, before, form.cleaned_data[name]):
            return _set(request, segment, line, name, form.cleaned_data[name])
        form.add_error(name, meanwhile.overtaken(segment, request.user, now.text))
    shown = {"field": form[name], "form": form, "segment": segment, "line": line, "said": now}
    shown |= {"title": capfirst(form[name].label), "was": meanwhile.digest(before)}
    if request.htmx.target == "panel":
        again = {"comment_form": form, "comment_was": shown["was"]}
        return line_part(request, segment, line.pk, **again)
    return _drawn(request, shown, f"#c-{line.pk}-{name}")


def _drawn(request: Request, shown: dict[str, Any], place: str) -> HttpResponse:
    """In the grid the form alone; one that was refused says which cell it belongs to."""
    answer = render(
        request, "segments/_cell_form.html" if request.htmx else "segments/form.html", shown
    )
    if request.htmx and request.method == "POST":
        answer["HX-Retarget"], answer["HX-Reswap"] = place, "innerHTML"
    return answer


def _set(
    request: Request, segment: Segment, line: SegmentLine, name: str, value: Any
) -> HttpResponse:
    try:
        overrides.set_value(segment, line, name, value, by=request.user)
    except LineGone as error:
        messages.error(request, str(error))
        return away(request, segment.get_absolute_url())
    return _changed(request, segment, line)


def _changed(request: Request, segment: Segment, line: SegmentLine) -> HttpResponse:
    """The row anew in the grid, the line anew in its panel; else the line's page."""
    if request.htmx.target == "panel":
        answer = line_part(request, segment, line.pk)
        answer["HX-Trigger"] = json.dumps({"segmentti:line": str(line.pk)})
        return answer
    if request.htmx:
        return row(request, segment, line.pk)
    messages.success(request, _("The line was saved."))
    return away(request, page_of(segment, line.pk))


def row(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """A line of the table."""
    found = grid.rows(EffectiveLines(segment), [pk], columns.chosen(request.user))
    if not found:
        raise Http404
    may = {"change": request.user.has_perm(CHANGE)}
    return render(request, "segments/_line.html", {"row": found[0], "may": may})


@require_safe
@on_segment(SEE)
def line_row(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """A line of the table, for whoever changed his mind about one of its cells."""
    find(segment, pk)
    return row(request, segment, pk) if request.htmx else away(request, page_of(segment, pk))


@require_POST
@on_segment(CHANGE)
def cell_reset(request: Request, segment: Segment, pk: int, name: str) -> HttpResponse:
    """Lets one line inherit a value again."""
    if name not in overrides.NAMES:
        raise Http404(_("A line has no field “%(name)s”.") % {"name": name})
    return _set(request, segment, find(segment, pk), name, None)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def column_reset(request: Request, segment: Segment, name: str) -> HttpResponse:
    """Lets every line inherit a value again; asks first, naming how many say it themselves."""
    if name not in overrides.NAMES:
        raise Http404(_("A line has no field “%(name)s”.") % {"name": name})
    label = LineOverride._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    if request.method == "POST":
        changed = overrides.reset_column(segment, name, by=request.user)
        told = ngettext(
            "%(count)s line inherits its %(what)s again.",
            "%(count)s lines inherit their %(what)s again.",
            changed,
        )
        messages.success(request, told % {"count": intcomma(changed), "what": label})
        return away(request, segment.get_absolute_url())
    count = overrides.overriding(segment, name).count()
    title = _("Reset the column “%(what)s”?") % {"what": capfirst(str(label))}
    shown = {"segment": segment, "count": count, "what": label, "title": title}
    return render(request, "segments/column_reset.html", shown)
