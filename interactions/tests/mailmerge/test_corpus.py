"""Every template of the corpus, merged: text for text, the same twice, alone and combined."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from interactions.mailmerge import read_template
from interactions.mailmerge.pdf import to_pdfs

from .books import combined
from .corpus import CASES, MAIN, VALUES, Case
from .makers import lines, unzipped
from .office import office_cases

SECONDS = 240
# Of one list, by the font that is there.
BULLETS = {"•", "\uf0b7"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_merged_text_for_text(case: Case) -> None:
    check(case)


def check(case: Case) -> bytes:
    """The merged letter, which must read as it should."""
    source = case.make()
    letter = read_template(source).letter(VALUES)
    assert letter == read_template(source).letter(VALUES)
    assert {part: lines(letter, part) for part in case.parts} == case.parts
    assert set(unzipped(letter)) == set(unzipped(source))
    return letter


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_combined_text_for_text(case: Case) -> None:
    """What follows the last paragraph of a letter is a section; its text is the letter's."""
    data = combined(read_template(case.make()), VALUES, VALUES, VALUES)
    assert lines(data) == case.parts[MAIN] * 3


@pytest.mark.libreoffice
@pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None,
    reason="LibreOffice or Poppler is not installed",
)
def test_libreoffice_shows_the_same_words(tmp_path: Path) -> None:
    """Letters alone and combined, of all templates, those of LibreOffice too, in one run."""
    cases = [*CASES, *office_cases(tmp_path)]
    (tmp_path / "pdf").mkdir()
    sources, expected = [], {}
    for number, case in enumerate(cases):
        books = {1: check(case), 2: combined(read_template(case.make()), VALUES, VALUES)}
        for copies, data in books.items():
            source = tmp_path / f"{number}-{copies}.docx"
            source.write_bytes(data)
            sources.append(source)
            expected[f"{case.name} {copies}"] = case.words(copies)
    made = to_pdfs(sources, tmp_path / "pdf", seconds=SECONDS)
    shown = (Counter(words(each)) for each in made)
    assert dict(zip(expected, shown, strict=True)) == expected


def words(pdf: Path) -> list[str]:
    """The words of a PDF but for bullets, read by a program that knows nothing of us."""
    run = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return [word for word in run.stdout.decode().split() if word not in BULLETS]
