"""What a contact says of being written to or called: the history, and one more word of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import consents
from crm.entering import ConsentForm
from crm.models import Contact

SEE, ADD = "crm.view_consent", "crm.add_consent"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """The history of a contact's consents; posted, one more is written down."""
    contact = get_object_or_404(Contact, number=number)
    may = request.user.has_perm(ADD) and contact.erasure_id is None
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _recorded(request, contact, form)
    shown = {"title": _("Consents and opt-outs"), "contact": contact, "form": form if may else None}
    shown |= {"history": contact.consents.select_related("by")}
    return render(request, "crm/consent.html", shown)


def _recorded(request: HttpRequest, contact: Contact, form: ConsentForm) -> HttpResponse:
    """Writes it down, and says so where something of a later day holds already."""
    assert isinstance(request.user, User)
    said = consents.record(contact, **form.cleaned_data, by=request.user)
    messages.success(request, _("%(said)s was written down.") % {"said": said})
    if not said.is_current:
        messages.warning(request, _("Something of a later day was said already: that still holds."))
    return redirect(contact)


def panel(request: HttpRequest, contact: Contact) -> tuple[str, dict[str, Any]] | None:
    """What holds of each channel, for the card."""
    if not request.user.has_perm(SEE):
        return None
    return "crm/_contact_consents.html", {"consents": consents.standing(contact)}
