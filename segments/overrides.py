"""What one line says differently: set it, take it back, take a whole column back.

Each holds the segment's row first, as every write to a worksheet does, and costs the same number
of statements whatever the number of lines. A row of overrides that became empty is deleted.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ForeignKey, Q, QuerySet
from django.utils.translation import gettext as _

from crm.sql import delete_rows
from interactions import documents
from interactions.models import Document
from segments import trail
from segments.models import LineOverride, Segment, SegmentLine
from segments.trail import WorksheetError

# What a line can say itself, in the order of the model.
NAMES: tuple[str, ...] = tuple(
    field.name for field in LineOverride._meta.concrete_fields if field.name != "line"
)


class LineGone(WorksheetError):
    """The line is not on the segment any more, or never was."""


def nothing(name: str) -> Any:
    """The value of a field that says nothing: "" for texts, None for all others."""
    return None if LineOverride._meta.get_field(name).null else ""


def says(override: LineOverride | None, name: str) -> bool:
    """Whether a line says something of this name itself; fetches nothing."""
    return override is not None and getattr(override, _column(name)) not in ("", None)


def says_nothing() -> Q:
    """The overrides that have no value at all."""
    return Q(**{name: nothing(name) for name in NAMES})


@transaction.atomic
def set_value(
    segment: Segment, line: SegmentLine, name: str, value: Any, *, by: User
) -> LineOverride | None:
    """Lets one line say something itself; an empty value takes it back.

    Returns the line's overrides, None where none are left. Raises LineGone for a line that is not
    present and ValueError for a name that no line can say. `by` is who does it.
    """
    _known(name)
    trail.lock(segment)
    _present(segment, line)
    stored = LineOverride.objects.filter(line=line).first()
    override = stored or LineOverride(line=line)
    before = override.document if name == "document" else None
    setattr(override, name, nothing(name) if value in ("", None) else value)
    if _is_empty(override):
        delete_rows(LineOverride.objects.filter(line=line))
    else:
        override.save(update_fields=[name] if stored else None)
    trail.touch(segment, by)
    if before is not None and before != value:
        documents.release(before)
    return None if _is_empty(override) else override


def reset(segment: Segment, line: SegmentLine, name: str, *, by: User) -> LineOverride | None:
    """Lets one line inherit a value again; errors as set_value."""
    return set_value(segment, line, name, None, by=by)


@transaction.atomic
def reset_column(segment: Segment, name: str, *, by: User) -> int:
    """Lets every line inherit a value again; returns how many lines said it themselves."""
    _known(name)
    trail.lock(segment)
    saying = overriding(segment, name)
    used = (
        list(Document.objects.filter(pk__in=saying.values("document")))
        if name == "document"
        else []
    )
    changed = saying.update(**{name: nothing(name)})
    drop_empty(SegmentLine.objects.filter(segment=segment))
    trail.touch(segment, by)
    documents.release_all(used)
    return changed


def drop_empty(lines: QuerySet[SegmentLine]) -> None:
    """Deletes the overrides of these lines that say nothing any more."""
    delete_rows(LineOverride.objects.filter(says_nothing(), line__in=lines.order_by().values("pk")))


def overriding(segment: Segment, name: str) -> QuerySet[LineOverride]:
    """The overrides of the lines present that say something of this name."""
    present = SegmentLine.objects.present(segment).order_by().values("pk")
    return LineOverride.objects.filter(line__in=present).exclude(**{name: nothing(name)})


def _known(name: str) -> None:
    if name not in NAMES:
        raise ValueError(f"a line cannot say {name!r}")


def _present(segment: Segment, line: SegmentLine) -> None:
    """Refuses a line that is not on the segment where it stands now."""
    if not SegmentLine.objects.present(segment).filter(pk=line.pk).exists():
        raise LineGone(_("This line is not on the segment any more."))


def _is_empty(override: LineOverride) -> bool:
    return not any(says(override, name) for name in NAMES)


def _column(name: str) -> str:
    """The attribute that tells whether a field is filled, without fetching another row."""
    field = LineOverride._meta.get_field(name)
    return f"{name}_id" if isinstance(field, ForeignKey) else name


@transaction.atomic
def set_letter(
    segment: Segment, line: SegmentLine, data: bytes, *, name: str, by: User
) -> LineOverride | None:
    """Gives one line its own letter; it is sent as it is, without merging.

    Raises mailmerge.DocumentError, whose text says what is wrong with the file, and LineGone.
    """
    trail.lock(segment)
    document = documents.store(data, name=name, by=by)
    return set_value(segment, line, "document", document, by=by)
