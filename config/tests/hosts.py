"""The whole on several hosts: PostgreSQL, web servers, workers and a mail server, each on its own.

They share a folder for documents, as hosts do by object storage or NFS; all else goes by network.
"""

import os
import pwd
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings

from config import postgres
from config.tests.network import Network
from config.tests.processes import kill, wait_until

PASSWORD = "only-for-tests"
PORT = 8400
Process = subprocess.Popen[Any]


class Hosts:
    """The network with a database in it, and how to start the rest; all ends with the block."""

    def __init__(self, network: Network, folder: Path, **environment: str) -> None:
        self.network, self.folder = network, folder
        self.data = folder / "postgres"
        self._running: list[Process] = []
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(settings.BASE_DIR),
            "LOG_LEVEL": "INFO",
            "ALLOWED_HOSTS": network.addresses["web"],
            **environment,
        }
        (folder / "var" / "static").mkdir(parents=True)

    def __enter__(self) -> "Hosts":
        self._make_database()
        address = self.network.addresses["database"]
        with self.network.inside("database"):
            place = ("-D", str(self.data), "-k", str(self.data), "-h", address, "-p", "5432")
            owner = self._owner()
            self._begin(
                "postgres", str(postgres.programs() / "postgres"), *place,
                user=owner.pw_uid, group=owner.pw_gid, extra_groups=[],
            )  # fmt: skip
        wait_until(self._answers, 30)
        query = self.environment.pop("DATABASE_OPTIONS", "")
        url = f"postgres://postgres:{PASSWORD}@{address}:5432/postgres?{query}"
        self.environment["DATABASE_URL"] = url
        return self

    def __exit__(self, *_error: object) -> None:
        for process in reversed(self._running[1:]):
            kill(process)
        self._running[0].send_signal(signal.SIGINT)
        self._running[0].wait(timeout=30)

    def _make_database(self) -> None:
        """Made by the wheel, then told to let others in by password alone."""
        server = postgres.start(self.data, durable=False)
        server.psql(f"ALTER USER postgres PASSWORD '{PASSWORD}';")
        server.cleanup()
        rules = "local all all trust\nhost all all 198.18.0.0/24 scram-sha-256\n"
        (self.data / "pg_hba.conf").write_text(rules)

    def _owner(self) -> pwd.struct_passwd:
        """PostgreSQL never runs as root: the wheel has a user for it."""
        return pwd.getpwuid(self.data.stat().st_uid)

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows of the database, asked on its own host, whatever is cut."""
        connection = psycopg2.connect(host=str(self.data), user="postgres", dbname="postgres")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(question)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def _begin(self, log: str, *command: str, **more: Any) -> Process:
        """A process on the host where this thread is; what it says is in `<log>.log`."""
        with (self.folder / f"{log}.log").open("ab") as out:
            told: dict[str, Any] = {"stdout": out, "stderr": subprocess.STDOUT} | more
            process = subprocess.Popen(command, cwd=settings.BASE_DIR, **told)
        self._running.append(process)
        return process

    def start(self, host: str, *arguments: str, **more: Any) -> Process:
        """A Python of ours on that host."""
        with self.network.inside(host):
            return self._begin(host, sys.executable, *arguments, env=self.environment, **more)

    def run(self, host: str, *arguments: str) -> None:
        """The same, waited for; it must end well."""
        process = self.start(host, *arguments)
        assert process.wait(timeout=600) == 0, (self.folder / f"{host}.log").read_text()[-3000:]

    def serve(self) -> str:
        """gunicorn on the host `web`; returns its address once it answers."""
        bind = f"{self.network.addresses['web']}:{PORT}"
        self.start("web", "-m", "gunicorn", "config.wsgi", "--bind", bind, "--workers", "2")
        site = f"http://{bind}"
        wait_until(lambda: self._is_ready(site), 60)
        return site

    def _is_ready(self, site: str) -> bool:
        with self.network.inside("visitor"):
            try:
                return bool(urllib.request.urlopen(f"{site}/readyz", timeout=5).status == 200)
            except (urllib.error.URLError, OSError):
                return False

    @contextmanager
    def worker(self, host: str) -> Iterator[Process]:
        """`manage.py worker` on that host, as long as the block."""
        process = self.start(host, "manage.py", "worker", "--interval", "0.2")
        try:
            yield process
        finally:
            kill(process)
