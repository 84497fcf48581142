"""Everything that can be printed of a logged segment: one list for the page and for the job."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from interactions import mailmerge
from interactions.letters import pdfs, sheets, together
from interactions.letters.entries import Order, Progress
from interactions.models import LoggedSegment


class Kind(TextChoices):
    """What is printed."""

    LETTERS = "letters", _("All letters in one file")
    ONE_BY_ONE = "zip", _("Letters one by one (zip)")
    L7160 = "L7160", _("Labels Avery L7160 (21 on A4)")
    L7163 = "L7163", _("Labels Avery L7163 (14 on A4)")
    L5160 = "5160", _("Labels Avery 5160 (30 on US Letter)")
    C5 = "C5", _("Envelopes C5")
    DL = "DL", _("Envelopes DL")
    COVERS = "covers", _("Cover sheets")


class Format(TextChoices):
    """As which kind of file."""

    WORD = "docx", _("Word (.docx)")
    PDF = "pdf", _("PDF")


WRITERS: dict[str, Callable[..., int]] = {
    Kind.LETTERS: together.write_combined,
    Kind.ONE_BY_ONE: together.write_zip,
    **{code: partial(sheets.write_labels, code=code) for code in (Kind.L7160, Kind.L7163)},
    Kind.L5160: partial(sheets.write_labels, code=Kind.L5160),
    **{code: partial(sheets.write_envelopes, code=code) for code in (Kind.C5, Kind.DL)},
    Kind.COVERS: sheets.write_covers,
}
PDF_WRITERS: dict[str, Callable[..., int]] = {
    Kind.LETTERS: pdfs.write_pdf,
    Kind.ONE_BY_ONE: pdfs.write_pdf_zip,
}


def write_print(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    kind: str,
    file_format: str,
    order: str = Order.LINE,
    progress: Progress | None = None,
    seconds: float = pdfs.LONG,
) -> int:
    """Writes what is to be printed; returns how many letters, labels, envelopes or sheets.

    Raises mailmerge.DocumentError where there is nothing, or where LibreOffice cannot or takes
    longer than `seconds`; documents.DocumentLost where a letter's file is gone.
    """
    if file_format == Format.WORD:
        return WRITERS[kind](logged, out, order=order, progress=progress)
    if kind in PDF_WRITERS:
        write = PDF_WRITERS[kind]
        return write(logged, out, order=order, progress=progress, seconds=seconds)
    return _as_pdf(partial(WRITERS[kind], logged, order=order, progress=progress), out, seconds)


def print_name(logged: LoggedSegment, *, kind: str, file_format: str) -> str:
    """The name of the file with that in it."""
    if kind == Kind.LETTERS and file_format == Format.WORD:
        return together.combined_name(logged)
    if kind == Kind.ONE_BY_ONE:
        middle, extension = " pdf" if file_format == Format.PDF else "", "zip"
    else:
        middle, extension = "" if kind == Kind.LETTERS else f" {kind}", file_format
    return f"{logged.segment_number}{middle}.{extension}"


def _as_pdf(write: Callable[[BinaryIO], int], out: BinaryIO, seconds: float) -> int:
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        source, target = Path(folder) / "print.docx", Path(folder) / "print.pdf"
        with source.open("wb") as file:
            count = write(file)
        mailmerge.to_pdf(source, target, seconds=seconds)
        out.write(target.read_bytes())
    return count
