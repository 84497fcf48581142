"""Lines: one with its contact, its reason and its letter; one cell; a column; several at once."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions import documents, letters, mailmerge
from interactions.models import Document
from segments import grid, overrides, trail, worksheet
from segments.effective import NAMES, EffectiveLines
from segments.forms import OwnLetterForm, cell_form
from segments.inheritance import value_text
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.overrides import LineGone
from segments.trail import WorksheetError
from segments.views.access import CHANGE, SEE, Request, away, on_segment, posted, to_worksheet
from segments.views.telling import done

# The values of the line's page, in its order; its letter has a form of its own.
ON_PAGE = tuple(name for name in overrides.NAMES if name != "document")


def find(segment: Segment, pk: int) -> Any:
    """The line with all that it says; 404 where it is not on the segment any more."""
    lines = EffectiveLines(segment).lines().filter(pk=pk)
    line = lines.select_related("contact__company", "override__document").first()
    if line is None:
        raise Http404(_("This line is not on segment %(number)s any more.") % {"number": segment})
    return line


@require_safe
@on_segment(SEE)
def line(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """One line: the contact, why it is here, what it says itself, its letter."""
    return _line_page(request, segment, pk, OwnLetterForm())


def _line_page(request: Request, segment: Segment, pk: int, form: OwnLetterForm) -> HttpResponse:
    found = find(segment, pk)
    step = SegmentStep.objects.filter(segment=segment, number=found.added_step).first()
    document = Document.objects.filter(pk=found.says_document_id).first()
    shown = {
        "title": str(found.contact),
        "segment": segment,
        "line": found,
        "contact": found.contact,
        "said": [_said(found, name) for name in ON_PAGE if name != "personal_comment"],
        "comment_form": _comment_form(found),
        "step": step,
        "sentences": trail.sentences(step.words) if step else [],
        "document": document,
        "letter_form": form,
        "may": {"change": request.user.has_perm(CHANGE)},
    }
    return render(request, "segments/line.html", shown | preview(segment, found, document))


def _comment_form(line: Any) -> Any:
    """The line's personal comment; on its page it asks for no focus."""
    stored = getattr(line, "override", None) or LineOverride(line=line)
    form = cell_form("personal_comment")(instance=stored)
    form.fields["personal_comment"].widget.attrs = {"rows": 3, "maxlength": 2000}
    return form


def _said(line: Any, name: str) -> grid.Cell:
    """One value of a line in words; what it refers to is fetched by the page, not in a list."""
    model_field: Any = LineOverride._meta.get_field(name)
    value = getattr(line, f"says_{grid.SAYS[name]}")
    if model_field.is_relation and value is not None:
        value = model_field.related_model._default_manager.filter(pk=value).first()
    is_own = overrides.says(getattr(line, "override", None), name)
    label = capfirst(str(model_field.verbose_name))
    return grid.Cell(name, label, value_text(model_field, value), is_own)


def preview(segment: Segment, line: Any, document: Document | None) -> dict[str, Any]:
    """The text of the line's letter, merged as Log will; or why there is none."""
    if document is None:
        return {"letter_text": "", "letter_error": ""}
    try:
        if overrides.says(getattr(line, "override", None), "document"):
            return {"letter_text": _as_it_is(document), "letter_error": ""}
        effective = EffectiveLines(segment)
        lines = effective.with_facts(effective.lines(*NAMES)).filter(pk=line.pk)
        text = letters.preview_text(document, lines.values("facts").get()["facts"])
    except (mailmerge.DocumentError, documents.DocumentLost) as error:
        return {"letter_text": "", "letter_error": str(error)}
    return {"letter_text": text, "letter_error": ""}


def _as_it_is(document: Document) -> str:
    """The text of a line's own letter: it is not merged, so its fields show their names."""
    template = mailmerge.read_template(documents.read(document))
    return template.text({name: f"«{name}»" for name in template.fields})


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
    shown |= {"title": capfirst(form[name].label), "said": _said(found, name)}
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
    return away(request, _page_of(segment, line.pk))


def _page_of(segment: Segment, pk: int) -> str:
    return reverse("segments:line", args=[segment.number, pk])


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
    return row(request, segment, pk) if request.htmx else away(request, _page_of(segment, pk))


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
        said = ngettext(
            "%(count)s line inherits its %(what)s again.",
            "%(count)s lines inherit their %(what)s again.",
            changed,
        )
        messages.success(request, said % {"count": intcomma(changed), "what": label})
        return away(request, segment.get_absolute_url())
    count = overrides.overriding(segment, name).count()
    title = _("Reset the column “%(what)s”?") % {"what": capfirst(str(label))}
    shown = {"segment": segment, "count": count, "what": label, "title": title}
    return render(request, "segments/column_reset.html", shown)


@require_POST
@on_segment(CHANGE)
def remove(request: Request, segment: Segment) -> HttpResponse:
    """Takes the ticked lines out, or all that the question in the form means; one undoable step."""
    try:
        step = worksheet.remove_lines(segment, _meant(segment, request.POST), by=request.user)
    except trail.SegmentGone:
        raise
    except WorksheetError as error:
        messages.error(request, str(error))
        return to_worksheet(request, segment)
    if step is None:
        messages.warning(request, _("Nothing was removed: tick the lines that shall go."))
    else:
        messages.success(request, done(step))
    return to_worksheet(request, segment)


def _meant(segment: Segment, posted: QueryDict) -> Any:
    """The lines that a posted form means; the browser never sends more ids than one page has."""
    if posted.get("all"):
        return grid.Selection(segment, posted).lines
    ids = [int(one) for one in posted.getlist("line")[: grid.PAGE] if one.isdecimal()]
    return SegmentLine.objects.filter(pk__in=[one for one in ids if one < 2**63])


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
            return away(request, _page_of(segment, pk))
    return _line_page(request, segment, pk, form)
