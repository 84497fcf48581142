"""Lines: one with its contact, its reason and its letter; several at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.storage import StorageAway
from interactions import documents, letters, mailmerge
from interactions.models import Document
from interactions.panels import timeline
from segments import calling, drafts, grid, overrides, trail, worksheet
from segments.columns import COLUMNS
from segments.criteria import Criteria
from segments.effective import EffectiveLines
from segments.forms import OwnLetterForm, cell_form
from segments.inheritance import value_text
from segments.known import Known, related
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.overrides import LineGone
from segments.trail import WorksheetError
from segments.views import meanwhile
from segments.views.access import CHANGE, SEE, Request, away, on_segment, to_worksheet
from segments.views.once import as_shown
from segments.views.telling import done, warn_of

# The values of the line's page, in its order; its letter has a form of its own.
ON_PAGE = tuple(name for name in overrides.NAMES if name != "document")


def find(
    segment: Segment, pk: int, effective: EffectiveLines | None = None, *, facts: bool = False
) -> Any:
    """The line with all that it says; 404 where it is not on the segment any more.

    With `facts` also those that its letter is made of.
    """
    effective = effective or EffectiveLines(segment)
    lines = effective.lines().filter(pk=pk).order_by()
    lines = effective.with_facts(lines) if facts else lines
    lines = lines.annotate(is_called=calling.called(segment))
    line = next(iter(lines.select_related(*related())), None)
    if line is None:
        raise Http404(_("This line is not on segment %(number)s any more.") % {"number": segment})
    line.segment = segment
    return line


@require_safe
@on_segment(SEE)
def line(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """One line: the contact, why it is here, what it says itself, its letter; a panel with htmx."""
    if request.htmx:
        return line_part(request, segment, pk)
    return _line_page(request, segment, pk, OwnLetterForm())


def page_of(segment: Segment, pk: int) -> str:
    return reverse("segments:line", args=[segment.number, pk])


def line_part(request: Request, segment: Segment, pk: int, **more: Any) -> HttpResponse:
    """The line as the panel beside the grid shows it."""
    shown = _line_context(request, segment, pk) | {"letter_form": OwnLetterForm()} | more
    return render(request, "segments/_line_panel.html", shown)


def _line_page(request: Request, segment: Segment, pk: int, form: OwnLetterForm) -> HttpResponse:
    shown = _line_context(request, segment, pk) | {"letter_form": form}
    return render(request, "segments/line.html", shown)


def _line_context(request: Request, segment: Segment, pk: int) -> dict[str, Any]:
    """All that there is to know of a line; a fixed number of statements."""
    effective = EffectiveLines(segment)
    found = find(segment, pk, effective, facts=True)
    known = Known(effective, [found])
    step = SegmentStep.objects.filter(segment=segment, number=found.added_step).first()
    document = known.documents.get(found.says_document_id)
    before, after = grid.Selection(segment, request.GET).beside(pk)
    query = request.GET.urlencode()
    return {
        "title": str(found.contact),
        "segment": segment,
        "line": found,
        "contact": found.contact,
        "said": [
            grid.cell(known, found, COLUMNS[name]) for name in ON_PAGE if name != "personal_comment"
        ],
        "comment_form": _comment_form(found),
        "comment_was": meanwhile.digest(found.says_personal_comment),
        "step": step,
        "sentences": trail.sentences(step.words) if step else [],
        "past": timeline(request, found.contact, with_sums=False),
        "document": document,
        "calls": list(calling.calls_of(found)),
        "is_called": found.is_called,
        "before": beside(segment, before, query),
        "after": beside(segment, after, query),
        "may": {"change": request.user.has_perm(CHANGE)},
    } | preview(found, document)


def beside(segment: Segment, pk: int | None, query: str) -> str:
    """The page of the line before or after, with the question that it was found by; "" for none."""
    return f"{page_of(segment, pk)}?{query}".rstrip("?") if pk else ""


def _comment_form(line: Any) -> Any:
    """The line's personal comment; on its page it asks for no focus."""
    stored = getattr(line, "override", None) or LineOverride(line=line)
    form = cell_form("personal_comment")(instance=stored, auto_id="line_%s")
    form.fields["personal_comment"].widget.attrs = {"rows": 3, "maxlength": 2000}
    return form


