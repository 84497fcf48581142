"""What is installed is what was pinned: every pin has the hashes of its release."""

import re

import pytest
from django.conf import settings

FILES = ("requirements.txt", "requirements-dev.txt")
S3 = ("requirements-s3.txt", "requirements-s3-dev.txt")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+) ?((?:\\\n? *--hash=sha256:[0-9a-f]{64} ?)*)", re.MULTILINE)


def pins(name: str) -> dict[str, tuple[str, int]]:
    """The packages that a file pins, each with its version and how many hashes it has."""
    text = (settings.BASE_DIR / name).read_text()
    return {pin[1]: (pin[2], pin[3].count("--hash")) for pin in PIN.finditer(text)}


def wanted(name: str) -> set[str]:
    """The packages that are asked for by name."""
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    names = (re.match(r"[A-Za-z][A-Za-z0-9_-]*", line) for line in lines)
    return {found[0].lower().replace("_", "-") for found in names if found}


@pytest.mark.parametrize("name", FILES + S3)
def test_every_pin_has_hashes(name: str) -> None:
    found = pins(name)
    assert [one for one, (_version, hashes) in found.items() if not hashes] == []
    assert wanted(name.replace(".txt", ".in")) - set(found) == set()
    text = (settings.BASE_DIR / name).read_text()
    assert len(found) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))


def test_tests_run_on_what_production_runs_on() -> None:
    assert pins(FILES[0]).items() <= pins(FILES[1]).items()


@pytest.mark.parametrize("name", S3)
def test_what_is_installed_without_its_own_word_changes_nothing(name: str) -> None:
    """What botocore says of python-dateutil would take ours away; see requirements-s3.in."""
    ours = pins(FILES[1])
    theirs = pins(name)
    assert {one: pin for one, pin in theirs.items() if ours.get(one, pin)[0] != pin[0]} == {}
    assert "python-dateutil" not in theirs


def test_installing_insists_on_them() -> None:
    assert "pip install" in (makefile := (settings.BASE_DIR / "Makefile").read_text())
    assert "--require-hashes -r $<" in makefile
