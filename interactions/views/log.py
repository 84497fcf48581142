"""Pages of the log: entries, and the segments they came from."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import later
from crm.pages import DetailPage
from crm.storage import StorageAway
from interactions import archive, delivery, documents, letters, looks, mailmerge, panels, statistics
from interactions.delivery.standing import standing
from interactions.downloads import as_picture, as_word, as_written
from interactions.forms import CommentForm, EvaluationForm
from interactions.models import InteractionLogEntry, LoggedSegment

SEE = "interactions.view_interactionlogentry"
ENTRIES = InteractionLogEntry.objects.select_related(
    "contact__company",
    "template",
    "group",
    "salesperson",
    "campaign",
    "campaign_entry",
    "logged_segment",
    "document",
    "by",
)
REFUSED = (documents.DocumentLost, mailmerge.DocumentError)
SHOWN = 20


@require_safe
@permission_required(SEE, raise_exception=True)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry of the log: its values, its letter, its evaluation, its comments."""
    return _entry_page(request, get_object_or_404(ENTRIES, pk=pk))


def _entry_page(
    request: HttpRequest, entry: InteractionLogEntry, **forms: EvaluationForm | CommentForm
) -> HttpResponse:
    text, error = _letter_text(entry)
    shown = {
        "title": entry.description,
        "entry": entry,
        "letter_text": text,
        "letter_error": error,
        "comments": entry.comments.select_related("by"),
        "evaluation_form": EvaluationForm(initial={"evaluation": entry.evaluation}),
        "comment_form": CommentForm(),
        **forms,
    }
    return render(request, "interactions/entry.html", shown)


def _letter_text(entry: InteractionLogEntry) -> tuple[str, str]:
    """The text of the entry's letter, or why there is none to show."""
    try:
        return (letters.text(entry) if entry.document else ""), ""
    except (*REFUSED, StorageAway) as error:
        return "", str(error)


@require_safe
@permission_required(SEE, raise_exception=True)
def entry_look(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages of the letter as they look."""
    entry = get_object_or_404(ENTRIES.exclude(document=None), pk=pk)
    pictures, error = looks.tried(lambda: letters.letter(entry)[1])
    urls = [reverse("interactions:entry_page", args=[pk, page]) for page, _png in pictures]
    shown = {"entry": entry, "pages": urls, "error": error, "title": _("Letter as it looks")}
    return render(request, "interactions/entry_look.html", shown)


@require_safe
@permission_required(SEE, raise_exception=True)
def entry_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One page of the letter as a picture; where there is none, to the page that says why."""
    entry = get_object_or_404(ENTRIES.exclude(document=None), pk=pk)
    pictures, error = looks.tried(lambda: letters.letter(entry)[1])
    if error:
        return redirect("interactions:entry_look", pk)
    if page not in dict(pictures):
        raise Http404
    return as_picture(dict(pictures)[page])


@require_safe
@permission_required(SEE, raise_exception=True)
def entry_letter(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The letter as it was logged, to download."""
    entry = get_object_or_404(ENTRIES.exclude(document=None), pk=pk)
    try:
        name, data = letters.letter(entry)
    except REFUSED as error:
        return _refused(request, error)
    return as_word(data, name)


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """A page that says why there is no file."""
    shown = {"error": error, "title": _("No file")}
    return render(request, "interactions/refused.html", shown, status=409)


@require_POST
@permission_required("interactions.change_interactionlogentry", raise_exception=True)
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """Sets how the interaction went, or takes that back."""
    entry = get_object_or_404(ENTRIES, pk=pk)
    form = EvaluationForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, entry, evaluation_form=form)
    entry.evaluation = form.cleaned_data["evaluation"]
    entry.save(update_fields=["evaluation"])
    said = entry.get_evaluation_display() or _("Not evaluated")
    messages.success(request, _("Evaluation: %(evaluation)s.") % {"evaluation": said})
    return redirect(entry)


@require_POST
@permission_required("interactions.add_logentrycomment", raise_exception=True)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a remark to the entry."""
    entry = get_object_or_404(ENTRIES, pk=pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, entry, comment_form=form)
    assert isinstance(request.user, User)
    form.instance.entry, form.instance.by = entry, request.user
    form.instance.date = timezone.localdate()
    form.save()
    messages.success(request, _("The comment was added."))
    return redirect(entry)


class LoggedSegmentPage(DetailPage):
    """What was said to how many, when and by whom; header and trail as they were.

    What became of many entries comes after the page.
    """

    model = LoggedSegment
    queryset = LoggedSegment.objects.select_related("by", "follows")
    lookup = "segment_number"
    template_name = "interactions/logged_segment.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        logged = self.object
        is_coming = later.is_coming(self.request, logged.entry_count)
        return super().get_context_data(
            **({"is_coming": True} if is_coming else _became_of(logged)),
            logged=logged,
            header=list(archive.header(logged)),
            trail=list(archive.trail(logged)),
            follow_ups=logged.followed_by.order_by("pk"),
            actions=panels.logged_segment_actions.collect(self.request, logged),
            panels=panels.logged_segment_panels.collect(self.request, logged),
            **context,
        )


def _became_of(logged: LoggedSegment) -> dict[str, Any]:
    """Its entries in numbers, the first of them, and what can be taken along."""
    entries = ENTRIES.filter(logged_segment=logged, postponed=False).defer("merge_values")
    return {
        "counts": statistics.of_logged_segment(logged),
        "standing": standing(logged),
        "packs": delivery.with_stops(logged),
        "offered": letters.offered(logged),
        "entries": list(entries.order_by("position", "pk")[:SHOWN]),
    }


@require_safe
@permission_required(("interactions.view_loggedsegment", SEE), raise_exception=True)
def logged_zip(request: HttpRequest, segment_number: str) -> HttpResponse | FileResponse:
    """Every letter in a file of its own, zipped, with a manifest."""
    logged = get_object_or_404(LoggedSegment, segment_number=segment_number)
    try:
        return as_written(lambda out: letters.write_zip(logged, out), f"{segment_number}.zip")
    except REFUSED as error:
        return _refused(request, error)


@require_safe
@permission_required(("interactions.view_loggedsegment", SEE), raise_exception=True)
def logged_combined(request: HttpRequest, segment_number: str) -> HttpResponse | FileResponse:
    """All letters in one document, to print."""
    logged = get_object_or_404(LoggedSegment, segment_number=segment_number)
    name = letters.combined_name(logged)
    try:
        return as_written(lambda out: letters.write_combined(logged, out), name)
    except REFUSED as error:
        return _refused(request, error)
