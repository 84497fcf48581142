"""The cells of a row of the log, drawn without a template: there are hundreds on a page."""

from collections.abc import Iterator
from html import escape
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from crm.models import Contact
from crm.templatetags.frame import column_value, icon
from interactions.models import InteractionLogEntry

register = template.Library()

# How a state of delivery looks; the others are plain.
MARKS = {"failed": "bad", "delivered": "good", "uncertain": "own"}


@register.simple_tag
def entry_cells(entry: InteractionLogEntry, *, may_change: bool) -> SafeString:
    """What an entry says in the list of interactions; with a box to tick for who may change it."""
    cells = "\n".join(f'<td class="{css}">{said}</td>' for css, said in _cells(entry))
    return mark_safe(f"{_tick(entry)}\n{cells}" if may_change else cells)  # noqa: S308 - escaped below


@register.simple_tag
def delivery(entry: InteractionLogEntry) -> SafeString:
    """How far an entry's letter has come; "" where nothing is to be delivered."""
    return mark_safe(_delivery(entry))  # noqa: S308 - escaped below


def _cells(entry: InteractionLogEntry) -> Iterator[tuple[str, str]]:
    contact, campaign = entry.contact, entry.campaign
    company = contact.company if contact else None
    day = date_format(entry.date, "SHORT_DATE_FORMAT")
    yield "code", f'<a href="{entry.get_absolute_url()}">{day}</a>'
    yield "", _contact(contact) if contact else f'<span class="quiet">{gettext("deleted")}</span>'
    yield "d-none d-md-table-cell", _contact(company) if company else ""
    yield "", _description(entry)
    yield "d-none d-lg-table-cell", _code(entry.template, entry.template.code)
    yield "d-none d-xl-table-cell code", _segment(entry)
    yield "d-none d-xxl-table-cell", _code(campaign, campaign.number) if campaign else ""
    yield "d-none d-md-table-cell", escape(str(entry.salesperson or ""))
    yield "d-none d-md-table-cell", escape(str(column_value(entry, "evaluation")))
    yield "d-none d-lg-table-cell", _delivery(entry)


def _tick(entry: InteractionLogEntry) -> str:
    who = {"entry": entry, "contact": entry.contact or ""}
    label = escape(gettext("Tick %(entry)s %(contact)s") % who)
    return (
        '<td><input type="checkbox" class="form-check-input" form="bulk" name="entry"'
        f' value="{entry.pk}" aria-label="{label}"></td>'
    )


def _contact(contact: Contact) -> str:
    return f'<a href="{escape(contact.get_absolute_url())}">{escape(contact.name)}</a>'


def _code(row: Any, code: str) -> str:
    return f'<a class="code" href="{escape(row.get_absolute_url())}">{escape(code)}</a>'


def _description(entry: InteractionLogEntry) -> str:
    said = escape(entry.description)
    if entry.document_id:
        words = gettext("with a letter")
        said += f' {icon("document")}<span class="visually-hidden">{words}</span>'
    if entry.cancelled:
        said += f' <span class="badge-mark bad">{gettext("cancelled")}</span>'
    return said


def _segment(entry: InteractionLogEntry) -> str:
    number = escape(entry.segment_number)
    if not entry.logged_segment_id:
        return number
    return f'<a href="{escape(entry.logged_segment_url)}">{number}</a>'


def _delivery(entry: InteractionLogEntry) -> str:
    if not entry.delivery:
        return ""
    mark, words = MARKS.get(entry.delivery, ""), column_value(entry, "delivery")
    said = f'<span class="badge-mark {mark}">{escape(str(words))}</span>'
    if entry.delivery_error:
        said += f' <span class="quiet">{escape(entry.delivery_error)}</span>'
    return said
