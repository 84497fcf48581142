"""Rows become drafts: each finds the contact it is about, or a new one, or a reason against it."""

import copy
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from crm.importing.columns import BadCell
from crm.importing.plan import ANY, EMAIL, EXTERNAL_ID, LEAVE, NEW, NUMBER, Plan
from crm.importing.rows import Row
from crm.models import Contact, ContactType, MailingGroup

CHUNK = 5000
NAME_PARTS = ("first_name", "middle_name", "surname")
# Who has neither number nor external ID is known again by all of these that the file has.
_WHO = ("type", "email", "address", "post_code")
Key = tuple[str, Hashable]


class Reason(NamedTuple):
    """What speaks against a row: a sentence, and the field whose cell it is about."""

    text: str
    field: str = ""


@dataclass(slots=True, eq=False)
class Draft:
    """One row on its way: what it says, the contact it says it of, and what speaks against it."""

    line: int
    values: dict[str, Any]
    reasons: list[Reason] = field(default_factory=list)
    # A new one, or the stored one that match() finds.
    contact: Contact = field(init=False)
    before: Contact | None = None
    # The employer's number; None where the file does not say.
    employer: str | None = None
    groups: list[MailingGroup] | None = None
    # What changes: field -> (before, after).
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    alike: list[Contact] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def outcome(self) -> str:
        """What becomes of it: refused, new, changed or unchanged."""
        if self.reasons:
            return "refused"
        return "new" if self.is_new else "changed" if self.changes else "unchanged"

    def refuse(self, text: str, field: str = "") -> None:
        """One more reason against it."""
        self.reasons.append(Reason(text, field))


def read(row: Row, plan: Plan) -> Draft:
    """A draft of the row, with a reason for each cell that cannot be what its column says."""
    draft = Draft(row.line, {}, [Reason(row.reason)] if row.reason else [])
    if row.reason:
        return draft
    for column, cell in zip(plan.columns, row.cells, strict=True):
        if column is None or (not cell and plan.options.empty == LEAVE):
            continue
        try:
            draft.values[column.field] = column.read(cell)
        except BadCell as reason:
            draft.refuse(str(reason), column.field)
    draft.employer = draft.values.pop("company", None)
    draft.groups = draft.values.pop("mailing_groups", None)
    return draft


def keys(draft: Draft, identify: str) -> list[Key]:
    """What the row names its contact by; the first is what it is looked for by."""
    values = draft.values
    number, external_id = values.get("number"), values.get("external_id")
    if identify == EMAIL:
        email = values.get("email", "").casefold()
        return [(EMAIL, email)] if email else []
    if identify == EXTERNAL_ID:
        return [(EXTERNAL_ID, external_id)] if external_id else []
    named: list[Key] = [(NUMBER, number)] if number else []
    if identify == ANY:
        named += [(EXTERNAL_ID, external_id)] if external_id else []
        if not named and name_of(values):
            named.append((ANY, (name_of(values), draft.employer, *sorted(_who(values).items()))))
    return named


def _who(values: dict[str, Any]) -> dict[str, Any]:
    who = {name: values[name] for name in _WHO if name in values}
    if "type" in who:
        who["type"] = who["type"] or ContactType.PERSON
    return who


def match(drafts: Sequence[Draft], plan: Plan) -> None:
    """Gives each draft the stored contact it is about; of two rows about one the first has it."""
    by_kind: dict[str, list[tuple[Draft, Hashable]]] = defaultdict(list)
    for draft in drafts:
        draft.contact = Contact()
        for kind, key in keys(draft, plan.options.identify)[:1]:
            if (line := plan.first_line((kind, key), draft.line)) != draft.line:
                draft.refuse(_said_before(draft, line), "" if kind == ANY else kind)
            elif plan.options.identify != NEW:
                by_kind[kind].append((draft, key))
    owners: dict[int, int] = {}
    for kind in (NUMBER, EXTERNAL_ID, EMAIL, ANY):
        asked = {key[0] if kind == ANY else key for _draft, key in by_kind[kind]}  # type: ignore[index]
        stored = _stored(kind, asked, plan)
        for draft, key in by_kind[kind]:
            found = stored[key[0] if kind == ANY else key]  # type: ignore[index]
            _claim(draft, [one for one in found if kind != ANY or _fits(draft, one)], owners)


