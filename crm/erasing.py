"""A person is erased: gone from contacts, log, worksheets, letters and files, for good.

The contact row stays where statistics hang on it, without a name and blocked for ever; else it goes
too. Every table with a key to a contact is found by itself (references.py): rows are deleted,
unless an app says in its `ready()` that they stay, or empties them in its own way:

    erasing.keep(Purchase)                                # rows that say nothing of the person
    erasing.register(InteractionLogEntry, empty_entries)  # (contacts, erasure) -> counts by label
    erasing.holds.append(being_delivered)                 # contacts -> why not now, in sentences
    erasing.counted.append(letters_of)                    # contacts -> what else goes, by label
    erasing.harmless.add("delivery.mail")                 # jobs that make no file of contacts

One transaction; the statements do not grow with the contacts. While it runs no job can begin, and
it is refused while one runs that may hold the person in hand. What was done is written into a chain
of digests (erasures.py).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import audit, erasures, mentions
from crm.importing.keeping import forget_all
from crm.models import AuditEntry, Contact, Erasure, FormerNumber, Job, JobFile, JobState, Purchase
from crm.models.contact import COMPUTED
from crm.references import counts, keys
from crm.sql import delete_rows, hold_table
from crm.work import files

Contacts = Sequence[Contact]
Counts = dict[str, int]
Emptier = Callable[[Contacts, Erasure], Counts]
emptiers: dict[Any, Emptier] = {}
kept: set[Any] = set()
holds: list[Callable[[Contacts], Iterable[str]]] = []
counted: list[Callable[[Contacts], Counts]] = []
harmless: set[str] = set()
# What a contact that stays is left with: nothing that one could be known by.
BARE: dict[str, Any] = {
    **dict.fromkeys(("first_name", "middle_name", "surname", "job_title", "external_id"), ""),
    **dict.fromkeys(("address", "address_2", "post_code", "city", "correspondence_type"), ""),
    **dict.fromkeys(("phone", "mobile_phone", "email", "home_page"), ""),
    **dict.fromkeys(("organizational_level", "salutation", "changed_by"), None),
    **dict.fromkeys(("privacy_blocked", "exclude_from_segment"), True),
    **dict.fromkeys(("minor", "parental_consent", "email_opt_out"), False),
}


class EraseRefused(Exception):
    """Why somebody cannot be erased now, in sentences for the reader."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Outlook:
    """What would go and what would stay, by label, and what speaks against it."""

    goes: list[tuple[str, int]]
    stays: list[tuple[str, int]]
    refused: list[str]


def keep(model: Any) -> None:
    """Rows of this table stay as they are; on them statistics hang."""
    kept.add(model)


def register(model: Any, emptier: Emptier, *, stays: bool = False) -> None:
    """Lets a function delete, or empty, the rows of a table; `stays`: the rows are left."""
    emptiers[model] = emptier
    if stays:
        kept.add(model)


def outlook(contact: Contact) -> Outlook:
    """What erasing a contact would do, in numbers; writes nothing."""
    names = {capfirst(str(model._meta.verbose_name_plural)) for model in kept}
    rows = {capfirst(label): n for label, n in counts(contact)[0].items()}
    goes = {label: n for label, n in rows.items() if label not in names}
    for of_floor in counted:
        goes |= of_floor([contact])
    named = mentions.count(mentions.terms([contact]))
    goes |= {_("Words that name the person elsewhere"): named, _("Files of jobs"): _files().count()}
    return Outlook(
        goes=[(label, n) for label, n in goes.items() if n],
        stays=[(label, n) for label, n in rows.items() if label in names],
        refused=why_not([contact]),
    )


