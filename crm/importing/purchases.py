"""Purchases from a CSV or XLSX file, as an ERP exports them; the manners of the import of contacts.

A row with an external ID makes the purchase of that ID, or updates it. A row without one is made
new, unless the same purchase (contact, item, day, quantity, amount) is there or on an earlier row.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.importing.columns import BadCell
from crm.importing.drafts import CHUNK, chunks, stored_contacts
from crm.importing.headings import fold
from crm.importing.opening import path_as_csv
from crm.importing.operation import Rejection
from crm.importing.purchase_cells import READERS
from crm.importing.rows import CsvFile, FileRefused, Row
from crm.models import Contact, Purchase
from crm.sql import hold_table, note_growth

# Names that a column may go by, beside the first, which is its own.
NAMES = {
    "contact": "contact no., contact number, customer, customer no., kontakti, kontaktin nro, "
    "asiakas",
    "contact_external_id": "contact external id, customer external id, kontaktin ulkoinen tunnus",
    "item": "item no., item number, product, nimike, nimikenro, tuote",
    "item_category": "category, item category code, nimikekategoria, kategoria, tuoteryhmä",
    "posting_date": "date, day, kirjauspäivä, päivä, päivämäärä",
    "quantity": "qty, määrä",
    "amount": "sum, sales amount, summa, arvo",
    "external_id": "entry no., id, external id, ulkoinen tunnus, tapahtumanro",
}
NEEDED = ("item", "posting_date", "amount")
SAME = ("contact_id", "item", "posting_date", "quantity", "amount")
CHANGED = ["contact", "item", "item_category", "posting_date", "quantity", "amount"]


@dataclass(slots=True, eq=False)
class Draft:
    """One row on its way: what it says, and what speaks against it."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    purchase: Purchase = field(default_factory=Purchase)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows, and which items were never bought before."""

    created: int
    updated: int
    rejections: Sequence[Rejection]
    new_items: Sequence[str]

    @property
    def rejected(self) -> int:
        return len(self.rejections)

    @property
    def read(self) -> int:
        return self.created + self.updated + self.rejected


def import_purchases(path: Path, *, dry_run: bool = False, **reading: str) -> Report:
    """Writes the good rows of a file in one transaction, and reports the bad ones.

    `reading` are the options of CsvFile, encoding and delimiter. Raises FileRefused where the file
    as a whole cannot be read. `dry_run` writes nothing. A few statements for each thousand rows.
    """
    names = _known_names()
    with path_as_csv(path) as table:
        file = CsvFile(
            table, count_known=lambda header: sum(fold(one) in names for one in header), **reading
        )
    columns = _columns(file.header, names)
    with transaction.atomic():
        hold_table(Purchase)  # two imports at once would not see each other's rows
        drafts = [_read(row, columns) for row in file.rows()]
        report = _write(drafts)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _known_names() -> dict[str, str]:
    return {fold(name): own for own, also in NAMES.items() for name in (own, *also.split(", "))}


def _columns(header: Sequence[str], names: dict[str, str]) -> list[str]:
    """What each column means; refuses a file with columns unknown, missing or twice."""
    found = [names.get(fold(one), "") for one in header]
    unknown = [one or "?" for one, name in zip(header, found, strict=True) if not name]
    if unknown:
        raise FileRefused(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown)[:300], "known": ", ".join(NAMES)}
        )
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise FileRefused(_("Columns that occur twice: %(names)s.") % {"names": ", ".join(twice)})
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise FileRefused(_("Columns that are missing: %(names)s.") % {"names": ", ".join(missing)})
    if not {"contact", "contact_external_id"} & set(found):
        raise FileRefused(_("No column says who bought: contact or contact_external_id."))
    return found


def _read(row: Row, columns: Sequence[str]) -> Draft:
    draft = Draft(row.line, reasons=[row.reason] if row.reason else [])
    if row.reason:
        return draft
    for name, cell in zip(columns, row.cells, strict=True):
        try:
            draft.values[name] = READERS[name](cell)
        except BadCell as reason:
            draft.reasons.append(str(reason))
    return draft


