"""Letters of what was logged: each made again from its facts and its document, byte for byte."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import Exists, OuterRef, QuerySet

from crm.models import BLOCKED, Contact
from interactions import documents, mailmerge, mergefields
from interactions.mergefields import Facts
from interactions.models import Document, InteractionLogEntry, LoggedSegment

# One piece of a zip file must not carry the time it was made: the same letters, the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
Entries = QuerySet[InteractionLogEntry]


class Templates:
    """The documents of a run, each read and compiled once."""

    def __init__(self) -> None:
        self._compiled: dict[int, mailmerge.Template] = {}

    def of(self, document: Document) -> mailmerge.Template:
        """The compiled document. Raises documents.DocumentLost where its file is gone."""
        if document.pk not in self._compiled:
            self._compiled[document.pk] = mailmerge.read_template(documents.read(document))
        return self._compiled[document.pk]


@dataclass(frozen=True)
class Offered:
    """What can be downloaded of a logged segment's letters together, and who is left out of it."""

    count: int
    blocked: int
    in_one_file: bool


def offered(logged: LoggedSegment) -> Offered:
    """How many letters the zip file and the combined file hold now."""
    all_entries, books = _all_with_letter(logged), _books(logged)
    count = with_letter(logged).count()
    return Offered(count, all_entries.count() - count, _is_one_book(books))


def with_letter(logged: LoggedSegment) -> Entries:
    """The entries of a logged segment whose letters are to go out, in line order.

    Cancelled ones are not among them, nor those whose contact is blocked now: a contact may have
    been blocked after Log, and letters downloaded together are there to be sent.
    """
    blocked = Contact.objects.filter(BLOCKED, pk=OuterRef("contact"))
    return _all_with_letter(logged).filter(~Exists(blocked))


def _all_with_letter(logged: LoggedSegment) -> Entries:
    entries = InteractionLogEntry.objects.counted().filter(logged_segment=logged)
    return entries.exclude(document=None).select_related("document").order_by("position", "pk")


def letter(entry: InteractionLogEntry, templates: Templates | None = None) -> tuple[str, bytes]:
    """The file name and the bytes of an entry's letter.

    Raises mailmerge.DocumentError where it has none, and documents.DocumentLost where the stored
    file is gone or altered: a letter is the one that was logged, or none.
    """
    if entry.document is None:
        raise mailmerge.DocumentError("no-letters")
    if entry.own_document:
        return letter_name(entry), documents.read(entry.document)
    values = mergefields.values(entry.merge_values)
    template = (templates or Templates()).of(entry.document)
    return letter_name(entry), template.letter(values, language=values.language)


def text(entry: InteractionLogEntry) -> str:
    """The text of an entry's merged letter, "" where it has none or one of its own."""
    if entry.document is None or entry.own_document:
        return ""
    return preview_text(entry.document, entry.merge_values)


def letter_name(entry: InteractionLogEntry) -> str:
    """`0001 Company - Person.docx`, from the names the contact had when it was logged."""
    values = mergefields.values(entry.merge_values)
    company, name = str(values["Company_Name"]), str(values["Contact_Name"])
    return mailmerge.letter_name(entry.position, company, "" if name == company else name)


def letters(logged: LoggedSegment) -> Iterator[tuple[InteractionLogEntry, str, bytes]]:
    """Every letter of `with_letter`, one at a time: (entry, file name, bytes)."""
    templates = Templates()
    with _one_by_one(with_letter(logged)) as entries:
        for entry in entries:
            yield entry, *letter(entry, templates)


@contextmanager
def _one_by_one(entries: Entries) -> Iterator[Iterator[InteractionLogEntry]]:
    """The entries from a cursor in the database, closed also when a letter cannot be made."""
    rows: Any = entries.iterator(chunk_size=500)
    try:
        yield rows
    finally:
        rows.close()


