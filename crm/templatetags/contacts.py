"""The cells of a row of contacts, drawn without a template: there are hundreds on a page."""

from collections.abc import Callable, Iterable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm.models import Contact
from crm.templatetags.frame import column_value

register = template.Library()


@register.simple_tag
def contact_cells(contact: Contact, columns: Iterable[tuple[str, str]]) -> SafeString:
    """What a contact says in these columns: their names, and the sizes that show them."""
    drawn = (
        format_html('<td class="{}">{}</td>', css, DRAWN.get(name, _plain)(contact, name))
        for name, css in columns
    )
    return mark_safe("\n".join(drawn))  # noqa: S308 - each is escaped


def _company(contact: Contact, _name: str) -> str:
    company = contact.company
    return _link(company.get_absolute_url(), company.name) if company else ""


def _email(contact: Contact, _name: str) -> str:
    return _link(f"mailto:{contact.email}", contact.email) if contact.email else ""


def _country(contact: Any, _name: str) -> str:
    return str(contact.country.name)


def _day(contact: Contact, name: str) -> str:
    said = date_format(timezone.localtime(getattr(contact, name)), "SHORT_DATE_FORMAT")
    return format_html('<span class="code">{}</span>', said)


def _plain(contact: Contact, name: str) -> Any:
    return column_value(contact, name)


def _link(url: str, words: str) -> SafeString:
    return format_html('<a class="plain-link" href="{}">{}</a>', url, words)


DRAWN: dict[str, Callable[[Contact, str], Any]] = {
    "company": _company,
    "email": _email,
    "country": _country,
    "created_at": _day,
    "changed_at": _day,
}
