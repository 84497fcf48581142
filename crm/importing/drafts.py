"""Rows become drafts: each finds the contact it is about, or a new one, or a reason against it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.columns import BadCell, Column
from crm.importing.rows import Row
from crm.models import Contact, ContactType, MailingGroup

CHUNK = 5000
NAME_PARTS = ("first_name", "middle_name", "surname")
# Who has neither number nor external ID is known again by all of these that the file has.
_WHO = ("type", "email", "address", "post_code")


@dataclass(slots=True, eq=False)
class Draft:
    """One row on its way: what it says, the contact it says it of, and what speaks against it."""

    line: int
    values: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    contact: Contact = field(default_factory=Contact)
    # The employer's number; None where the file does not say.
    employer: str | None = None
    groups: list[MailingGroup] | None = None
    renamed: bool = False

    @property
    def is_new(self) -> bool:
        return self.contact.pk is None


def read(row: Row, columns: Sequence[Column | None]) -> Draft:
    """A draft of the row, with a reason for each cell that cannot be what its column says."""
    draft = Draft(row.line, {}, [row.reason] if row.reason else [])
    if row.reason:
        return draft
    for column, cell in zip(columns, row.cells, strict=True):
        if column is None:
            continue
        try:
            draft.values[column.field] = column.read(cell)
        except BadCell as reason:
            draft.reasons.append(str(reason))
    draft.employer = draft.values.pop("company", None)
    draft.groups = draft.values.pop("mailing_groups", None)
    return draft


def match(drafts: Iterable[Draft]) -> None:
    """Gives each draft the stored contact it is about; of two rows about one the first has it."""
    by_number, by_external_id, by_name = [], [], []
    for draft in drafts:
        if draft.values.get("number"):
            by_number.append(draft)
        elif draft.values.get("external_id"):
            by_external_id.append(draft)
        elif _name(draft.values):
            by_name.append(draft)
    owners: dict[Hashable, int] = {}
    _match(by_number, "number", lambda draft: draft.values["number"], owners)
    _match(by_external_id, "external_id", lambda draft: draft.values["external_id"], owners)
    _match_names(by_name, owners)


def _match(
    drafts: list[Draft], field_name: str, key: Callable[[Draft], str], owners: dict[Hashable, int]
) -> None:
    """Matches by a field that says who."""
    stored = defaultdict(list)
    for contact in stored_contacts(field_name, {key(draft) for draft in drafts}):
        stored[getattr(contact, field_name)].append(contact)
    for draft in drafts:
        _claim(draft, (field_name, key(draft)), stored[key(draft)], owners)


def _match_names(drafts: list[Draft], owners: dict[Hashable, int]) -> None:
    """Matches by name and whatever else of _WHO the file has."""
    stored = defaultdict(list)
    for contact in stored_contacts("name", {_name(draft.values) for draft in drafts}):
        stored[contact.name].append(contact)
    for draft in drafts:
        who = {name: draft.values[name] for name in _WHO if name in draft.values}
        if "type" in who:
            who["type"] = who["type"] or ContactType.PERSON
        found = [
            contact
            for contact in stored[_name(draft.values)]
            if all(getattr(contact, name) == value for name, value in who.items())
            and draft.employer in (None, getattr(contact.company, "number", ""))
        ]
        key = (_name(draft.values), draft.employer, *sorted(who.items()))
        _claim(draft, key, found, owners)


def _claim(draft: Draft, key: Hashable, found: list[Contact], owners: dict[Hashable, int]) -> None:
    """Takes the contact found, unless there are several or an earlier row has it."""
    if len(found) > 1:
        draft.reasons.append(_("Several contacts fit this row: give its number."))
        return
    if found:
        draft.contact = found[0]
        key = found[0].pk
    if (line := owners.setdefault(key, draft.line)) != draft.line:
        number = draft.values.get("number")
        draft.reasons.append(
            _("Number %(number)s is already on line %(line)d.") % {"number": number, "line": line}
            if number
            else _("The same contact is already on line %(line)d.") % {"line": line}
        )


def fill(draft: Draft) -> None:
    """Writes the row's values into its contact and looks at the result as a whole."""
    contact, values = draft.contact, dict(draft.values)
    if not values.get("number"):
        values.pop("number", None)
    kind = values.pop("type", "") or contact.type
    if not draft.is_new and kind != contact.type:
        draft.reasons.append(_("The type of a contact that exists cannot be changed by a file."))
    if contact.erasure_id:
        draft.reasons.append(_("This contact was erased: it is never filled in again."))
    contact.type, name_before = kind, contact.name
    consented_before = contact.parental_consent
    only_whole = "name" in values and not any(part in values for part in NAME_PARTS)
    if only_whole and values["name"] != contact.full_name:
        values |= dict.fromkeys(NAME_PARTS, "")
    for name, value in values.items():
        setattr(contact, name, value)
    contact.keep_minors_blocked(consented_before=consented_before)
    contact.name = _name({name: getattr(contact, name) for name in ("type", "name", *NAME_PARTS)})
    draft.renamed = not draft.is_new and contact.name != name_before
    if not contact.name:
        draft.reasons.append(_("The name is missing."))
    if contact.is_company and draft.employer:
        draft.reasons.append(_("Only a person can belong to a company."))


def _name(values: dict[str, Any]) -> str:
    """The name as Contact.prepare will have it."""
    full = " ".join(filter(None, (values.get(part, "") for part in NAME_PARTS)))
    is_company = values.get("type") == ContactType.COMPANY
    return (not is_company and full) or values.get("name", "")


def stored_contacts(field_name: str, values: Iterable[str]) -> Iterator[Contact]:
    """The contacts that have one of these values, read in chunks."""
    for chunk in chunks(sorted(values)):
        yield from (
            Contact.objects.filter(**{f"{field_name}__in": chunk})
            .select_related("company")
            .order_by()
        )


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Slices of a list, none longer than `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
