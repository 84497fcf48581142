"""Many entries at once, and what single entries suffer: cancel, restore, comments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from crm.pages import ListPage
from crm.pages.base import Rows
from interactions import cancelling, operations, seeing
from interactions.forms import CommentForm, EvaluationForm
from interactions.models import InteractionLogEntry, LogEntryComment
from interactions.views.meant import Meant
from interactions.views.telling import cancelled, deleted, evaluated, restored

CHANGE = "interactions.change_interactionlogentry"
DELETE = "interactions.delete_interactionlogentry"
# What the list says of an entry. Its cells are in interactions/templatetags/entries.py.
SHOWN = (
    *("date", "description", "document_id", "cancelled", "segment_number", "logged_segment_id"),
    *("evaluation", "delivery", "delivery_error"),
    *("contact__number", "contact__name", "contact__company__number", "contact__company__name"),
    *("template__code", "campaign__number", "salesperson__code", "salesperson__name"),
)


@dataclass(frozen=True)
class Verb:
    """What can be done to many entries: who may, which of them it touches, and its words."""

    permission: str
    touches: dict[str, Any]
    title: str | Promise
    work: Callable[[Any, dict[str, Any]], str]
    form: Any = None
    danger: bool = False


class EntriesPage(ListPage):
    """The log; of one who sees little of it, found without a look at all of it."""

    def get_queryset(self) -> Rows:
        assert self.queryset is not None
        self.queryset = seeing.by_index(self.queryset)
        return super().get_queryset()


VERBS = {
    "evaluate": Verb(
        CHANGE,
        {},
        gettext_lazy("Evaluate interactions"),
        lambda rows, said: evaluated(operations.evaluate(rows, said["evaluation"]), said),
        EvaluationForm,
    ),
    "cancel": Verb(
        CHANGE,
        {"cancelled_itself": False},
        gettext_lazy("Cancel interactions"),
        lambda rows, _said: cancelled(cancelling.cancel_entries(rows)),
    ),
    "restore": Verb(
        CHANGE,
        {"cancelled": True},
        gettext_lazy("Restore interactions"),
        lambda rows, _said: restored(cancelling.restore_entries(rows)),
    ),
    "delete": Verb(
        DELETE,
        {"cancelled": True},
        gettext_lazy("Delete cancelled interactions"),
        lambda rows, _said: deleted(cancelling.delete_cancelled(rows)),
        danger=True,
    ),
}


@require_POST
@permission_required("interactions.view_interactionlogentry", raise_exception=True)
def bulk(request: HttpRequest) -> HttpResponse:
    """Ticked entries, or all that the list's filters find: what, how many, done."""
    verb = VERBS.get(request.POST.get("verb", ""))
    if verb is None:
        raise Http404(_("There is no such thing to do."))
    if not request.user.has_perm(verb.permission):
        raise PermissionDenied
    meant = Meant(request.POST)
    rows = meant.entries.filter(**verb.touches)
    count = rows.count()
    if not count:
        messages.warning(request, _("Nothing was done: no interaction was ticked that this suits."))
        return HttpResponseRedirect(meant.list_url)
    applies = request.POST.get("action") == "apply"
    form = verb.form(request.POST if applies else None) if verb.form else None
    is_other = applies and request.POST.get("seen") != str(count)
    if applies and not is_other and (form is None or form.is_valid()):
        said = verb.work(rows, form.cleaned_data if form else {})
        messages.success(request, said)
        return HttpResponseRedirect(meant.list_url)
    shown: dict[str, Any] = {
        "title": verb.title,
        "verb": verb,
        "name": request.POST["verb"],
        "meant": meant,
    }
    shown |= {"count": count, "form": form, "is_other": is_other}
    return render(request, "interactions/bulk.html", shown)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancels one entry."""
    entry = get_object_or_404(InteractionLogEntry, pk=pk)
    messages.success(request, cancelled(cancelling.cancel_entries(_only(entry))))
    return redirect(entry)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Restores one entry, unless what it belongs to is cancelled."""
    entry = get_object_or_404(InteractionLogEntry, pk=pk)
    result = cancelling.restore_entries(_only(entry))
    if result.held:
        messages.error(
            request,
            _("It stays cancelled: its logged segment or its campaign entry is cancelled."),
        )
    else:
        messages.success(request, restored(result))
    return redirect(entry)


def _only(entry: InteractionLogEntry) -> Any:
    return InteractionLogEntry.objects.filter(pk=entry.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("interactions.change_logentrycomment", raise_exception=True)
def comment_edit(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Lets whoever wrote a comment write it anew."""
    mine = _mine(request, pk, comment)
    form = CommentForm(request.POST if request.method == "POST" else None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The comment was saved."))
        return redirect(mine.entry)
    shown = {"title": _("Comment"), "entry": mine.entry, "form": form}
    return render(request, "interactions/comment.html", shown)


@require_POST
@permission_required("interactions.delete_logentrycomment", raise_exception=True)
def comment_delete(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Deletes a comment of one's own."""
    mine = _mine(request, pk, comment)
    mine.delete()
    messages.success(request, _("The comment was deleted."))
    return HttpResponseRedirect(reverse("interactions:entry", args=[pk]))


def _mine(request: HttpRequest, pk: int, comment: int) -> LogEntryComment:
    """A comment of the reader's own; somebody else's is refused."""
    entry = get_object_or_404(InteractionLogEntry, pk=pk)
    found = get_object_or_404(LogEntryComment, entry=entry, pk=comment)
    if found.by_id != request.user.pk:
        raise PermissionDenied
    return found
