"""Pages of delivery: how far it is, and what a person may decide."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions import delivery
from interactions.delivery.standing import MOVING, scope_of, standing
from interactions.forms import ResendEntryForm, ResendForm
from interactions.models import InteractionLogEntry, LoggedSegment

SEE = ("interactions.view_loggedsegment", "interactions.view_interactionlogentry")
CHANGE = "interactions.change_interactionlogentry"


def logged_of(segment_number: str) -> LoggedSegment:
    """The logged segment of an address, without what is long."""
    rows = LoggedSegment.objects.defer("header", "trail")
    return get_object_or_404(rows, segment_number=segment_number)


@require_safe
@never_cache
@permission_required(SEE, raise_exception=True)
def logged_delivery(request: HttpRequest, segment_number: str) -> HttpResponse:
    """How far the delivery is: a part of the logged segment's page, that asks for itself."""
    logged = logged_of(segment_number)
    shown = {"logged": logged, "standing": standing(logged), "packs": delivery.with_stops(logged)}
    return render(request, "interactions/_delivery_panel.html", shown)


def _queued(count: int) -> str:
    said = ngettext("%(count)s letter was queued.", "%(count)s letters were queued.", count)
    return said % {"count": intcomma(count)}


def _unqueued(count: int) -> str:
    said = ngettext("%(count)s letter is not sent.", "%(count)s letters are not sent.", count)
    return said % {"count": intcomma(count)}


@require_POST
@permission_required(CHANGE, raise_exception=True)
def logged_deliver(request: HttpRequest, segment_number: str, verb: str) -> HttpResponse:
    """Sends what was not sent, cancels what waits, tries again what failed."""
    logged = logged_of(segment_number)
    scope, by = scope_of(logged, request.POST.get("which", "")), request.user

    def started() -> str:
        delivery.begin(scope, by=by)  # type: ignore[arg-type]
        return _("The delivery was started.")

    verbs: dict[str, Callable[[], str]] = {
        "send": lambda: _queued(delivery.queue(scope, by=by)),  # type: ignore[arg-type]
        "retry": lambda: _queued(delivery.retry(scope, by=by)),  # type: ignore[arg-type]
        "cancel": lambda: _unqueued(delivery.cancel(scope)),
        "start": started,
    }
    return _do(request, verbs, verb, logged)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def entry_deliver(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The same for one entry; and what a person found out about an uncertain one."""
    entry = get_object_or_404(InteractionLogEntry, pk=pk)
    scope, by = delivery.Scope.of(entry), request.user

    def decided() -> str:
        delivery.confirm(entry)
        return _("It is noted as delivered.")

    verbs: dict[str, Callable[[], str]] = {
        "send": lambda: _queued(delivery.queue(scope, by=by)),  # type: ignore[arg-type]
        "cancel": lambda: _unqueued(delivery.cancel(scope)),
        "sent": decided,
    }
    return _do(request, verbs, verb, entry)


def _do(
    request: HttpRequest, verbs: dict[str, Callable[[], str]], verb: str, subject: Any
) -> HttpResponse:
    """One of the verbs, told in numbers; 404 for a verb that is none."""
    if verb not in verbs:
        raise Http404(_("There is no such verb."))
    try:
        messages.success(request, verbs[verb]())
    except delivery.Nothing as error:
        messages.warning(request, str(error))
    return redirect(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((*SEE, CHANGE), raise_exception=True)
def logged_resend(request: HttpRequest, segment_number: str) -> HttpResponse:
    """Asks which to send again, with which values, and which way."""
    logged = logged_of(segment_number)
    counts = standing(logged).counts
    form = ResendForm(request.POST if request.method == "POST" else None, counts=counts)
    if request.method == "POST" and form.is_valid():
        said, scope = form.cleaned_data, delivery.Scope.of(logged)
        left = delivery.out_of_reach(scope, said["states"], said["way"])
        return _send_again(request, form, scope, logged, states=said["states"], left=left)
    shown = {"title": _("Send again"), "logged": logged, "form": form, "back": logged}
    return render(request, "interactions/resend.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("interactions.view_interactionlogentry", CHANGE), raise_exception=True)
def entry_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for one entry with a letter that nobody is just sending."""
    rows = InteractionLogEntry.objects.counted().exclude(document=None)
    rows = rows.exclude(delivery__in=MOVING).select_related("contact", "document")
    entry = get_object_or_404(rows, pk=pk)
    form = ResendEntryForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid():
        states = [entry.delivery or delivery.UNSENT]
        return _send_again(request, form, delivery.Scope.of(entry), entry, states=states)
    title = _("Send again") if entry.delivery else _("Send")
    shown = {"title": title, "entry": entry, "form": form, "back": entry}
    return render(request, "interactions/resend.html", shown)


def _send_again(
    request: HttpRequest,
    form: Any,
    scope: delivery.Scope,
    subject: Any,
    *,
    states: Sequence[str],
    left: int = 0,
) -> HttpResponse:
    """Does what the form says, and tells how many were queued and how many left out."""
    try:
        count = form.send(scope, by=request.user, states=states, way=form.cleaned_data["way"])
        messages.success(request, _queued(count))
    except delivery.Nothing as error:
        messages.warning(request, _("Nothing was queued.") if left else str(error))
    if left:
        said = ngettext(
            "%(count)s letter is left out: its contact cannot be reached so.",
            "%(count)s letters are left out: their contacts cannot be reached so.",
            left,
        )
        messages.warning(request, said % {"count": intcomma(left)})
    return redirect(subject)
