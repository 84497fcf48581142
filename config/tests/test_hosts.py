"""The whole on several hosts, a link cut in mid-delivery: nothing is lost, nothing doubled.

CUT says for how many seconds the link is cut, MAILS how many mails are sent. From a minute on all
time limits are those of production; a shorter cut has shorter ones in proportion.
"""

import errno
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest

from config.tests.hosts import Hosts
from config.tests.mailing import numbered
from config.tests.network import Network
from config.tests.processes import kill, wait_until
from config.tests.visitor import Visitor
from interactions.tests.postoffice import PostOffice

CUT = float(os.environ.get("CUT", "6"))
MAILS = int(os.environ.get("MAILS", "300"))
SHARE = min(1.0, CUT / 60)
LEASE = 15 * SHARE
PATIENCE = 120 + MAILS

pytestmark = pytest.mark.hosts


def reaches(network: Network) -> str:
    """What becomes of a connection from the one host to the other, where nobody listens."""
    with network.inside("one"), socket.socket() as knocking:
        knocking.settimeout(1)
        try:
            knocking.connect((network.addresses["other"], 9))
        except OSError as error:
            return type(error).__name__ if not error.errno else errno.errorcode[error.errno]
    return ""


def test_a_cut_is_a_cut() -> None:
    with Network("one", "other") as network:
        assert reaches(network) == "ECONNREFUSED"
        with network.swallowed("one"):
            assert reaches(network) == "TimeoutError"
        assert reaches(network) == "ECONNREFUSED"
        with network.unplugged("one"):
            assert reaches(network) == "ENETUNREACH"
        assert reaches(network) == "ECONNREFUSED"


def limits() -> dict[str, str]:
    """Time limits in proportion to the cut; those of production where it lasts a minute."""
    if SHARE == 1:
        return {}
    silent = round(20_000 * SHARE)
    server = {"tcp_user_timeout": silent, "tcp_keepalives_idle": 1, "tcp_keepalives_interval": 1}
    options = {
        "connect_timeout": 2,
        "tcp_user_timeout": silent,
        "keepalives_idle": 1,
        "keepalives_interval": 1,
        "options": " ".join(f"-c {name}={value}" for name, value in server.items()),
    }
    return {"JOB_LEASE": str(LEASE), "DATABASE_OPTIONS": urlencode(options, quote_via=quote)}


class Whole(NamedTuple):
    """All hosts, the site's address, and the post office on one of the hosts."""

    hosts: Hosts
    site: str
    office: PostOffice


@pytest.fixture(scope="module")
def whole() -> Iterator[Whole]:
    with ExitStack() as stack:
        # PostgreSQL's user may enter this folder, as he may not enter pytest's own.
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="segmentti-hosts-")))
        folder.chmod(0o755)
        network = stack.enter_context(
            Network("database", "web", "visitor", "mail", "worker", "spare")
        )
        with network.inside("mail"):
            office = PostOffice(network.addresses["mail"])
            office.start()
        stack.callback(office.stop)
        mail = {"EMAIL_URL": office.url, "MAILS_PER_SECOND": "100"}
        hosts = stack.enter_context(Hosts(network, folder, **mail, **limits()))
        hosts.run("web", "-m", "config.tests.housed", "prepare", str(MAILS))
        yield Whole(hosts, hosts.serve(), office)


