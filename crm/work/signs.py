"""A worker's sign of life: a row that it renews beside its work, and takes away when it ends."""

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from crm.models import WorkerSign
from crm.work.beside import Beside

Work = Callable[[str], None]
SECONDS_BETWEEN = 10
# What a killed worker left is forgotten after so long.
A_DAY = timedelta(days=1)


class SignOfLife(Beside):
    """`with SignOfLife(name): ...`, by a connection of its own."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def work(self) -> None:
        """Gives the sign at once and then now and again, and takes it away at the end."""
        while True:
            self._safely(give, self._name)
            if self.ended.wait(SECONDS_BETWEEN):
                break
        self._safely(take_away, self._name)

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
