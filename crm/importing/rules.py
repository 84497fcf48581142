"""What the form of a contact refuses, asked of many rows at once (1.18 and 5.3 of the reference).

A fixed number of statements, however many rows.
"""

from collections.abc import Sequence
from itertools import chain

from django.utils.translation import gettext as _

from crm import references
from crm.importing.drafts import NAME_PARTS, Draft, chunks, value_of
from crm.importing.plan import Plan
from crm.models import Contact, ContactProfileAnswer, FormerNumber

OF_PERSONS = (*NAME_PARTS, "job_title", "organizational_level")


def check(drafts: Sequence[Draft], plan: Plan) -> None:
    """Adds to each draft the reasons against it."""
    _check_numbers([draft for draft in drafts if draft.is_new and draft.contact.number], plan)
    _check_moves([draft for draft in drafts if not draft.is_new])
    _check_profiles([draft for draft in drafts if not draft.is_new and draft.contact.minor])
    for draft in drafts:
        if draft.contact.is_company:
            _check_company(draft)
        _check_consent(draft)
        blocked = plan.blocked_salespeople.get(draft.contact.salesperson_id or 0)
        if blocked and "salesperson" in draft.values and _is_changed(draft, "salesperson_id"):
            draft.refuse(_("%s is blocked as a salesperson.") % blocked, "salesperson")


def _is_changed(draft: Draft, name: str) -> bool:
    before = draft.before if draft.before is not None else Contact()
    return bool(value_of(before, name) != value_of(draft.contact, name))


def _check_numbers(drafts: Sequence[Draft], plan: Plan) -> None:
    """New contacts bring a number of their own only where the series allows it, and a free one."""
    if not plan.may_type_numbers:
        said = _("There is no contact %(number)s, and new ones are numbered by the series.")
        for draft in drafts:
            draft.refuse(said % {"number": draft.contact.number}, "number")
        return
    numbers = [draft.contact.number for draft in drafts]
    taken, former = (
        set(
            chain.from_iterable(
                rows.filter(number__in=chunk).order_by().values_list("number", flat=True)
                for chunk in chunks(numbers)
            )
        )
        for rows in (Contact.whole.all(), FormerNumber.objects.all())
    )
    for draft in drafts:
        if draft.contact.number in taken:
            draft.refuse(_("There is a contact with this number already."), "number")
        elif draft.contact.number in former:
            draft.refuse(_("This number was a contact's that was merged into another."), "number")


def _check_moves(drafts: Sequence[Draft]) -> None:
    """A person's company stays while other records count on it."""
    moved = {draft.contact.pk: draft for draft in drafts if _is_changed(draft, "company_id")}
    for chunk in chunks(list(moved)):
        for pk, reasons in references.why_companies_stay(chunk).items():
            for reason in reasons:
                moved[pk].refuse(reason, "company")


def _check_profiles(drafts: Sequence[Draft]) -> None:
    """A minor has no profile."""
    by_id = {one.contact.pk: one for one in drafts if _is_changed(one, "minor")}
    for chunk in chunks(list(by_id)):
        rows = ContactProfileAnswer.objects.filter(contact__in=chunk).order_by()
        for pk in set(rows.values_list("contact", flat=True)):
            by_id[pk].refuse(
                _("Minors have no profile. Take the answers off the card first."), "minor"
            )


def _check_company(draft: Draft) -> None:
    """What only a person has."""
    for name in OF_PERSONS:
        if draft.values.get(name):
            draft.refuse(_("Only a person has this."), name)
    if draft.employer:
        draft.refuse(_("Only a person can belong to a company."), "company")
    if draft.contact.minor:
        draft.refuse(_("Only a person can be a minor."), "minor")


def _check_consent(draft: Draft) -> None:
    """Consent is a minor's; without it a minor stays blocked (Contact.keep_minors_blocked)."""
    contact = draft.contact
    if contact.parental_consent and not contact.minor and _is_changed(draft, "parental_consent"):
        draft.refuse(_("Only a minor needs a parent's consent."), "parental_consent")
    must_stay = contact.minor and not contact.parental_consent
    unblocked = draft.values.get("privacy_blocked") is False
    if must_stay and unblocked and _is_changed(draft, "privacy_blocked"):
        draft.refuse(_("A minor without a parent's consent stays blocked."), "privacy_blocked")
    contact.keep_minors_blocked(
        consented_before=draft.before is not None and draft.before.parental_consent
    )
