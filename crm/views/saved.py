"""Lists under names: each user's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.forms import SavedViewForm
from crm.models import SavedView


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps the list as it is shown, under a name; the same name again takes its place."""
    form = SavedViewForm(request.POST)
    if not form.is_valid() or not _is_list(form.cleaned_data["path"]):
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, _("The view was not saved.") + f" {why}")
        return HttpResponseRedirect(_referring(request))
    path, query = form.cleaned_data["path"], QueryDict(form.cleaned_data["query"], mutable=True)
    query.pop("page", None)
    user: Any = request.user
    view, _made = SavedView.objects.update_or_create(
        user=user,
        path=path,
        name=form.cleaned_data["name"],
        defaults={"query": query.urlencode()},
    )
    messages.success(request, _("The view “%s” was saved.") % view)
    return HttpResponseRedirect(view.get_absolute_url())


def _is_list(path: str) -> bool:
    """Whether an address is one of our lists."""
    try:
        return hasattr(getattr(resolve(path).func, "view_class", None), "filterset_class")
    except Resolver404:
        return False


def _referring(request: HttpRequest) -> str:
    path = request.POST.get("path", "")
    return path if _is_list(path) else "/"


@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    view.delete()
    messages.success(request, _("The view “%s” was deleted.") % view)
    return HttpResponseRedirect(view.path)
