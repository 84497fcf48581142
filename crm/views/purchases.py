"""Purchases from a CSV file or a workbook, on a page: tried first, then written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.importing import FileRefused
from crm.importing.opening import as_csv
from crm.importing.purchases import NAMES, Report
from crm.importing.purchases import import_purchases as import_file
from crm.uploads import PurchasesForm

SHOWN = 50


@permission_required("crm.add_purchase", raise_exception=True)
def import_purchases(request: HttpRequest) -> HttpResponse:
    """Says what the file would do; without the tick for a trial, does it."""
    is_sent = request.method == "POST"
    form = PurchasesForm(request.POST, request.FILES) if is_sent else PurchasesForm()
    report: Report | None = None
    if is_sent and form.is_valid():
        report = _imported(form)
        if report is not None and not form.cleaned_data["dry_run"] and not report.rejections:
            messages.success(request, told(report))
            return redirect("crm:import_purchases")
    shown: dict[str, Any] = {
        "title": _("Import purchases"),
        "form": form,
        "report": report,
        "said": told(report) if report else "",
        "is_trial": bool(report) and form.cleaned_data["dry_run"],
        "rejections": report.rejections[:SHOWN] if report else [],
        "new_items": report.new_items[:SHOWN] if report else [],
        "columns": list(NAMES),
    }
    return render(request, "crm/import_purchases.html", shown)


def _imported(form: forms.Form) -> Report | None:
    """The report; None where the file as a whole is refused, which the form then says."""
    try:
        with as_csv(form.cleaned_data["file"]) as path:
            return import_file(path, dry_run=form.cleaned_data["dry_run"])
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return None


def told(report: Report) -> str:
    """The counts in one sentence."""
    text = _("%(read)d read = %(created)d created + %(updated)d updated + %(rejected)d rejected.")
    names = ("read", "created", "updated", "rejected")
    return text % {name: getattr(report, name) for name in names}
