"""Two contacts become one: the kept one takes over everything that refers to the other.

One transaction; the statements do not grow with what is moved. What forbids writing to somebody
(blocked, excluded, a minor) is never lost: it holds if either had it.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from crm import references
from crm.models import Contact, FormerNumber
from crm.references import MergeRefused

# What is chosen from either as one, in the order of the page: halves of two addresses are none.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name", "first_name", "middle_name", "surname"),
    "company": ("company",),
    "job_title": ("job_title",),
    "organizational_level": ("organizational_level",),
    "address": ("address", "address_2", "post_code", "city", "country"),
    **{
        name: (name,)
        for name in (
            *("email", "phone", "mobile_phone", "home_page", "correspondence_type"),
            *("salutation", "language", "salesperson", "territory", "external_id"),
        )
    },
}
OF_PERSONS = ("company", "job_title", "organizational_level")
# What holds if either has it.
NEVER_LOST = ("exclude_from_segment", "privacy_blocked", "minor", "email_opt_out")


def choices_of(contact: Contact) -> dict[str, tuple[str, ...]]:
    """What one chooses for contacts of this type."""
    left_out = OF_PERSONS if contact.is_company else ()
    return {choice: names for choice, names in CHOICES.items() if choice not in left_out}


@transaction.atomic
def merge(kept: Contact, other: Contact, *, taken: Iterable[str] = (), by: User) -> int:
    """Merges `other` into `kept` and deletes it; returns how many rows were moved.

    `taken` names the CHOICES that are the other's; what the kept contact lacks is taken from the
    other anyway. Raises MergeRefused, and nothing is written.
    """
    kept, other = _held(kept, other)
    chosen = set(taken) & choices_of(kept).keys()
    _refuse(kept, other, chosen)
    for choice in chosen | _lacking(kept):
        for name in CHOICES[choice]:
            setattr(kept, name, getattr(other, name))
    for name in NEVER_LOST:
        setattr(kept, name, getattr(kept, name) or getattr(other, name))
    kept.parental_consent = kept.minor and _consents(kept, other)
    kept.changed_by = by
    moved = references.move_all(kept, other)
    number = other.number
    other.delete()
    FormerNumber.objects.create(number=number, contact=kept)
    kept.save()
    for settle in references.afterwards:
        settle(kept)
    return moved


def _held(kept: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Both as they are stored, held until the end, always in the same order."""
    rows = Contact.whole.select_for_update(of=("self",)).select_related("company")
    stored = {one.pk: one for one in rows.filter(pk__in=(kept.pk, other.pk)).order_by("pk")}
    if len(stored) < 2:
        raise MergeRefused(_("One of the two has been deleted or merged meanwhile."))
    return stored[kept.pk], stored[other.pk]


def _lacking(contact: Contact) -> set[str]:
    """What a contact has nothing of; its company only where that may change."""
    empty = {
        choice
        for choice, names in choices_of(contact).items()
        if not any(getattr(contact, name) for name in names)
    }
    return empty - {"company"} if references.why_company_stays(contact) else empty


def _refuse(kept: Contact, other: Contact, chosen: set[str]) -> None:
    """What must not be merged (1.18 of the reference)."""
    if kept.erasure_id or other.erasure_id:
        raise MergeRefused(_("One of the two was erased: nobody can tell who it was."))
    if kept.type != other.type:
        raise MergeRefused(_("A company and a person cannot be the same contact."))
    moves = "company" in chosen and other.company_id != kept.company_id
    if moves and (why := references.why_company_stays(kept)):
        raise MergeRefused(why[0])


def _consents(kept: Contact, other: Contact) -> bool:
    """A parent's consent holds where each of the two that is a minor has it."""
    minors = [one for one in (kept, other) if one.minor]
    return all(one.parental_consent for one in minors)
