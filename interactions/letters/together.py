"""All letters of a logged segment as Word documents: one by one, or combined to be printed."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from interactions import mailmerge, mergefields
from interactions.letters.entries import (
    Book,
    Entries,
    Order,
    Progress,
    books_of,
    is_one_book,
    one_by_one,
    told,
    with_letter,
)
from interactions.letters.single import Templates, letter
from interactions.models import InteractionLogEntry, LoggedSegment

# One piece of a zip file must not carry the time it was made: the same letters, the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
Letter = tuple[InteractionLogEntry, str, bytes]


def letters(
    logged: LoggedSegment, *, order: str = Order.LINE, progress: Progress | None = None
) -> Iterator[Letter]:
    """Every letter of `with_letter`, one at a time: (entry, file name, bytes)."""
    yield from letters_of(with_letter(logged, order), progress=progress)


def letters_of(entries: Entries, *, progress: Progress | None = None) -> Iterator[Letter]:
    """The letters of these entries, which have one, one at a time."""
    templates, total = Templates(), entries.count() if progress else 0
    with one_by_one(entries) as rows:
        for entry in told(rows, progress, total):
            yield entry, *letter(entry, templates)


def write_zip(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    order: str = Order.LINE,
    progress: Progress | None = None,
) -> int:
    """Writes one .docx a letter and `manifest.csv` to a zip file; returns how many letters.

    Raises DocumentError where there is none, DocumentLost as `letter` does; `out` is torn then.
    """
    return zip_with_manifest(letters(logged, order=order, progress=progress), out)


def zip_with_manifest(made: Iterator[Letter], out: BinaryIO) -> int:
    """Writes the letters and last the list of them; returns how many letters."""
    written = mailmerge.zip_letters(_with_manifest(made), out)
    if len(written) == 1:
        raise mailmerge.DocumentError("no-letters")
    return len(written) - 1


def _with_manifest(made: Iterator[Letter]) -> Iterator[tuple[str, bytes]]:
    """The letters, and last the list of them; a byte order mark tells Excel that it is UTF-8."""
    manifest = io.StringIO(newline="")
    rows = csv.writer(manifest)
    rows.writerow(("number", "contact", "file", "sha256"))
    for entry, name, data in made:
        contact = entry.merge_values.get("number", "")
        rows.writerow((entry.position, contact, name, hashlib.sha256(data).hexdigest()))
        yield name, data
    yield "manifest.csv", manifest.getvalue().encode("utf-8-sig")


def combined_name(logged: LoggedSegment) -> str:
    """The file name of the combined letters: .docx, or .zip where they are of several documents."""
    return f"{logged.segment_number}.{'docx' if is_one_book(books_of(logged)) else 'zip'}"


def write_combined(
    logged: LoggedSegment,
    out: BinaryIO,
    *,
    order: str = Order.LINE,
    progress: Progress | None = None,
) -> int:
    """Writes all letters of one document as one .docx; returns how many letters.

    Letters of several documents (languages, lines with their own letter) cannot share a file: then
    a zip file, with one combined .docx a document and each own letter by itself. Errors: write_zip.
    """
    entries, books = with_letter(logged, order), books_of(logged)
    if not books:
        raise mailmerge.DocumentError("no-letters")
    combined = _Combined(entries, progress)
    if is_one_book(books):
        return combined.write(entries, out)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        return sum(combined.add(archive, logged.segment_number, book) for book in books)


class _Combined:
    """A run over the entries, document by document."""

    def __init__(self, entries: Entries, progress: Progress | None) -> None:
        self._entries, self._templates = entries, Templates()
        self._progress, self._done = progress, 0
        self._total = entries.count() if progress else 0

    def write(self, entries: Entries, out: Any) -> int:
        """The letters of one document as one .docx."""
        with one_by_one(entries) as rows:
            made = (to_combine(entry, self._templates) for entry in self._told(rows))
            return mailmerge.combine(made, out)

    def add(self, archive: zipfile.ZipFile, number: str, book: Book) -> int:
        """One combined document, or the own letters of lines, into the zip file."""
        document, own = book
        entries = self._entries.filter(document=document, own_document=own)
        if own:
            with one_by_one(entries) as rows:
                return sum(_add_own(archive, entry) for entry in self._told(rows))
        first = entries[:1].get()
        language = mergefields.values(first.merge_values).language
        name = f"{number} {language} {document}.docx"
        with archive.open(zipfile.ZipInfo(name, NO_TIME), "w", force_zip64=True) as part:
            return self.write(entries, part)

    def _told(self, rows: Iterator[InteractionLogEntry]) -> Iterator[InteractionLogEntry]:
        """The entries, while progress hears of them after those of the documents before."""
        before, progress = self._done, self._progress
        tell = progress and (lambda done, total: progress(before + done, total))
        for entry in told(rows, tell, self._total):
            self._done += 1
            yield entry


def to_combine(
    entry: InteractionLogEntry, templates: Templates
) -> tuple[mailmerge.Template, mergefields.Values, str]:
    """An entry with a document as `mailmerge.combine` takes it."""
    assert entry.document is not None  # see with_letter
    values = mergefields.values(entry.merge_values)
    return templates.of(entry.document), values, values.language


def _add_own(archive: zipfile.ZipFile, entry: InteractionLogEntry) -> int:
    name, data = letter(entry)
    archive.writestr(zipfile.ZipInfo(name, NO_TIME), data)
    return 1
