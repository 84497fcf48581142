"""The letters of a logged segment as PDF: in one file to be printed, or one each.

LibreOffice takes a second to start and a hundredth of one for a letter. So letters are converted in
portions, all of one document combined, and taken apart by the marks in them.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader, PdfWriter

from interactions import mailmerge
from interactions.letters.entries import Entries, Order, Progress, one_by_one, with_letter
from interactions.letters.single import Templates, letter, letter_name
from interactions.letters.together import Letter, to_combine, zip_with_manifest
from interactions.mailmerge import pdf
from interactions.models import InteractionLogEntry, LoggedSegment

PORTION = 1000
# A run without somebody who waits for the answer.
LONG = 3600.0
Lot = list[InteractionLogEntry]


@dataclass(frozen=True)
class Made:
    """A letter and where it stands: some pages of a PDF that may hold other letters too."""

    entry: InteractionLogEntry
    file: Path
    reader: PdfReader
    pages: range


def write_pdf(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    order: str = Order.LINE,
    progress: Progress | None = None,
    seconds: float = LONG,
) -> int:
    """Writes all letters in this order as one PDF, whatever their documents; returns how many.

    Raises DocumentError and DocumentLost as `write_zip` does, and DocumentError where LibreOffice
    is not installed, cannot, or needs longer than `seconds` for all.
    """
    return write_pdf_of(with_letter(logged, order), out, progress=progress, seconds=seconds)


def write_pdf_of(
    entries: Entries, out: BinaryIO, *, progress: Progress | None = None, seconds: float = LONG
) -> int:
    """The same of these entries, which have a letter."""
    writer, count = PdfWriter(), 0
    for lot, is_all in _lots(entries, progress, seconds):
        count += len(lot)
        if is_all and len(lot[0].reader.pages) == sum(len(made.pages) for made in lot):
            with lot[0].file.open("rb") as file:
                shutil.copyfileobj(file, out)
            return count
        for made in lot:
            for number in made.pages:
                writer.add_page(made.reader.pages[number])
    writer.write(out)
    return count


def write_pdf_zip(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    order: str = Order.LINE,
    progress: Progress | None = None,
    seconds: float = LONG,
) -> int:
    """Writes one PDF a letter and `manifest.csv` to a zip file; returns how many letters.

    Errors: write_pdf.
    """
    lots = _lots(with_letter(logged, order), progress, seconds)
    return zip_with_manifest((_alone(made) for lot, _is_all in lots for made in lot), out)


def entry_pdf(entry: InteractionLogEntry, *, seconds: float) -> tuple[str, bytes]:
    """The file name and the PDF of an entry's letter. Errors: those of `letter` and `write_pdf`."""
    return pdf_name(entry), docx_to_pdf(letter(entry)[1], seconds=seconds)


def pdf_name(entry: InteractionLogEntry) -> str:
    """`0001 Company - Person.pdf`."""
    return letter_name(entry).removesuffix("docx") + "pdf"


def docx_to_pdf(data: bytes, *, seconds: float) -> bytes:
    """A Word document as PDF."""
    with tempfile.TemporaryDirectory(prefix="letter-") as folder:
        source, target = Path(folder) / "letter.docx", Path(folder) / "letter.pdf"
        source.write_bytes(data)
        mailmerge.to_pdf(source, target, seconds=seconds)
        return target.read_bytes()


def _alone(made: Made) -> Letter:
    return made.entry, pdf_name(made.entry), next(pdf.split(made.reader, [made.pages]))


def _lots(
    entries: Entries, progress: Progress | None, seconds: float
) -> Iterator[tuple[list[Made], bool]]:
    """The letters portion by portion, each with whether it holds all of them."""
    templates, end = Templates(), time.monotonic() + seconds
    total, done = entries.count(), 0
    if not total:
        raise mailmerge.DocumentError("no-letters")
    with one_by_one(entries) as rows:
        while lot := list(islice(rows, PORTION)):
            with tempfile.TemporaryDirectory(prefix="letters-") as folder:
                made = _convert(lot, templates, Path(folder), end)
                yield made, len(lot) == total
            done += len(lot)
            if progress:
                progress(done, total)


def _convert(lot: Lot, templates: Templates, folder: Path, end: float) -> list[Made]:
    """The letters of a portion, in its order."""
    made = {
        each.entry.pk: each for each in _together(_books(lot, templates), templates, folder, end)
    }
    # Where a letter begins is not to be seen, say because all of it is hidden: each by itself.
    unclear = [[entry] for entry in lot if entry.pk not in made]
    if unclear:
        apart = folder / "apart"
        apart.mkdir()
        made |= {each.entry.pk: each for each in _together(unclear, templates, apart, end)}
    return [made[entry.pk] for entry in lot]


def _books(lot: Lot, templates: Templates) -> list[Lot]:
    """The letters of one document each; lines' own, and those with notes, one by one.

    LibreOffice counts notes through a document: the hundredth letter would have a note 100.
    """

    def is_alone(entry: InteractionLogEntry) -> bool:
        if entry.own_document or entry.document is None:
            return True
        return templates.of(entry.document).has_notes

    def book(entry: InteractionLogEntry) -> tuple[int, int]:
        return entry.document_id or 0, entry.pk if is_alone(entry) else 0

    return [list(entries) for _book, entries in groupby(sorted(lot, key=book), book)]


def _together(
    books: Sequence[Lot], templates: Templates, folder: Path, end: float
) -> Iterator[Made]:
    """The letters of these documents, converted in one run."""
    sources = [folder / f"{number}.docx" for number in range(len(books))]
    for entries, source in zip(books, sources, strict=True):
        _write_source(entries, source, templates)
    files = pdf.to_pdfs(sources, folder, seconds=max(end - time.monotonic(), 0))
    for entries, file in zip(books, files, strict=True):
        reader = pdf.read_pdf(file)
        for entry, pages in zip(entries, _pages(entries, reader), strict=False):
            yield Made(entry, file, reader, pages)


def _write_source(entries: Lot, source: Path, templates: Templates) -> None:
    if len(entries) == 1:
        source.write_bytes(letter(entries[0], templates)[1])
        return
    with source.open("wb") as out:
        mailmerge.combine((to_combine(each, templates) for each in entries), out, marked=True)


def _pages(entries: Lot, reader: PdfReader) -> list[range]:
    """The pages of each letter; none where they cannot be told."""
    if len(entries) == 1:
        return [range(len(reader.pages))]
    try:
        return pdf.letter_pages(reader, len(entries))
    except mailmerge.DocumentError:
        return []
