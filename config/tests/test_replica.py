"""A real replica that follows by streaming: who asks it, and who does not."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import postgres
from config.replica import PAGES, Router
from config.tests.matrix import MATRIX
from crm.models import Contact


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter, as pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="segmentti-replica-") as made:
        yield Path(made)


@pytest.fixture
def addresses(folder: Path) -> Iterator[tuple[str, str]]:
    """A database and its replica, both of this test alone."""
    first = postgres.start(folder / "first", durable=False)
    second = folder / "second"
    subprocess.run(
        [
            postgres.programs() / "pg_basebackup",
            "-R",
            "-X",
            "stream",
            "-D",
            second,
            "-d",
            first.get_uri(),
        ],
        check=True,
    )
    if os.getuid() == 0:  # PostgreSQL never runs as root: the wheel has a user for it
        owner = pwd.getpwuid((folder / "first").stat().st_uid)
        for path in (second, *second.rglob("*")):
            shutil.chown(path, owner.pw_uid, owner.pw_gid)
    for left in (
        *second.glob(".s.PGSQL.*"),
        second / "postmaster.pid",
        second / ".handle_pids.json",
    ):
        left.unlink(missing_ok=True)  # of the first one, whose socket lies among its data
    follower = postgres.start(second)
    try:
        yield first.get_uri(), follower.get_uri()
    finally:
        follower.cleanup()
        first.cleanup()


def test_lists_ask_the_replica_and_writers_do_not(
    addresses: tuple[str, str], tmp_path: Path
) -> None:
    environment = os.environ | {
        "DATABASE_URL": addresses[0],
        "REPLICA_URL": addresses[1],
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    (tmp_path / "static").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "config.tests.replicated"],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "follows": True,
        "standby": True,
        "status": 302,
        "cookie": 10,
        "writer": True,
        "reader": False,
        # Matched, new, already on the segment, excluded, blocked; by page and while one types.
        "writer_may_add": [[2, 1, 1, 0, 0]] * 2,
        "reader_may_add": [[1, 0, 1, 0, 0]] * 2,
        # Lines removed, and kept.
        "writer_previews": {
            "add": [[2, 0, 2, 0, 0]] * 2, "keep": [[0, 2]] * 2, "remove": [[2, 0]] * 2
        },
        "reader_previews": {
            "add": [[1, 0, 1, 0, 0]] * 2, "keep": [[0, 1]] * 2, "remove": [[1, 0]] * 2
        },
        "writer_asks": ["default"],
        "reader_asks": ["replica"],
        "reader_wrote": False,
        "caught_up": True,
        "reader_later": True,
        "reader_previews_later": {
            "add": [[2, 0, 2, 0, 0]] * 2, "keep": [[0, 2]] * 2, "remove": [[2, 0]] * 2
        },
        "writer_later": True,
    }  # fmt: skip


def test_without_a_replica_nothing_is_routed() -> None:
    router = Router()
    assert (router.db_for_read(Contact), router.db_for_write(Contact)) == (None, "default")
    assert not router.allow_migrate("replica", "crm")


def test_every_page_named_is_there() -> None:
    assert set(MATRIX) >= PAGES
