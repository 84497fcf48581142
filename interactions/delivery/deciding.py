"""What people decide about delivery: send, cancel, send again; each one statement for all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import work
from crm.models import BLOCKED, Contact, Job
from crm.sql import insert_from
from interactions import mergefields
from interactions.delivery.scope import Entries, Scope
from interactions.models import Delivery, InteractionLogEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RESENDABLE = (Delivery.DELIVERED, Delivery.FAILED, Delivery.UNCERTAIN, Delivery.CANCELLED)
# So many entries are worth one more worker.
ENTRIES_A_JOB = 50


class Nothing(Exception):
    """There is no entry to do this with, in a sentence for the user."""


@transaction.atomic
def begin(scope: Scope, *, by: "User | None") -> list[Job]:
    """Starts the jobs that deliver what is queued: mails, and a print pack of hard copies."""
    mails, jobs = scope.queued().count(), []
    for _number in range(min(settings.MAIL_JOBS, -(-mails // ENTRIES_A_JOB))):
        jobs.append(work.start("delivery.mail", user=by, total=mails, **scope.arguments))
    if scope.to_print().exists():
        jobs.append(work.start("delivery.pack", user=by, **scope.arguments))
    return jobs


@transaction.atomic
def queue(scope: Scope, *, by: "User | None") -> int:
    """Queues entries that were logged without sending and have something to send, and begins."""
    rows = scope.entries().filter(delivery="").exclude(correspondence_type="")
    return _queue(scope, rows.exclude(document=None), by)


@transaction.atomic
def retry(scope: Scope, *, by: "User | None") -> int:
    """Queues those that failed once more, and begins."""
    return _queue(scope, scope.entries().filter(delivery=Delivery.FAILED), by)


@transaction.atomic
def resend(scope: Scope, *, by: "User | None", states: Sequence[str] = RESENDABLE) -> int:
    """Queues entries in these states again, just as they were logged, and begins."""
    wanted = [state for state in states if state in RESENDABLE]
    return _queue(scope, scope.entries().filter(delivery__in=wanted).exclude(document=None), by)


@transaction.atomic
def cancel(scope: Scope) -> int:
    """Takes entries out of the queue; what is in progress goes its way. Raises Nothing."""
    rows = scope.entries().filter(delivery=Delivery.QUEUED)
    return _some(rows.update(delivery=Delivery.CANCELLED, delivery_at=timezone.now()))


@transaction.atomic
def confirm(entry: InteractionLogEntry) -> None:
    """Notes what a person found out: an uncertain entry was sent. If it was not: `resend`."""
    rows = Scope.of(entry).entries().filter(delivery=Delivery.UNCERTAIN)
    _some(rows.update(delivery=Delivery.DELIVERED, delivery_error=""))


def _queue(scope: Scope, rows: Entries, by: "User | None") -> int:
    count = _some(
        rows.update(
            delivery=Delivery.QUEUED,
            delivery_error="",
            delivery_attempts=0,
            delivery_at=None,
            delivery_by="",
            delivered_to="",
        )
    )
    begin(scope, by=by)
    return count


def _some(count: int) -> int:
    if not count:
        raise Nothing(_("There is nothing to do: no interaction is in such a state any more."))
    return count


@transaction.atomic
def refresh(scope: Scope, *, by: "User", states: Sequence[str] = RESENDABLE) -> int:
    """Says it once more, with what is known of the contacts today: new entries, sent like the old.

    What was logged stays as it was. The new entries carry the segment's number and none of its
    log. Contacts that are blocked or gone are left out. Raises Nothing. One statement for all.
    """
    rows = scope.entries().filter(delivery__in=[state for state in states if state in RESENDABLE])
    blocked = Contact.objects.filter(BLOCKED, pk=OuterRef("contact"))
    rows = rows.exclude(document=None).exclude(contact=None).filter(~Exists(blocked))
    last = InteractionLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    count = _some(insert_from(InteractionLogEntry, rows.order_by("position", "pk"), _anew(by)))
    if scope.entry is not None:
        made = InteractionLogEntry.objects.filter(pk__gt=last, by=by, logged_segment=None)
        begin(Scope(entry=made.latest("pk").pk), by=by)
    else:
        begin(Scope(number=rows.values_list("segment_number", flat=True)[0]), by=by)
    return count


KEPT = (
    "contact", "segment_number", "position", "template", "group", "salesperson",
    "correspondence_type", "information_flow", "initiated_by", "cost", "duration", "campaign",
    "campaign_entry", "campaign_target", "campaign_response", "language", "subject", "document",
    "own_document", "send_word_as_attachment",
)  # fmt: skip


def _anew(by: "User") -> dict[str, Any]:
    """The columns of an entry that says an old one again today."""
    today = timezone.localdate()
    again = Concat(Value(_("Sent again:") + " "), F("description"), output_field=TextField())
    facts = mergefields.facts_expression(
        segment_number=F("segment_number"),
        segment_description=_fact("segment_description"),
        date=Value(today),
        description=F("description"),
        subject=F("subject"),
        personal_comment=_fact("personal_comment"),
        language="language",
        salesperson="salesperson_id",
        campaign="campaign_id",
    )
    kept = {name: F(getattr(InteractionLogEntry, name).field.attname) for name in KEPT}
    return kept | {
        "logged_segment": Value(None, output_field=InteractionLogEntry._meta.pk),
        "date": today,
        "description": Left(again, 100),
        "merge_values": facts,
        "delivery": Delivery.QUEUED,
        "delivery_error": "",
        "evaluation": "",
        "cancelled": False,
        "postponed": False,
        "attempt_failed": False,
        "by": Value(by.pk),
        "created_at": timezone.now(),
    }


def _fact(name: str) -> Coalesce:
    return Coalesce(KeyTextTransform(name, "merge_values"), Value(""), output_field=TextField())