class Mailing:
    """A segment of everybody, logged and sent; and what has become of it by now."""

    def __init__(self, whole: Whole) -> None:
        self.hosts, self.office = whole.hosts, whole.office
        self._before = len(self.office.to)
        self.number = self._log_and_send(whole.site)

    def _log_and_send(self, site: str) -> str:
        """What a marketer does in his browser; returns the segment's number."""
        template, salesperson = (
            str(self.hosts.ask(f"SELECT id FROM {table}")[0][0])
            for table in ("interactions_interactiontemplate", "crm_salesperson")
        )
        with self.hosts.network.inside("visitor"):
            visitor = Visitor(site)
            visitor.go("/")
            visitor.send(username="marketer", password="secret")
            visitor.go("/segments/new/")
            visitor.send(description="Mailing", template=template, salesperson=salesperson)
            worksheet = visitor.url
            visitor.go(f"{worksheet}add/")
            visitor.send(action="apply", confirm_all="on")
            assert f"{MAILS:,} lines were added" in visitor.text()
            visitor.go(f"{worksheet}check/")
            visitor.go(f"{worksheet}log/?counted=1")
            visitor.send(send="on")
            assert "was logged" in visitor.text()
        return worksheet.rstrip("/").rpartition("/")[2]

    @property
    def sent(self) -> list[str]:
        """To whom a mail has arrived."""
        return self.office.to[self._before :]

    def has_ended(self) -> bool:
        return self.jobs() <= {"done", "failed", "cancelled"}

    def jobs(self) -> set[str]:
        return {state for (state,) in self.hosts.ask("SELECT state FROM crm_job")}

    def proven(self) -> Counter[str]:
        """Nothing lost, doubled, out of order; uncertain at most what was cut in mid-letter."""
        rows = self.hosts.ask(
            "SELECT delivery, delivered_to FROM interactions_interactionlogentry"
            f" WHERE segment_number = '{self.number}'"
        )
        states, arrived = Counter(state for state, _to in rows), Counter(self.sent)
        uncertain = {to for state, to in rows if state == "uncertain"}
        assert self.jobs() == {"done"}
        assert set(states) <= {"delivered", "uncertain"}
        assert states.total() == MAILS
        assert len(uncertain) <= 1
        assert {numbered(number) for number in range(1, MAILS + 1)} - set(arrived) <= uncertain
        assert [to for to, count in arrived.items() if count > 1] == []
        self.hosts.run("web", "-m", "config.tests.housed", "seal")
        return states


@pytest.mark.parametrize("cut", ["unplugged", "swallowed"])
def test_a_worker_whose_link_is_cut_catches_up(cut: str, whole: Whole, capsys: Any) -> None:
    mailing = Mailing(whole)
    with whole.hosts.worker("worker") as worker:
        wait_until(lambda: len(mailing.sent) > MAILS // 3, PATIENCE)
        with getattr(whole.hosts.network, cut)("worker"):
            time.sleep(CUT)
            there = len(mailing.sent)
        back = time.monotonic()
        wait_until(lambda: len(mailing.sent) > there + 1, PATIENCE)
        again = time.monotonic() - back
        wait_until(mailing.has_ended, PATIENCE + MAILS / 10)
        assert worker.poll() is None
    with capsys.disabled():
        print(f"\n{cut} for {CUT:.0f} s after {there} of {MAILS} mails, {again:.1f} s until it")
        print(f"was at work again: {dict(mailing.proven())}")
    assert MAILS // 3 < there < MAILS
    assert again < 2 * LEASE + 15


def test_another_worker_goes_on_while_one_is_cut(whole: Whole, capsys: Any) -> None:
    mailing = Mailing(whole)
    with whole.hosts.worker("worker") as worker:
        wait_until(lambda: len(mailing.sent) > MAILS // 3, PATIENCE)
        with whole.hosts.network.swallowed("worker"), whole.hosts.worker("spare"):
            there, cut = len(mailing.sent), time.monotonic()
            wait_until(mailing.has_ended, PATIENCE + MAILS / 10)
            took = time.monotonic() - cut
        gone = whole.hosts.ask("SELECT now()")[0][0]
        seen = (
            f"SELECT 1 FROM crm_workersign WHERE name LIKE '%:{worker.pid}' AND seen_at > '{gone}'"
        )
        wait_until(lambda: whole.hosts.ask(seen), PATIENCE)
    with capsys.disabled():
        print(
            f"\nthe rest by another worker in {took:.1f} s, one being cut after {there} of {MAILS}"
        )
        print(f"mails: {dict(mailing.proven())}")
    assert MAILS // 3 <= there < MAILS


def test_a_host_that_vanishes_leaves_no_locks(whole: Whole, capsys: Any) -> None:
    hold = ("-m", "config.tests.housed", "hold")
    with whole.hosts.start("worker", *hold, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with whole.hosts.network.swallowed("worker"):
            kill(holder)  # its goodbye is swallowed, too
            begun = time.monotonic()
            whole.hosts.ask("SELECT id FROM crm_marketingsetup FOR UPDATE")
            seconds = time.monotonic() - begun
    with capsys.disabled():
        print(f"\nthe locks of a host that vanished were gone after {seconds:.1f} s")
    assert 0.1 < seconds < 20 * SHARE + 10
