"""Writes what was judged good: a fixed number of statements, however many rows."""

from collections.abc import Sequence

from crm import inheritance, references
from crm.importing.drafts import Draft
from crm.importing.judging import WRITTEN
from crm.importing.plan import Plan
from crm.models import Contact, ContactMailingGroup, NumberSeries
from crm.models.contact import COMPUTED
from crm.rowsets import insert_rows, update_rows
from crm.sql import delete_rows

BY_WHOM = ("changed_at", "changed_by")


def write(drafts: Sequence[Draft], plan: Plan) -> int:
    """Makes the new contacts and changes the others; how many people followed their companies."""
    good = [draft for draft in drafts if not draft.reasons]
    new = [draft.contact for draft in good if draft.is_new]
    changed = [draft for draft in good if not draft.is_new and draft.changes]
    _give_numbers(new)
    for draft in good:
        draft.contact.changed_by = plan.by
        draft.contact.prepare()
    insert_rows(Contact, new)
    names = sorted({name for draft in changed for name in draft.changes} & set(WRITTEN))
    update_rows(Contact, [one.contact for one in changed], [*names, *COMPUTED, *BY_WHOM])
    references.company_changed([one.contact.pk for one in changed if "company_id" in one.changes])
    if "mailing_groups" in plan.fields:
        _set_groups([*(draft for draft in good if draft.is_new and draft.groups), *changed])
    return _follow([draft for draft in changed if draft.contact.is_company], plan)


def _give_numbers(contacts: Sequence[Contact]) -> None:
    """Numbers from the series for those without; what the file itself types is passed over."""
    typed = {contact.number for contact in contacts if contact.number}
    unnumbered = [contact for contact in contacts if not contact.number]
    numbers: list[str] = []
    while missing := len(unnumbered) - len(numbers):
        taken = NumberSeries.take_many(NumberSeries.CONTACT, missing, Contact)
        numbers += [number for number in taken if number not in typed]
    for contact, number in zip(unnumbered, numbers, strict=True):
        contact.number = number


def _set_groups(drafts: Sequence[Draft]) -> None:
    """Each contact is in exactly the mailing groups its row names."""
    wanted = {
        (draft.contact.number, group.pk)
        for draft in drafts
        if draft.groups is not None
        for group in draft.groups
    }
    named = [draft.contact.number for draft in drafts if draft.groups is not None]
    ids = dict(Contact.whole.filter(number__in=named).order_by().values_list("number", "pk"))
    stored = ContactMailingGroup.objects.filter(contact__in=ids.values()).order_by()
    rows = stored.values_list("pk", "contact__number", "group")
    links = {(number, group): pk for pk, number, group in rows}
    doomed = [pk for pair, pk in links.items() if pair not in wanted]
    if doomed:
        delete_rows(ContactMailingGroup.objects.filter(pk__in=doomed))
    missing = sorted(wanted - links.keys())
    insert_rows(
        ContactMailingGroup,
        [ContactMailingGroup(contact_id=ids[number], group_id=group) for number, group in missing],
    )


def _follow(drafts: Sequence[Draft], plan: Plan) -> int:
    """People with their company's values get its new ones; of a renamed company they sort anew."""
    by_id = {draft.contact.pk: draft for draft in drafts}
    rows = Contact.whole.filter(company__in=by_id).select_related("company").order_by("pk")
    followers: list[Contact] = []
    renamed: list[Contact] = []
    for person in rows:
        draft = by_id[person.company_id or 0]
        assert draft.before is not None
        moved = inheritance.follow_one(person, draft.before, draft.contact, plan.inherited)
        if moved:
            person.changed_by = plan.by
        if moved or "name" in draft.changes:
            person.prepare()
            (followers if moved else renamed).append(person)
    names = [name for columns in plan.inherited for name in columns]
    update_rows(Contact, followers, [*names, *COMPUTED, *BY_WHOM])
    update_rows(Contact, renamed, COMPUTED)
    return len(followers)
