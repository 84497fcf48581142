"""Pages of jobs: the list of one's own, how far one is, its files; cancel and try again."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from crm import work
from crm.exporting import Column
from crm.models import Job, JobFile
from crm.models.job import SEE_ALL
from crm.pages import ListPage
from crm.pages.base import Rows


class JobsPage(ListPage):
    """One's own jobs; everybody's for whoever may see them."""

    model = Job
    related = ("user",)
    template_name = "crm/jobs.html"

    def get_permission_required(self) -> tuple[str, ...]:
        return ()

    def get_queryset(self) -> Rows:
        self.queryset = Job.objects.visible_to(self.request.user)
        return super().get_queryset().defer("position")

    def export_columns(self) -> list[Column]:
        named: list[Column] = [
            (_("Work"), lambda row: f"{work.label_of(row)} {work.about(row)}".strip()),
            (_("State"), "state"),
            (_("Progress"), "done"),
            (_("Total"), "total"),
            (_("Started"), "created_at"),
        ]
        return [*named, (_("By"), "user")] if self.sees_all else named

    @property
    def sees_all(self) -> bool:
        """Whether the jobs of others are listed, too."""
        return bool(self.request.user.has_perm(SEE_ALL))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(sees_all=self.sees_all, **context)


def _job(request: HttpRequest, pk: int) -> Job:
    """The job; 404 also for those of others, so that nobody learns what they do."""
    rows = Job.objects.visible_to(request.user).select_related("user").prefetch_related("files")
    return get_object_or_404(rows, pk=pk)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; htmx asks again for just that part while it is not at its end."""
    shown = {"job": _job(request, pk)}
    if getattr(request, "htmx", False):
        return render(request, "crm/_job.html", shown)
    return render(request, "crm/job.html", shown)


@require_safe
@never_cache
def job_badge(request: HttpRequest) -> HttpResponse:
    """The header's count of one's jobs that wait or run."""
    count = Job.objects.active_of(request.user).count()
    return render(request, "crm/_job_badge.html", {"jobs_running": count})


@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a job: at once where it waits, at its next chunk where it runs."""
    return _done(request, _job(request, pk), work.cancel, _("The job is being cancelled."))


@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queues a job again that failed or was cancelled."""
    return _done(request, _job(request, pk), work.retry, _("The job goes on where it was."))


def _done(request: HttpRequest, job: Job, verb: Any, said: str) -> HttpResponse:
    try:
        verb(job)
    except work.NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect(job)


@require_safe
@never_cache
def job_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file that a job made or was given, to download."""
    job = _job(request, pk)
    if not work.gives_files(job, request.user):
        raise Http404(_("This file is for whoever started the job."))
    found = get_object_or_404(JobFile, pk=file, job=job)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("This file is not there any more.")) from error
    return FileResponse(opened, as_attachment=True, filename=found.name)
