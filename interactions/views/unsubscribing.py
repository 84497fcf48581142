"""Unsubscribing: for whoever has the link in a mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from interactions import delivery


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
