"""How the jobs and the workers stand, for whoever watches the installation."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from crm.models import Job, JobState, WorkerSign

# A worker that has not been seen for so long is not there.
SECONDS_ALIVE = 60


@dataclass(frozen=True)
class Figures:
    """Jobs by state, seconds the oldest waits, running jobs without a worker, workers alive."""

    states: dict[str, int]
    oldest: float
    expired: int
    workers: int


def figures() -> Figures:
    """Three statements, whatever the number of jobs."""
    counted = Job.objects.order_by().values_list("state").annotate(number=Count("pk"))
    states = dict.fromkeys(JobState.values, 0) | dict(counted)
    waiting = Q(state=JobState.QUEUED) & (Q(not_before=None) | Q(not_before__lte=Now()))
    expired = Q(state=JobState.RUNNING, lease_until__lt=Now())
    told = Job.objects.aggregate(
        since=Min("created_at", filter=waiting), expired=Count("pk", filter=expired)
    )
    since = told["since"]
    oldest = (timezone.now() - since).total_seconds() if since else 0.0
    return Figures(states, max(0.0, oldest), told["expired"], workers_alive())


def workers_alive() -> int:
    """How many workers gave a sign of life lately, by the database's clock."""
    since = Now() - timedelta(seconds=SECONDS_ALIVE)
    return WorkerSign.objects.filter(seen_at__gte=since).count()
