"""What this app tells the ground floor of persons: what is theirs, what goes, what stays."""

from django.db.models import Exists, OuterRef

from crm import erasing, mentions, personal, retention
from segments.erasing import drop_from_segments
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine, SegmentStep


def register() -> None:
    """Called once, by ready()."""
    personal.nest(SegmentLine, LineOverride, "line")
    erasing.register(SegmentLine, drop_from_segments)
    mentions.register(Segment, "description", "subject")
    mentions.register(SegmentStep, "criteria", "options", "words")
    mentions.register(SavedCriteria, "description", "steps")
    mentions.register(LineOverride, "description", "subject", "personal_comment")
    retention.in_use.append(Exists(SegmentLine.objects.filter(contact=OuterRef("pk"))))
