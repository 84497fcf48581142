"""Importing contacts on pages: a file, what its columns mean, a trial, then the import itself."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import work
from crm.importing import guessing, keeping, running
from crm.importing.headings import label_of
from crm.importing.workbook import SIGN
from crm.models import ContactImport, Job, RefusedRow
from crm.tables import csv_lines
from crm.uploads import ContactsForm, MappingForm

IMPORT = "crm.add_contactimport"
PAGES = ["GET", "HEAD", "POST"]
# A file so small is tried while one waits; larger ones by a job.
AT_ONCE = 60 * 1024
SMALL_PRINT = 8
EARLIER = 20
SHOWN = 50
COUNTS = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "refused": gettext_lazy("Refused"),
    "alike": gettext_lazy("Possible duplicates"),
}


def _given(request: HttpRequest, pk: int, *, hold: bool = False) -> ContactImport:
    """One's own import; 404 for those of others."""
    assert isinstance(request.user, User)
    rows = ContactImport.objects.of(request.user)
    rows = rows.select_for_update() if hold else rows.select_related("job", "trial_job", "user")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(PAGES)
@permission_required(IMPORT, raise_exception=True)
def import_contacts(request: HttpRequest) -> HttpResponse:
    """Takes a file; shows what was imported before."""
    assert isinstance(request.user, User)
    form = ContactsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("crm:import_map", _kept(request.user, form).pk)
    earlier = ContactImport.objects.of(request.user).select_related("job").defer("sample")
    shown = {"title": _("Import contacts"), "form": form, "earlier": earlier[:EARLIER]}
    return render(request, "crm/import_contacts.html", shown)


def _kept(user: User, form: ContactsForm) -> ContactImport:
    file = form.cleaned_data["file"]
    mapping, options = guessing.propose(user, form.head)
    return ContactImport.objects.create(
        user=user,
        name=file.name[-200:],
        file=file,
        encoding=form.cleaned_data["encoding"],
        head=form.head,
        sample=form.sample,
        mapping=mapping,
        options=options,
    )


@require_http_methods(PAGES)
@permission_required(IMPORT, raise_exception=True)
def import_map(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean; accepted, it is remembered and tried."""
    given = _given(request, pk)
    if given.is_started or not given.file:
        messages.info(request, _("This file was imported already, or is not there any more."))
        return redirect("crm:import_report", pk)
    form = MappingForm(
        request.POST or None, head=given.head, mapping=given.mapping, initial=dict(given.options)
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _tried(request, given, form)
        except work.Refused as refused:
            form.add_error(None, str(refused))
    cells = ([cell for cell in one if cell][:3] for one in zip(*given.sample, strict=True))
    rows = list(zip([form[name] for name in form.columns], cells, strict=True))
    shown = {"title": _("What the columns mean"), "given": given, "form": form, "rows": rows}
    return render(request, "crm/import_map.html", shown)


def _tried(request: HttpRequest, given: ContactImport, form: MappingForm) -> HttpResponse:
    """Keeps what was chosen and tries the file: at once where it is small."""
    if given.trial_job is not None and given.trial_job.is_active:
        work.cancel(given.trial_job)
    with transaction.atomic():
        held = _given(request, given.pk, hold=True)
        if held.is_started:
            return redirect("crm:import_report", given.pk)
        held.mapping, held.options, held.trial, held.trial_job = (
            form.mapping,
            form.options,
            None,
            None,
        )
        if _takes_long(held):
            held.trial_job = _job(held, "import.trial")
        held.save(update_fields=["mapping", "options", "trial", "trial_job"])
        guessing.remember(held.user, held.head, held.mapping, held.options)
    if held.trial_job is not None:
        return redirect("crm:import_report", held.pk)
    running.try_out(held)
    return redirect("crm:import_report", held.pk)


def _takes_long(given: ContactImport) -> bool:
    """Whether nobody should wait for it; a workbook is a file in small print."""
    with given.file.open("rb") as file:
        times = SMALL_PRINT if file.read(len(SIGN)) == SIGN else 1
    return bool(given.file.size * times > AT_ONCE)


def _job(given: ContactImport, kind: str) -> Job:
    return work.start(kind, user=given.user, given=given.pk, name=given.name)


@require_safe
@permission_required(IMPORT, raise_exception=True)
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What the import would do or has done, in numbers and samples."""
    given = _given(request, pk)
    job = given.job if given.is_started else given.trial_job
    report = given.report
    refused = list(given.refused.all()[: SHOWN + 1])
    counts = report.get("counts", {})
    shown = {
        "title": given.name,
        "given": given,
        "job": job if job is not None and job.state != "done" else None,
        "numbers": [(key, label, counts.get(key, 0)) for key, label in COUNTS.items()],
        "counts": counts,
        "has_report": bool(report),
        "changed": [_in_words(one) for one in report.get("changed", ())],
        "report": report,
        "refused": refused[:SHOWN],
        "more_refused": len(refused) > SHOWN,
        "goes_in": counts.get("new", 0) + counts.get("changed", 0),
    }
    return render(request, "crm/import_report.html", shown)


def _in_words(sample: dict[str, Any]) -> dict[str, Any]:
    changes = [(label_of(name), _word(old), _word(new)) for name, old, new in sample["changes"]]
    return sample | {"changes": changes}


def _word(value: Any) -> str:
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)


@require_POST
@permission_required(IMPORT, raise_exception=True)
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts the import, once however often it is clicked."""
    with transaction.atomic():
        given = _given(request, pk, hold=True)
        if given.is_started:
            messages.info(request, _("Your first click started it already."))
        elif given.trial is None:
            messages.warning(request, _("Nothing was imported: try the file first."))
            return redirect("crm:import_map", pk)
        else:
            given.job = _job(given, "import.contacts")
            given.started_at = timezone.now()
            given.save(update_fields=["job", "started_at"])
    return redirect("crm:import_report", pk)


@require_safe
@permission_required(IMPORT, raise_exception=True)
def import_refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows as they were in the file, each with its line and what is wrong with it."""
    given = _given(request, pk)
    if not given.file.name or not given.file.storage.exists(given.file.name):
        raise Http404(_("This file is not there any more."))
    head = [_("Line"), _("Why"), *given.head]
    answer = StreamingHttpResponse(
        csv_lines(head, _refused_rows(given)), content_type="text/csv; charset=utf-8"
    )
    name = f"{given.name.rsplit('.', 1)[0]}-refused.csv"
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


def _refused_rows(given: ContactImport) -> Iterator[Sequence[Any]]:
    """In the file's order; of a row that could not be cut into cells there is only the reason."""
    rows = RefusedRow.objects.filter(of=given).order_by("line").values_list("line", "reasons")
    refused = rows.iterator(chunk_size=2000)
    wanted = next(refused, None)
    if wanted is None:
        return
    with running.opened(given) as file:
        for row in file.rows():
            if wanted is not None and row.line == wanted[0]:
                yield *wanted, *(cell.encode(errors="replace").decode() for cell in row.cells)
                wanted = next(refused, None)


@require_POST
@permission_required(IMPORT, raise_exception=True)
def import_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the file and all it says of persons away; of an import the numbers stay."""
    with transaction.atomic():
        given = _given(request, pk, hold=True)
        active = Job.objects.active().filter(pk__in=[given.job_id or 0, given.trial_job_id or 0])
        if active.exists():
            messages.warning(request, _("It is still at work: cancel that first."))
            return redirect("crm:import_report", pk)
        keeping.forget(given)
        if not given.is_started:
            given.delete()
    messages.success(request, _("%(file)s was deleted.") % {"file": given.name})
    return redirect("crm:import_contacts")
