"""Which tables of this floor the audit trail watches.

Lines are not: the trail of steps is their record, and the log keeps what was made of them.
"""

from typing import Any

from crm.audit import begins_with, register
from interactions.models import LoggedSegment
from segments import models
from segments.trail import sentences


def _in_words(words: Any) -> str:
    """A step's sentences in the reader's language."""
    return "; ".join(sentences(words or {}))


def _unsaid(_data: Any) -> str:
    """What the step's sentences say already."""
    return ""


def _counted(steps: Any) -> str:
    """How many steps saved criteria have; their page says which."""
    return str(len(steps)) if steps else ""


def register_all() -> None:
    """The headers of segments, their letters and criteria, and saved criteria."""
    register(models.Segment, label="number", leave_out=("by", "created_at", "changed_at"))
    register(
        models.SegmentDocument, subject="segment", label="segment__number", leave_out=("segment",)
    )
    register(
        models.SegmentStep,
        subject="segment",
        label="segment__number",
        fields=("number", "kind", "criteria", "options", "words"),
        words={"criteria": _unsaid, "options": _unsaid, "words": _in_words},
    )
    register(
        models.SavedCriteria,
        label="code",
        leave_out=("last_used_at", "last_used_by", "by", "at"),
        words={"steps": _counted},
    )
    begins_with(LoggedSegment, models.Segment)
