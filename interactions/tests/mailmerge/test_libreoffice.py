"""LibreOffice opens what we write, and sees the pages, headers and lists that should be there."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from interactions.mailmerge import combine, read_template

from .makers import lines
from .test_letters import office_letter

SECONDS = 120

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def convert(source: Path, kind: str) -> bytes:
    """The file in another format, by a LibreOffice of its own that is gone afterwards."""
    profile = source.parent / "profile"
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(source.parent), str(source)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert process.wait(SECONDS) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return source.with_suffix("." + kind.partition(":")[0]).read_bytes()


def test_twenty_letters_in_one_document(tmp_path: Path) -> None:
    template = read_template(office_letter())
    names = [f"Åsa & <{number}>" for number in range(20)]
    letters = (
        (template, {"First_Name": name, "Company": f"Oy {name}", "City": "Turku\nÅbo"}, "fi")
        for name in names
    )
    source = tmp_path / "letters.docx"
    with source.open("wb") as out:
        assert combine(letters, out) == 20
    text = convert(source, "txt:Text (encoded):UTF8").decode("utf-8-sig")
    shown = [line.strip() for line in text.splitlines() if line.strip()]
    letter = ["1. First", "2. Second for Turku", "Åbo", "Turku", "Åbo", "fixed", "Yours"]
    assert shown == [line for name in names for line in (f"Dear {name}", *letter)]
    pdf = convert(source, "pdf")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 20


def test_a_single_letter(tmp_path: Path) -> None:
    source = tmp_path / "letter.docx"
    source.write_bytes(
        read_template(office_letter()).letter({"First_Name": "Ada", "City": "x" * 600})
    )
    text = convert(source, "txt:Text (encoded):UTF8").decode("utf-8-sig")
    assert "Dear Ada" in text
    assert "x" * 600 in text


def test_a_template_saved_by_libreoffice(tmp_path: Path) -> None:
    """LibreOffice writes fields in its own way (and forgets their switches)."""
    source = tmp_path / "template.rtf"
    source.write_bytes(RTF)
    saved = convert(source, "docx")
    template = read_template(saved)
    assert template.fields == ("First_Name", "City", "Company")
    values = {"First_Name": "Ada", "City": "Turku", "Company": "Oy Åbo"}
    assert template.text(values) == "Dear Ada,\nin Turku with Oy Åbo."
    assert lines(template.letter(values)) == ["Dear Ada,", "in Turku with Oy Åbo."]


RTF = rb"""{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0
Dear {\field{\*\fldinst MERGEFIELD First_Name \\* MERGEFORMAT}{\fldrslt{\b old}}},\par
in {\field{\*\fldinst  MERGEFIELD City }{\fldrslt old}} with \{\{ Comp{\b any} \}\}.}"""
