"""A profile questionnaire answered on a page of its own."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm import profiling
from crm.models import Contact
from crm.questionnaires import ProfileForm

RIGHTS = tuple(f"crm.{verb}_contactprofileanswer" for verb in ("add", "change", "delete"))


@permission_required(RIGHTS, raise_exception=True)
def profile(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """All questions of one questionnaire, with what the contact has answered."""
    contact = get_object_or_404(Contact, number=number, erasure=None)
    questionnaire = get_object_or_404(profiling.asked_of(contact), code=code)
    data = request.POST if request.method == "POST" else None
    form = ProfileForm(data, contact=contact, questionnaire=questionnaire)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            changed = profiling.answer(contact, questionnaire, form.answers, by=request.user)
        except profiling.ProfileRefused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("The answers were saved.") if changed else _("Nothing was changed.")
            messages.success(request, said)
            return redirect(contact)
    shown = {
        "title": questionnaire.description or questionnaire.code,
        "contact": contact,
        "questionnaire": questionnaire,
        "form": form,
        "given": profiling.given(contact, questionnaire)
        .select_related("answer__question", "by")
        .order_by("answer__question__position", "answer__position", "pk"),
        "cancel_url": contact.get_absolute_url(),
        "parent": str(contact),
    }
    return render(request, "crm/profile.html", shown)
