"""How two segments differ: who is on the one and not on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, When

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
    counted = _counted(before, after)
    gone, come = contacts_of(only(before, after)), contacts_of(only(after, before))
    return Difference(
        **counted,
        sample_added=selection.first(come, counted["added"]),
        sample_removed=selection.first(gone, counted["removed"]),
    )


def _counted(before: Segment, after: Segment) -> dict[str, int]:
    """How many contacts come, go and stay; both segments' lines are read once for it."""
    present = SegmentLine.objects.present
    lines = (present(before) | present(after)).order_by()
    contacts = lines.values("contact").annotate(was=_is_on(before), will=_is_on(after))
    sides = {"added": (0, 1), "removed": (1, 0), "kept": (1, 1)}
    counts = {
        name: Count("contact", filter=Q(was=was, will=will)) for name, (was, will) in sides.items()
    }
    return contacts.aggregate(**counts)


def _is_on(segment: Segment) -> Max:
    """1 for a contact that has a line of this segment, among lines grouped by contact; else 0."""
    return Max(Case(When(segment=segment, then=1), default=0))


def only(segment: Segment, other: Segment) -> QuerySet[SegmentLine]:
    """The lines of a segment whose contacts another one lacks."""
    there = SegmentLine.objects.present(other).filter(contact=OuterRef("contact"))
    return SegmentLine.objects.present(segment).order_by().filter(~Exists(there.order_by()))


def contacts_of(lines: QuerySet[SegmentLine]) -> ContactQuerySet:
    """The contacts that have these lines, whether one sees them or not."""
    return Contact.whole.filter(pk__in=lines.values("contact"))
