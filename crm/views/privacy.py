"""One person's data, to look at and to take along; and erasing that person."""

import json
import tempfile
import zipfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import erasing, later, personal
from crm.entering import ErasureForm
from crm.models import Contact

EXPORT, ERASE = "crm.export_contact", "crm.erase_contact"
CONTACTS = Contact.objects.select_related(
    "company", "territory", "salesperson", "salutation", "organizational_level"
)


@require_safe
@permission_required(EXPORT, raise_exception=True)
def person_data(request: HttpRequest, number: str) -> HttpResponse:
    """All that is kept of a contact, to be read and printed."""
    contact = get_object_or_404(CONTACTS, number=number)
    shown: dict[str, Any] = {"title": _("All that is kept of %(name)s") % {"name": contact.name}}
    is_coming = later.is_first_look(request)
    shown |= {"contact": contact, "is_coming": is_coming}
    shown |= {} if is_coming else {"tables": personal.told(contact)}
    return render(request, "crm/person_data.html", shown)


@require_safe
@permission_required(EXPORT, raise_exception=True)
def person_json(request: HttpRequest, number: str) -> HttpResponse:
    """The same for a program."""
    contact = get_object_or_404(CONTACTS, number=number)
    answer = JsonResponse(
        personal.as_data(personal.told(contact)),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return answer


@require_safe
@permission_required(EXPORT, raise_exception=True)
def person_zip(request: HttpRequest, number: str) -> FileResponse:
    """Both, with the letters that were made for the contact."""
    contact = get_object_or_404(CONTACTS, number=number)
    tables = personal.told(contact)
    data = json.dumps(personal.as_data(tables), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    page = render_to_string("crm/person_file.html", {"contact": contact, "tables": tables})
    written: Any = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{number}.json", data)
        archive.writestr(f"{number}.html", page)
        for name, content in personal.files_of(contact):
            archive.writestr(name, content)
    written.seek(0)
    return FileResponse(written, as_attachment=True, filename=f"{number}.zip")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ERASE, raise_exception=True)
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """What will go and what stays, in numbers; posted with a reason, it is done."""
    contact = get_object_or_404(CONTACTS, number=number)
    form = ErasureForm(request.POST if request.method == "POST" else None, contact=contact)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _erased(request, contact, form.cleaned_data["reason"])
        except erasing.EraseRefused as error:
            refused = error.reasons
    shown: dict[str, Any] = {"title": _("Erase %(contact)s?") % {"contact": contact}}
    shown |= {"contact": contact, "form": form, "refused": refused}
    shown["is_coming"] = later.is_first_look(request)
    if not shown["is_coming"]:
        outlook = erasing.outlook(contact)
        shown |= {"outlook": outlook, "refused": refused or outlook.refused}
    return render(request, "crm/erase.html", shown, status=409 if refused else 200)


def _erased(request: HttpRequest, contact: Contact, reason: str) -> HttpResponse:
    assert isinstance(request.user, User)
    done = erasing.erase([contact], by=request.user, reason=reason)
    said = _("%(number)s was erased: %(count)d records and files are gone.")
    values = {"number": contact.number, "count": sum(done.counts.values())}
    messages.success(request, said % values)
    left = Contact.objects.filter(pk=contact.pk).first()
    return redirect(left) if left else redirect("crm:contacts")
