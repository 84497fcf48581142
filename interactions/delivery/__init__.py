"""Delivery: what Log queued is sent, one entry at a time, or printed; each entry has a state.

E-mails: a worker claims one queued entry (skip locked on PostgreSQL), makes its letter, notes that
it is about to send, sends, and notes what became of it; each note is a short transaction.

    queued -> in progress -> delivered | failed | uncertain | queued again, for a while
    queued -> not sent (cancelled);  delivered, failed, uncertain, not sent -> queued (resend)

A job that was cancelled or failed leaves what it had not sent in the queue: the logged segment's
page says that nobody is at work on it, and a person lets it go on, or does not have it sent.

**It errs on the side of at most once.** SMTP has no way to ask whether a mail arrived whose answer
one missed. An entry whose worker was killed, or cut off, after the mail was handed over and before
the answer was noted is *uncertain*: it is never sent again by itself; a person decides. An entry
whose mail had not been handed over goes back to the queue.

Refused for a while (4xx, cut off before the mail was handed over): tried MAIL_ATTEMPTS times, each
time after twice the wait. Refused for good (5xx): failed at once. Whoever is blocked, opted out, or
has no address by the time of sending gets nothing.

Hard copies: a job makes a print pack, which stays with the logged segment; see packs.py.
"""

from interactions.delivery.again import (
    RESENDABLE,
    UNSENT,
    out_of_reach,
    refresh,
    resend,
    why_not,
)
from interactions.delivery.deciding import Nothing, begin, cancel, confirm, queue, retry
from interactions.delivery.packs import (
    make_again,
    make_anew,
    make_pack,
    not_to_be_posted,
    number_deleted,
    with_stops,
)
from interactions.delivery.scope import Scope
from interactions.delivery.sending import deliver
from interactions.delivery.unsubscribe import Unknown, token_of, unsubscribe, unsubscribe_url, whose

__all__ = [
    "RESENDABLE",
    "UNSENT",
    "Nothing",
    "Scope",
    "Unknown",
    "begin",
    "cancel",
    "confirm",
    "deliver",
    "make_again",
    "make_anew",
    "make_pack",
    "not_to_be_posted",
    "number_deleted",
    "out_of_reach",
    "queue",
    "refresh",
    "resend",
    "retry",
    "token_of",
    "unsubscribe",
    "unsubscribe_url",
    "whose",
    "why_not",
    "with_stops",
]
