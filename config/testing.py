"""The project's pytest plugin: the database to test on, and the people who log in.

`DATABASE=postgres pytest` starts a PostgreSQL of its own (from a wheel) in a temporary folder and
stops it at the end; without it the tests run on an SQLite file, as `make run` does.
"""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytest_plugins = ["config.tests.browser"]

_folder = tempfile.TemporaryDirectory(prefix="segmentti-test-", ignore_cleanup_errors=True)
_server: Any = None


def _start_postgres() -> str:
    """Starts a throw-away PostgreSQL and returns its address."""
    global _server  # noqa: PLW0603 - kept alive until the tests have ended
    from config import postgres

    _server = postgres.start(Path(_folder.name) / "postgres", durable=False)
    return str(_server.get_uri())


def _set_environment() -> None:
    """Tests never read a developer's own configuration."""
    os.environ["ENV_FILE"] = ""
    os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
    os.environ["DEBUG"] = "true"
    os.environ["HTTPS"] = "false"
    os.environ["EMAIL_URL"] = "memory://"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["VAR_DIR"] = _folder.name
    (Path(_folder.name) / "static").mkdir()  # whitenoise warns where it is missing
    os.environ.pop("MEDIA_ROOT", None)
    if os.environ.get("DATABASE") == "postgres":
        # Workers of pytest-xdist inherit the address of the server that the first process started.
        os.environ.setdefault("TEST_POSTGRES_URL", "")
        if not os.environ["TEST_POSTGRES_URL"]:
            os.environ["TEST_POSTGRES_URL"] = _start_postgres()
        os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRES_URL"]
    else:
        os.environ.pop("DATABASE_URL", None)
        os.environ["TEST_SQLITE_NAME"] = str(Path(_folder.name) / "test.sqlite3")


_set_environment()


def pytest_unconfigure() -> None:
    """Stops the PostgreSQL that this process started."""
    if _server is not None:
        _server.cleanup()
    _folder.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Tables are emptied after a test; SQLite's audit trail refuses that to anybody else."""
    from crm import acting

    with acting.pruning():
        return (yield)


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """A test begins in English, whatever language a request of the one before it spoke."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose; a test logs in often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _user(name: str, **fields: Any) -> "User":
    from django.contrib.auth.models import Group, User

    user = User.objects.create_user(name, password="secret", **fields)
    if not user.is_superuser:
        user.groups.add(Group.objects.get(name=name))
    return user


@pytest.fixture
def reader(db: None) -> "User":
    """May see everything and change nothing."""
    return _user("reader")


@pytest.fixture
def marketer(db: None) -> "User":
    """Builds and logs segments."""
    return _user("marketer")


@pytest.fixture
def manager(db: None) -> "User":
    """A marketer who also keeps templates and campaigns."""
    return _user("manager")


@pytest.fixture
def admin(db: None) -> "User":
    """Sets everything up in Django admin."""
    return _user("admin", is_staff=True, is_superuser=True)


def _logged_in(user: "User") -> "Client":
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reader_client(reader: "User") -> "Client":
    return _logged_in(reader)


@pytest.fixture
def marketer_client(marketer: "User") -> "Client":
    return _logged_in(marketer)


@pytest.fixture
def manager_client(manager: "User") -> "Client":
    return _logged_in(manager)


@pytest.fixture
def admin_client(admin: "User") -> "Client":
    return _logged_in(admin)


@pytest.fixture
def postgres() -> bool:
    """Whether this run is on PostgreSQL."""
    from django.db import connection

    return connection.vendor == "postgresql"
