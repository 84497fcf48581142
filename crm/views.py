"""What the ground floor's pages do beyond the plain ones: the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.panels import search_providers

LONGEST_SEARCH = 100


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything whose number or name has the words, a few of each kind."""
    asked = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    words = asked.casefold().split()
    found = search_providers.collect(request, words) if words else []
    shown = {
        "title": _("Search"),
        "search_words": asked,
        "found": [one for one in found if one.hits],
    }
    return render(request, "crm/search.html", shown)
