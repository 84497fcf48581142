"""The marketing set-up: read by whoever may see it, changed by administrators."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.models import MarketingSetup
from crm.setup_form import SetupForm, series_forms

CHANGE = "crm.change_marketingsetup"


@permission_required("crm.view_marketingsetup", raise_exception=True)
def marketing_setup(request: HttpRequest) -> HttpResponse:
    """Shows it, and saves what was changed: all of it or nothing."""
    may_change = request.user.has_perm(CHANGE)
    data = request.POST if request.method == "POST" else None
    if data is not None and not may_change:
        raise PermissionDenied
    form = SetupForm(data, instance=MarketingSetup.load())
    series = series_forms(data)
    every: list[forms.ModelForm] = [form, *series]
    are_valid = [one.is_valid() for one in every]  # each is to say its errors
    if data is not None and all(are_valid):
        save(every)
        messages.success(request, _("The marketing set-up was saved."))
        return redirect("crm:marketing_setup")
    if not may_change:
        for field in (field for one in every for field in one.fields.values()):
            field.disabled = True
    return render(
        request,
        "crm/marketing_setup.html",
        {
            "title": _("Marketing set-up"),
            "form": form,
            "series": series,
            "may_change": may_change,
            "is_refused": any(one.errors for one in every),
        },
    )


@transaction.atomic
def save(every: Sequence[forms.ModelForm]) -> None:
    """Writes the changed columns only: numbers may have been taken since the page was opened."""
    for form in every:
        row = form.instance
        if row.pk is None:
            row.save()
        elif form.changed_data:
            row.save(update_fields=form.changed_data)