@transaction.atomic
def erase(contacts: Iterable[Contact], *, by: User | None, reason: str) -> Erasure:
    """Erases these contacts in one act; nothing brings them back.

    Raises EraseRefused, and nothing is written. Files go when the transaction is committed.
    """
    hold_table(Job)  # no job begins until the end, and no other erasure
    chosen = _held(contacts)
    if reasons := why_not(chosen):
        raise EraseRefused(reasons)
    names = mentions.terms(chosen)
    erasure = erasures.begin(sorted(one.number for one in chosen), by=by, reason=reason)
    gone = Counter[str]()
    for label, number in _empty(chosen, erasure):
        gone[label] += number
    gone.update(mentions.scrub(names))
    erasure.refresh_from_db(fields=["proofs", "seals"])
    gone.update(_delete_files())
    _leave_bare(chosen, erasure)
    # Last, for what was blanked just now is in the audit trail by now.
    audit.redact(Contact, [one.pk for one in chosen])
    audit.redact_rows(mentions.naming(AuditEntry, "changes", names))
    erasure.counts = {label: n for label, n in sorted(gone.items()) if n}
    erasures.close(erasure)
    return erasure


def why_not(contacts: Contacts) -> list[str]:
    """What speaks against erasing these contacts now, in sentences."""
    return [why for hold in (_own_holds, *holds) for why in hold(contacts)]


def _own_holds(contacts: Contacts) -> Iterator[str]:
    if not contacts:
        yield _("There is nobody to erase.")
    for one in contacts:
        if one.erasure_id:
            yield _("%s was erased already.") % one.number
    ids = [one.pk for one in contacts]
    people = Contact.whole.filter(company__in=ids, erasure=None).exclude(pk__in=ids)
    for number in people.order_by().values_list("company__number", flat=True).distinct()[:3]:
        yield _("%s has people. Erase them first, or put them under another company.") % number
    at_work = Job.objects.filter(state=JobState.RUNNING, lease_until__gt=timezone.now())
    if running := at_work.exclude(kind__in=harmless).count():
        yield (
            ngettext(
                "%d job is running that may hold the person in hand. Wait for its end.",
                "%d jobs are running that may hold the person in hand. Wait for their end.",
                running,
            )
            % running
        )


def _held(contacts: Iterable[Contact]) -> list[Contact]:
    """The contacts as they are stored, held until the end, always in the same order."""
    rows = Contact.whole.select_for_update(of=("self",)).select_related("company")
    return list(rows.filter(pk__in=[one.pk for one in contacts]).order_by("pk"))


def _empty(contacts: Contacts, erasure: Erasure) -> Iterator[tuple[str, int]]:
    """Deletes or empties what refers to the contacts, table by table."""
    for model, key in keys():
        if model in emptiers:
            yield from emptiers[model](contacts, erasure).items()
        elif model not in kept and model is not Contact:
            gone = delete_rows(model._base_manager.filter(**{f"{key}__in": contacts}))
            yield capfirst(str(model._meta.verbose_name_plural)), gone


def _files() -> Any:
    """What jobs were given or have made: nobody can tell who is in it, and it expires anyway."""
    return JobFile.objects.filter(job__in=Job.objects.ended().order_by())


def _delete_files() -> Counts:
    return {
        _("Files of jobs"): files.delete_all(_files()),
        _("Files that were imported"): forget_all(),
    }


def _leave_bare(contacts: Contacts, erasure: Erasure) -> None:
    """Takes everything personal from contacts that have to stay, and deletes the others."""
    ids = [one.pk for one in contacts]
    for contact in contacts:
        for name, value in BARE.items():
            setattr(contact, name, value)
        contact.name, contact.erasure = f"({contact.number})", erasure
        contact.prepare()
    Contact.whole.bulk_update(contacts, [*BARE, *COMPUTED, "erasure"], batch_size=100)
    needed = Q()
    for model, key in keys():
        if model in kept:
            needed |= Q(Exists(model._base_manager.filter(**{key: OuterRef("pk")})))
    delete_rows(Contact.whole.filter(pk__in=ids).exclude(needed))


keep(Purchase)
keep(FormerNumber)
