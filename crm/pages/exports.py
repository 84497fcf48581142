"""Every list can be taken along: all that its filters find, with its columns, as CSV or XLSX."""

import tempfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm import exporting, work
from crm.exporting import Column
from crm.models import Job
from crm.tables import csv_lines

KIND = "export.list"
Rows = Any


class ExportedPage:
    """The part of a list page that exports it.

    export    its columns (crm/exporting.py), where they are more than the names in `columns`
    prepare   what the page adds to some rows before they are shown, and so before they are written
    """

    model: Any
    request: HttpRequest
    columns: tuple[str, ...] = ()
    export: tuple[Column, ...] = ()

    def prepare(self, rows: Any) -> Any:
        """Rows with what the page shows besides their own; a few statements for all of them."""
        return rows

    def export_columns(self) -> list[Column]:
        """The columns, as this reader sees them."""
        fields = self.model._meta
        named: list[Column] = [
            (capfirst(str(fields.get_field(n).verbose_name)), n) for n in self.columns
        ]
        return list(self.export) or named

    def export_table(self) -> tuple[list[str], Any]:
        """Head and rows of all that the filters find."""
        columns = self.export_columns()
        rows = self.get_queryset()  # type: ignore[attr-defined]
        head = [capfirst(str(label)) for label, _source in columns]
        return head, exporting.rows_of(rows, columns, self.prepare)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends the list as a file; a long one is made by a job."""
        kind = request.POST.get("format", "")
        rows = self.get_queryset()  # type: ignore[attr-defined]
        if kind not in exporting.TYPES or self.is_broken:  # type: ignore[attr-defined]
            messages.warning(request, _("Nothing was exported: the list was not understood."))
            return redirect(request.get_full_path())
        if rows.order_by()[: exporting.AT_ONCE + 1].count() > exporting.AT_ONCE:
            return redirect(_job(request, kind))
        return self._file(kind)

    def _file(self, kind: str) -> Any:
        head, rows = self.export_table()
        name = exporting.file_name(self.get_title(), kind)  # type: ignore[attr-defined]
        content_type = exporting.TYPES[kind]
        if kind == exporting.CSV:
            answer = StreamingHttpResponse(csv_lines(head, rows), content_type=content_type)
            answer["Content-Disposition"] = str(content_disposition_header(True, name))
            return answer
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        exporting.write(target, kind, head, rows)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=name, content_type=content_type)


@transaction.atomic
def _job(request: HttpRequest, kind: str) -> Job:
    """The job that writes the list; a second click finds that of the first."""
    assert isinstance(request.user, User)
    user = User.objects.select_for_update().get(pk=request.user.pk)
    query = request.GET.copy()
    query.pop("page", None)
    wanted: dict[str, Any] = {"path": request.path, "query": query.urlencode(), "format": kind}
    for job in Job.objects.active_of(user).filter(kind=KIND):
        if job.arguments == wanted:
            return job
    return work.start(KIND, user=user, **wanted)
