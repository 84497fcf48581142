"""A worker's sign of life: a row that it renews beside its work, and takes away when it ends."""

import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from crm.models import WorkerSign

Work = Callable[[str], None]
SECONDS_BETWEEN = 10
# What a killed worker left is forgotten after so long.
A_DAY = timedelta(days=1)


class SignOfLife:
    """`with SignOfLife(name): ...`, by a connection of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._give, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _give(self) -> None:
        try:
            while True:
                self._safely(give, self._name)
                if self._ended.wait(SECONDS_BETWEEN):
                    break
            self._safely(take_away, self._name)
        finally:
            connection.close()

    def _safely(self, work: Work, name: str) -> None:
        """A database that is away for a moment is told by the missing sign itself."""
        try:
            work(name)
        except (DatabaseError, InterfaceError):
            connection.close()


def give(name: str) -> None:
    """This worker lives."""
    WorkerSign.objects.update_or_create(name=name, defaults={"seen_at": Now()})
    WorkerSign.objects.filter(seen_at__lt=Now() - A_DAY).delete()


def take_away(name: str) -> None:
    """This worker ends."""
    WorkerSign.objects.filter(name=name).delete()
