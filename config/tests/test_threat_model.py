"""docs/threat-model.md: every threat has its proof, and every proof is there."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

PAGE = Path(settings.BASE_DIR) / "docs" / "threat-model.md"
APPS = ("config", "crm", "interactions", "segments")
ROWS = [line for line in PAGE.read_text().splitlines() if re.match(r"\| [STRIDE] \|", line)]
PROOF = re.compile(r"`([\w/]*test_\w+\.py)(?:::(test_\w+))?`")


def files(name: str) -> list[Path]:
    """The files of this name, in whatever folder of tests; of this path, where it has folders."""
    found = (file for app in APPS for file in (Path(settings.BASE_DIR) / app).rglob("test_*.py"))
    return [file for file in found if str(file).endswith(f"/{name}")]


def names(file: Path) -> set[str]:
    """The names of the tests in a file, in classes too."""
    tree = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in tree if isinstance(node, ast.FunctionDef)}


def missing(row: str) -> list[str]:
    """What a row names and is not there, or is there twice."""
    found = []
    for name, test in PROOF.findall(row):
        there = files(name)
        if len(there) != 1 or (test and test not in names(there[0])):
            found.append(f"{name}::{test}")
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[2].strip()[:40])
def test_every_threat_has_a_proof_that_exists(row: str) -> None:
    assert PROOF.search(row.split("|")[4])
    assert missing(row) == []


def test_every_kind_of_threat_is_thought_of() -> None:
    assert {row[2] for row in ROWS} == set("STRIDE")


def test_a_proof_that_is_gone_is_missed() -> None:
    assert missing("`test_nowhere.py`") == ["test_nowhere.py::"]
    assert missing("`test_fuzz.py::test_gone`") == ["test_fuzz.py::test_gone"]
    assert missing("`test_audit.py`") == ["test_audit.py::"]  # two of that name
    assert missing("`crm/tests/test_audit.py::test_the_database_refuses_too`") == []
