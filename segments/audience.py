"""Whole audiences: another segment, a pasted list, a sample, one of each, a mailing group."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from crm import sight
from crm.fields import MOST_VALUES
from crm.models import Contact, ContactMailingGroup, MailingGroup
from crm.sql import delete_rows, insert_from
from interactions.models import LoggedSegment
from segments import selection, steps, trail
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine, SegmentStep, StepKind
from segments.selection import Options, Preview
from segments.steps import Asked
from segments.trail import WorksheetError

COMBINED = (StepKind.ADD, StepKind.REDUCE, StepKind.REFINE)


def combine(
    segment: Segment, other: Segment | LoggedSegment, kind: str, *, by: User
) -> SegmentStep | None:
    """Adds, removes ("reduce") or keeps alone ("refine") the contacts of another segment.

    The other one may be open or logged; its contacts are looked up anew when a step is replayed.
    """
    if kind not in COMBINED:
        raise WorksheetError(_("Combine by “add”, “reduce” or “refine”."))
    criteria = those_of(other)
    steps.refuse(criteria)
    return steps.run(segment, Asked(kind, criteria), by=by)


def those_of(other: Segment | LoggedSegment) -> Criteria:
    """The contacts of a segment, as criteria."""
    if isinstance(other, LoggedSegment):
        return Criteria({"segments": {"logged_segment": [other.segment_number]}})
    return Criteria({"segments": {"segment": [other.number]}})


@dataclass(frozen=True)
class Overlap:
    """How two audiences lie: contacts in both, in the first alone, in the second alone."""

    both: int
    only_here: int
    only_there: int


def overlap(segment: Segment, other: Segment | LoggedSegment) -> Overlap:
    """The counts before combining; each contact counts once."""
    there = those_of(other).contacts().order_by()
    return _overlap(segment, there, there.count())


def _overlap(segment: Segment, there: Any, count: int) -> Overlap:
    here = Contact.objects.filter(Exists(_lines_of(segment))).order_by()
    both = there.filter(Exists(_lines_of(segment))).count()
    return Overlap(both, here.count() - both, count - both)


def outlook(segment: Segment, other: Segment | LoggedSegment) -> tuple[Overlap, dict[str, Preview]]:
    """How the two lie, and what each way to combine them would do, without samples.

    What Keep leaves, Remove takes: the one is counted, the other follows.
    """
    criteria = those_of(other)
    steps.refuse(criteria)
    adding = selection.preview_add(segment, criteria, Options(), with_sample=False)
    lines = SegmentLine.objects.present(segment).count()
    theirs = selection.leaving(segment, StepKind.REDUCE, criteria, Options()).count()
    counts = {StepKind.REDUCE: theirs, StepKind.REFINE: lines - theirs}
    removing: dict[str, Preview] = {
        kind: Preview(kind, matched=theirs, lines=lines, removed=gone, kept=lines - gone)
        for kind, gone in counts.items()
    }
    there = criteria.contacts().order_by()
    return _overlap(segment, there, adding.matched), {StepKind.ADD: adding, **removing}


def _lines_of(segment: Segment) -> QuerySet[Any]:
    return SegmentLine.objects.present(segment).order_by().filter(contact=OuterRef("pk"))


@dataclass(frozen=True)
class Pasted:
    """What became of a pasted list: values that name a contact, none, or several."""

    numbers: Sequence[str]
    unknown: Sequence[str]
    ambiguous: Sequence[str]


def match_list(text: str) -> Pasted:
    """Finds the contacts of a list of numbers and e-mail addresses, in any mixture.

    Separated by line ends, tabs, commas, semicolons or blanks. An address that several contacts
    share is ambiguous. Raises WorksheetError for an empty list and one that is too long.
    """
    values = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    if not values:
        raise WorksheetError(_("Paste contact numbers or e-mail addresses."))
    if len(values) > MOST_VALUES:
        raise WorksheetError(_("At most %d values at once.") % MOST_VALUES)
    addresses = {value.lower() for value in values if _is_address(value)}
    numbers = {value for value in values if value.lower() not in addresses}
    found = set(
        Contact.objects.filter(number__in=numbers).order_by().values_list("number", flat=True)
    )
    owners: dict[str, list[str]] = {}
    rows = Contact.objects.annotate(address_asked=Lower("email")).order_by()
    for address, number in rows.filter(address_asked__in=addresses).values_list(
        "address_asked", "number"
    ):
        owners.setdefault(address, []).append(number)
    single = {mine[0] for mine in owners.values() if len(mine) == 1}
    return Pasted(
        numbers=sorted(found | single),
        unknown=[v for v in values if v not in found and v.lower() not in owners],
        ambiguous=[v for v in values if len(owners.get(v.lower(), ())) > 1],
    )


def _is_address(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def paste(
    segment: Segment, pasted: Pasted, *, by: User, ignore_exclusion: bool = False
) -> SegmentStep | None:
    """Adds the contacts that a list names, as one step that keeps their numbers."""
    if not pasted.numbers:
        raise WorksheetError(_("Nobody on the list is a contact of ours."))
    criteria = Criteria({"contact": {"number": list(pasted.numbers)}})
    options = Options(ignore_exclusion=ignore_exclusion).in_use()
    return steps.run(segment, Asked(StepKind.PASTE, criteria, options), by=by)


def sample(
    segment: Segment,
    *,
    by: User,
    count: int | None = None,
    percent: float | None = None,
    seed: str | None = None,
) -> SegmentStep | None:
    """Keeps some lines at random: a number of them, or a percentage of those that are there.

    The seed is kept with the step; the same seed on the same contacts chooses the same ones.
    """
    size = {"count": count} if percent is None else {"percent": percent}
    options = {**size, "seed": seed or secrets.token_hex(4)}
    return _run_checked(segment, StepKind.SAMPLE, options, by)


def one_per(segment: Segment, what: str, *, by: User) -> SegmentStep | None:
    """Keeps the first line of each company, e-mail address or address ("company", "email", ...)."""
    return _run_checked(segment, StepKind.ONE_PER, {"one_per": what}, by)


def _run_checked(
    segment: Segment, kind: str, options: dict[str, Any], by: User
) -> SegmentStep | None:
    faults = steps.option_faults(kind, options)
    if faults:
        raise WorksheetError(" ".join(faults))
    return steps.run(segment, Asked(kind, Criteria({}), options), by=by)


@dataclass(frozen=True)
class GroupChange:
    """What applying a mailing group would do to how many contacts."""

    joining: int
    already: int
    leaving: int


def preview_mailing_group(segment: Segment, group: MailingGroup) -> GroupChange:
    """The counts; `leaving` are members who are not on the segment: only `replace` drops them."""
    on_it = Contact.objects.filter(Exists(_lines_of(segment))).order_by()
    member = Exists(ContactMailingGroup.objects.filter(group=group, contact=OuterRef("pk")))
    return GroupChange(
        joining=on_it.filter(~member).count(),
        already=on_it.filter(member).count(),
        leaving=_outsiders(segment, group).count(),
    )


def _outsiders(segment: Segment, group: MailingGroup) -> QuerySet[Any]:
    lines = SegmentLine.objects.present(segment).order_by().filter(contact=OuterRef("contact"))
    outside = ContactMailingGroup.objects.filter(~Exists(lines), group=group)
    if sight.now():  # whom one does not see one takes out of no group
        outside = outside.filter(contact__in=Contact.objects.order_by().values("pk"))
    return outside


@transaction.atomic
def apply_mailing_group(segment: Segment, group: MailingGroup, *, replace: bool = False) -> int:
    """Puts every contact of the segment into the group; returns how many were not in it before.

    With `replace` those who are not on the segment leave the group: show the counts and ask first.
    """
    trail.lock(segment)
    MailingGroup.objects.select_for_update().get(pk=group.pk)  # two segments, one group: in turn
    member = ContactMailingGroup.objects.filter(group=group, contact=OuterRef("pk"))
    joining = Contact.objects.filter(Exists(_lines_of(segment)), ~Exists(member)).order_by("pk")
    joined = insert_from(
        ContactMailingGroup, joining, {"contact": F("pk"), "group": Value(group.pk)}
    )
    if replace:
        delete_rows(_outsiders(segment, group))
    return joined
