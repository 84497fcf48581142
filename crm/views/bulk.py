"""Many contacts of the list at once: those ticked, or all that its filters find.

The browser sends numbers of one page at most; "all" is asked of the database again.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm import bulk
from crm.filters import ContactFilter
from crm.forms import BulkForm
from crm.models import Contact
from crm.pages.lists import OF_LISTS, unknown_keys

# As many as stand on a page.
MOST_TICKED = 50


@require_POST
@permission_required("crm.view_contact", raise_exception=True)
def bulk_change(request: HttpRequest) -> HttpResponse:
    """Says what would be done to how many, asks for the value, does it."""
    deed = bulk.DEEDS.get(request.POST.get("do", ""))
    contacts = chosen(request)
    if deed is None or contacts is None:
        messages.warning(request, _("Nothing was changed: choose what to do, and to whom."))
        return _back(request)
    if not request.user.has_perm(deed.permission):
        raise PermissionDenied
    count = contacts.count()
    if not count:
        messages.warning(request, _("Nothing was changed: tick the contacts first."))
        return _back(request)
    applies = request.POST.get("action") == "apply"
    form = BulkForm(request.POST if applies else None, deed=deed)
    seen = request.POST.get("seen") == str(count)
    if applies and seen and form.is_valid():
        return _done(request, deed, contacts, form.cleaned_data.get("value"))
    shown: dict[str, Any] = {"title": deed.label, "deed": deed, "form": form, "count": count}
    shown |= {"is_new": applies and not seen, "back_url": _list_url(request)}
    shown |= {"ticked": request.POST.getlist("contact")[:MOST_TICKED]}
    return render(request, "crm/bulk.html", shown | {"is_all": bool(request.POST.get("all"))})


def chosen(request: HttpRequest) -> QuerySet[Contact] | None:
    """The contacts meant; None where the list's filters are not understood."""
    if not request.POST.get("all"):
        numbers = [one.replace("\x00", "") for one in request.POST.getlist("contact")]
        return Contact.objects.filter(number__in=numbers[:MOST_TICKED])
    filterset = ContactFilter(request.GET, Contact.objects.all(), request=request)
    if unknown_keys(filterset, request.GET, (*OF_LISTS, "columns")) or not filterset.is_valid():
        return None
    return filterset.qs


def _done(request: HttpRequest, deed: bulk.Deed, contacts: Any, value: Any) -> HttpResponse:
    changed = bulk.do(deed, contacts, value, by=request.user)  # type: ignore[arg-type]
    said = ngettext(
        "%(deed)s: %(count)s contact was changed.",
        "%(deed)s: %(count)s contacts were changed.",
        changed,
    )
    what = f"{deed.label} ({value})" if value else deed.label
    messages.success(request, said % {"deed": what, "count": intcomma(changed)})
    return _back(request)


def _list_url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('crm:contacts')}?{query}" if query else reverse("crm:contacts")


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_list_url(request))
