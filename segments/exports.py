"""What the lists of this app say in a file."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.exporting import Column
from segments.models import SavedCriteria


def _name_of(user: Any) -> str:
    return (user.get_full_name() or user.username) if user else ""


def _steps(saved: SavedCriteria) -> int:
    return len(saved.steps)


SEGMENTS: tuple[Column, ...] = (
    (_("Number"), "number"),
    (_("Description"), "description"),
    (_("Lines"), "lines_now"),
    (_("Step"), "current_step"),
    (_("Date"), "date"),
    (_("Salesperson"), "salesperson"),
    (_("Template"), "template__code"),
    (_("Campaign"), "campaign__number"),
    (_("Changed"), "changed_at"),
)
SAVED_CRITERIA: tuple[Column, ...] = (
    (_("Code"), "code"),
    (_("Description"), "description"),
    (_("Steps"), _steps),
    (_("Last used"), "last_used_at"),
    (_("Last used by"), lambda row: _name_of(row.last_used_by)),
    (_("Saved"), "at"),
    (_("Saved by"), lambda row: _name_of(row.by)),
)