def _write(drafts: Sequence[Draft]) -> Report:
    """Finds who bought, what is there already, and writes the rest."""
    _find_contacts(drafts)
    for draft in drafts:
        if not draft.reasons:
            values = {name: value for name, value in draft.values.items() if "contact" not in name}
            draft.purchase = Purchase(contact_id=draft.values["contact_id"], **values)
    _find_external(drafts)
    _refuse_doubles(drafts)
    good = [draft for draft in drafts if not draft.reasons]
    new_items = _new_items({draft.purchase.item for draft in good})
    known = [draft.purchase for draft in good if draft.purchase.pk]
    fresh = [draft.purchase for draft in good if not draft.purchase.pk]
    Purchase.objects.bulk_create(fresh, batch_size=1000)
    Purchase.objects.bulk_create(
        known, batch_size=1000, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED
    )
    note_growth(Purchase, len(fresh))
    rejections = [_rejection(draft) for draft in drafts if draft.reasons]
    return Report(len(fresh), len(known), rejections, new_items)


def _find_contacts(drafts: Sequence[Draft]) -> None:
    """The contact of each row, by number, else by external ID; nobody or several is a reason."""
    for name, column in (("number", "contact"), ("external_id", "contact_external_id")):
        wanted = {
            draft.values[column]
            for draft in drafts
            if draft.values.get(column) and "contact_id" not in draft.values
        }
        found: dict[str, list[Contact]] = {}
        for contact in stored_contacts(name, wanted):
            found.setdefault(getattr(contact, name), []).append(contact)
        for draft in drafts:
            asked = draft.values.get(column)
            if asked and "contact_id" not in draft.values:
                _take(draft, asked, found.get(asked, []))
    for draft in drafts:
        if "contact_id" not in draft.values and not draft.reasons:
            draft.reasons.append(_("It does not say who bought."))


def _take(draft: Draft, asked: str, found: Sequence[Contact]) -> None:
    if len(found) == 1:
        draft.values["contact_id"] = found[0].pk
        return
    text = _("Several contacts are %(asked)s.") if found else _("There is no contact %(asked)s.")
    draft.reasons.append(text % {"asked": asked[:60]})


def _find_external(drafts: Sequence[Draft]) -> None:
    """Purchases that are known by their external ID are updated; of two rows the first has it."""
    naming = [one for one in drafts if one.purchase.external_id and not one.reasons]
    stored: dict[str, int] = {}
    for chunk in chunks(sorted({one.purchase.external_id for one in naming}), CHUNK):
        rows = Purchase.objects.filter(external_id__in=chunk).order_by()
        stored |= dict(rows.values_list("external_id", "pk"))
    owners: dict[Hashable, int] = {}
    for draft in naming:
        name = draft.purchase.external_id
        draft.purchase.pk = stored.get(name)
        _claim(draft, name, owners)


def _refuse_doubles(drafts: Sequence[Draft]) -> None:
    """Without an external ID the same purchase again is taken for the same, and refused."""
    naked = [one for one in drafts if not one.purchase.external_id and not one.reasons]
    there: set[Hashable] = set()
    for chunk in chunks(sorted({one.purchase.contact_id for one in naked}), CHUNK):
        rows = Purchase.objects.filter(contact__in=chunk).order_by()
        there.update(rows.values_list(*SAME))
    owners: dict[Hashable, int] = {}
    for draft in naked:
        key = tuple(getattr(draft.purchase, name) for name in SAME)
        if key in there:
            draft.reasons.append(_("The same purchase is there already."))
        else:
            _claim(draft, key, owners)


def _claim(draft: Draft, key: Hashable, owners: dict[Hashable, int]) -> None:
    if (line := owners.setdefault(key, draft.line)) != draft.line:
        draft.reasons.append(_("The same purchase is already on line %(line)d.") % {"line": line})


def _new_items(items: set[str]) -> list[str]:
    """Those of the items that nobody has bought yet: a misspelt one is found among them."""
    known: set[str] = set()
    for chunk in chunks(sorted(items), CHUNK):
        rows = Purchase.objects.filter(item__in=chunk).order_by()
        known.update(rows.values_list("item", flat=True).distinct())
    return sorted(items - known)


def _rejection(draft: Draft) -> Rejection:
    number = draft.values.get("contact") or draft.values.get("contact_external_id", "")
    return Rejection(draft.line, number, str(draft.values.get("item", "")), draft.reasons)
