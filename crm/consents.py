"""Consent: what a contact says of a channel is written down and, where it is the latest, holds.

The history is only added to. `Contact.email_opt_out` is kept in step with what it says of e-mail;
whoever writes that column writes through `record`, or calls `keep_in_step` afterwards.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.models import FORBIDDING, Channel, Consent, ConsentSource, ConsentState, Contact
from crm.sql import insert_from

WORDS = 300


@transaction.atomic
def record(
    contact: Contact,
    channel: str,
    state: str,
    *,
    source: str,
    by: User | None = None,
    words: str = "",
    date: datetime.date | None = None,
) -> Consent:
    """Writes down what a contact said of a channel.

    It holds from now on, unless something of a later day holds already: then it is history only.
    """
    Contact.whole.select_for_update(of=("self",)).get(pk=contact.pk)
    day = date or timezone.localdate()
    held = Consent.objects.current().filter(contact=contact, channel=channel)
    is_current = not held.filter(date__gt=day).exists()
    if is_current:
        held.update(is_current=False)
    said = Consent.objects.create(
        contact=contact,
        channel=channel,
        state=state,
        source=source,
        words=words[:WORDS],
        date=day,
        is_current=is_current,
        by=by,
    )
    if is_current and channel == Channel.EMAIL:
        contact.email_opt_out = said.forbids
        Contact.whole.filter(pk=contact.pk).update(email_opt_out=said.forbids)
    return said


def opt_out(contact: Contact, channel: str, *, source: str, words: str = "") -> None:
    """Forbids a channel; once: whoever forbids it already said so before."""
    if not Consent.objects.forbidding(channel).filter(contact=contact).exists():
        record(contact, channel, ConsentState.OPTED_OUT, source=source, words=words)


@transaction.atomic
def record_many(
    contacts: QuerySet[Contact], channel: str, state: str, *, source: str, by: User | None = None
) -> int:
    """Writes the same down for many, today; those of whom it holds already are left out.

    Four statements, whatever their number. Returns for how many it was written.
    """
    now, at = Consent.objects.current().filter(channel=channel), timezone.now()
    today = timezone.localdate()
    held = now.filter(Q(state=state) | Q(date__gt=today), contact=OuterRef("pk"))
    rows = Contact.whole.filter(~Exists(held), pk__in=contacts.order_by().values("pk"))
    said = {"channel": channel, "state": state, "source": source, "words": "", "date": today}
    said |= {"is_current": False, "by": by.pk if by else None, "created_at": at}
    count = insert_from(Consent, rows.order_by("pk"), {"contact": F("pk")} | said)
    written = Consent.objects.filter(channel=channel, created_at=at, is_current=False).order_by()
    overruled = now.filter(contact__in=written.values("contact"))
    overruled.update(is_current=False)
    if channel == Channel.EMAIL:
        concerned = Contact.whole.filter(pk__in=written.values("contact"))
        concerned.update(email_opt_out=state in FORBIDDING)
    written.update(is_current=True)
    return count


def forbidden(contact: Contact, channel: str) -> Consent | None:
    """What forbids a channel, where something does."""
    held = contact.consents.current().filter(channel=channel, state__in=FORBIDDING)
    return held.first()


def standing(contact: Contact) -> Sequence[Consent]:
    """What holds of each channel of which something was said, in the channels' order."""
    return in_order(contact.consents.current().select_related("by"))


def in_order(rows: Any) -> Sequence[Consent]:
    """These rows in the order in which channels are named."""
    return sorted(rows, key=lambda row: Channel.values.index(row.channel))


def keep_in_step(contact: Contact, *, by: User | None = None) -> None:
    """Writes down what somebody typed into the column of e-mail, where the history says else."""
    held = Consent.objects.current().filter(contact=contact, channel=Channel.EMAIL).first()
    if (held is not None and held.forbids) == contact.email_opt_out:
        return
    state = ConsentState.OPTED_OUT if contact.email_opt_out else ConsentState.CLEARED
    today = timezone.localdate()
    day = max(today, held.date) if held is not None else today
    record(contact, Channel.EMAIL, state, source=ConsentSource.CARD, by=by, date=day)


def out_of_step() -> QuerySet[Contact]:
    """Contacts whose column of e-mail says something else than their history."""
    forbids = Exists(Consent.objects.forbidding(Channel.EMAIL).filter(contact=OuterRef("pk")))
    return Contact.whole.filter(Q(email_opt_out=True) & ~forbids | Q(forbids, email_opt_out=False))


@transaction.atomic
def mend() -> int:
    """Puts the column and the history in step; the one that forbids is believed."""
    silent = out_of_step().filter(email_opt_out=True)
    opted_out, admin = ConsentState.OPTED_OUT, ConsentSource.ADMIN
    written = record_many(silent, Channel.EMAIL, opted_out, source=admin)
    return written + out_of_step().update(email_opt_out=True)


# -- two contacts become one -----------------------------------------------------------------------


def move_consents(kept: Contact, other: Contact) -> int:
    """All history is the kept one's; of each channel the stricter word holds, else the later."""
    rows = list(Consent.objects.filter(contact__in=(kept, other), is_current=True))
    overruled = [one.pk for channel in Channel.values for one in _weaker(rows, channel)]
    Consent.objects.filter(pk__in=overruled).update(is_current=False)
    return Consent.objects.filter(contact=other).update(contact=kept)


def _weaker(rows: Sequence[Consent], channel: str) -> list[Consent]:
    """What is overruled of a channel when all these rows are of one contact."""
    mine = [one for one in rows if one.channel == channel]
    return sorted(mine, key=lambda one: (one.forbids, one.date, one.pk))[:-1]
