"""Real processes on the database of the test: workers that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

LEASE = 1.5


def environment(**more: str) -> dict[str, str]:
    """What a process needs to work on the database and the storage of the running test."""
    return {
        **os.environ,
        "DATABASE_URL": _address(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "JOB_LEASE": str(LEASE),
        "PYTHONPATH": str(settings.BASE_DIR),
        **more,
    }


def _address() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}").geturl()


def worker(*arguments: str, **more: str) -> "subprocess.Popen[bytes]":
    """A worker process; see config/tests/working.py."""
    return subprocess.Popen(
        [sys.executable, "-m", "config.tests.working", "--interval", "0.1", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(**more),
    )


@contextmanager
def workers(count: int, **more: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """So many workers, killed at the end; who kills one may put another in its place."""
    running = [worker(**more) for _index in range(count)]
    try:
        yield running
    finally:
        for one in running:
            kill(one)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL: no handler, no finally, no goodbye."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Waits until it holds; fails the test where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
