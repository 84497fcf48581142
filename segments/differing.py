"""How two segments differ: who is on the one and not on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from crm.models import Contact, ContactQuerySet
from segments import selection
from segments.models import Segment, SegmentLine


@dataclass(frozen=True)
class Difference:
    """What would change on a segment, in contacts; the samples hold at most ten each."""

    added: int
    removed: int
    kept: int
    sample_added: Sequence[Contact]
    sample_removed: Sequence[Contact]

    @property
    def is_none(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.removed


def difference(before: Segment, after: Segment) -> Difference:
    """In contacts: who comes to one segment, and who goes, when it becomes as another one."""
    gone, come = only(before, after), only(after, before)
    removed, added = _count(gone), _count(come)
    return Difference(
        added=added,
        removed=removed,
        kept=_count(SegmentLine.objects.present(before)) - removed,
        sample_added=selection.first(contacts_of(come), added),
        sample_removed=selection.first(contacts_of(gone), removed),
    )


def only(segment: Segment, other: Segment) -> QuerySet[SegmentLine]:
    """The lines of a segment whose contacts another one lacks."""
    there = SegmentLine.objects.present(other).filter(contact=OuterRef("contact"))
    return SegmentLine.objects.present(segment).order_by().filter(~Exists(there.order_by()))


def contacts_of(lines: QuerySet[SegmentLine]) -> ContactQuerySet:
    """The contacts that have these lines, whether one sees them or not."""
    return Contact.whole.filter(pk__in=lines.values("contact"))


def _count(lines: QuerySet[SegmentLine]) -> int:
    """How many contacts have these lines."""
    return lines.order_by().values("contact").distinct().count()
