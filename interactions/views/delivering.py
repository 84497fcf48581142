"""Pages of delivery: how far it is, and what a person may decide; print packs; unsubscribing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions import delivery
from interactions.delivery.standing import standing
from interactions.forms import ResendForm
from interactions.models import InteractionLogEntry, LoggedSegment, PrintPack

SEE = ("interactions.view_loggedsegment", "interactions.view_interactionlogentry")
CHANGE = "interactions.change_interactionlogentry"


def _logged(segment_number: str) -> LoggedSegment:
    rows = LoggedSegment.objects.defer("header", "trail")
    return get_object_or_404(rows, segment_number=segment_number)


@require_safe
@never_cache
@permission_required(SEE, raise_exception=True)
def logged_delivery(request: HttpRequest, segment_number: str) -> HttpResponse:
    """How far the delivery is: a part of the logged segment's page, that asks for itself."""
    logged = _logged(segment_number)
    shown = {"logged": logged, "standing": standing(logged), "packs": logged.packs.all()}
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
    logged = _logged(segment_number)
    scope, by = delivery.Scope.of(logged), request.user

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
        "resend": lambda: _queued(delivery.resend(scope, by=by)),  # type: ignore[arg-type]
        "refresh": lambda: _queued(delivery.refresh(scope, by=by)),  # type: ignore[arg-type]
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
    """Asks which to send again, and whether as they were or with what is known today."""
    logged = _logged(segment_number)
    counts = standing(logged).counts
    form = ResendForm(request.POST if request.method == "POST" else None, counts=counts)
    if request.method == "POST" and form.is_valid():
        scope, states = delivery.Scope.of(logged), form.cleaned_data["states"]
        again = delivery.refresh if form.cleaned_data["values"] == "today" else delivery.resend
        try:
            count = again(scope, by=request.user, states=states)  # type: ignore[arg-type]
            messages.success(request, _queued(count))
        except delivery.Nothing as error:
            messages.warning(request, str(error))
        return redirect(logged)
    shown = {"title": _("Send again"), "logged": logged, "form": form}
    return render(request, "interactions/resend.html", shown)


@require_safe
@permission_required(SEE, raise_exception=True)
def pack(request: HttpRequest, segment_number: str, pk: int) -> FileResponse:
    """A print pack, as it was made."""
    found = get_object_or_404(PrintPack, pk=pk, logged_segment__segment_number=segment_number)
    try:
        opened = found.file.open("rb")
    except (FileNotFoundError, ValueError) as error:  # ValueError: it was deleted with leave
        raise Http404(_("This file is not there any more.")) from error
    return FileResponse(opened, as_attachment=True, filename=found.name)


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks, and opts out by POST: what the button sends, or a mail program by itself (RFC 8058).

    The signed address is all that is needed: neither a session nor a cookie.
    """
    try:
        contact, _number = delivery.whose(token)
    except delivery.Unknown:
        shown = {"title": _("This link is not valid"), "is_known": False}
        return render(request, "interactions/unsubscribe.html", shown, status=404)
    if request.method == "POST":
        contact = delivery.unsubscribe(token)
        contact.refresh_from_db()
    title = _("You are unsubscribed") if contact.email_opt_out else _("Unsubscribe")
    shown = {"title": title, "is_known": True, "is_out": contact.email_opt_out}
    return render(request, "interactions/unsubscribe.html", shown)
