"""What would become of rows: nothing is written here, so a trial is this and no more."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm import inheritance
from crm.importing import rules
from crm.importing.drafts import Draft, chunks, fill, match, stored_contacts, value_of
from crm.importing.headings import ALSO, field_of
from crm.importing.plan import Plan
from crm.likeness import ENOUGH, likeness
from crm.models import Contact, ContactMailingGroup

ALIKE_SHOWN = 3
# What a row can change, as attributes of the contact; what a rule sets with them is among it.
WRITTEN = tuple(
    field_of(name).attname for name in ALSO if name not in ("number", "type", "mailing_groups")
)


def judge(drafts: Sequence[Draft], plan: Plan) -> None:
    """Finds each draft's contact, what changes, and what speaks against it."""
    match(drafts, plan)
    good = [draft for draft in drafts if not draft.reasons]
    for draft in good:
        fill(draft, plan)
    _employ(good, plan)
    for draft in good:
        _inherit(draft, plan)
    rules.check(good, plan)
    _look_alike([draft for draft in good if draft.is_new and not draft.reasons], plan)
    for draft in good:
        if not draft.is_new:
            draft.changes = _changes(draft)
    _compare_groups([one for one in good if not one.is_new and one.groups is not None])
    if not plan.writes:
        made = (draft.contact for draft in good if draft.is_new and not draft.reasons)
        plan.new_companies |= {one.number: one for one in made if one.is_company and one.number}


def _employ(drafts: Sequence[Draft], plan: Plan) -> None:
    """The companies that rows name, by number, stored or of the file; none is a reason."""
    naming = [draft for draft in drafts if draft.employer is not None]
    wanted = {draft.employer for draft in naming if draft.employer}
    found = {one.number: one for one in stored_contacts("number", wanted)} | {
        number: plan.new_companies[number] for number in wanted & plan.new_companies.keys()
    }
    for draft in naming:
        employer = found.get(draft.employer or "")
        if draft.employer and employer is None:
            said = _("There is no company with the number %(number)s.")
            draft.refuse(said % {"number": draft.employer}, "company")
        elif employer is not None and not employer.is_company:
            said = _("%(number)s is not a company.")
            draft.refuse(said % {"number": draft.employer}, "company")
        elif not draft.contact.is_company:
            draft.contact.company = employer


def _inherit(draft: Draft, plan: Plan) -> None:
    """What a person has from the company he is put under (see inheritance.py)."""
    contact, before = draft.contact, draft.before
    if contact.company is None or contact.company == (before.company if before else None):
        return
    if before is None:
        typed = {name for name, value in draft.values.items() if value}
    else:
        typed = {name for name in draft.values if _differs(before, contact, name)}
    inheritance.take_over(contact, typed, before, plan.inherited)


def _differs(before: Contact, after: Contact, name: str) -> bool:
    attname = field_of(name).attname
    return bool(value_of(before, attname) != value_of(after, attname))


def _changes(draft: Draft) -> dict[str, tuple[Any, Any]]:
    """The attributes that change, with what they were and will be."""
    assert draft.before is not None
    return {
        name: (value_of(draft.before, name), value_of(draft.contact, name))
        for name in WRITTEN
        if value_of(draft.before, name) != value_of(draft.contact, name)
    }


def _compare_groups(drafts: Sequence[Draft]) -> None:
    """Whether the row names other mailing groups than the contact is in."""
    had: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks([draft.contact.pk for draft in drafts]):
        rows = ContactMailingGroup.objects.filter(contact__in=chunk).order_by()
        for contact, code in rows.values_list("contact", "group__code"):
            had[contact].add(code)
    for draft in drafts:
        wanted = {group.code for group in draft.groups or ()}
        if had[draft.contact.pk] != wanted:
            before = " | ".join(sorted(had[draft.contact.pk]))
            draft.changes["mailing_groups"] = (before, " | ".join(sorted(wanted)))


def _look_alike(drafts: Sequence[Draft], plan: Plan) -> None:
    """The stored contacts that new ones look like; where that was chosen, it is a reason."""
    for draft in drafts:
        draft.contact.search_name = draft.contact.name.casefold()[:200]
    asked = Q()
    for name in ("search_name", "email", "phone", "mobile_phone"):
        values = {getattr(draft.contact, name) for draft in drafts} - {""}
        asked |= Q(**{f"{name}__in": values})
    candidates: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for stored in Contact.whole.filter(asked).order_by("pk") if drafts else ():
        for name in ("search_name", "email", "phone", "mobile_phone"):
            candidates[name, getattr(stored, name)].append(stored)
    for draft in drafts:
        draft.alike = _alike(draft.contact, candidates)
        if draft.alike and plan.options.leave_similar:
            said = _("It looks like %s, which is there already.") % draft.alike[0]
            draft.refuse(said)


def _alike(contact: Contact, candidates: dict[tuple[str, str], list[Contact]]) -> list[Contact]:
    """Those of the candidates that look like the contact."""
    met = {
        one.pk: one
        for name in ("search_name", "email", "phone", "mobile_phone")
        if getattr(contact, name)
        for one in candidates.get((name, getattr(contact, name)), ())[:30]
    }
    alike = (one for one in met.values() if likeness(contact, one).score >= ENOUGH)
    return list(alike)[:ALIKE_SHOWN]
