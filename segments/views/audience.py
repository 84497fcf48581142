"""A pasted list, a sample, one of each: first what it would do, then doing it."""

import secrets
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from segments import audience, trying
from segments.audience import Pasted
from segments.forms.audience import OnePerForm, PasteForm, SampleForm
from segments.models import Segment, SegmentStep
from segments.trail import WorksheetError
from segments.views import once
from segments.views.access import CHANGE, Request, on_segment, posted, to_worksheet

Work = Callable[[], SegmentStep | None]


def tried_or_done(request: Request, segment: Segment, form: Form, work: Work) -> Any:
    """Does the work when it is asked to ("apply"), else tries it out; what refuses it is told in
    the form. Returns the answer when done, else the trial or None."""
    if request.POST.get("action") == "apply":
        refused = once.tell(request, segment, work)
        if not refused:
            return to_worksheet(request, segment)
        form.add_error(None, refused)
        return None
    try:
        return trying.try_out(segment, work)
    except WorksheetError as error:
        form.add_error(None, str(error))
        return None


def _page(request: Request, segment: Segment, form: Form, found: Any, **shown: Any) -> HttpResponse:
    """The answer when it is done; else the form, with what it would do."""
    if isinstance(found, HttpResponse):
        return found
    return render(
        request,
        shown.pop("template", "segments/act.html"),
        {"segment": segment, "form": form, "trial": found, **shown},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def paste(request: Request, segment: Segment) -> HttpResponse:
    """Adds the contacts of a list; first says whom it names."""
    form = PasteForm(posted(request))
    matched: Pasted | None = None
    found = None
    if request.method == "POST" and form.is_valid():
        matched = _matched(form)
    if matched is not None and matched.numbers:
        found = tried_or_done(request, segment, form, _paste(request, segment, form, matched))
    return _page(
        request,
        segment,
        form,
        found,
        template="segments/paste.html",
        title=_("Paste a list"),
        matched=matched,
    )


def _matched(form: PasteForm) -> Pasted | None:
    try:
        return audience.match_list(form.cleaned_data["text"])
    except WorksheetError as error:
        form.add_error("text", str(error))
        return None


def _paste(request: Request, segment: Segment, form: PasteForm, matched: Pasted) -> Work:
    ignoring = form.cleaned_data["ignore_exclusion"]
    return lambda: audience.paste(segment, matched, by=request.user, ignore_exclusion=ignoring)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def sample(request: Request, segment: Segment) -> HttpResponse:
    """Keeps some lines at random; the seed that was looked at is the one that is used."""
    form = SampleForm(_seeded(posted(request)))
    found = None
    if request.method == "POST" and form.is_valid():
        size = dict(form.cleaned_data)
        found = tried_or_done(
            request, segment, form, lambda: audience.sample(segment, by=request.user, **size)
        )
    intro = _("The chosen lines stay, all others go, as one step that can be undone.")
    return _page(request, segment, form, found, title=_("Keep a random sample"), intro=intro)


def _seeded(data: QueryDict | None) -> QueryDict | None:
    """With a seed of our own where none was typed."""
    if data is None or data.get("seed"):
        return data
    filled = data.copy()
    filled["seed"] = secrets.token_hex(4)
    return filled


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def one_per(request: Request, segment: Segment) -> HttpResponse:
    """Keeps one line for each company, e-mail address or postal address."""
    form = OnePerForm(posted(request))
    found = None
    if request.method == "POST" and form.is_valid():
        what = form.cleaned_data["what"]
        found = tried_or_done(
            request, segment, form, lambda: audience.one_per(segment, what, by=request.user)
        )
    intro = _("So that nobody gets the same letter twice.")
    return _page(request, segment, form, found, title=_("Keep one of each"), intro=intro)