def _stored(kind: str, asked: Iterable[Any], plan: Plan) -> dict[Hashable, list[Contact]]:
    """The contacts that have one of these, by it."""
    name = "name" if kind == ANY else kind
    found = defaultdict(list)
    for contact in stored_contacts(name, asked, lock=plan.writes):
        value = getattr(contact, name)
        found[value.casefold() if kind == EMAIL else value].append(contact)
    return found


def _fits(draft: Draft, contact: Contact) -> bool:
    """Whether a contact of the same name is the one meant."""
    who = _who(draft.values)
    return all(getattr(contact, name) == value for name, value in who.items()) and (
        draft.employer in (None, getattr(contact.company, "number", ""))
    )


def _said_before(draft: Draft, line: int) -> str:
    if number := draft.values.get("number"):
        said = _("Number %(number)s is already on line %(line)d.")
        return said % {"number": number, "line": line}
    return _("The same contact is already on line %(line)d.") % {"line": line}


def _claim(draft: Draft, found: list[Contact], owners: dict[int, int]) -> None:
    """Takes the contact found, unless there are several or an earlier row has it."""
    if len(found) > 1:
        draft.refuse(_("Several contacts fit this row: give its number."))
    elif found:
        draft.contact, draft.before = found[0], copy.copy(found[0])
        if (line := owners.setdefault(found[0].pk, draft.line)) != draft.line:
            draft.refuse(_said_before(draft, line))


def fill(draft: Draft, plan: Plan) -> None:
    """Writes the row's values into its contact and looks at the result as a whole."""
    contact, values = draft.contact, dict(draft.values)
    number, kind = values.pop("number", ""), values.pop("type", "") or contact.type
    if draft.is_new:
        contact.number = number
        contact.salutation_id = plan.salutations.get(kind)
        for name, value in plan.defaults.items():
            setattr(contact, name, value)
    elif kind != contact.type:
        draft.refuse(_("The type of a contact that exists cannot be changed by a file."), "type")
    elif number and number != contact.number:
        draft.refuse(_("This is contact %s: its number stays.") % contact.number, "number")
    if contact.erasure_id:
        draft.refuse(_("This contact was erased: it is never filled in again."))
    contact.type = kind
    only_whole = "name" in values and not any(part in values for part in NAME_PARTS)
    if only_whole and values["name"] != contact.full_name:
        values |= dict.fromkeys(NAME_PARTS, "")
    for name, value in values.items():
        setattr(contact, name, value)
    contact.name = name_of({name: getattr(contact, name) for name in ("type", "name", *NAME_PARTS)})
    if not contact.name:
        draft.refuse(_("The name is missing."), "name")


def value_of(contact: Contact, attname: str) -> Any:
    """What a contact has there; a company is its number, for it may not be stored yet."""
    if attname == "company_id":
        return contact.company.number if contact.company else ""
    return getattr(contact, attname)


def name_of(values: dict[str, Any]) -> str:
    """The name as Contact.prepare will have it."""
    full = " ".join(filter(None, (values.get(part, "") for part in NAME_PARTS)))
    is_company = values.get("type") == ContactType.COMPANY
    return (not is_company and full) or values.get("name", "")


def stored_contacts(name: str, values: Iterable[str], *, lock: bool = False) -> Iterator[Contact]:
    """The contacts that have one of these values, read in chunks; e-mails in any case."""
    rows = Contact.whole.select_related("company").order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    if name == EMAIL:
        rows, name = rows.alias(small=Lower("email")), "small"
    for chunk in chunks(sorted(values)):
        yield from rows.filter(**{f"{name}__in": chunk})


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Slices of a list, none longer than `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
