"""The header: one field in place, all of it on a page of its own, and the segment's own letters."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import sight
from crm.languages import LANGUAGES, language_name
from interactions import linting, mailmerge
from segments import header, trail
from segments.effective import EffectiveLines
from segments.forms import HeaderForm, LetterForm, header_field_form
from segments.inheritance import PANEL, STRIP, Header
from segments.models import Segment
from segments.spoken import languages
from segments.views import meanwhile
from segments.views.access import (
    CHANGE,
    SEE,
    Request,
    away,
    files,
    on_segment,
    posted,
    to_worksheet,
)
from segments.views.telling import warn_of

FIELDS = (*STRIP, *PANEL)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def edit(request: Request, segment: Segment) -> HttpResponse:
    """The whole header; writes only what this reader changed."""
    with transaction.atomic():
        if request.method == "POST":
            trail.lock(segment)  # so that what is compared is what is written over
        stored = {name: getattr(segment, name) for name in FIELDS}
        texts = {said.name: said.text for said in Header(segment).said(FIELDS)}
        form = HeaderForm(posted(request), instance=segment, inherited=_inherited(segment))
        if request.method == "POST" and form.is_valid():
            for name in form.overtaken(stored):
                form.add_error(name, meanwhile.overtaken(segment, request.user, texts[name]))
            if form.is_valid():
                header.change(segment, form.changes, by=request.user)
                if not sight.is_lost(segment):
                    messages.success(request, _("The header was saved."))
                return _changed(request, segment)
    title = _("Edit segment %(number)s") % {"number": segment.number}
    shown = {"form": form, "segment": segment, "title": title}
    return render(request, "segments/form.html", shown)


def _inherited(segment: Segment) -> dict[str, str]:
    """What holds where the header says nothing, by name."""
    said = {name: Header(segment).inherited(name) for name in FIELDS}
    return {name: _with_source(*one) for name, one in said.items() if one[0]}


def _with_source(text: str, source: str) -> str:
    return f"{text} ({source})" if source else text


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def field(request: Request, segment: Segment, name: str) -> HttpResponse:
    """One field of the header: its form, in place with htmx, else on a page of its own."""
    if name not in FIELDS:
        raise Http404(_("A segment has no field “%(name)s”.") % {"name": name})
    if request.method != "POST":
        return _field(request, segment, _field_form(request, segment, name))
    with transaction.atomic():
        trail.lock(segment)  # so that what is compared is what is written over
        before, now = getattr(segment, name), Header(segment).one(name).text
        form = _field_form(request, segment, name)
        if form.is_valid() and meanwhile.is_overtaken(request, before, form.cleaned_data[name]):
            form.add_error(name, meanwhile.overtaken(segment, request.user, now))
        if form.is_valid():
            header.change(segment, form.changes, by=request.user)
            return _changed(request, segment)
        return _field(request, segment, form, before)


def _changed(request: Request, segment: Segment) -> HttpResponse:
    """Back to the worksheet; away from it where the segment was given to whom one does not see."""
    if not sight.is_lost(segment):
        return to_worksheet(request, segment)
    messages.success(request, sight.HANDED_OVER % {"record": segment})
    return away(request, reverse("home"))


def _field_form(request: Request, segment: Segment, name: str) -> Any:
    text, source = Header(segment).inherited(name)
    known = {name: _with_source(text, source)} if text else {}
    return header_field_form(name)(posted(request), instance=segment, inherited=known)


def _field(request: Request, segment: Segment, form: Any, before: Any = None) -> HttpResponse:
    bound = next(iter(form))
    stored = before if request.method == "POST" else getattr(segment, bound.name)
    shown = {"field": bound, "form": form, "segment": segment, "title": capfirst(bound.label)}
    shown["was"] = meanwhile.digest(stored)
    if not request.htmx:
        return render(request, "segments/form.html", shown)
    answer = render(request, "segments/_field_form.html", shown)
    if request.method == "POST":
        answer["HX-Retarget"], answer["HX-Reselect"] = f"#f-{bound.name}", "form"
        answer["HX-Reswap"] = "innerHTML"
    return answer


@require_safe
@on_segment(SEE)
def field_shown(request: Request, segment: Segment, name: str) -> HttpResponse:
    """One field of the header as it stands, for whoever changed his mind."""
    if name not in FIELDS:
        raise Http404(_("A segment has no field “%(name)s”.") % {"name": name})
    if not request.htmx:
        return to_worksheet(request, segment)
    may = {"change": request.user.has_perm(CHANGE)}
    shown = {"said": Header(segment).one(name), "segment": segment, "may": may}
    return render(request, "segments/_said.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(SEE)
def letters(request: Request, segment: Segment) -> HttpResponse:
    """The segment's languages and its own letters; gives it one more.

    A file that is none is told at its field.
    """
    if request.method == "POST" and not request.user.has_perm(CHANGE):
        raise PermissionDenied
    meant = {"language": request.GET.get("language") or segment.language or "en"}
    form = LetterForm(posted(request), files(request), auto_id="letter_%s", initial=meant)
    if request.method == "POST" and form.is_valid():
        language, file = form.cleaned_data["language"], form.cleaned_data["letter"]
        try:
            header.set_letter(
                segment,
                language,
                file.read(),
                name=file.name,
                by=request.user,
            )
        except mailmerge.DocumentError as error:
            form.add_error("letter", str(error))
        else:
            said = _("The segment has its own letter in %(language)s now.")
            messages.success(request, said % {"language": language_name(language)})
            warn_of(request, form)
            return to_worksheet(request, segment)
    return render(request, "segments/letter.html", _letters(request, segment, form))


def _letters(request: Request, segment: Segment, form: LetterForm) -> dict[str, Any]:
    """The segment's own letters with what is odd in them, and its languages."""
    own = segment.documents.select_related("document")
    return {
        "title": _("Languages and letters"),
        "segment": segment,
        "form": form,
        "letters": [(row, linting.of_document(row.document)) for row in own],
        "languages": languages(EffectiveLines(segment)),
        "may": {"change": request.user.has_perm(CHANGE)},
    }


@require_POST
@on_segment(CHANGE)
def letter_remove(request: Request, segment: Segment, language: str) -> HttpResponse:
    """Takes the segment's own letter in a language away: the template's holds again."""
    if language not in dict(LANGUAGES) or not header.remove_letter(
        segment,
        language,
        by=request.user,
    ):
        raise Http404(_("The segment has no letter of its own in this language."))
    said = _("The segment's own letter in %(language)s was removed.")
    messages.success(request, said % {"language": language_name(language)})
    return away(request, segment.get_absolute_url())
