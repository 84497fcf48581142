"""PDF of letters, by a LibreOffice without a window.

It runs in a profile folder of its own, made for one conversion, in which nothing is fetched from
anywhere, and it is always ended: by us when the time is up, and by `timeout` where we are killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from .errors import DocumentError

OFFICE = ("soffice", "libreoffice")
# Marks of letters in a combined document become named destinations.
FILTER = (
    'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)
LETTER_MARK = re.compile(r"^/?slot\d+xletter(\d+)$")
SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Writer/Content/Update", "Field", "false"),
)


def has_office() -> bool:
    """Whether LibreOffice is installed."""
    return any(map(shutil.which, OFFICE))


def to_pdf(source: Path, target: Path, *, seconds: float) -> int:
    """Writes a .docx as PDF; returns how many pages. Errors: `to_pdfs`."""
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        made = to_pdfs([source], Path(folder), seconds=seconds)[0]
        shutil.move(made, target)
    return len(read_pdf(target).pages)


def to_pdfs(sources: Sequence[Path], folder: Path, *, seconds: float) -> list[Path]:
    """Writes each .docx as a PDF of the same stem into `folder`, all in one run.

    DocumentError where LibreOffice is not installed, needs longer than `seconds`, or makes none.
    """
    office = next(filter(None, map(shutil.which, OFFICE)), None)
    if office is None:
        raise DocumentError("pdf-no-office")
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as profile:
        _write_settings(Path(profile))
        command = [office, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--norestore", "--nolockcheck", "--nodefault", "--convert-to", FILTER]
        _run([*command, "--outdir", str(folder), *map(str, sources)], profile, seconds)
    made = [folder / f"{source.stem}.pdf" for source in sources]
    if not all(each.is_file() for each in made):
        raise DocumentError("pdf-failed")
    return made


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in SETTINGS
    )
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor='
        f'"http://openoffice.org/2001/registry">{items}</oor:items>'
    )


def _run(command: list[str], profile: str, seconds: float) -> None:
    """Runs LibreOffice in a process group of its own, and ends whatever of it is left."""
    if shutil.which("timeout"):
        command = ["timeout", "--kill-after=5", str(seconds + 5), *command]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "HOME": profile, "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(  # noqa: S603 - no shell, and no word of the command is a user's
        command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
    )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise DocumentError("pdf-too-slow", seconds=round(seconds)) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise DocumentError("pdf-failed")


def read_pdf(source: Path | BytesIO) -> PdfReader:
    """A PDF to take pages from. DocumentError if it is none."""
    try:
        reader = PdfReader(source)
        len(reader.pages)
    except (PyPdfError, OSError, ValueError, KeyError) as error:
        raise DocumentError("pdf-failed") from error
    return reader


def letter_pages(reader: PdfReader, letters: int) -> list[range]:
    """The pages of each letter, from the marks that `combine(..., marked=True)` has set.

    DocumentError unless every letter has its mark and each begins on a page after the one before.
    """
    starts: dict[int, int] = {}
    for name, destination in reader.named_destinations.items():
        if found := LETTER_MARK.match(name):
            page = reader.get_destination_page_number(destination)
            starts[int(found[1])] = -1 if page is None else page
    borders = [starts.get(number, -1) for number in range(1, letters + 1)] + [len(reader.pages)]
    if len(starts) != letters or borders[0] != 0:
        raise DocumentError("pdf-unclear")
    if any(one >= other for one, other in pairwise(borders)):
        raise DocumentError("pdf-unclear")
    return [range(one, other) for one, other in pairwise(borders)]


def split(reader: PdfReader, pages: Sequence[range]) -> Iterator[bytes]:
    """One PDF for each range of pages, made when it is asked for."""
    for each in pages:
        writer = PdfWriter()
        for number in each:
            writer.add_page(reader.pages[number])
        out = BytesIO()
        writer.write(out)
        yield out.getvalue()
