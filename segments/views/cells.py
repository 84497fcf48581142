"""Cells: one value of one line, in place or on a page of its own; a whole column."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segments import grid, overrides
from segments.effective import EffectiveLines
from segments.forms import cell_form
from segments.models import LineOverride, Segment, SegmentLine
from segments.overrides import LineGone
from segments.views.access import CHANGE, SEE, Request, away, on_segment, posted
from segments.views.lines import ON_PAGE, find, page_of, said


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def cell(request: Request, segment: Segment, pk: int, name: str) -> HttpResponse:
    """One value of one line: its form, in place with htmx, else on a page of its own."""
    if name not in ON_PAGE:
        raise Http404(_("A line has no field “%(name)s”.") % {"name": name})
    found = find(segment, pk)
    stored = LineOverride.objects.filter(line=pk).first() or LineOverride(line_id=pk)
    form = cell_form(name)(posted(request), instance=stored)
    if request.method == "POST" and form.is_valid():
        return _set(request, segment, found, name, form.cleaned_data[name])
    shown = {"field": form[name], "form": form, "segment": segment, "line": found}
    shown |= {"title": capfirst(form[name].label), "said": said(found, name)}
    is_part = request.htmx
    template = "segments/_cell_form.html" if is_part else "segments/form.html"
    answer = render(request, template, shown)
    if is_part and request.method == "POST":
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#c-{pk}-{name}", "innerHTML"
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
    """The row anew for htmx in the table; else the line's page."""
    if request.htmx:
        return row(request, segment, line.pk)
    messages.success(request, _("The line was saved."))
    return away(request, page_of(segment, line.pk))


def row(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """A line of the table."""
    found = grid.rows(EffectiveLines(segment), [pk])
    if not found:
        raise Http404
    may = {"change": request.user.has_perm(CHANGE)}
    return render(request, "segments/_line.html", {"row": found[0], "segment": segment, "may": may})


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
