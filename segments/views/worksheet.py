"""The worksheet: one page, its header edited in place, and the verbs of its trail."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.sql import TooLong
from segments import checking, columns, funnel, grid, trail, worksheet
from segments.effective import EffectiveLines
from segments.forms import ByHandForm, LetterForm
from segments.forms.audience import ExplainForm
from segments.inheritance import Header
from segments.models import Segment
from segments.totals import totals
from segments.trail import WorksheetError
from segments.views import meanwhile, telling
from segments.views.access import (
    CHANGE,
    DELETE,
    LOG,
    SEE,
    Request,
    on_segment,
    posted,
    to_worksheet,
)


@require_safe
@on_segment(SEE)
def segment(request: Request, segment: Segment) -> HttpResponse:
    """The worksheet."""
    return render(request, "segments/worksheet.html", context(request, segment))


def context(request: Request, segment: Segment, **more: Any) -> dict[str, Any]:
    """All that the worksheet shows; a fixed number of statements whatever its size."""
    effective = EffectiveLines(segment)
    header = Header(segment, effective.languages)
    folds = funnel.funnel(segment)
    lines, last_step = funnel.standing(folds)
    shown = {
        "title": str(segment),
        "segment": segment,
        "may": may(request),
        "strip": header.strip(),
        "panel": header.panel(),
        "letters": effective.letters,
        "letter_form": LetterForm(auto_id="letter_%s"),
        "folds": folds,
        "last_step": last_step,
        "totals": totals(effective, lines),
        "by_hand": ByHandForm(auto_id="by_hand_%s"),
        "explain_form": ExplainForm(auto_id="explain_%s"),
    }
    shown["news_since"] = meanwhile.mark(segment, request.user)
    return shown | lines_context(request, effective, lines) | more


def may(request: Request) -> dict[str, bool]:
    """What this reader may do with a segment."""
    rights = {"change": CHANGE, "delete": DELETE, "log": LOG}
    return {verb: request.user.has_perm(right) for verb, right in rights.items()}


def lines_context(request: Request, effective: EffectiveLines, count: int) -> dict[str, Any]:
    """One page of lines, and what was asked of them."""
    selection = grid.Selection(effective.segment, request.GET, effective, count)
    number = request.GET.get("page")
    try:
        page, too_long = selection.page(number), False
    except TooLong:
        selection.sort, too_long = "", True
        page = selection.page(number)
    shown = columns.chosen(request.user)
    return {
        "selection": selection,
        "heads": [column.head(selection.sort) for column in shown],
        "name_head": columns.head("name", _("Contact"), selection.sort),
        "number_head": columns.head("number", _("No."), selection.sort),
        "rows": grid.rows(effective, list(page.object_list), shown),
        "page_obj": page,
        "paginator": page.paginator,
        "sort_took_too_long": too_long,
        "problems": checking.RULE_WORDS,
    }


@require_POST
@on_segment(CHANGE)
def back(request: Request, segment: Segment) -> HttpResponse:
    """Undoes one step."""
    undone = worksheet.go_back(segment, by=request.user)
    if undone is None:
        messages.warning(request, _("There is no step to undo."))
    else:
        said = _("Step %(number)s was undone: %(lines)s now.")
        messages.success(request, said % {"number": undone.number, "lines": _lines(segment)})
    return to_worksheet(request, segment)


@require_POST
@on_segment(CHANGE)
def forward(request: Request, segment: Segment) -> HttpResponse:
    """Does an undone step again."""
    redone = worksheet.go_forward(segment, by=request.user)
    if redone is None:
        messages.warning(request, _("There is no step to do again."))
    else:
        said = _("Step %(number)s was done again: %(lines)s now.")
        messages.success(request, said % {"number": redone.number, "lines": _lines(segment)})
    return to_worksheet(request, segment)


@require_POST
@on_segment(CHANGE)
def go_to(request: Request, segment: Segment, step: int) -> HttpResponse:
    """Stands at a step; 0 is before the first."""
    try:
        worksheet.go_to_step(segment, step, by=request.user)
    except WorksheetError as error:
        messages.error(request, str(error))
    else:
        said = _("The segment stands at step %(number)s: %(lines)s now.")
        messages.success(request, said % {"number": step, "lines": _lines(segment)})
    return to_worksheet(request, segment)


def _lines(segment: Segment) -> str:
    """How many lines there are, in words."""
    return telling.lines(trail.lines_at(segment))


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def by_hand(request: Request, segment: Segment) -> HttpResponse:
    """Adds one contact by hand; what is refused is told at the form."""
    form = ByHandForm(posted(request), auto_id="by_hand_%s")
    if request.method == "POST" and form.is_valid() and _added(request, segment, form):
        return to_worksheet(request, segment)
    title = _("Add a contact by hand")
    shown = {"segment": segment, "form": form, "title": title}
    return render(request, "segments/by_hand.html", shown)


def _added(request: Request, segment: Segment, form: ByHandForm) -> bool:
    """Adds the contact of the form; tells at the field what refuses it."""
    contact = form.cleaned_data["contact"]
    ignoring = form.cleaned_data["ignore_exclusion"]
    try:
        step = worksheet.add_contact(
            segment,
            contact,
            by=request.user,
            ignore_exclusion=ignoring,
        )
    except WorksheetError as error:
        form.add_error("contact", str(error))
        return False
    if step is None:
        form.add_error("contact", _("%s is on the segment already.") % contact)
        return False
    messages.success(request, _("%s was added.") % contact)
    return True
