"""What the lists of this app say in a file: their columns, and what their badges mean."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.exporting import Column
from interactions.models import InteractionTemplate, Task

NUMBER = (_("Contact no."), "contact__number")
CANCELLED = (_("Cancelled"), "cancelled")


def _letters(template: InteractionTemplate) -> str:
    """The languages of its letters; they were fetched with it."""
    named = [one for one in template.languages.all() if one.document_id]
    return ", ".join(str(one.get_language_display()) for one in named)


def _whose(task: Task) -> Any:
    return task.salesperson or task.by


TEMPLATES: tuple[Column, ...] = (
    (_("Code"), "code"),
    (_("Description"), "description"),
    (_("Group"), "group"),
    (_("Letters"), _letters),
    (_("Correspondence type"), "correspondence_type"),
    (_("Campaign"), "campaign__number"),
    (_("Unit cost"), "unit_cost"),
)
ENTRIES: tuple[Column, ...] = (
    (_("Date"), "date"),
    NUMBER,
    (_("Contact"), "contact__name"),
    (_("Company"), "contact__company__name"),
    (_("Description"), "description"),
    (_("Template"), "template__code"),
    (_("Segment"), "segment_number"),
    (_("Campaign"), "campaign__number"),
    (_("Salesperson"), "salesperson"),
    (_("Evaluation"), "evaluation"),
    (_("Delivery"), "delivery"),
    CANCELLED,
)
LOGGED_SEGMENTS: tuple[Column, ...] = (
    (_("Number"), "segment_number"),
    (_("Description"), "description"),
    (_("Interactions"), "entry_count"),
    (_("Logged"), "logged_at"),
    (_("By"), "by"),
    CANCELLED,
)
POSTPONED: tuple[Column, ...] = (
    NUMBER,
    (_("Contact"), "contact__name"),
    (_("Description"), "description"),
    (_("Template"), "template__code"),
    (_("Begun"), "created_at"),
    (_("By"), "by"),
)
TASKS: tuple[Column, ...] = (
    (_("Due"), "due"),
    NUMBER,
    (_("Contact"), "contact__name"),
    (_("Task"), "description"),
    (_("Whose"), _whose),
    (_("Segment"), "segment_number"),
    (_("Done"), "done_at"),
)
CAMPAIGN_ENTRIES: tuple[Column, ...] = (
    (_("Date"), "date"),
    (_("Campaign"), "campaign__number"),
    (_("Description"), "description"),
    (_("Segment"), "segment_number"),
    (_("Interactions"), "said"),
    (_("Cost"), lambda row: row.cost or 0),
    (_("Duration (min)"), lambda row: row.duration or 0),
    CANCELLED,
)
TARGETS: tuple[Column, ...] = (
    (_("Campaign"), "campaign__number"),
    (_("Contact"), "contact"),
    (_("State"), lambda row: _("active") if row.active else _("taken out")),
    (_("By hand"), "by_hand"),
)
