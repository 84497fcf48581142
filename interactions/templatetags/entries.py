"""The cells of a row of the log, drawn without a template: there are hundreds on a page."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from crm.models import Contact
from crm.templatetags.frame import icon
from interactions.models import Delivery, InteractionLogEntry

register = template.Library()

DELIVERIES = dict(Delivery.choices)
# How a state of delivery looks; the others are plain.
MARKS = {"failed": "bad", "delivered": "good", "uncertain": "own"}


@register.simple_tag
def entry_cells(entry: InteractionLogEntry, *, may_change: bool) -> SafeString:
    """What an entry says in the list of interactions; with a box to tick for who may change it."""
    drawn = (format_html('<td class="{}">{}</td>', css, said) for css, said in _cells(entry))
    cells = "\n".join(drawn)
    return mark_safe(f"{_tick(entry)}\n{cells}" if may_change else cells)  # noqa: S308 - each is escaped


@register.simple_tag
def delivery(entry: InteractionLogEntry) -> str:
    """How far an entry's letter has come; "" where nothing is to be delivered."""
    if not entry.delivery:
        return ""
    mark, words = MARKS.get(entry.delivery, ""), DELIVERIES.get(entry.delivery, entry.delivery)
    said = format_html('<span class="badge-mark {}">{}</span>', mark, words)
    if entry.delivery_error:
        said += format_html(' <span class="quiet">{}</span>', entry.delivery_error)
    return said


def _cells(entry: InteractionLogEntry) -> Iterator[tuple[str, Any]]:
    contact, campaign = entry.contact, entry.campaign
    day = date_format(entry.date, "SHORT_DATE_FORMAT")
    yield "code", format_html('<a href="{}">{}</a>', entry.get_absolute_url(), day)
    yield "", _contact(contact)
    yield "d-none d-md-table-cell", _contact(contact.company) if contact and contact.company else ""
    yield "", _description(entry)
    yield "d-none d-lg-table-cell", _code(entry.template.get_absolute_url(), entry.template.code)
    yield "d-none d-xl-table-cell code", _segment(entry)
    number = _code(campaign.get_absolute_url(), campaign.number) if campaign else ""
    yield "d-none d-xxl-table-cell", number
    yield "d-none d-md-table-cell", entry.salesperson or ""
    yield "d-none d-md-table-cell", entry.evaluation_words
    yield "d-none d-lg-table-cell", delivery(entry)


def _tick(entry: InteractionLogEntry) -> SafeString:
    label = gettext("Tick %(entry)s %(contact)s") % {
        "entry": entry,
        "contact": entry.contact or "",
    }
    return format_html(
        '<td><input type="checkbox" class="form-check-input" form="bulk" name="entry" value="{}"'
        ' aria-label="{}"></td>',
        entry.pk,
        label,
    )


def _contact(contact: Contact | None) -> SafeString:
    if contact is None:
        return format_html('<span class="quiet">{}</span>', gettext("deleted"))
    return format_html('<a href="{}">{}</a>', contact.get_absolute_url(), contact.name)


def _description(entry: InteractionLogEntry) -> str:
    said = conditional_escape(entry.description)
    if entry.document_id:
        with_letter = gettext("with a letter")
        said += format_html(
            ' {}<span class="visually-hidden">{}</span>', icon("document"), with_letter
        )
    if entry.cancelled:
        said += format_html(' <span class="badge-mark bad">{}</span>', gettext("cancelled"))
    return said


def _code(url: str, code: str) -> SafeString:
    return format_html('<a class="code" href="{}">{}</a>', url, code)


def _segment(entry: InteractionLogEntry) -> str:
    if not entry.logged_segment_id:
        return entry.segment_number
    return format_html('<a href="{}">{}</a>', entry.logged_segment_url, entry.segment_number)
