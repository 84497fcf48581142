"""One interaction with one contact, logged by itself: a letter, a meeting, a phone call.

The entry in hand carries what was typed; an empty value means "as the template, else the contact"
(inheriting.py). Sections 2.19 and 2.20 of the reference, without the wizard: an entry is written
whole at once, or kept for later (`postpone`), where it counts nowhere until it is finished.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.choices import CorrespondenceType
from crm.models import Campaign, Contact
from interactions import delivery, documents, inheriting, proofs, targets
from interactions.models import (
    CampaignEntry,
    Delivery,
    Document,
    InteractionLogEntry,
    LogEntryComment,
)


class Refused(Exception):
    """It cannot be logged so: `faults` has a sentence for each field, "" for the whole."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True)
class Extra:
    """What is typed beside the entry's own values."""

    letter: tuple[str, bytes] | None = None
    drop_letter: bool = False
    # A phone call has none, whatever its template holds.
    with_letter: bool = True
    personal_comment: str = ""
    result: str = ""
    send: bool = False


def faults(entry: InteractionLogEntry, extra: Extra, *, postponed: bool = False) -> dict[str, str]:
    """What speaks against a resolved entry, by field; an incomplete one is not kept either."""
    found = {}
    if entry.contact is None:
        found["contact"] = _("Choose a contact.")
    elif entry.contact.is_blocked:
        found["contact"] = _("%s is blocked: nothing is said to this contact.") % entry.contact
    if not entry.description:
        found["description"] = _("Describe it: the template has no description either.")
    if entry.salesperson is None:
        found["salesperson"] = _("Choose a salesperson: the contact has none.")
    if extra.send and not postponed:
        found |= _faults_of_sending(entry)
    return found


def _faults_of_sending(entry: InteractionLogEntry) -> dict[str, str]:
    if entry.document is None:
        return {"send": _("There is no letter to send: the template has none in this language.")}
    if not entry.correspondence_type:
        return {"correspondence_type": _("Say how it is sent: on paper or by e-mail.")}
    if entry.contact is not None and (why := delivery.why_not(entry)):
        return {"correspondence_type": why}
    return {}


@transaction.atomic
def log_interaction(entry: InteractionLogEntry, extra: Extra, *, by: User) -> InteractionLogEntry:
    """Writes the entry with the values in force; has its letter delivered when told to send it.

    An entry that was kept for later is finished: the same row counts from now on. Raises Refused,
    and mailmerge.DocumentError where the letter given is none; then nothing has been written.
    """
    _prepare(entry, extra, by)
    _refuse(faults(entry, extra))
    if not extra.send:
        _leave_unsent(entry)
    entry.delivery = Delivery.QUEUED if extra.send else ""
    entry.campaign_entry = _campaign_entry(entry)
    _write(entry, extra, by, postponed=False)
    written = InteractionLogEntry.whole.filter(pk=entry.pk)
    proofs.write_proofs(None, written)
    targets.add(written)
    if extra.send:
        delivery.begin(delivery.Scope.of(entry), by=by)
    return entry


@transaction.atomic
def postpone(entry: InteractionLogEntry, extra: Extra, *, by: User) -> InteractionLogEntry:
    """Keeps the entry for later: it counts nowhere, belongs to no push, and nothing is sent."""
    _prepare(entry, extra, by)
    _refuse(faults(entry, extra, postponed=True))
    entry.delivery, entry.campaign_entry = "", None
    _write(entry, extra, by, postponed=True)
    return entry


@transaction.atomic
def discard(entry: InteractionLogEntry) -> None:
    """Throws away what was kept for later, with a letter that nobody else uses."""
    _hold(entry)
    letter = _own_letter(entry)
    entry.delete()
    if letter is not None:
        documents.release(letter)


def personal_comment(entry: InteractionLogEntry) -> str:
    """The personal comment that an entry was kept with."""
    return str(entry.merge_values.get("personal_comment", ""))


def result(entry: InteractionLogEntry) -> LogEntryComment | None:
    """What was written down as the result when the entry was kept for later."""
    return entry.comments.order_by("pk").first() if entry.pk else None


def _prepare(entry: InteractionLogEntry, extra: Extra, by: User) -> None:
    """Takes the contact as it is now, the letter given, and what is inherited."""
    if entry.pk is not None:
        _hold(entry)
    if entry.contact_id is not None:
        entry.contact = Contact.whole.select_related("salesperson").get(pk=entry.contact_id)
    if entry.by_id is None:
        entry.by = by
    if extra.letter is not None:
        name, data = extra.letter
        entry.document, entry.own_document = documents.store(data, name=name, by=by), True
    elif extra.drop_letter:
        entry.document, entry.own_document = None, False
    inheriting.resolve(entry)
    if not extra.with_letter:
        entry.document, entry.own_document = None, False


def _hold(entry: InteractionLogEntry) -> None:
    """Holds a row kept for later; a second click finds it finished or gone."""
    rows = InteractionLogEntry.whole.select_for_update(of=("self",))
    if not rows.filter(pk=entry.pk, postponed=True).exists():
        raise Refused({"": _("Somebody finished or discarded this interaction meanwhile.")})


def _refuse(found: dict[str, str]) -> None:
    if found:
        raise Refused(found)


def _leave_unsent(entry: InteractionLogEntry) -> None:
    """As Log does: an e-mail that reaches nobody and is not sent anyway was no e-mail."""
    if entry.correspondence_type == CorrespondenceType.EMAIL and not entry.contact.email:  # type: ignore[union-attr]
        entry.correspondence_type = ""


def _write(entry: InteractionLogEntry, extra: Extra, by: User, *, postponed: bool) -> None:
    before = _own_letter(InteractionLogEntry.whole.filter(pk=entry.pk).first())
    entry.postponed = postponed
    facts = inheriting.facts(entry, personal_comment=extra.personal_comment)
    entry.merge_values = dict(facts)
    entry.save()
    _write_result(entry, extra.result, by)
    if before is not None and before != entry.document:
        documents.release(before)


def _own_letter(entry: InteractionLogEntry | None) -> Document | None:
    return entry.document if entry is not None and entry.own_document else None


def _write_result(entry: InteractionLogEntry, text: str, by: User) -> None:
    """The result is the entry's first comment; one kept for later takes the new words."""
    comment = result(entry)
    if comment is None and text:
        entry.comments.create(date=timezone.localdate(), text=text, by=by)
    elif comment is not None and text and comment.text != text:
        comment.text = text
        comment.save(update_fields=["text", "changed_at"])
    elif comment is not None and not text:
        comment.delete()


def _campaign_entry(entry: InteractionLogEntry) -> CampaignEntry | None:
    """The push it belongs to: of one segment its calls are one, else what was said on a day."""
    if entry.campaign is None:
        return None
    # Two who begin the same push at once wait for each other.
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=entry.campaign.pk))
    same: dict[str, Any] = {"segment_number": entry.segment_number}
    if not entry.segment_number:
        same |= {"date": entry.date, "description": entry.description}
    pushes = CampaignEntry.whole.filter(
        campaign=entry.campaign, logged_segment=None, cancelled=False, **same
    )
    return pushes.order_by("pk").first() or CampaignEntry.whole.create(
        campaign=entry.campaign,
        date=entry.date,
        description=entry.description,
        segment_number=entry.segment_number,
        salesperson=entry.salesperson,
        by=entry.by,
    )
