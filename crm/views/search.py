"""The search over everything, and the choice of one contact among many."""

from collections.abc import Sequence

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.lookups import asked_words as words_of
from crm.panels import search_providers
from crm.search import matching_contacts

LONGEST_SEARCH = 100
MOST_CHOICES = 30


def asked_words(request: HttpRequest) -> tuple[str, Sequence[str]]:
    """What was typed into a search box, and the words to look for."""
    text = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    return text, words_of(text)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything whose number or name has the words, a few of each kind."""
    text, words = asked_words(request)
    found = search_providers.collect(request, words) if words else []
    shown = {
        "title": _("Search"),
        "search_words": text,
        "found": [one for one in found if one.hits],
    }
    return render(request, "crm/search.html", shown)


@require_safe
@permission_required("crm.view_contact", raise_exception=True)
def choose_contacts(request: HttpRequest) -> JsonResponse:
    """A few contacts for app.js: {"results": [{"value": number, "text": words}]}."""
    kind = request.GET.get("type")
    filters = {"type": kind} if kind in ("company", "person") else {}
    contacts = matching_contacts(asked_words(request)[1], **filters)
    results = [
        {"value": one.number, "text": " · ".join(filter(None, (one.name, one.number, one.city)))}
        for one in contacts[:MOST_CHOICES]
    ]
    return JsonResponse({"results": results})
