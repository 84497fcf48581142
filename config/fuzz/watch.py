"""Runs a target on one input after another, within bounds of time, and notes how it fell."""

import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from config.fuzz.rubbish import Rubbish

# Of the processor's time: a busy machine makes nothing look slow.
SECONDS = 10.0
MEMORY = 4 * 1024**3


class TooSlow(BaseException):
    """One input took longer than it may; no Exception, so that nobody swallows it."""


@dataclass
class Finding:
    """One way to fall: the error, where it was raised, and the first seed that led there."""

    error: str
    where: str
    seed: str
    times: int = 1

    def __str__(self) -> str:
        return f"{self.error} at {self.where}, {self.times} times, first: {self.seed}"


@dataclass
class Findings:
    """All the ways found."""

    ways: dict[tuple[str, str], Finding] = field(default_factory=dict)

    def note(self, error: BaseException, seed: str) -> None:
        """Another fall, or the same again."""
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1] if frames else None
        ours = [one for one in frames if "site-packages" not in one.filename] or frames
        where = " < ".join(f"{one.filename}:{one.lineno}" for one in reversed(ours[-2:]))
        key = (type(error).__name__, f"{last.filename}:{last.lineno}" if last else "")
        said = f"{type(error).__name__}: {str(error)[:200]}"
        if key in self.ways:
            self.ways[key].times += 1
        else:
            self.ways[key] = Finding(said, where, seed)
            print(f"  {self.ways[key]}", flush=True)


def bound_memory() -> None:
    """Whoever asks for more memory than this gets a MemoryError, not the machine's last."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextmanager
def time_limit() -> Iterator[None]:
    """Breaks off what takes more than SECONDS of the processor."""

    def stop(_number: int, _frame: Any) -> None:
        raise TooSlow(f"more than {SECONDS} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(
    name: str, target: Callable[[Rubbish], None], inputs: int, findings: Findings, *, first: int = 0
) -> float:
    """Feeds a target so many inputs; returns the seconds it took."""
    begun = time.monotonic()
    for number in range(first, first + inputs):
        seed = f"{name}:{number}"
        try:
            with time_limit():
                target(Rubbish(seed))
        except (Exception, TooSlow) as error:
            findings.note(error, seed)
    return time.monotonic() - begun
