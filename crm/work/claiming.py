"""Which job a worker takes: one that waits, or one whose worker fell silent."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from crm.models import Job, JobState
from crm.work.lease import lease_end

# So often a job may be taken up in vain before it is given up.
MOST_STALLED = 5


@transaction.atomic
def claim(worker: str, pk: int | None = None) -> Job | None:
    """Takes a job that waits, or whose worker fell silent, for this worker; None where none is.

    With `pk` that one only. Workers that claim at once get different jobs.
    """
    waiting = Q(state=JobState.QUEUED) & (Q(not_before=None) | Q(not_before__lte=Now()))
    silent = Q(state=JobState.RUNNING, lease_until__lt=Now())
    rows = Job.objects.filter(waiting | silent, **({} if pk is None else {"pk": pk}))
    job = rows.select_for_update(skip_locked=True).order_by("pk").first()
    if job is None or _is_at_its_end(job):
        return None
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        worker=worker,
        lease_until=lease_end(),
        heartbeat_at=Now(),
        not_before=None,
        error="",
        attempts=F("attempts") + 1,
        stalled=F("stalled") + 1,
        started_at=job.started_at or Now(),
    )
    job.refresh_from_db()
    return job


def _is_at_its_end(job: Job) -> bool:
    """Whether nobody shall take it up again; then it is ended."""
    ended: dict[str, Any] = {"worker": "", "lease_until": None, "ended_at": Now()}
    rows = Job.objects.filter(pk=job.pk)
    if job.cancel_requested:
        rows.update(state=JobState.CANCELLED, cancel_requested=False, **ended)
    elif job.stalled >= MOST_STALLED:
        error = _("Its worker ended %d times without getting on; it was given up.") % job.stalled
        rows.update(state=JobState.FAILED, error=error, **ended)
    else:
        return False
    return True
