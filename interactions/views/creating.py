"""Pages of single interactions: logged on one page, or kept for later, resumed, discarded."""

import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.models import Campaign, Contact
from crm.once import new_token
from crm.storage import StorageAway
from interactions import creating, documents, inheriting, letters, mailmerge
from interactions.entering import InteractionForm
from interactions.models import InteractionLogEntry, InteractionTemplate
from interactions.views.once import written_once

ADD = "interactions.add_interactionlogentry"
POSTPONED = InteractionLogEntry.objects.filter(postponed=True).select_related(
    *("contact__salesperson", "template__group", "template__campaign"),
    *("salesperson", "campaign", "document", "by"),
)
Shown = dict[str, Any]


@permission_required(ADD, raise_exception=True)
def create(request: HttpRequest) -> HttpResponse:
    """A new interaction; ?contact, ?template and ?campaign begin it with those."""
    entry = blank_entry()
    start = started_from(request)
    form = _form(request, entry, {**start, "salesperson": _seller(request, start.get("contact"))})
    return _page(request, form, _("New interaction"))


@permission_required(ADD, raise_exception=True)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """An interaction that was kept for later, in the same form; its day becomes today."""
    entry = get_object_or_404(POSTPONED, pk=pk)
    result = creating.result(entry)
    initial = {
        "personal_comment": creating.personal_comment(entry),
        "result": result.text if result else "",
        "successful": not entry.attempt_failed,
        "date": timezone.localdate(),
    }
    inheriting.forget(entry)
    return _page(request, _form(request, entry, initial), _("Resume interaction"))


def blank_entry() -> InteractionLogEntry:
    """An entry that inherits everything: nothing in it is typed."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("cost", "duration", "campaign_target", "campaign_response")
    )
    return InteractionLogEntry(**nothing)


def started_from(request: HttpRequest) -> Shown:
    """What the address names to begin with; what is not there is left out."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "")
        for name in ("contact", "template", "campaign")
    }
    found = {
        "contact": Contact.objects.filter(number=asked["contact"]).first(),
        "template": InteractionTemplate.objects.filter(code=asked["template"]).first(),
        "campaign": Campaign.objects.filter(number=asked["campaign"]).first(),
    }
    return {name: row for name, row in found.items() if row is not None}


def _seller(request: HttpRequest, contact: Contact | None) -> Any:
    return inheriting.default_salesperson(request.user, contact)


def _form(request: HttpRequest, entry: InteractionLogEntry, initial: Shown) -> InteractionForm:
    if request.method == "POST":
        return InteractionForm(request.POST, request.FILES, instance=entry, initial=initial)
    for name in ("contact", "template", "campaign", "salesperson"):
        if initial.get(name) is not None:
            setattr(entry, name, initial[name])
    return InteractionForm(instance=entry, initial=initial)


def _page(request: HttpRequest, form: InteractionForm, title: str) -> HttpResponse:
    """The form; does what its buttons ask: look, keep for later, or log."""
    action = request.POST.get("action", "")
    if request.method == "POST" and form.is_valid() and action != "look":
        answer = _written(request, form, postponed=action == "postpone")
        if answer is not None:
            return answer
    shown = {
        "title": title,
        "form": form,
        "entry": form.instance,
        "is_looking": action == "look",
        "once": request.POST.get("once") or new_token(),
        **outlook(form),
    }
    return render(request, "interactions/create.html", shown)


def _written(
    request: HttpRequest, form: InteractionForm, *, postponed: bool
) -> HttpResponse | None:
    """Logs or keeps the interaction; None where it is refused, which the form then says."""
    entry, extra = form.instance, form.extra
    write = creating.postpone if postponed else creating.log_interaction
    assert isinstance(request.user, User)
    user = request.user
    try:
        entry, is_new = written_once(
            request,
            form.cleaned_data["contact"],
            InteractionLogEntry,
            lambda: write(entry, extra, by=user),
        )
    except creating.Refused as refused:
        tell(form, refused)
        return None
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        form.add_error("letter", str(error))
        return None
    _say(request, entry, is_new=is_new)
    return redirect(entry.contact or entry)


def tell(form: Any, refused: creating.Refused) -> None:
    """Puts each fault next to its field, where the form has it."""
    for name, sentence in refused.faults.items():
        form.add_error(name if name in form.fields else None, sentence)


def _say(request: HttpRequest, entry: InteractionLogEntry, *, is_new: bool) -> None:
    link = format_html('<a href="{}">{}</a>', entry.get_absolute_url(), entry.description)
    if not is_new:
        messages.warning(
            request, format_html(_("{record} was written by your first click."), record=link)
        )
    elif entry.postponed:
        text = _("{record} is kept for later. It is found under what needs care, on Home.")
        messages.success(request, format_html(text, record=link))
    else:
        queued = _("{record} was logged, and its letter is queued.")
        text = queued if entry.delivery else _("{record} was logged.")
        messages.success(request, format_html(text, record=link))


# -- what it will say ------------------------------------------------------------------------------


def outlook(form: InteractionForm) -> Shown:
    """What the entry would say, value by value, with the text of its letter."""
    entry = copy.copy(form.instance)
    if not entry.contact_id or not entry.template_id:
        return {"says": [], "letter_text": "", "letter_error": ""}
    typed = {name for name in inheriting.INHERITED if getattr(entry, name) not in ("", None)}
    entry.date = entry.date or timezone.localdate()
    inheriting.resolve(entry)
    says = [(_label(name), _text(entry, name), name in typed) for name in inheriting.INHERITED]
    cleaned = getattr(form, "cleaned_data", form.initial)
    return {"says": says} | _letter(entry, str(cleaned.get("personal_comment") or ""))


def _letter(entry: InteractionLogEntry, comment: str) -> Shown:
    if entry.document is None or entry.own_document:
        return {"letter_text": "", "letter_error": "", "letter": entry.document}
    try:
        facts = inheriting.facts(entry, personal_comment=comment)
        text, error = letters.preview_text(entry.document, facts), ""
    except (documents.DocumentLost, mailmerge.DocumentError, StorageAway) as refused:
        text, error = "", str(refused)
    return {
        "letter_text": text,
        "letter_error": error,
        "letter": entry.document,
        "letter_language": entry.language,
    }


def _label(name: str) -> str:
    field: Any = InteractionLogEntry._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def _text(entry: InteractionLogEntry, name: str) -> str:
    display = getattr(entry, f"get_{name}_display", None)
    value = display() if display else getattr(entry, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


# -- discarded -------------------------------------------------------------------------------------


@permission_required(ADD, raise_exception=True)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, and throws away what was kept for later."""
    entry = get_object_or_404(POSTPONED, pk=pk)
    if request.method != "POST":
        title = _("Discard %(record)s?") % {"record": entry.description}
        return render(request, "interactions/discard.html", {"title": title, "entry": entry})
    try:
        creating.discard(entry)
    except creating.Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(record)s was discarded.") % {"record": entry.description})
    return redirect("interactions:postponed")
