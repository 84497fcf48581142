"""The lease: a worker's hold on a job, renewed in the same transaction as the work itself.

Time is the database's, so that workers on several machines agree on it.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from crm.models import Job, JobState
from crm.work.beside import Beside, beside

# Outside of a transaction progress is written no more often.
SECONDS_BETWEEN_WRITES = 0.5
Progress = Callable[..., None]

# Set when the worker is asked to stop: the job at hand is handed back at its next chunk.
stopping = threading.Event()


class Interruption(BaseException):
    """The work has to end here; not an Exception, so that nobody swallows it on the way."""


class LeaseLost(Interruption):
    """Another worker has the job, or nobody: whatever was not committed must not be."""


class Cancelled(Interruption):
    """The user does not want it any more."""


class Stopped(Interruption):
    """This worker is to end; another one goes on."""


class Refused(Exception):
    """It cannot be done, in a sentence for the user."""


class Later(Exception):
    """Nothing to do now; to be called again in so many seconds.

    `why` is a sentence for the user; `result` what came of it until now.
    """

    def __init__(
        self, seconds: float, *, why: str = "", result: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds, self.why, self.result = seconds, why, result or {}


def nobody(_done: int, _total: int | None = None, position: Any = None) -> None:
    """Progress that nobody listens to."""


def lease_end() -> Any:
    """When a lease ends that is taken or renewed now."""
    return Now() + timedelta(seconds=settings.JOB_LEASE)


def held(job: Job) -> Q:
    """The condition that this worker still has the job.

    One worker may lose a job and take it again: the attempt tells the two leases apart.
    """
    return Q(pk=job.pk, state=JobState.RUNNING, worker=job.worker, attempts=job.attempts)


class Lease:
    """A worker's hold on one job. Calling it says how far the work is: it is the `progress`."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = 0.0

    def __call__(self, done: int, total: int | None = None, position: Any = None) -> None:
        """Stores how much of how much is done, and where to go on; renews the lease."""
        if self._is_early(position):
            return
        said: dict[str, Any] = {"done": done, "stalled": 0, **_renewed()}
        if total is not None:
            said["total"] = total
        if position is not None:
            said["position"] = position
        if not _apart(lambda: self._rows().filter(cancel_requested=False).update(**said)):
            raise Cancelled if _apart(lambda: self._rows().update(**said)) else LeaseLost
        if stopping.is_set():
            raise Stopped
        self._written = time.monotonic()

    def _is_early(self, position: Any) -> bool:
        """Whether nothing is lost by not writing this: no transaction depends on it."""
        passed = time.monotonic() - self._written
        too_soon = passed < SECONDS_BETWEEN_WRITES and not stopping.is_set()
        return too_soon and position is None and not connection.in_atomic_block

    def renew(self) -> bool:
        """Makes the lease last from now on; False where it is lost."""
        return bool(self._rows().update(**_renewed()))

    def must_hold(self, **columns: Any) -> None:
        """Changes the job's row. Raises LeaseLost where another worker has it."""
        if not self._rows().update(**columns):
            raise LeaseLost

    def _rows(self) -> QuerySet[Job]:
        return Job.objects.filter(held(self.job))

    def end(self, state: str, **columns: Any) -> None:
        """Gives the job back: done, failed, cancelled, or queued for another worker."""
        ended = {} if state == JobState.QUEUED else {"ended_at": Now(), "cancel_requested": False}
        self.must_hold(state=state, worker="", lease_until=None, **ended, **columns)


def _apart(write: Callable[[], int]) -> int:
    """Tells how far work has come that has no transaction.

    It may be reading still. On SQLite a connection that reads sees the file as it was, and is not
    let write any more as soon as somebody else has: so another one writes.
    """
    if connection.in_atomic_block or connection.vendor != "sqlite":
        return write()
    return beside(write)


def _renewed() -> dict[str, Any]:
    return {"lease_until": lease_end(), "heartbeat_at": Now()}


class Heartbeat(Beside):
    """Renews a lease beside the work, by a connection of its own: `with Heartbeat(lease): ...`.

    So a lease may be short, and a killed worker soon noticed, though one chunk may take minutes.
    """

    def __init__(self, lease: Lease) -> None:
        super().__init__()
        self._lease = lease

    def work(self) -> None:
        """Renews again and again."""
        while not self.ended.wait(settings.JOB_LEASE / 3):
            self._renew()

    def _renew(self) -> None:
        """A busy or absent database is no reason to end: there may be time for another try."""
        try:
            if not self._lease.renew():
                self.ended.set()
        except (DatabaseError, InterfaceError):
            connection.close()
