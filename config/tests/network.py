"""Several hosts on one machine: network namespaces with a link each to one switch, to be cut.

Needs root and iproute2. Whatever a thread opens or starts `inside` a host belongs to that host.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# An address range for tests of networks (RFC 2544): nobody's in earnest.
ADDRESS = "198.18.0.{}"
NEW_NETWORK = 0x40000000
SWITCH = "switch"
_libc = ctypes.CDLL(None, use_errno=True)


def ip(*arguments: str) -> None:
    """The program of that name."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class Network:
    """A host for each name, all of them on one switch; `with` takes them away again."""

    def __init__(self, *hosts: str) -> None:
        self.addresses = {host: ADDRESS.format(n) for n, host in enumerate(hosts, start=1)}
        self._stack = ExitStack()

    def __enter__(self) -> "Network":
        with ExitStack() as made:
            for host in (SWITCH, *self.addresses):
                ip("netns", "add", self._of(host))
                made.callback(ip, "netns", "del", self._of(host))
                ip("-n", self._of(host), "link", "set", "lo", "up")
            ip("-n", self._of(SWITCH), "link", "add", "bridge", "type", "bridge")
            ip("-n", self._of(SWITCH), "link", "set", "bridge", "up")
            for host, address in self.addresses.items():
                self._plug_in(host, address)
            self._stack = made.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @staticmethod
    def _of(host: str) -> str:
        return f"segmentti-{os.getpid()}-{host}"

    def _plug_in(self, host: str, address: str) -> None:
        switch, here = self._of(SWITCH), self._of(host)
        veth = ("type", "veth", "peer", "name", host, "netns", switch)
        ip("-n", here, "link", "add", "eth0", *veth)
        ip("-n", here, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", here, "link", "set", "eth0", "up")
        self._port(host, "master", "bridge")
        ip("-n", switch, "link", "set", host, "up")

    @contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """This thread is on that host for as long."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(Path("/run/netns") / self._of(host), os.O_RDONLY)
        try:
            _enter(there)
            yield
        finally:
            _enter(home)
            os.close(there)
            os.close(home)

    @contextmanager
    def unplugged(self, host: str) -> Iterator[None]:
        """The host's link is down, which it notices: its system knows no way any more."""
        self._link(host, "down")
        try:
            yield
        finally:
            self._link(host, "up")

    def _link(self, host: str, state: str) -> None:
        ip("-n", self._of(host), "link", "set", "eth0", state)

    @contextmanager
    def swallowed(self, host: str) -> Iterator[None]:
        """All that comes from the host or goes there is lost at the switch, and nobody is told."""
        self._port(host, "nomaster")
        try:
            yield
        finally:
            self._port(host, "master", "bridge")

    def _port(self, host: str, *wanted: str) -> None:
        ip("-n", self._of(SWITCH), "link", "set", host, *wanted)


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "cannot enter a network namespace")
