"""What tests of the whole site share: the demo with its people, and the small house of flowers."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from config import postgres as postgres_wheel
from config.tests import gifts
from segments.demo import load_demo

if TYPE_CHECKING:
    from config.tests.bucket import Bucket

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def demo(settings: Any, tmp_path: Path, transactional_db: None) -> Callable[[str], Client]:
    """The demo; gives a client where the person of that name is logged in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    load_demo(contacts=150)

    def as_person(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    return as_person


@pytest.fixture
def flowers(settings: Any, tmp_path: Path, transactional_db: None) -> None:
    """A house that is set up, and contacts imported from a CSV file."""
    settings.MEDIA_ROOT = tmp_path / "media"
    gifts.set_up()
    gifts.import_contacts(tmp_path)


@pytest.fixture
def bucket(settings: Any) -> "Iterator[Bucket]":
    """Documents are in a bucket of S3, by a server that can be stopped."""
    from config.tests import bucket as buckets  # which few tests need, and takes its time

    with buckets.served() as found:
        settings.STORAGES = settings.STORAGES | {"default": found.settings}
        yield found


@pytest.fixture
def house(bucket: "Bucket", transactional_db: None) -> "Bucket":
    """The demo, with its documents in the bucket."""
    load_demo(contacts=60)
    return bucket


@pytest.fixture
def programs(settings: Any) -> None:
    """PostgreSQL's programs of the wheel that brings the server, so of the same version."""
    settings.PG_BIN = str(postgres_wheel.programs())


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Any, programs: None, postgres: bool) -> Iterator[Run]:
    """Runs manage.py on a fresh machine: a new database, an empty storage."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    environment = os.environ | {
        "VAR_DIR": str(place),
        "DATABASE_URL": f"sqlite:///{place / 'fresh.sqlite3'}",
        "PG_BIN": settings.PG_BIN,
    }
    name = f"fresh_{uuid.uuid4().hex}"
    if postgres:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        address, _question, rest = os.environ["TEST_POSTGRES_URL"].partition("?")
        environment["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}?{rest}"

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environment | more, cwd=configured.BASE_DIR,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    yield run
    if postgres:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
