"""A worker's part: takes a job, does its work, and says how it ended."""

import logging
import os
import socket
from contextlib import nullcontext
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from crm import access, acting, sight
from crm.models import Job, JobState
from crm.storage import StorageAway
from crm.work.claiming import claim
from crm.work.kinds import kind_of
from crm.work.lease import (
    Cancelled,
    Heartbeat,
    Later,
    Lease,
    LeaseLost,
    Refused,
    Stopped,
)

logger = logging.getLogger("crm.work")
# A job whose database went away is tried again after so long.
SECONDS_TO_RECOVER = 5
# One that cannot reach the storage of documents waits longer, and is never given up for it.
SECONDS_WITHOUT_STORAGE = 60


def worker_name() -> str:
    """This process among all that work on the same database."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


@task()
def run_job(pk: int) -> None:
    """The task that starts a job; nothing happens where another worker was faster."""
    _run(claim(worker_name(), pk), heartbeat=True)


def run_next(*, heartbeat: bool = True) -> bool:
    """Does one job that waits or was left by a worker that fell silent; whether there was one."""
    return _run(claim(worker_name()), heartbeat=heartbeat)


def _run(job: Job | None, *, heartbeat: bool) -> bool:
    if job is None:
        return False
    lease = Lease(job)
    language = translation.override(job.language or None)
    act = acting.Act(job.user.username if job.user else "", f"job:{job.kind}", f"job-{job.pk}")
    try:
        # It finds what its user sees; a job of nobody's sees all.
        seen = sight.through(access.sight_of(job.user) if job.user else None)
        beat = Heartbeat(lease) if heartbeat else nullcontext()
        with language, acting.doing(lambda: act), seen, beat:
            _work(job, lease)
    except LeaseLost:
        logger.warning("job %d (%s) was lost to another worker", job.pk, job.kind)
    except (OperationalError, InterfaceError):
        logger.exception("job %d (%s) was broken off", job.pk, job.kind)
        _hand_back(lease)
    return True


def _work(job: Job, lease: Lease) -> None:
    """Does the work; every end it can have is written down, while the lease holds."""
    logger.info("job %d (%s) begins, attempt %d", job.pk, job.kind, job.attempts)
    try:
        kind = kind_of(job)
        if kind is None:
            raise Refused(_("This version does not know such work: %s.") % job.kind)
        result = kind.function(job, lease)
    except Cancelled:
        lease.end(JobState.CANCELLED)
    except Stopped:
        lease.end(JobState.QUEUED, stalled=0)
    except Later as later:
        moment = Now() + timedelta(seconds=later.seconds)
        lease.end(
            JobState.QUEUED, not_before=moment, stalled=0, error=later.why, result=later.result
        )
    except StorageAway as away:
        moment = Now() + timedelta(seconds=SECONDS_WITHOUT_STORAGE)
        lease.end(JobState.QUEUED, not_before=moment, stalled=0, error=str(away))
    except Refused as refusal:
        lease.end(JobState.FAILED, error=str(refusal))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("job %d (%s) failed", job.pk, job.kind)
        said = _("Something unexpected happened: %(error)s. The details are in the worker's log.")
        lease.end(JobState.FAILED, error=said % {"error": f"{type(error).__name__}: {error}"[:500]})
    else:
        lease.end(JobState.DONE, result=result or {}, error="")
    logger.info("job %d (%s) ends", job.pk, job.kind)


def _hand_back(lease: Lease) -> None:
    """Queues a job for a little later; where even that fails its lease runs out by itself."""
    try:
        connection.close()
        lease.end(JobState.QUEUED, not_before=Now() + timedelta(seconds=SECONDS_TO_RECOVER))
    except (DatabaseError, InterfaceError, LeaseLost):
        logger.warning("job %d waits for the end of its lease", lease.job.pk)