def write_zip(logged: LoggedSegment, out: BinaryIO) -> int:
    """Writes one .docx a letter and `manifest.csv` to a zip file; returns how many letters.

    Raises DocumentError where there is none, DocumentLost as `letter` does; `out` is torn then.
    """
    manifest = io.StringIO(newline="")
    rows = csv.writer(manifest)
    rows.writerow(("number", "contact", "file", "sha256"))
    written = mailmerge.zip_letters(_with_manifest(logged, manifest, rows), out)
    if len(written) == 1:
        raise mailmerge.DocumentError("no-letters")
    return len(written) - 1


def _with_manifest(
    logged: LoggedSegment, manifest: io.StringIO, rows: Any
) -> Iterator[tuple[str, bytes]]:
    """The letters, and last the list of them; a byte order mark tells Excel that it is UTF-8."""
    for entry, name, data in letters(logged):
        contact = entry.merge_values.get("number", "")
        rows.writerow((entry.position, contact, name, hashlib.sha256(data).hexdigest()))
        yield name, data
    yield "manifest.csv", manifest.getvalue().encode("utf-8-sig")


def combined_name(logged: LoggedSegment) -> str:
    """The file name of the combined letters: .docx, or .zip where they are of several documents."""
    return f"{logged.segment_number}.{'docx' if _is_one_book(_books(logged)) else 'zip'}"


def write_combined(logged: LoggedSegment, out: BinaryIO) -> int:
    """Writes all letters of one document as one .docx; returns how many letters.

    Letters of several documents (languages, lines with their own letter) cannot share a file: then
    a zip file, with one combined .docx a document and each own letter by itself. Errors: write_zip.
    """
    books = _books(logged)
    templates = Templates()
    if not books:
        raise mailmerge.DocumentError("no-letters")
    if _is_one_book(books):
        return _combine(with_letter(logged), templates, out)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        return sum(_add_book(archive, logged, book, templates) for book in books)


def preview_text(document: Document, facts: Facts) -> str:
    """The text of the letter that these facts make of a document."""
    values = mergefields.values(facts)
    template = mailmerge.read_template(documents.read(document))
    return template.text(values, language=values.language)


Book = tuple[int, bool]


def _books(logged: LoggedSegment) -> list[Book]:
    """The documents in use (id, whether they are lines' own letters), in a lasting order."""
    entries = with_letter(logged).order_by("document", "own_document")
    return list(entries.values_list("document", "own_document").distinct())


def _is_one_book(books: list[Book]) -> bool:
    return len(books) == 1 and not books[0][1]


def _combine(entries: Entries, templates: Templates, out: BinaryIO) -> int:
    return mailmerge.combine(_to_combine(entries, templates), out)


def _to_combine(
    entries: Entries, templates: Templates
) -> Iterator[tuple[mailmerge.Template, mergefields.Values, str]]:
    with _one_by_one(entries) as rows:
        for entry in rows:
            values = mergefields.values(entry.merge_values)
            assert entry.document is not None  # see with_letter
            yield templates.of(entry.document), values, values.language


def _add_book(
    archive: zipfile.ZipFile, logged: LoggedSegment, book: Book, templates: Templates
) -> int:
    """One combined document, or the own letters of lines, into the zip file."""
    document, own = book
    entries = with_letter(logged).filter(document=document, own_document=own)
    if own:
        with _one_by_one(entries) as rows:
            return sum(_add_own(archive, entry) for entry in rows)
    first = entries[:1].get()
    language = mergefields.values(first.merge_values).language
    name = f"{logged.segment_number} {language} {document}.docx"
    with archive.open(zipfile.ZipInfo(name, NO_TIME), "w", force_zip64=True) as part:
        return _combine(entries, templates, part)  # type: ignore[arg-type]


def _add_own(archive: zipfile.ZipFile, entry: InteractionLogEntry) -> int:
    name, data = letter(entry)
    archive.writestr(zipfile.ZipInfo(name, NO_TIME), data)
    return 1
