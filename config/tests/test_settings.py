"""The environment: nonsense in it stops the program with a sentence, and production is safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "ENV_FILE": "",
    "SECRET_KEY": "".join(chr(ord("a") + n % 26) for n in range(30)) + "0123456789-ABCDEFGHIJKL",
    "ALLOWED_HOSTS": "segmentti.example",
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in this project with that environment and no other."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(**environment: str) -> subprocess.CompletedProcess[str]:
    """Reads the settings with that environment."""
    return run("-c", "import config.settings", **environment)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must have at least 32 characters"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters"),
        ("DEBUG", "perhaps", "DEBUG"),
        ("HTTPS", "perhaps", "HTTPS"),
        ("DATABASE_URL", "mysql://me@host/name", "DATABASE_URL"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://host:port/name", "DATABASE_URL"),
        ("TIME_ZONE", "Europe/Atlantis", "TIME_ZONE 'Europe/Atlantis' is not a known time zone"),
        ("TIME_ZONE", "../../etc/passwd", "TIME_ZONE '../../etc/passwd' is not a known time zone"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("EMAIL_URL", "carrier-pigeon://host", "EMAIL_URL"),
        ("SITE_URL", "crm.example/path", "SITE_URL"),
        ("MAILS_PER_SECOND", "many", "MAILS_PER_SECOND"),
        ("MAIL_ATTEMPTS", "0", "MAIL_ATTEMPTS"),
        ("JOB_LEASE", "0", "JOB_LEASE"),
    ],
)
def test_nonsense_stops_with_a_sentence_that_names_the_variable(
    name: str, value: str, sentence: str
) -> None:
    answer = read(**{**PRODUCTION, name: value})
    assert answer.returncode == 1
    assert sentence in answer.stderr.splitlines()[-1]


def test_without_a_secret_key_nothing_starts() -> None:
    answer = read(ENV_FILE="")
    assert answer.returncode == 1
    assert "SECRET_KEY" in answer.stderr.splitlines()[-1]


def test_production_needs_only_a_key_and_its_hosts(tmp_path: Path) -> None:
    answer = run(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        VAR_DIR=str(tmp_path),
        **PRODUCTION,
    )
    assert (answer.returncode, answer.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


def test_a_file_of_variables_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text(f"SECRET_KEY={'k' * 40}\nTIME_ZONE=Europe/Stockholm\nLOG_LEVEL=ERROR\n")
    code = "from config import settings as s; print(s.TIME_ZONE, s.LOGGING['root']['level'])"
    answer = run("-c", code, ENV_FILE=str(file), LOG_LEVEL="DEBUG")
    assert answer.stdout == "Europe/Stockholm DEBUG\n"


def test_postgres_and_sqlite_are_understood(tmp_path: Path) -> None:
    code = "from config import settings as s; d = s.DATABASES['default']; print(d['ENGINE'])"
    environment = {**PRODUCTION, "VAR_DIR": str(tmp_path)}
    assert run("-c", code, **environment).stdout == "django.db.backends.sqlite3\n"
    environment["DATABASE_URL"] = "postgres://me:secret@host/name"
    assert run("-c", code, **environment).stdout == "django.db.backends.postgresql\n"
