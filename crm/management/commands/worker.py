"""manage.py worker: does the work of the queue, beside the web server; as many as one likes."""

import logging
import signal
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from crm import work
from crm.importing import keeping
from crm.storage import StorageAway
from crm.work.running import worker_name
from crm.work.signs import SignOfLife

logger = logging.getLogger("crm.work")
TIDY_SECONDS = 3600


class Command(BaseCommand):
    help = (
        "Does the work of the queue until SIGTERM, and takes up jobs of workers that were killed. "
        "Any number of workers, on any number of machines, may share one PostgreSQL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1, help="seconds between looks for work (default 1)"
        )
        parser.add_argument(
            "--batch", action="store_true", help="do what there is to do now, then end"
        )

    def handle(self, *, interval: float, batch: bool, **_options: Any) -> None:
        """Looks for work until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        logger.info("worker %s is ready", worker_name())
        with SignOfLife(worker_name()):
            self._work(interval, batch=batch)
        logger.info("worker %s ends", worker_name())

    def _work(self, interval: float, *, batch: bool) -> None:
        next_tidy = time.monotonic()
        while not work.stopping.is_set():
            was_busy = _work_once()
            if not was_busy and time.monotonic() >= next_tidy:
                next_tidy = time.monotonic() + TIDY_SECONDS
                _guarded(_tidy)
            if not was_busy and batch:
                break
            if not was_busy:
                work.stopping.wait(interval)


def _stop(_number: int, _frame: Any) -> None:
    """The first time: end after the chunk at hand. The second time: now."""
    if work.stopping.is_set():
        sys.exit(1)
    work.stopping.set()


def _work_once() -> bool:
    """One task of django.tasks and one job; whether there was any."""
    close_old_connections()
    tasks, jobs = _guarded(_run_task), _guarded(work.run_next)
    return tasks or jobs


def _guarded(step: Any) -> bool:
    """A database or a storage that is busy or away for a moment does not end a worker."""
    try:
        return bool(step())
    except StorageAway:  # was logged where it happened
        return False
    except (DatabaseError, InterfaceError):
        logger.exception("the database refused; the worker goes on")
        close_old_connections()
        return False


def _run_task() -> bool:
    """A task of django-tasks-db, where that is the backend; others bring workers of their own."""
    if not isinstance(task_backends["default"], DatabaseBackend):
        return False
    if not DBTaskResult.objects.ready().exists():
        return False
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_name()[-64:],
        excluded_queue_names=[],
    ).run()
    return True


def _tidy() -> None:
    """What has had its time: files and rows of jobs, and tasks that only started them."""
    work.tidy()
    keeping.tidy()
    if isinstance(task_backends["default"], DatabaseBackend):
        yesterday = timezone.now() - timedelta(days=1)
        DBTaskResult.objects.filter(enqueued_at__lt=yesterday).delete()
