"""One value for many lines; a mailing group for all of them; the lines as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import tables
from segments import audience, bulk, export, grid, trail
from segments.forms import cell_form
from segments.forms.audience import FieldForm, MailingGroupForm
from segments.models import LineOverride, Segment, SegmentLine
from segments.views.access import CHANGE, SEE, Request, on_segment, posted, to_worksheet
from segments.views.lines import meant

GROUPS = ("crm.add_contactmailinggroup", "crm.delete_contactmailinggroup")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@on_segment(CHANGE)
def set_lines(request: Request, segment: Segment) -> HttpResponse:
    """Ticked lines, or all that are meant, say one value themselves: which, what, done."""
    count = _count(segment, request)
    at = str(segment.current_step)
    if request.POST.get("all") and request.POST.get("at", at) != at:
        messages.warning(request, _("Somebody changed the segment meanwhile: look again."))
        return to_worksheet(request, segment)
    if not count:
        messages.warning(request, _("Nothing was set: tick the lines that shall say it."))
        return to_worksheet(request, segment)
    fields = FieldForm(request.POST if "name" in request.POST else None)
    name = fields.cleaned_data["name"] if fields.is_valid() else ""
    applies = request.POST.get("action") == "apply"
    value = (
        cell_form(name)(request.POST if applies else None, instance=LineOverride())
        if name
        else None
    )
    if value is not None and applies and value.is_valid():
        return _set(request, segment, name, value.cleaned_data[name])
    shown: dict[str, Any] = {"title": _("Set a value on many lines"), "segment": segment}
    shown |= {"kept": _kept(segment, request), "fields": fields, "form": value, "name": name}
    return render(request, "segments/set_lines.html", shown | {"count": count})


def _kept(segment: Segment, request: Request) -> list[tuple[str, str]]:
    """Which lines were meant, for the next form, and where the segment stood."""
    kept = [(key, request.POST[key]) for key in ("all", "at") if request.POST.get(key)]
    kept += grid.Selection(segment, request.POST).question
    return kept + [("line", one) for one in request.POST.getlist("line")[: grid.PAGE]]


def _chosen(segment: Segment, request: Request) -> Any:
    """The lines meant; None for all that are on the segment."""
    if request.POST.get("all") and grid.Selection(segment, request.POST).is_all:
        return None
    return meant(segment, request.POST)


def _count(segment: Segment, request: Request) -> int:
    chosen = _chosen(segment, request)
    if chosen is None:
        return trail.lines_at(segment)
    present = SegmentLine.objects.present(segment).order_by()
    return present.filter(pk__in=chosen.order_by().values("pk")).count()


def _set(request: Request, segment: Segment, name: str, value: Any) -> HttpResponse:
    """Sets it and says on how many."""
    chosen = _chosen(segment, request)
    changed = bulk.set_many(segment, name, value, by=request.user, lines=chosen)
    label = str(LineOverride._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    if value in ("", None):
        said = ngettext(
            "%(count)s line inherits its %(what)s again.",
            "%(count)s lines inherit their %(what)s again.",
            changed,
        )
    else:
        said = ngettext(
            "%(count)s line says its %(what)s itself now.",
            "%(count)s lines say their %(what)s themselves now.",
            changed,
        )
    messages.success(request, said % {"count": intcomma(changed), "what": label})
    return to_worksheet(request, segment)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE, *GROUPS)
def mailing_group(request: Request, segment: Segment) -> HttpResponse:
    """Puts the contacts into a mailing group; who leaves it is counted, seen and ticked first."""
    form = MailingGroupForm(posted(request))
    shown: dict[str, Any] = {"title": _("Apply mailing group"), "segment": segment, "form": form}
    if request.method == "POST" and form.is_valid():
        group, replace = form.cleaned_data["group"], form.cleaned_data["replace"]
        change = audience.preview_mailing_group(segment, group)
        seen = f"{group.code}/{change.leaving}"
        asked = request.POST.get("action") == "apply"
        if asked and (not replace or request.POST.get("seen") == seen):
            return _grouped(request, segment, group, change.leaving if replace else 0)
        shown |= {"group": group, "change": change, "seen": seen, "is_new": asked}
    return render(request, "segments/mailing_group.html", shown)


def _grouped(request: Request, segment: Segment, group: Any, leaving: int) -> HttpResponse:
    joined = audience.apply_mailing_group(segment, group, replace=bool(leaving))
    said = ngettext(
        "%(count)s contact joined %(group)s.", "%(count)s contacts joined %(group)s.", joined
    ) % {"count": intcomma(joined), "group": group.code}
    if leaving:
        said += " " + ngettext(
            "%(count)s contact left it.", "%(count)s contacts left it.", leaving
        ) % {"count": intcomma(leaving)}
    messages.success(request, said)
    return to_worksheet(request, segment)


@require_safe
@on_segment(SEE, "crm.view_contact")
def export_csv(request: Request, segment: Segment) -> StreamingHttpResponse:
    """The lines as CSV, row by row."""
    lines = tables.csv_lines(export.head(), export.rows(segment))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = str(content_disposition_header(True, _name(segment, "csv")))
    return answer


@require_safe
@on_segment(SEE, "crm.view_contact")
def export_xlsx(request: Request, segment: Segment) -> FileResponse:
    """The lines as a spreadsheet."""
    file = tables.xlsx_file(export.head(), export.rows(segment))
    return FileResponse(
        file, as_attachment=True, filename=_name(segment, "xlsx"), content_type=XLSX
    )


def _name(segment: Segment, ending: str) -> str:
    return f"{segment.number}.{ending}".replace("/", "-")
