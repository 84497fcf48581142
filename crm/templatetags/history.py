"""The audit trail in templates: the link on a record, and what changed in words."""

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from crm.audit import reading, watched
from crm.models import AuditEntry

register = template.Library()


@register.simple_tag
def history_url(record: Model) -> str:
    """The page with the history of a record; "" where it has none of its own."""
    kind = record._meta.label_lower
    if kind not in watched or watched[kind].subject:
        return ""
    return reverse("crm:record_history", args=[kind, record.pk])


@register.filter
def subject_url(entry: AuditEntry) -> str:
    """The page with the history of the record that a change belongs to."""
    return reverse("crm:record_history", args=[entry.subject, entry.subject_id])


@register.filter
def kind_of_row(entry: AuditEntry) -> str:
    """What sort of row changed."""
    return reading.kind_label(entry)


@register.filter
def in_words(entry: AuditEntry) -> list[Any]:
    """What changed, in words."""
    return list(reading.changes(entry))
