"""Hostile uploads are refused by a process that may have little memory and little time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from interactions.mailmerge import DocumentError, read_template

from .hostile import GOOD, HOSTILE

PROGRAM = """
import json, resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from interactions.mailmerge import DocumentError, read_template
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
space = 2**10 * before + 400 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (max(space, 900 * 2**20),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
try:
    read_template(data)
    said = ""
except DocumentError as error:
    said = str(error)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([said, used.ru_maxrss - before, used.ru_utime + used.ru_stime]))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_with_a_sentence_in_little_memory_and_time(name: str, tmp_path: Path) -> None:
    make, word = HOSTILE[name]
    file = tmp_path / "upload.docx"
    file.write_bytes(make())
    said, kibibytes, seconds = json.loads(in_a_small_process(file))
    assert word in said
    assert said.endswith(".")
    assert kibibytes < 250 * 1024
    assert seconds < 10


def in_a_small_process(file: Path) -> str:
    """What it printed; a process that needs more memory or time ends with an error."""
    run = [sys.executable, "-c", PROGRAM, str(file)]
    root = Path(__file__).parents[3]
    return subprocess.run(run, capture_output=True, check=True, cwd=root, text=True).stdout


def test_what_they_are_made_of_is_a_good_letter() -> None:
    assert read_template(GOOD).fields == ("First_Name",)


def test_nothing_outside_is_read() -> None:
    with pytest.raises(DocumentError) as refused:
        read_template(HOSTILE["entity"][0]())
    assert "root:" not in str(refused.value)
