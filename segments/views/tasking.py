"""A task for everybody on a segment: said how many, then written."""

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from segments import tasking
from segments.forms.tasks import TasksForm
from segments.models import Segment, SegmentLine
from segments.trail import SegmentGone, WorksheetError
from segments.views.access import SEE, Request, on_segment, posted
from segments.views.once import as_shown

ADD_TASK = "interactions.add_task"


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(SEE, ADD_TASK)
def tasks(request: Request, segment: Segment) -> HttpResponse:
    """Asks what is to be done and writes it down for each contact once."""
    form = TasksForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _written(request, segment, form)
        except SegmentGone:
            raise
        except WorksheetError as error:
            refused = str(error)
    lines = SegmentLine.objects.present(segment)
    shown = {
        "title": _("A task for every contact"),
        "segment": segment,
        "form": form,
        "refused": refused,
        "count": lines.order_by().values("contact").distinct().count(),
    }
    return render(request, "segments/tasks.html", shown)


def _written(request: Request, segment: Segment, form: TasksForm) -> HttpResponse:
    count = as_shown(
        request, segment, lambda: tasking.add_tasks(segment, by=request.user, **form.asked)
    )
    said = ngettext("%(count)s task was written down.", "%(count)s tasks were written down.", count)
    messages.success(request, said % {"count": intcomma(count)})
    return HttpResponseRedirect(reverse("segments:segment", args=[segment.number]))
