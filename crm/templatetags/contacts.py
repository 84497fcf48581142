"""The cells of a row of contacts, drawn without a template: there are hundreds on a page."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from crm.models import Contact
from crm.templatetags.frame import column_value, icon

register = template.Library()


@register.simple_tag
def contact_cells(
    contact: Contact, columns: Iterable[tuple[str, str]], *, may_tick: bool
) -> SafeString:
    """What a contact says in the list: number, name, these columns with the sizes that show them.

    Before them a box to tick for who may do something with several.
    """
    url = escape(contact.get_absolute_url())
    drawn = [
        _tick(contact) if may_tick else "",
        f'<td><a class="code" href="{url}">{escape(contact.number)}</a></td>',
        f"<td>{_name(contact, url)}</td>",
        *(
            f'<td class="{css}">{DRAWN.get(name, _plain)(contact, name)}</td>'
            for name, css in columns
        ),
    ]
    return mark_safe("\n".join(drawn))  # noqa: S308 - escaped below


@register.simple_tag
def marks(contact: Contact) -> SafeString:
    """Badges of a contact that may not, or should not, be written to."""
    return mark_safe(_marks(contact))  # noqa: S308 - nothing of anybody's is in it


def _tick(contact: Contact) -> str:
    return (
        '<td class="tick"><input type="checkbox" class="form-check-input" name="contact"'
        f' value="{escape(contact.number)}" aria-label="{escape(contact.name)}"></td>'
    )


def _name(contact: Contact, url: str) -> str:
    kind = gettext("Company") if contact.is_company else gettext("Person")
    return (
        f"{icon('company' if contact.is_company else 'person')}"
        f'<span class="visually-hidden">{kind}</span>\n'
        f'<a class="plain-link" href="{url}">{escape(contact.name)}</a>\n{_marks(contact)}'
    )


def _marks(contact: Contact) -> str:
    if contact.is_blocked:
        return f'<span class="badge-mark bad">{gettext("Blocked")}</span>'
    if contact.exclude_from_segment:
        return f'<span class="badge-mark own">{gettext("Excluded")}</span>'
    return ""


def _company(contact: Contact, _name: str) -> str:
    company = contact.company
    return _link(company.get_absolute_url(), company.name) if company else ""


def _email(contact: Contact, _name: str) -> str:
    return _link(f"mailto:{contact.email}", contact.email) if contact.email else ""


def _country(contact: Any, _name: str) -> str:
    return escape(str(contact.country.name))


def _day(contact: Contact, name: str) -> str:
    said = date_format(timezone.localtime(getattr(contact, name)), "SHORT_DATE_FORMAT")
    return f'<span class="code">{said}</span>'


def _plain(contact: Contact, name: str) -> str:
    return escape(str(column_value(contact, name)))


def _link(url: str, words: str) -> str:
    return f'<a class="plain-link" href="{escape(url)}">{escape(words)}</a>'


DRAWN: dict[str, Callable[[Contact, str], str]] = {
    "company": _company,
    "email": _email,
    "country": _country,
    "created_at": _day,
    "changed_at": _day,
}
