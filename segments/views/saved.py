"""Saved criteria: the list, one in words, its edition as JSON, deleting, in and out as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm.pages import DeletePage, DetailPage, EditPage, ListPage
from segments import exports, saved
from segments.filters import SavedCriteriaFilter
from segments.forms.saved import ImportCriteriaForm, SavedCriteriaForm
from segments.models import SavedCriteria
from segments.trail import WorksheetError
from segments.views.access import Request, posted
from segments.views.saving import ADD_SAVED, SEE_SAVED


class SavedCriteriaListPage(ListPage):
    """Saved criteria, with who used them last."""

    model = SavedCriteria
    filterset_class = SavedCriteriaFilter
    template_name = "segments/saved_criteria_list.html"
    related = ("by", "last_used_by")
    export = exports.SAVED_CRITERIA
    sorts = {
        "code": ("code",),
        "description": ("description",),
        "used": ("last_used_at",),
        "saved": ("at",),
    }
    empty_text = gettext_lazy(
        "“Save criteria…” on a worksheet keeps its steps, to be played again on any segment."
    )  # type: ignore[assignment]


class SavedCriteriaPage(DetailPage):
    """One, in words."""

    model = SavedCriteria
    queryset = SavedCriteria.objects.select_related("by", "last_used_by")
    lookup = "pk"
    template_name = "segments/saved_criteria.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(words=saved.words(self.object), **context)


class SavedCriteriaEditPage(EditPage):
    """Another code, description or steps."""

    model = SavedCriteria
    lookup = "pk"
    form_class = SavedCriteriaForm
    template_name = "segments/saved_criteria_form.html"
    delete_page = "segments:saved_criteria_delete"


class SavedCriteriaDeletePage(DeletePage):
    """Deletes one; the segments that it was played on stay as they are."""

    model = SavedCriteria
    lookup = "pk"
    done = "segments:saved_criteria_list"
    template_name = "segments/saved_criteria_delete.html"


@require_safe
@permission_required(SEE_SAVED, raise_exception=True)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The criteria as a file."""
    found = get_object_or_404(SavedCriteria, pk=pk)
    answer = HttpResponse(saved.export_json(found), content_type="application/json; charset=utf-8")
    name = content_disposition_header(True, f"{found.code.replace('/', '-')}.json")
    answer["Content-Disposition"] = str(name)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD_SAVED, raise_exception=True)
def import_page(request: Request) -> HttpResponse:
    """Saved criteria from a file or from text."""
    form = ImportCriteriaForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = saved.import_json(form.content, by=request.user)
        except WorksheetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(record)s was imported.") % {"record": made})
            return HttpResponseRedirect(made.get_absolute_url())
    shown = {"title": _("Import saved criteria"), "form": form, "submit": _("Import")}
    shown |= {"cancel_url": reverse("segments:saved_criteria_list"), "parent": _("Saved criteria")}
    return render(request, "segments/saved_criteria_form.html", shown)
