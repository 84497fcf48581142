"""Phone calls: a number, what was said, how it went; logged at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm import consents
from crm.models import Channel, Contact
from crm.once import new_token
from interactions import calls, creating, inheriting, panels
from interactions.entering import CallForm, TargetForm
from interactions.models import InteractionLogEntry
from interactions.panels import Origin
from interactions.views.creating import ADD, blank_entry, started_from, tell
from interactions.views.once import written_once


@permission_required(ADD, raise_exception=True)
def call(request: HttpRequest) -> HttpResponse:
    """A call to ?contact; without one, asks whom. Higher floors may say where it is made from."""
    number = request.GET.get("contact", "").replace("\x00", "")
    if not number:
        return _ask_whom(request)
    rows = Contact.objects.select_related("company", "salesperson")
    contact = rows.filter(number=number).first() or _by_name(request)
    if contact is None:
        raise Http404(_("There is no contact %(number)s.") % {"number": number})
    if contact.is_blocked:
        messages.error(request, _("%s is blocked: nothing is said to this contact.") % contact)
        return redirect(contact)
    origins = panels.call_origins.collect(request, contact)
    return _call(request, contact, origins[0] if origins else None)


def _ask_whom(request: HttpRequest) -> HttpResponse:
    form = TargetForm(auto_id="whom_%s")
    form.fields["contact"].label = _("Contact")
    shown = {"title": _("Phone call"), "form": form}
    return render(request, "interactions/call_whom.html", shown)


def _by_name(request: HttpRequest) -> Contact | None:
    """The box takes a whole name, too."""
    form = TargetForm(request.GET)
    return form.cleaned_data["contact"] if form.is_valid() else None


def _call(request: HttpRequest, contact: Contact, origin: Origin | None) -> HttpResponse:
    numbers = calls.numbers(contact, timezone.localdate())
    entry = blank_entry()
    entry.contact = contact
    entry.segment_number = origin.segment_number if origin else ""
    form = CallForm(
        request.POST if request.method == "POST" else None,
        instance=entry,
        initial=_initial(request, contact, origin),
        numbers=numbers,
        from_line=origin is not None,
    )
    if request.method == "POST" and form.is_valid():
        answer = _logged(request, form, contact, origin)
        if answer is not None:
            return answer
    shown = {
        "title": _("Call %(name)s") % {"name": contact.name},
        "contact": contact,
        "form": form,
        "numbers": numbers,
        "unwilling": consents.forbidden(contact, Channel.PHONE),
        "origin": origin,
        "once": request.POST.get("once") or new_token(),
    }
    return render(request, "interactions/call.html", shown)


def _initial(request: HttpRequest, contact: Contact, origin: Origin | None) -> dict[str, Any]:
    """What the line says where there is one, else the template for calls and who is calling."""
    template = calls.call_template()
    begin: dict[str, Any] = {
        "template": template,
        "description": template.description if template else "",
        "salesperson": inheriting.default_salesperson(request.user, contact),
    }
    begin |= {name: row for name, row in started_from(request).items() if name != "contact"}
    return begin | (origin.initial if origin else {})


def _logged(
    request: HttpRequest, form: CallForm, contact: Contact, origin: Origin | None
) -> HttpResponse | None:
    """Logs the call; None where it is refused, which the form then says."""
    assert isinstance(request.user, User)
    user, entry, result = request.user, form.instance, form.cleaned_data["result"]
    if entry.salesperson_id is None and origin:  # inherited from the line before the contact
        entry.salesperson_id = origin.initial.get("salesperson")
    take_out = bool(form.cleaned_data.get("take_out")) and not entry.attempt_failed

    def log() -> InteractionLogEntry:
        return calls.log_call(entry, by=user, result=result)

    try:
        written, is_new = written_once(
            request,
            contact,
            InteractionLogEntry,
            lambda: origin.run(log, take_out) if origin else log(),
        )
    except creating.Refused as refused:
        tell(form, refused)
        return None
    _say(request, written, is_new=is_new, taken_out=take_out and origin is not None)
    return HttpResponseRedirect(origin.back_url if origin else contact.get_absolute_url())


def _say(
    request: HttpRequest, entry: InteractionLogEntry, *, is_new: bool, taken_out: bool
) -> None:
    link = format_html('<a href="{}">{}</a>', entry.get_absolute_url(), entry.description)
    if not is_new:
        text = _("{record} was written by your first click.")
    elif taken_out:
        text = _("The call {record} was logged and the line taken out. Back brings it again.")
    else:
        text = _("The call {record} was logged.")
    (messages.success if is_new else messages.warning)(request, format_html(text, record=link))
