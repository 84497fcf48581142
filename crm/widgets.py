"""Controls that several forms use: a contact by its number, lists to search in, days."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, ContactType


class ContactInput(forms.TextInput):
    """A box for a contact's number; with JavaScript it searches by name on the server."""

    def __init__(self, companies: bool = False, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-choose": "", "autocomplete": "off", **(attrs or {})})
        self.companies = companies

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds where to search, and the words for the number that stands in the box."""
        query = "?type=company" if self.companies else ""
        extra = {"data-choose-url": f"{CHOOSE_URL}{query}"}
        number = str(value or "").replace("\x00", "")
        contact = Contact.objects.filter(number=number).first() if number else None
        if contact is not None:
            extra["data-choose-text"] = str(contact)
        return super().get_context(name, value, {**extra, **(attrs or {})})


CHOOSE_URL = reverse_lazy("crm:choose_contacts")


class ContactField(forms.ModelChoiceField):
    """A contact by its number, or by its whole name where only one has that name."""

    default_error_messages = {
        "invalid_choice": _("There is no “%(value)s”. Type a contact's number, or its whole name."),
        "several": _("Several are called “%(value)s”. Type the number."),
    }

    kept: Contact | None = None

    def __init__(self, *, companies: bool = False, **options: Any) -> None:
        contacts = Contact.objects.order_by("pk")
        if companies:
            contacts = contacts.filter(type=ContactType.COMPANY)
        widget = options.pop("widget", None) or ContactInput(companies)
        super().__init__(contacts, to_field_name="number", widget=widget, **options)

    def keep(self, contact: Contact | None) -> None:
        """This one may stay, whether one sees it or not: the record in hand names it already."""
        self.kept = contact

    def prepare_value(self, value: Any) -> Any:
        """The number, also where a form hands over an id."""
        if isinstance(value, int):
            return Contact.whole.filter(pk=value).values_list("number", flat=True).first()
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Contact | None:
        """The contact with that number or, failing that, that name."""
        text = str(value or "").replace("\x00", "").strip()
        if not text:
            return None
        if self.kept is not None and text == self.kept.number:
            return self.kept
        contacts: Any = self.queryset
        found = list(contacts.filter(number=text)[:1]) or list(contacts.filter(name=text)[:2])
        if len(found) == 1:
            return found[0]
        wrong = "several" if found else "invalid_choice"
        raise forms.ValidationError(self.error_messages[wrong], wrong, {"value": text})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


def choosing(*names: str) -> dict[str, forms.Widget]:
    """For Meta.widgets: lists that one can search in."""
    return {name: forms.Select(attrs={"data-choose": ""}) for name in names}


def date_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
