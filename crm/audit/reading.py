"""The audit trail in the reader's words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm import sight
from crm.audit.tables import Watched, beginnings, watched
from crm.models import AuditEntry

# A longer value, a letter's criteria for example, is cut in the list.
LONGEST = 300


@dataclass(frozen=True)
class Change:
    """One field: what it was and what it became, in words."""

    label: str
    old: str
    new: str
    is_secret: bool = False


def kind_label(entry: AuditEntry) -> str:
    """What sort of row changed."""
    one = watched.get(entry.kind)
    return one.name if one else entry.kind


def changes(entry: AuditEntry) -> Iterator[Change]:
    """What changed, in the order of the model's fields; what is known no more comes as it is."""
    one = watched.get(entry.kind)
    fields = one.fields if one else ()
    known = [field for field in fields if field.name in entry.changes]
    for field in known:
        old, new = entry.changes[field.name]
        label = capfirst(str(field.verbose_name))
        if one and field.name in one.secret:
            yield Change(label, "", "", is_secret=True)
            continue
        say = one.words.get(field.name) if one else None
        words = [say(value) if say else _said(field, value) for value in (old, new)]
        if any(words):
            yield Change(label, words[0], words[1])
    for name in sorted(set(entry.changes) - {field.name for field in known}):
        old, new = entry.changes[name]
        yield Change(name, str(old), str(new))


def _said(field: models.Field[Any, Any], value: Any) -> str:
    """A value as its field would say it."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return date_format(field.to_python(value), "SHORT_DATE_FORMAT")
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)[:LONGEST]
    choices = dict(getattr(field, "flatchoices", ()) or ())
    return str(choices.get(value, value))[:LONGEST]


def seen(rows: models.QuerySet[AuditEntry]) -> models.QuerySet[AuditEntry]:
    """Those of these changes that one may see: of records seen, and of what belongs to all.

    Of a record that has gone nobody can tell whose it was: it is out of sight.
    """
    if sight.now() is None:
        return rows
    restricted = [one.subject_model for one in watched.values() if _is_restricted(one)]
    shown = ~Q(subject__in={model._meta.label_lower for model in restricted})
    for model in dict.fromkeys(restricted):
        there = model._default_manager.order_by().filter(pk=OuterRef("subject_id"))
        shown |= Q(Exists(there), subject=model._meta.label_lower)
    return rows.filter(shown)


def _is_restricted(one: Watched) -> bool:
    return issubclass(one.subject_model, sight.Seen)


def of_record(kind: str, pk: int, label: str) -> models.QuerySet[AuditEntry]:
    """The history of one record, and of what it goes on."""
    rows = AuditEntry.objects.filter(subject=kind, subject_id=pk)
    if kind in beginnings and label:
        rows = rows | AuditEntry.objects.filter(subject=beginnings[kind], label=label)
    return rows
