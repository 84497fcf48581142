"""What people decide about delivery: send, cancel, retry; each one statement for all."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import work
from crm.choices import CorrespondenceType
from crm.models import Job
from interactions.delivery import claims
from interactions.delivery.scope import Entries, Scope
from interactions.models import Delivery, InteractionLogEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# So many entries are worth one more worker.
ENTRIES_A_JOB = 50


class Nothing(Exception):
    """There is no entry to do this with, in a sentence for the user."""


@transaction.atomic
def begin(scope: Scope, *, by: "User | None") -> list[Job]:
    """Starts the jobs that deliver what is queued: mails, and a print pack of hard copies.

    Entries whose worker is gone are taken back first. A hard copy that belongs to no logged segment
    has no pack: whoever posts it says so (`confirm`).
    """
    claims.recover(scope)
    mails, jobs = scope.queued().count(), []
    for _number in range(min(settings.MAIL_JOBS, -(-mails // ENTRIES_A_JOB))):
        jobs.append(work.start("delivery.mail", user=by, total=mails, **scope.arguments))
    if scope.to_print().exists() and scope.segment() is not None:
        jobs.append(work.start("delivery.pack", user=by, **scope.arguments))
    return jobs


@transaction.atomic
def queue(scope: Scope, *, by: "User | None") -> int:
    """Queues entries that were logged without sending and have something to send, and begins."""
    rows = scope.entries().filter(delivery="").exclude(correspondence_type="")
    return put_in_queue(scope, rows.exclude(document=None), by)


@transaction.atomic
def retry(scope: Scope, *, by: "User | None") -> int:
    """Queues those that failed once more, and begins."""
    return put_in_queue(scope, scope.entries().filter(delivery=Delivery.FAILED), by)


@transaction.atomic
def cancel(scope: Scope) -> int:
    """Takes entries out of the queue; what is in progress goes its way. Raises Nothing."""
    rows = scope.entries().filter(delivery=Delivery.QUEUED)
    return some(rows.update(delivery=Delivery.CANCELLED, delivery_at=timezone.now()))


@transaction.atomic
def confirm(entry: InteractionLogEntry) -> None:
    """Notes what a person knows: an uncertain mail was sent, or a letter that waits was posted."""
    on_paper = Q(delivery=Delivery.QUEUED, correspondence_type=CorrespondenceType.HARD_COPY)
    rows = Scope.of(entry).entries().filter(on_paper | Q(delivery=Delivery.UNCERTAIN))
    some(rows.update(delivery=Delivery.DELIVERED, delivery_error="", delivery_at=timezone.now()))


def put_in_queue(scope: Scope, rows: Entries, by: "User | None", **columns: Any) -> int:
    """Queues these entries as if they had never been tried, with these columns, and begins."""
    count = some(
        rows.update(
            delivery=Delivery.QUEUED,
            delivery_error="",
            delivery_attempts=0,
            delivery_at=None,
            delivery_by="",
            delivered_to="",
            **columns,
        )
    )
    begin(scope, by=by)
    return count


def some(count: int) -> int:
    """The count; raises Nothing where it is none."""
    if not count:
        raise Nothing(_("There is nothing to do: no interaction is in such a state any more."))
    return count
