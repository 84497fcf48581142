"""Possible duplicates: their list, two of them side by side, merging and dismissing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm import duplicates, references
from crm.forms import OtherContactForm
from crm.merging import choices_of, merge
from crm.models import Contact, DuplicatePair
from crm.pages import ListPage
from crm.references import MergeRefused

SEE, MERGE = "crm.view_contact", ("crm.change_contact", "crm.delete_contact")
REASONS = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "address": gettext_lazy("address"),
    "company": gettext_lazy("company"),
}
CONTACTS = Contact.objects.select_related(
    "company", "territory", "salesperson", "salutation", "organizational_level"
)


class DuplicateListPage(ListPage):
    """Pairs of contacts that look like one, most alike first."""

    template_name = "crm/duplicates.html"

    export = (
        (gettext_lazy("Contact"), "first"),
        (gettext_lazy("Looks like"), "second"),
        (gettext_lazy("Because of"), "said"),
        (gettext_lazy("Likeness"), "score"),
    )

    def prepare(self, rows: Any) -> Any:
        """Each pair with its reasons in words."""
        for pair in rows:
            pair.said = ", ".join(str(REASONS[one]) for one in pair.reasons.split(",") if one)
        return rows


@dataclass(frozen=True)
class Choice:
    """A row of the comparison: what it is, and what each of the two has."""

    name: str
    label: str
    values: tuple[str, str]
    of_second: bool

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.values[0] != self.values[1]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def merge_with(request: HttpRequest, number: str) -> HttpResponse:
    """Chooses with which contact one is to be compared: of those alike, or by number."""
    contact = get_object_or_404(Contact, number=number)
    form = OtherContactForm(request.POST if request.method == "POST" else None, contact=contact)
    if request.method == "POST" and form.is_valid():
        return redirect("crm:compare", number, form.cleaned_data["other"].number)
    shown = {"title": _("Merge %(contact)s with…") % {"contact": contact}, "contact": contact}
    shown |= {"form": form, "similar": duplicates.similar_to(contact)}
    return render(request, "crm/merge_with.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def compare(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Two contacts side by side; posted, they become one as chosen."""
    first, second = (get_object_or_404(CONTACTS, number=one) for one in (number, other))
    may = request.user.has_perms(MERGE)
    refused = ""
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        try:
            return _merged(request, first, second)
        except MergeRefused as error:
            refused = str(error)
    pair = DuplicatePair.objects.filter(
        first=min(first.pk, second.pk), second=max(first.pk, second.pk), dismissed=False
    ).first()
    shown = {"first": first, "second": second, "refused": refused, "may_merge": may, "pair": pair}
    shown |= {"choices": _choices(first, second, request), "keep": request.POST.get("keep", "")}
    shown |= {"counts": references.counts(first, second) if first != second else []}
    shown |= {"title": _("Is it the same contact?")}
    return render(request, "crm/compare.html", shown, status=409 if refused else 200)


def _merged(request: HttpRequest, first: Contact, second: Contact) -> HttpResponse:
    """Does it, and says how many records were moved."""
    keeps_second = request.POST.get("keep") == "second"
    kept, other = (second, first) if keeps_second else (first, second)
    of_other = "first" if keeps_second else "second"
    taken = [name for name in choices_of(kept) if request.POST.get(name) == of_other]
    gone = str(other)
    moved = merge(kept, other, taken=taken, by=request.user)  # type: ignore[arg-type]
    said = ngettext(
        "%(other)s was merged into %(kept)s; %(count)s record was moved.",
        "%(other)s was merged into %(kept)s; %(count)s records were moved.",
        moved,
    )
    messages.success(request, said % {"other": gone, "kept": kept, "count": intcomma(moved)})
    return redirect(kept)


def _choices(first: Contact, second: Contact, request: HttpRequest) -> list[Choice]:
    """What both have, row by row; what only the second has is ticked at once."""
    rows = []
    for name, columns in choices_of(first).items():
        values = (_said(first, columns), _said(second, columns))
        default = "second" if values[1] and not values[0] else "first"
        chosen = request.POST.get(name, default) == "second"
        label = capfirst(str(Contact._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        rows.append(Choice(name, label, values, chosen))
    return [row for row in rows if any(row.values)]


def _said(contact: Contact, columns: tuple[str, ...]) -> str:
    """What a contact has there, in words."""
    names = columns[:1] if columns[0] == "name" else columns
    values = (_word(contact, name) for name in names)
    return ", ".join(value for value in values if value)


def _word(contact: Contact, name: str) -> str:
    words = getattr(contact, f"get_{name}_display", None)
    value = words() if words else getattr(contact, name)
    return str(getattr(value, "name", value) or "")


@require_POST
@permission_required("crm.change_duplicatepair", raise_exception=True)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Remembers that two contacts are not the same one."""
    pair = get_object_or_404(DuplicatePair.objects.select_related("first", "second"), pk=pk)
    duplicates.dismiss(pair, by=request.user)  # type: ignore[arg-type]
    names = {"first": pair.first, "second": pair.second}
    messages.success(request, _("%(first)s and %(second)s are not the same.") % names)
    return redirect("crm:duplicates")
