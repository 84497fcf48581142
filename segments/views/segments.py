"""The list of segments; a new one; deleting one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from crm.pages import CreatePage, ListPage
from crm.pages.base import Rows
from segments import exports, log, selection, trail, worksheet
from segments.criteria import Criteria
from segments.filters import SegmentFilter
from segments.forms import SegmentForm
from segments.models import Segment
from segments.selection import Options
from segments.views import telling
from segments.views.access import DELETE, Request, on_segment
from segments.views.limits import limited


class SegmentListPage(ListPage):
    """Open segments."""

    model = Segment
    filterset_class = SegmentFilter
    template_name = "segments/segments.html"
    related = ("salesperson", "template", "campaign")
    sorts = {
        "number": ("number",),
        "description": ("description",),
        "date": ("date",),
        "lines": ("lines_now",),
        "changed": ("changed_at",),
    }
    create = "segments:segment_create"
    export = exports.SEGMENTS
    empty_text = gettext_lazy(
        "A segment is a worksheet: choose contacts, prepare a letter for them, log it."
    )  # type: ignore[assignment]

    def in_order(self, rows: Rows) -> Rows:
        return super().in_order(trail.with_lines(rows))


class SegmentCreatePage(CreatePage):
    """A new segment; the salesperson is the user's own to begin with.

    From a view of contacts the address carries criteria: the page says whom they mean, and the
    segment begins with them. Everybody, and a question that is wrong, go to the page that adds.
    """

    model = Segment
    form_class = SegmentForm
    cancel = "segments:segments"
    template_name = "segments/segment_create.html"

    @cached_property
    def criteria(self) -> Criteria | None:
        """Whom the segment shall begin with, where that is asked and can be."""
        criteria = Criteria.from_query(self.request.GET)
        return criteria if criteria.is_valid() and not criteria.is_empty else None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        if self.criteria is None:
            return shown
        asked, nothing = self.criteria, Segment(pk=0)
        looked = limited(lambda: {"preview": selection.preview_add(nothing, asked, Options())})
        return shown | {"words": asked.words(), "preview": looked.get("preview")}

    def get_initial(self) -> dict[str, Any]:
        user: User = self.request.user  # type: ignore[assignment]
        return {"salesperson": log.default_salesperson(user)}

    def form_valid(self, form: Any) -> HttpResponse:
        form.instance.by = self.request.user
        with transaction.atomic():
            answer = super().form_valid(form)
            if self.object is not None and self.criteria is not None:
                user: User = self.request.user  # type: ignore[assignment]
                worksheet.add_contacts(self.object, self.criteria, by=user)
                count = trail.lines_at(self.object)
                messages.success(self.request, telling.added(count))
        return answer

    def get_success_url(self) -> str:
        """The worksheet; where contacts are asked for but not yet added, the page that adds."""
        question = self.request.GET.urlencode()
        if not question or self.criteria is not None:
            return super().get_success_url()
        return f"{reverse('segments:add', args=[self.object.number])}?{question}"

    def get_done_text(self) -> str:
        number = {"number": self.object.number}
        if self.criteria is not None:
            return _("Segment %(number)s was created.") % number
        return _("Segment %(number)s was created. Now choose its contacts.") % number


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(DELETE)
def delete(request: Request, segment: Segment) -> HttpResponse:
    """Asks, naming what goes and how much; deletes."""
    lines, steps = trail.lines_at(segment), segment.steps.count()
    if request.method == "POST":
        worksheet.delete_segment(segment)
        said = ngettext(
            "Segment %(number)s was deleted with %(count)s line.",
            "Segment %(number)s was deleted with %(count)s lines.",
            lines,
        )
        messages.success(request, said % {"number": segment.number, "count": intcomma(lines)})
        return HttpResponseRedirect(reverse("segments:segments"))
    title = _("Delete segment %(number)s?") % {"number": segment.number}
    shown = {"segment": segment, "lines": lines, "steps": steps, "title": title}
    return render(request, "segments/delete.html", shown)
