"""One entry at a time: claimed by one worker, noted by it, taken back when it is gone.

Each step is a short transaction. `by` names a job and its attempt ("12:3"): so it can be told
whether whoever claimed an entry is still at work.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import addresses
from crm.models import Job, JobState
from interactions.delivery.scope import Entries, Scope
from interactions.delivery.smtp import Verdict
from interactions.models import Delivery, InteractionLogEntry

LONGEST_REASON = 300


def take(scope: Scope, by: str) -> tuple[InteractionLogEntry, str] | None:
    """Claims the next entry that is due, with the address to send to; None where none is.

    Entries on the way that nobody may send to are failed, with the reason.
    """
    while (entry := _claim(scope, by)) is not None:
        to, why = addressed(entry)
        if not why:
            return entry, to
        note(entry, by, Verdict(Delivery.FAILED, why))
    return None


@transaction.atomic
def _claim(scope: Scope, by: str) -> InteractionLogEntry | None:
    """The next entry, in progress; others that claim meanwhile pass over it."""
    due = Q(delivery_at=None) | Q(delivery_at__lte=timezone.now())
    rows = scope.queued().filter(due).select_related("contact", "document").order_by("pk")
    entry = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if entry is not None:
        entry.delivery_attempts += 1
        InteractionLogEntry.whole.filter(pk=entry.pk).update(
            delivery=Delivery.IN_PROGRESS,
            delivery_by=by,
            delivered_to="",
            delivery_attempts=entry.delivery_attempts,
            delivery_at=timezone.now(),
        )
    return entry


def refusal(entry: InteractionLogEntry) -> str:
    """Why nothing may be sent to the contact, whatever the way; asked at this moment."""
    if entry.contact is None:
        return _("The contact was deleted.")
    if entry.contact.is_blocked:
        return _("The contact is blocked.")
    return "" if entry.document else _("There is no letter.")


def addressed(entry: InteractionLogEntry) -> tuple[str, str]:
    """Where to send it by e-mail, or why it must not be sent; asked at this moment, not at Log."""
    contact, why = entry.contact, refusal(entry)
    if why or contact is None:
        return "", why
    if contact.email_opt_out:
        return "", _("The contact wants no e-mails.")
    to = addresses.email_of(contact, timezone.localdate())
    return to, "" if to else _("The contact has no e-mail address.")


def is_about_to_be_sent(entry: InteractionLogEntry, by: str, to: str) -> bool:
    """Notes the address; from now on nobody but the server knows. False: it is ours no more."""
    return bool(_ours(entry, by).filter(delivery=Delivery.IN_PROGRESS).update(delivered_to=to))


def note(entry: InteractionLogEntry, by: str, found: Verdict) -> str:
    """Writes what became of an entry, unless somebody else has taken it; returns its state."""
    state, at = found.state, timezone.now()
    if state == Delivery.QUEUED and entry.delivery_attempts >= settings.MAIL_ATTEMPTS:
        state = Delivery.FAILED
    elif state == Delivery.QUEUED:
        at += timedelta(seconds=settings.MAIL_BACKOFF * 2 ** (entry.delivery_attempts - 1))
    # Uncertain too: who was taken for dead may be alive, and knows.
    ours = _ours(entry, by).filter(delivery__in=(Delivery.IN_PROGRESS, Delivery.UNCERTAIN))
    ours.update(delivery=state, delivery_error=found.reason[:LONGEST_REASON], delivery_at=at)
    return state


def give_back(entry: InteractionLogEntry, by: str, reason: str) -> None:
    """Queues an entry again as if it had not been tried."""
    _ours(entry, by).filter(delivery=Delivery.IN_PROGRESS).update(
        delivery=Delivery.QUEUED,
        delivery_error=reason[:LONGEST_REASON],
        delivery_attempts=F("delivery_attempts") - 1,
        delivered_to="",
        delivery_at=None,
    )


def _ours(entry: InteractionLogEntry, by: str) -> Entries:
    return InteractionLogEntry.whole.filter(pk=entry.pk, delivery_by=by)


@transaction.atomic
def recover(scope: Scope) -> int:
    """Takes entries back whose worker is gone; returns how many are uncertain now.

    What had not been handed to a mail server goes back to the queue; of the others nobody knows.
    """
    left = scope.entries().filter(delivery=Delivery.IN_PROGRESS)
    names = left.order_by().values_list("delivery_by", flat=True).distinct()
    gone = left.filter(delivery_by__in=[name for name in names if not is_at_work(name)])
    gone.filter(delivered_to="").update(delivery=Delivery.QUEUED, delivery_at=None)
    return gone.exclude(delivered_to="").update(
        delivery=Delivery.UNCERTAIN,
        delivery_error=_("The worker was ended while it was being sent: it was sent, or not."),
        delivery_at=timezone.now(),
    )


def is_at_work(by: str) -> bool:
    """Whether that attempt of that job is still the one that runs."""
    job, _colon, attempt = by.partition(":")
    if not (job.isdecimal() and attempt.isdecimal()):
        return False
    return Job.objects.filter(pk=job, attempts=attempt, state=JobState.RUNNING).exists()


def seconds_to_next(scope: Scope) -> float | None:
    """How long until the next entry is due; None where none waits."""
    next_at = scope.queued().order_by().aggregate(at=Min("delivery_at"))["at"]
    if next_at is None:
        return 0 if scope.queued().exists() else None
    return max(0.0, (next_at - timezone.now()).total_seconds())
