"""Editing what an earlier step asks: its criteria again, what that would change, accepting it."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from segments import replay, trail
from segments.criteria_data import to_query
from segments.differing import Difference
from segments.models import Segment, SegmentStep
from segments.selection import Options
from segments.trail import WorksheetError
from segments.views.access import CHANGE, Request, on_segment, to_worksheet
from segments.views.choosing import VERBS, Question, cards

VERB_OF = {str(verb.kind): name for name, verb in VERBS.items()}


class Edit:
    """The question that a step shall ask instead, and the difference that makes."""

    def __init__(self, segment: Segment, step: SegmentStep, query: QueryDict) -> None:
        self.segment, self.step = segment, step
        self.verb = VERB_OF[step.kind]
        self.question = Question(self.verb, query)

    @property
    def options(self) -> dict[str, bool]:
        """As the trail stores them."""
        return Options(**self.question.form.options).in_use()

    @property
    def mark(self) -> str:
        """What tells this question from any other, and this state of the trail from any other."""
        steps = self.segment.steps.filter(number__lte=self.segment.current_step)
        trail_now = list(steps.order_by("number").values_list("pk", flat=True))
        asked = [trail_now, self.question.criteria.data, self.options]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def difference(self, request: Request) -> Difference:
        """What it would change."""
        return replay.difference_of_edit(
            self.segment,
            self.step.number,
            self.question.criteria,
            by=request.user,
            options=self.options,
            confirm_all=True,
        )

    def accept(self, request: Request) -> None:
        """Changes the step."""
        replay.edit_step(
            self.segment,
            self.step.number,
            self.question.criteria,
            by=request.user,
            options=self.options,
            confirm_all=self.question.form.cleaned_data["confirm_all"],
        )


def as_posted(step: SegmentStep) -> QueryDict:
    """What the form would have posted for the step as it is."""
    query = to_query(step.criteria)
    for name, on in step.options.items():
        if on:
            query[name] = "on"
    return query


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def edit(request: Request, segment: Segment, step: int) -> HttpResponse:
    """The choosing form filled in with what a step asks; first the difference, then Accept."""
    found = segment.steps.filter(number=step, number__lte=segment.current_step).first()
    if found is None or found.kind not in VERB_OF:
        raise Http404(_("There is no such step to edit."))
    asked = Edit(segment, found, request.POST if request.method == "POST" else as_posted(found))
    shown: dict[str, Any] = {}
    if request.method == "POST" and asked.question.is_valid():
        try:
            shown = _looked_or_accepted(request, asked)
        except WorksheetError as error:
            shown = {"refused": str(error)}
        if "done" in shown:
            messages.success(request, shown["done"])
            return to_worksheet(request, segment)
    return render(request, "segments/edit_step.html", _page(asked) | shown)


def _looked_or_accepted(request: Request, asked: Edit) -> dict[str, Any]:
    """The difference; it is made where just this one has been seen and is accepted."""
    wanted = request.POST.get("action") == "accept"
    with transaction.atomic():
        trail.lock(asked.segment)
        mark = asked.mark
        difference = asked.difference(request)
        if wanted and request.POST.get("seen") == mark:
            asked.accept(request)
            return {"done": _said(asked, difference)}
    shown: dict[str, Any] = {"difference": difference, "mark": mark}
    if wanted:
        shown["refused"] = _("The criteria or the trail have changed: look at the difference anew.")
    return shown


def _said(asked: Edit, difference: Difference) -> str:
    numbers = {"added": intcomma(difference.added), "removed": intcomma(difference.removed)}
    return _("Step %(number)s was changed: +%(added)s, −%(removed)s contacts.") % {
        "number": asked.step.number,
        **numbers,
    }


def _page(asked: Edit) -> dict[str, Any]:
    question, segment = asked.question, asked.segment
    errors: list[str] = []
    if not question.is_valid():
        errors = list(question.criteria.errors) or [_("An option is wrong.")]
    return {
        "title": _("Edit step %(number)s: %(kind)s") % {
            "number": asked.step.number, "kind": asked.step.get_kind_display()},
        "segment": segment,
        "step": asked.step,
        "later": segment.current_step - asked.step.number,
        "beyond": segment.steps.filter(number__gt=segment.current_step).count(),
        "was": trail.sentences(asked.step.words),
        "cards": cards(question.criteria),
        "options": question.form,
        "errors": errors,
        "words": [] if errors else question.criteria.words(),
        "is_everybody": not errors and question.criteria.is_empty,
    }  # fmt: skip
