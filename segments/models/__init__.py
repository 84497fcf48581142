"""The worksheet's tables: a header, narrow lines that inherit from it, and a trail of steps."""

from segments.models.desk import LineColumns, SegmentEditor
from segments.models.header import Segment, SegmentDocument
from segments.models.line import LineOverride, LineQuerySet, SegmentLine
from segments.models.trail import SavedCriteria, SegmentStep, StepKind

__all__ = [
    "LineColumns",
    "LineOverride",
    "LineQuerySet",
    "SavedCriteria",
    "Segment",
    "SegmentDocument",
    "SegmentEditor",
    "SegmentLine",
    "SegmentStep",
    "StepKind",
]
