"""Saving steps of a trail as criteria, and playing saved criteria on a segment."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm import later
from crm.models import Contact
from segments import saved, trail, trying, worksheet
from segments.forms.saved import SaveCriteriaForm
from segments.models import SavedCriteria, Segment
from segments.trail import WorksheetError
from segments.trying import Trial
from segments.views import once, picking
from segments.views.access import CHANGE, SEE, Request, lines_now, on_segment, posted, to_worksheet
from segments.views.limits import limited

SEE_SAVED, ADD_SAVED = "segments.view_savedcriteria", "segments.add_savedcriteria"


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(SEE, ADD_SAVED)
def save(request: Request, segment: Segment) -> HttpResponse:
    """Keeps the ticked steps under a code."""
    form = SaveCriteriaForm(posted(request), segment)
    if request.method == "POST" and form.is_valid() and (made := _saved(request, segment, form)):
        count = len(made.steps)
        said = ngettext(
            "%(count)s step was saved as %(code)s.",
            "%(count)s steps were saved as %(code)s.",
            count,
        )
        messages.success(request, said % {"count": count, "code": made.code})
        return to_worksheet(request, segment)
    shown = {"title": _("Save criteria"), "segment": segment, "form": form}
    return render(request, "segments/save_criteria.html", shown)


def _saved(request: Request, segment: Segment, form: SaveCriteriaForm) -> SavedCriteria | None:
    """Saves; tells in the form what refuses it."""
    asked = {name: form.cleaned_data[name] for name in ("code", "description")}
    try:
        return worksheet.save_criteria(segment, **asked, by=request.user, numbers=form.numbers)
    except WorksheetError as error:
        form.add_error(None, str(error))
        return None


@require_safe
@on_segment(CHANGE, SEE_SAVED)
def choose_saved(request: Request, segment: Segment) -> HttpResponse:
    """Which saved criteria to play on this segment."""

    def url(one: SavedCriteria) -> str:
        return reverse("segments:reuse_criteria_play", args=[segment.number, one.pk])

    shown = {
        "title": _("Reuse criteria"),
        "segment": segment,
        "groups": [picking.saved_criteria(request, url)],
        "empty": _("There are no saved criteria. “Save criteria…” on a worksheet makes them."),
    }
    return render(request, "segments/pick.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE, SEE_SAVED)
def reuse(request: Request, segment: Segment, saved_pk: int) -> HttpResponse:
    """What the saved steps would do to the segment as it stands; plays them.

    They are played to tell it: among many contacts that comes after the page.
    """
    chosen = get_object_or_404(SavedCriteria, pk=saved_pk)

    def work() -> object:
        return worksheet.reuse_criteria(segment, chosen, by=request.user)

    shown: dict[str, Any] = {"title": _("Reuse %(code)s") % {"code": chosen.code}}
    try:
        if request.method == "POST":
            _played(request, segment, chosen, work)
            return to_worksheet(request, segment)
        if later.is_coming(request, max(lines_now(segment), later.up_to(Contact.objects.all()))):
            shown["is_coming"] = True
        else:
            shown |= limited(lambda: {"trial": trying.try_out(segment, work)})
    except WorksheetError as error:
        shown["refused"] = str(error)
    shown |= {"segment": segment, "saved": chosen, "words": saved.words(chosen)}
    return render(
        request, "segments/reuse_criteria.html", shown | {"lines": trail.lines_at(segment)}
    )


def _played(
    request: Request, segment: Segment, chosen: SavedCriteria, work: Callable[[], object]
) -> None:
    """Plays them where the segment stands as shown, and says what that did."""

    def play() -> Trial:
        before = segment.current_step
        work()
        return trying.since(segment, before)

    messages.success(request, said(chosen.code, once.as_shown(request, segment, play)))


def said(code: str, trial: Trial) -> str:
    """What playing saved criteria has done."""
    if trial.is_none:
        return _("%(code)s was played: no line came or went.") % {"code": code}
    numbers = {"added": trial.added, "removed": trial.removed, "lines": trial.lines}
    counts = {name: intcomma(number) for name, number in numbers.items()}
    return _(
        "%(code)s was played: +%(added)s, −%(removed)s; the segment has %(lines)s lines now."
    ) % {"code": code, **counts}
