"""How a letter looks: its pages as pictures, made by LibreOffice and Poppler.

The pictures of a letter are kept for an hour under the hash of its bytes: who looks at the same
letter again does not wait again. One letter is drawn at a time in a process; others wait.
"""

import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from django.core.cache import caches

from interactions import documents, linting, mailmerge

SECONDS = 40
MOST_PAGES = 10
DOTS_PER_INCH = 80
_drawing = threading.Lock()


def can_draw() -> bool:
    """Whether the programs that draw pages are installed."""
    return mailmerge.has_office() and shutil.which("pdftoppm") is not None


def pages(data: bytes) -> list[bytes]:
    """The first pages of a .docx, each as PNG.

    Raises DocumentError where a program is not installed or cannot do it, or where the letter
    would fetch something from elsewhere.
    """
    key = hashlib.sha256(data).hexdigest()
    cache = caches["looks"]
    found: list[bytes] | None = cache.get(key)
    if found is None:
        with _drawing:
            found = cache.get(key) or _draw(data)
            cache.set(key, found)
    return found


def tried(make: Callable[[], bytes]) -> tuple[list[tuple[int, bytes]], str]:
    """The pages of a letter, numbered from 1, or none and why not."""
    try:
        return list(enumerate(pages(make()), 1)), ""
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        return [], str(error)


def _draw(data: bytes) -> list[bytes]:
    if linting.refusals(mailmerge.read_template(data)):
        raise mailmerge.DocumentError("look-fetches")
    with tempfile.TemporaryDirectory(prefix="look-") as name:
        folder = Path(name)
        source, pdf = folder / "letter.docx", folder / "letter.pdf"
        source.write_bytes(data)
        mailmerge.to_pdf(source, pdf, seconds=SECONDS)
        _to_pictures(pdf, folder)
        return [page.read_bytes() for page in sorted(folder.glob("page-*.png"))]


def _to_pictures(pdf: Path, folder: Path) -> None:
    """Each page as page-<n>.png; the program is ended when its time is up."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise mailmerge.DocumentError("look-no-program")
    size = ["-r", str(DOTS_PER_INCH), "-l", str(MOST_PAGES)]
    command = [program, "-png", *size, str(pdf), str(folder / "page")]
    try:
        subprocess.run(  # noqa: S603 - no shell, and no word of the command is a user's
            command, check=True, capture_output=True, timeout=SECONDS
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise mailmerge.DocumentError("look-failed") from error
