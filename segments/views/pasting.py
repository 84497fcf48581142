"""Pasting a column into lines: at once on a page of them, with a look first beyond it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from segments import grid, pasting
from segments.columns import COLUMNS
from segments.effective import EffectiveLines
from segments.forms import PasteColumnForm
from segments.models import LineOverride, Segment
from segments.overrides import LineGone
from segments.views.access import CHANGE, Request, on_segment, posted, to_worksheet

# So many refused values, and so many of those to be set, are shown.
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def paste_column(request: Request, segment: Segment) -> HttpResponse:
    """Lines from one on say a value each, or the chosen ones one value; all of them or none."""
    form = PasteColumnForm(posted(request), initial=request.GET.dict())
    shown: dict[str, Any] = {"segment": segment, "form": form, "title": _("Paste a column")}
    shown["start"] = request.POST.get("start", request.GET.get("start", ""))
    shown["chosen"] = _chosen(request)
    if request.method == "POST" and form.is_valid():
        done = _paste(request, segment, form, shown)
        if done is not None:
            return done
    answer = render(request, "segments/paste_column.html", shown)
    if request.htmx:  # what is to be mended or confirmed stands in the panel beside the grid
        answer["HX-Retarget"], answer["HX-Reselect"] = "#panel", "#paste-column"
        answer["HX-Reswap"] = "innerHTML"
    return answer


def _chosen(request: Request) -> list[int]:
    """The ticked lines."""
    return [int(one) for one in request.POST.getlist("line")[: grid.PAGE] if grid.is_id(one)]


def _paste(
    request: Request, segment: Segment, form: PasteColumnForm, shown: dict[str, Any]
) -> HttpResponse | None:
    """Pastes and goes back; or adds to the page what is wrong, or what is to be looked at first."""
    name, texts = form.cleaned_data["name"], form.cleaned_data["text"]
    ids = _lines(request, segment, len(texts), shown)
    if len(texts) == 1:
        texts = texts * len(ids)
    if len(ids) != len(texts):
        form.add_error("text", _too_many(len(texts), len(ids)))
        return None
    values, wrong = pasting.read_all(name, texts)
    if wrong:
        form.add_error("text", _refused(len(wrong)))
        shown |= {"wrong": wrong[:SHOWN], "wrong_count": len(wrong)}
        return None
    seen = _sign(name, ids, texts)
    if len(ids) > grid.PAGE and request.POST.get("seen") != seen:
        shown |= {"seen": seen, "count": len(ids), "is_new": bool(request.POST.get("seen"))}
        shown["changes"] = _changes(segment, name, ids[:SHOWN], texts)
        return None
    return _done(request, segment, form, dict(zip(ids, values, strict=True)))


def _lines(request: Request, segment: Segment, count: int, shown: dict[str, Any]) -> list[int]:
    """The lines meant: those ticked, else so many from the first one on, as they are shown."""
    if shown["chosen"]:
        return list(shown["chosen"])
    selection = grid.Selection(segment, request.GET)
    start = str(shown["start"])
    if grid.is_id(start):
        return selection.from_line(int(start), count, request.GET.get("page"))
    return list(selection.in_order.values_list("pk", flat=True)[:count])


def _done(
    request: Request, segment: Segment, form: PasteColumnForm, values: dict[int, Any]
) -> HttpResponse | None:
    name = form.cleaned_data["name"]
    try:
        count = pasting.paste(segment, name, values, by=request.user)
    except LineGone as error:
        form.add_error("text", str(error))
        return None
    said = ngettext(
        "%(count)s value was pasted into %(what)s.",
        "%(count)s values were pasted into %(what)s.",
        count,
    )
    messages.success(request, said % {"count": intcomma(count), "what": _label(name)})
    return to_worksheet(request, segment)


def _label(name: str) -> str:
    return f"“{capfirst(str(LineOverride._meta.get_field(name).verbose_name))}”"  # type: ignore[union-attr]


def _too_many(values: int, lines: int) -> str:
    said = ngettext(
        "You pasted %(values)s values, and there is %(lines)s line for them.",
        "You pasted %(values)s values, and there are %(lines)s lines for them.",
        lines,
    )
    return said % {"values": intcomma(values), "lines": intcomma(lines)}


def _refused(count: int) -> str:
    said = ngettext(
        "Nothing was pasted: %(count)s value is not understood.",
        "Nothing was pasted: %(count)s values are not understood.",
        count,
    )
    return said % {"count": intcomma(count)}


def _sign(name: str, ids: Sequence[int], texts: Sequence[str]) -> str:
    """What was looked at before it was confirmed."""
    return hashlib.sha256(repr((name, list(ids), list(texts))).encode()).hexdigest()[:16]


def _changes(
    segment: Segment, name: str, ids: Sequence[int], texts: Sequence[str]
) -> list[tuple[grid.Row, str]]:
    """The first lines, each with what it would say."""
    rows = grid.rows(EffectiveLines(segment), ids, [COLUMNS[name]])
    return list(zip(rows, texts, strict=False))
