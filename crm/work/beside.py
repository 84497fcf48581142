"""A thread beside the work, by a connection of its own: `with SomeBeside(): ...`."""

import threading

from django.db import connection


class Beside:
    """Runs `work` until the block ends; `work` looks at `ended` and comes back then."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self.work()
        finally:
            connection.close()

    def work(self) -> None:
        """What is done beside."""
        raise NotImplementedError