def said(line: Any, name: str) -> grid.Cell:
    """One value of a line in words; what it refers to is fetched by the page, not in a list."""
    model_field: Any = LineOverride._meta.get_field(name)
    value = getattr(line, f"says_{grid.SAYS[name]}")
    if model_field.is_relation and value is not None:
        value = model_field.related_model._default_manager.filter(pk=value).first()
    is_own = overrides.says(getattr(line, "override", None), name)
    label = capfirst(str(model_field.verbose_name))
    return grid.Cell(name, label, value_text(model_field, value), is_own)


def preview(line: Any, document: Document | None) -> dict[str, Any]:
    """The text of the line's letter, merged as Log will; or why there is none."""
    if document is None:
        return {"letter_text": "", "letter_error": ""}
    try:
        text = drafts.text(line, document, line.facts, letters.Templates())
    except (mailmerge.DocumentError, documents.DocumentLost, StorageAway) as error:
        return {"letter_text": "", "letter_error": str(error)}
    return {"letter_text": text, "letter_error": ""}


@require_POST
@on_segment(CHANGE)
def remove(request: Request, segment: Segment) -> HttpResponse:
    """Takes the ticked lines out, or all that the question in the form means; one undoable step."""
    try:
        if request.POST.get("all"):
            step = as_shown(request, segment, lambda: _remove_all(request, segment))
        else:
            step = worksheet.remove_lines(segment, meant(segment, request.POST), by=request.user)
    except WorksheetError as error:
        messages.error(request, str(error))
        return to_worksheet(request, segment)
    if step is None:
        messages.warning(request, _("Nothing was removed: tick the lines that shall go."))
    else:
        messages.success(request, done(step))
    return to_worksheet(request, segment)


def _remove_all(request: Request, segment: Segment) -> SegmentStep | None:
    """Takes out all that the filter of the lines means, as a question that can be asked again."""
    selection = grid.Selection(segment, request.POST)
    if not selection.filterset.is_valid():  # else a mistyped search would mean everybody
        raise WorksheetError(_("This search cannot be read. Change it and try again."))
    asked = selection.filterset.in_force
    search = asked.pop("search", "")
    if asked or (selection.problem and search):  # no question can hold that: these lines, by hand
        return worksheet.remove_lines(segment, selection.lines, by=request.user)
    if selection.problem:
        return worksheet.remove_problem(segment, selection.problem, by=request.user)
    criteria = Criteria({"contact": {"search": search}} if search else {})
    return worksheet.reduce_contacts(segment, criteria, by=request.user, confirm_all=True)


def meant(segment: Segment, posted: QueryDict) -> Any:
    """The lines that a posted form means; the browser never sends more ids than one page has."""
    if posted.get("all"):
        return grid.Selection(segment, posted).lines
    ids = [int(one) for one in posted.getlist("line")[: grid.PAGE] if grid.is_id(one)]
    return SegmentLine.objects.filter(pk__in=ids)


@require_POST
@on_segment(CHANGE)
def letter(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """Gives a line its own letter, sent as it is; a file that is none is told at its field."""
    found = find(segment, pk)
    form = OwnLetterForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["letter"]
        try:
            overrides.set_letter(segment, found, file.read(), name=file.name, by=request.user)
        except LineGone as error:
            messages.error(request, str(error))
            return away(request, segment.get_absolute_url())
        except mailmerge.DocumentError as error:
            form.add_error("letter", str(error))
        else:
            messages.success(request, _("The line has its own letter now. It is sent as it is."))
            warn_of(request, form)
            return away(request, page_of(segment, pk))
    return _line_page(request, segment, pk, form)
