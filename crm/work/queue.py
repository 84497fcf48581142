"""What users do with jobs: start, cancel, try again."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.models import Job, JobState
from crm.work.files import attach
from crm.work.kinds import kinds
from crm.work.running import run_job

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NotNow(Exception):
    """A job cannot be cancelled or tried again as it stands, in a sentence for the user."""


@transaction.atomic
def start(
    kind: str,
    *,
    user: "User | None",
    total: int | None = None,
    files: Mapping[str, File[Any]] | None = None,
    **arguments: Any,
) -> Job:
    """A new job of this kind; a worker begins it once the transaction around is committed.

    `arguments` are plain JSON: ids and codes, not rows. It speaks the language of its user.
    """
    if kind not in kinds:
        raise KeyError(kind)
    job = Job.objects.create(
        kind=kind, user=user, total=total, arguments=arguments, language=get_language() or ""
    )
    for name, file in (files or {}).items():
        attach(job, name, file, is_result=False)
    _enqueue(job)
    return job


def _enqueue(job: Job) -> None:
    """Tells django.tasks. Without it a worker finds the job all the same, a moment later."""
    transaction.on_commit(partial(run_job.enqueue, job.pk))


@transaction.atomic
def cancel(job: Job) -> Job:
    """Ends a waiting job; asks the worker of a running one to end. Raises NotNow where it ended."""
    job = _held(job)
    if not job.is_active:
        raise NotNow(_("This job has ended already."))
    if job.state == JobState.QUEUED:
        Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED, ended_at=Now())
    else:
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    job.refresh_from_db()
    return job


@transaction.atomic
def retry(job: Job) -> Job:
    """Queues a job again that failed or was cancelled; it goes on where it was. Raises NotNow."""
    job = _held(job)
    if not job.may_be_retried:
        raise NotNow(_("Only a job that failed or was cancelled can be tried again."))
    job.state, job.error, job.stalled = JobState.QUEUED, "", 0
    job.cancel_requested, job.not_before, job.ended_at = False, None, None
    job.save(
        update_fields=["state", "error", "stalled", "cancel_requested", "not_before", "ended_at"]
    )
    _enqueue(job)
    return job


def _held(job: Job) -> Job:
    return Job.objects.select_for_update().get(pk=job.pk)
