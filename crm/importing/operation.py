"""The operation: rows in, contacts written set by set, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from crm import references
from crm.importing.columns import columns_of, fold, known_names
from crm.importing.drafts import (
    CHUNK,
    NAME_PARTS,
    Draft,
    chunks,
    fill,
    match,
    read,
    stored_contacts,
)
from crm.importing.rows import CsvFile
from crm.models import Contact, ContactMailingGroup, NumberSeries
from crm.sql import refresh_statistics

# From here on the database is told at once how many contacts there are now.
MANY = 10_000
# Computed, so written whatever the file has.
COMPUTED = {"name", "sort_key", "search_name", "search_text", "changed_at", "changed_by"}


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that did not go in, by the line it begins on, and all that is wrong with it."""

    line: int
    number: str
    name: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows: read = created + updated + rejected."""

    created: int
    updated: int
    rejections: Sequence[Rejection]

    @property
    def rejected(self) -> int:
        return len(self.rejections)

    @property
    def read(self) -> int:
        return self.created + self.updated + self.rejected


def import_contacts(
    path: Path,
    *,
    encoding: str = "auto",
    delimiter: str = "auto",
    ignore_unknown: bool = False,
    dry_run: bool = False,
) -> Report:
    """Writes the good rows of a CSV file, all in one transaction, and reports the bad ones.

    Columns the file does not have are left alone; an empty cell empties its field. A row is about
    the contact of its number, else of its external ID, else of the same name, type, e-mail,
    address, post code and employer (as far as the file has them); else about a new contact.
    Raises FileRefused where the file as a whole cannot be read. `dry_run` writes nothing.
    """
    names = known_names()
    file = CsvFile(
        path,
        encoding=encoding,
        delimiter=delimiter,
        count_known=lambda header: sum(fold(one) in names for one in header),
    )
    columns = columns_of(file.header, ignore_unknown=ignore_unknown)
    fields = {column.field for column in columns if column}
    with transaction.atomic():
        # Whoever else gives numbers to contacts waits from here on.
        NumberSeries.take_many(NumberSeries.CONTACT, 0, Contact)
        drafts = [read(row, columns) for row in file.rows()]
        report = _write(drafts, fields)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _write(drafts: Sequence[Draft], fields: set[str]) -> Report:
    """Matches, checks and writes: companies first, for people point at them."""
    match(drafts)
    for draft in drafts:
        if not draft.reasons:
            fill(draft)
    employers = _find_employers(drafts)
    _check_typed_numbers(drafts)
    good = [draft for draft in drafts if not draft.reasons]
    created = sum(draft.is_new for draft in good)
    _give_numbers([draft.contact for draft in good if draft.is_new])
    changed = _columns(fields)
    companies = [draft for draft in good if draft.contact.is_company]
    _upsert([draft.contact for draft in companies], changed)
    people = [draft for draft in good if not draft.contact.is_company]
    moved = list(_employ(people, employers)) if "company" in fields else []
    _upsert([draft.contact for draft in people], changed)
    references.company_changed([contact.pk for contact in moved])
    _follow_renamed([draft.contact for draft in companies if draft.renamed])
    if "mailing_groups" in fields:
        _set_groups(good)
    if created >= MANY:
        refresh_statistics(Contact)
    return Report(created, len(good) - created, [_rejection(d) for d in drafts if d.reasons])


def _employ(people: Iterable[Draft], employers: Mapping[str, Contact]) -> Iterator[Contact]:
    """Gives each the company of its row; yields those who were there and had another."""
    for draft in people:
        before = draft.contact.company_id
        draft.contact.company = employers[draft.employer] if draft.employer else None
        if not draft.is_new and draft.contact.company_id != before:
            yield draft.contact


def _columns(fields: set[str]) -> list[str]:
    """The columns to write on contacts that exist: those of the file and what follows from them."""
    changed = COMPUTED | (fields - {"number", "type", "mailing_groups"})
    if "name" in fields:
        changed |= set(NAME_PARTS)
    if changed & {"minor", "parental_consent"}:
        changed.add("privacy_blocked")
    return sorted(changed)


def _find_employers(drafts: Iterable[Draft]) -> dict[str, Contact]:
    """The companies that good rows name, by number, from the file or stored; none is a reason."""
    naming = [(draft.employer, draft) for draft in drafts if draft.employer and not draft.reasons]
    wanted = {number for number, _draft in naming}
    found = {contact.number: contact for contact in stored_contacts("number", wanted)}
    for draft in drafts:
        if not draft.reasons and draft.contact.number in wanted:
            found[draft.contact.number] = draft.contact
    for number, draft in naming:
        employer = found.get(number)
        if employer is None:
            draft.reasons.append(
                _("There is no company with the number %(number)s.") % {"number": number}
            )
        elif not employer.is_company:
            draft.reasons.append(_("%(number)s is not a company.") % {"number": number})
    return found


def _check_typed_numbers(drafts: Iterable[Draft]) -> None:
    """New contacts bring a number of their own only where the series allows it."""
    if NumberSeries.objects.get(code=NumberSeries.CONTACT).manual_allowed:
        return
    for draft in drafts:
        if not draft.reasons and draft.is_new and draft.contact.number:
            draft.reasons.append(
                _("There is no contact %(number)s, and new ones are numbered by the series.")
                % {"number": draft.contact.number}
            )


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


def _upsert(contacts: Sequence[Contact], changed: Sequence[str]) -> None:
    """Inserts the new and updates the `changed` columns of those whose number exists."""
    for contact in contacts:
        contact.prepare()
        contact.changed_by = None
        # Known by number: one statement serves new and old, and brings back the key of each.
        contact.pk = None
    Contact.objects.bulk_create(
        contacts,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=changed,
    )


def _follow_renamed(companies: Sequence[Contact]) -> None:
    """The people of a renamed company sort and are found by its new name."""
    for chunk in chunks([company.pk for company in companies]):
        people = Contact.objects.filter(company__in=chunk).select_related("company").order_by()
        _upsert(list(people), ["sort_key", "search_text"])


def _set_groups(drafts: Sequence[Draft]) -> None:
    """Each contact is in exactly the mailing groups its row names."""
    for chunk in chunks(drafts, CHUNK):
        wanted = {(d.contact.pk, group.pk) for d in chunk for group in d.groups or ()}
        stored = ContactMailingGroup.objects.filter(contact__in=[d.contact.pk for d in chunk])
        links = {(link.contact_id, link.group_id): link.pk for link in stored}
        ContactMailingGroup.objects.filter(
            pk__in=[pk for pair, pk in links.items() if pair not in wanted]
        ).delete()
        ContactMailingGroup.objects.bulk_create(
            ContactMailingGroup(contact_id=contact, group_id=group)
            for contact, group in sorted(wanted - links.keys())
        )


def _rejection(draft: Draft) -> Rejection:
    name = draft.values.get("name") or draft.contact.full_name
    return Rejection(draft.line, draft.values.get("number", ""), name, draft.reasons)
