"""Which contacts a step would touch: one code path for the preview and for the step itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from crm import sight
from crm.models import BLOCKED, Contact, ContactQuerySet
from segments import trail
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine, StepKind


@dataclass(frozen=True)
class Options:
    """What a step may be told besides its criteria; see sections 2.8 to 2.10 of the reference."""

    allow_existing: bool = False
    expand_companies: bool = False
    include_companies: bool = False
    ignore_exclusion: bool = False
    entire_companies: bool = False

    def in_use(self) -> dict[str, bool]:
        """The options that are on, as the trail stores them."""
        return {name: True for name, on in asdict(self).items() if on}


@dataclass(frozen=True)
class Preview:
    """What a step would do.

    Add: matched = new + already + excluded + blocked. Reduce and Refine: lines = removed + kept.
    `sample` holds at most ten of the contacts that would come, or go, in the order of lines.
    """

    kind: str
    matched: int = 0
    new: int = 0
    already: int = 0
    excluded: int = 0
    blocked: int = 0
    lines: int = 0
    removed: int = 0
    kept: int = 0
    sample: Sequence[Contact] = ()


SAMPLE = 10
MANY = 10_000
_UNINDEXED = Coalesce("sort_key", "sort_key")


def in_line_order(contacts: ContactQuerySet) -> ContactQuerySet:
    """Contacts in the order that lines have, for an INSERT: read as they lie, and then sorted.

    Ordered by the column itself, SQLite would walk the index of names and fetch half a million
    contacts one by one, each from another place.
    """
    return contacts.order_by(_UNINDEXED, "pk")


def matched(criteria: Criteria, options: Options, *, few: bool = False) -> ContactQuerySet:
    """The contacts that criteria and options mean, before anybody is left out.

    `few` as in `Criteria.contacts`.
    """
    contacts = criteria.contacts(few=few)
    if options.expand_companies or options.entire_companies:
        contacts = _of_houses(contacts)
    if options.include_companies:
        employers = contacts.values("company_id")
        contacts = Contact.objects.filter(Q(pk__in=contacts.values("pk")) | Q(pk__in=employers))
    return contacts.order_by()


def _of_houses(contacts: ContactQuerySet) -> ContactQuerySet:
    """The companies of these contacts with all their people; contacts without one stay alone."""
    houses = contacts.house_ids()
    return Contact.objects.filter(Q(pk__in=houses) | Q(company_id__in=houses))


def fates(segment: Segment, options: Options) -> dict[str, Q]:
    """Why a matched contact does not come in; the first that holds is the reason.

    Product decision 6: blocked enters by no road, excluded only where exclusion is ignored.
    """
    present = SegmentLine.objects.present(segment).filter(contact=OuterRef("pk"))
    reasons = {"blocked": BLOCKED}
    if not options.ignore_exclusion:
        reasons["excluded"] = Q(exclude_from_segment=True)
    if not options.allow_existing:
        reasons["already"] = Q(Exists(present))
    return reasons


def part(
    segment: Segment, criteria: Criteria, options: Options, name: str, *, few: bool = False
) -> ContactQuerySet:
    """One part of the matched contacts: "new", or a reason of `fates`, or "matched" for all."""
    contacts = matched(criteria, options, few=few)
    for reason, condition in fates(segment, options).items():
        if name == reason:
            return contacts.filter(condition)
        if name != "matched":
            contacts = contacts.filter(~condition)
    return contacts if name in ("new", "matched") else contacts.none()


def leaving(
    segment: Segment, kind: str, criteria: Criteria, options: Options
) -> QuerySet[SegmentLine]:
    """The lines that Reduce (those that match) or Refine (those that do not) would remove.

    Asked by EXISTS: PostgreSQL plans NOT IN (half a million ids) as half a million times looking
    through them.
    """
    lines = SegmentLine.objects.present(segment).order_by()
    if criteria.is_empty and criteria.is_valid():  # everybody: nobody has to be looked up
        return lines if kind == StepKind.REDUCE else lines.none()
    hit = criteria.of_lines() if options == Options() else None
    if hit is None:
        hit = Q(Exists(matched(criteria, options).filter(pk=OuterRef("contact"))))
    return lines.filter(hit if kind == StepKind.REDUCE else ~hit)


def preview_add(
    segment: Segment, criteria: Criteria, options: Options, *, with_sample: bool = True
) -> Preview:
    """The reconciliation of an Add, by at most four statements.

    Who is in already is asked by a join of its own: within an aggregate, PostgreSQL would look
    each contact up on its own.
    """
    contacts = matched(criteria, options)
    reasons = fates(segment, options)
    present = reasons.pop("already", None)
    counts: dict[str, Any] = {"matched": Count("pk")}
    others = Q()
    for reason, condition in reasons.items():
        counts[reason] = Count("pk", filter=condition & others)
        others &= ~condition
    found = contacts.aggregate(**counts)
    found["already"] = 0
    if present is not None and trail.lines_at(segment):
        found["already"] = contacts.filter(others, present).count()
    found["new"] = found["matched"] - sum(found[reason] for reason in (*reasons, "already"))
    shown = found["new"] if with_sample else 0
    new = part(segment, criteria, options, "new", few=shown >= MANY)
    return Preview(kind=StepKind.ADD, sample=first(new, shown), **found)


def first(contacts: ContactQuerySet, count: int) -> list[Contact]:
    """The first few of so many contacts, by name.

    Where they are many, walking all names in order soon finds some. Where they are few it would be
    a long walk: then they are ordered by an expression, which no index has, and so found first.
    """
    if not count:
        return []
    contacts = contacts.select_related("company")
    in_order = contacts.by_name() if count >= MANY else contacts.order_by(_UNINDEXED, "pk")
    return list(in_order[:SAMPLE])


def preview_remove(segment: Segment, kind: str, criteria: Criteria, options: Options) -> Preview:
    """What Reduce or Refine would do, by three statements; lines are seen, whoever is on them."""
    lines = SegmentLine.objects.present(segment).count()
    going = leaving(segment, kind, criteria, options)
    with sight.whole():
        removed = going.count()
        sample = list(going.order_by("pk").select_related("contact__company")[:SAMPLE])
    return Preview(
        kind=kind,
        matched=removed if kind == StepKind.REDUCE else lines - removed,
        lines=lines,
        removed=removed,
        kept=lines - removed,
        sample=[line.contact for line in sample],
    )
