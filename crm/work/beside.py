"""Beside the work, by a connection of its own: `with SomeBeside(): ...`, or `beside(write)`."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def beside(work: Callable[[], T]) -> T:
    """Does something by a connection of its own, and waits for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, _done, work).result()


def _done(work: Callable[[], T]) -> T:
    """What a thread does; its connection is nobody else's, and ends with it."""
    try:
        return work()
    finally:
        connection.close()


class Beside:
    """Runs `work` until the block ends; `work` looks at `ended` and comes back then."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._thread = threading.Thread(target=_done, args=(self.work,), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._thread.join()

    def work(self) -> None:
        """What is done beside."""
        raise NotImplementedError
