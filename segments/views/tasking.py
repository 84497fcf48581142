"""A task for everybody on a segment: said how many, then written."""

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm import later
from crm.models import blocked
from crm.once import new_token, remember, remembered
from segments import tasking
from segments.forms.tasks import TasksForm
from segments.models import Segment, SegmentLine
from segments.trail import WorksheetError
from segments.views.access import SEE, Request, lines_now, on_segment, posted
from segments.views.once import as_shown

ADD_TASK = "interactions.add_task"
WRITTEN = "written_tasks"


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(SEE, ADD_TASK)
def tasks(request: Request, segment: Segment) -> HttpResponse:
    """Asks what is to be done and writes it down for each contact once."""
    form = TasksForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _written(request, segment, form)
        except WorksheetError as error:
            refused = str(error)
    shown = {
        "title": _("A task for every contact"),
        "segment": segment,
        "form": form,
        "refused": refused,
        "once": request.POST.get("once") or new_token(),
    }
    if later.is_coming(request, lines_now(segment)):
        shown["is_coming"] = True
    else:
        shown["count"] = _contacts(segment)
    return render(request, "segments/tasks.html", shown)


def _contacts(segment: Segment) -> int:
    """For how many there would be a task."""
    lines = SegmentLine.objects.present(segment).exclude(blocked("contact__"))
    count: int = lines.order_by().values("contact").distinct().count()
    return count


def _written(request: Request, segment: Segment, form: TasksForm) -> HttpResponse:
    def write() -> tuple[int, bool]:
        before: int | None = remembered(request, WRITTEN)
        if before is not None:
            return before, False
        count = tasking.add_tasks(segment, by=request.user, **form.asked)
        remember(request, WRITTEN, count)
        return count, True

    count, is_new = as_shown(request, segment, write)
    if not is_new:
        messages.info(request, _("Your first click wrote them down already."))
        return redirect(segment)
    said = ngettext("%(count)s task was written down.", "%(count)s tasks were written down.", count)
    messages.success(request, said % {"count": intcomma(count)})
    return redirect(segment)
