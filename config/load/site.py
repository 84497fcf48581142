"""The site as processes: gunicorn, workers, what they take of the machine, and killing them."""

import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
from django.conf import settings

# Threads, because some answers wait for the database for long: none of them keeps a process from
# answering others, nor is it taken for dead. Processes, because Python works on one core each.
WEB = ("--workers", "3", "--threads", "4", "--timeout", "30", "--backlog", "512")
Process = subprocess.Popen[bytes]


@dataclass
class Site:
    """The web server and its workers."""

    environment: dict[str, str]
    workers: list[Process] = field(default_factory=list)
    kills: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = _free_port()
        self.host = f"http://127.0.0.1:{self.port}"
        bound = ("--bind", f"127.0.0.1:{self.port}", "--log-level", "error")
        self.web = self._start("-m", "gunicorn", "config.load.wsgi", *bound, *WEB)

    def _start(self, *arguments: str) -> Process:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            start_new_session=True,
        )

    def start_worker(self) -> None:
        self.workers.append(self._start("manage.py", "worker", "--interval", "0.2"))

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while True:
            with suppress(OSError), urllib.request.urlopen(f"{self.host}/healthz", timeout=5):  # noqa: S310
                return
            if time.monotonic() > end or self.web.poll() is not None:
                raise RuntimeError("the web server does not answer")
            time.sleep(0.1)

    def kill_worker(self, lots: random.Random) -> None:
        """SIGKILL to one worker; another takes its place."""
        victim = self.workers.pop(lots.randrange(len(self.workers)))
        self.kills.append((time.time(), "worker"))
        victim.kill()
        victim.wait()
        self.start_worker()

    def kill_web(self, lots: random.Random) -> None:
        """SIGKILL to one process of the web server; gunicorn starts another."""
        children = psutil.Process(self.web.pid).children()
        if children:
            self.kills.append((time.time(), "web"))
            lots.choice(children).kill()

    @property
    def processes(self) -> Iterator[tuple[str, Any]]:
        """What runs, by its role."""
        for process in psutil.Process(self.web.pid).children():
            yield "web process", process
        for worker in self.workers:
            yield "worker", psutil.Process(worker.pid)

    def stop(self) -> None:
        """Asks all of it to end, and whatever they started with it."""
        everything = [self.web, *self.workers]
        for process in everything:
            process.terminate()
        for process in everything:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def serving(environment: dict[str, str], *, workers: int = 1) -> Iterator[Site]:
    """The site, as long as the block lasts."""
    site = Site(environment)
    try:
        for _index in range(workers):
            site.start_worker()
        site.wait()
        yield site
    finally:
        site.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Watch(threading.Thread):
    """Looks once a second: how busy the machine is, and how much memory each process has."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site, self._over = site, threading.Event()
        self.busy: list[tuple[float, float]] = []
        self._sizes: dict[str, list[int]] = defaultdict(list)

    def run(self) -> None:
        psutil.cpu_percent()
        while not self._over.wait(1):
            self.busy.append((time.time(), psutil.cpu_percent()))
            with suppress(psutil.Error):
                self._weigh()

    def _weigh(self) -> None:
        """The share of each process: what several have together is counted once (PSS)."""
        for role, process in self.site.processes:
            self._sizes[role].append(process.memory_full_info().pss)

    @property
    def memory(self) -> dict[str, dict[str, float]]:
        """MiB of a process of each role: mostly, and at most."""
        return {
            role: {"mostly": statistics.median(sizes) / 2**20, "at most": max(sizes) / 2**20}
            for role, sizes in self._sizes.items()
        }

    def between(self, begun: float, ended: float) -> float:
        """Per cent of all processors that worked meanwhile, for whomever."""
        found = [percent for moment, percent in self.busy if begun <= moment <= ended]
        return sum(found) / len(found) if found else 0.0

    def end(self) -> None:
        self._over.set()
        self.join()
