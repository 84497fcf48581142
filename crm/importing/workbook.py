"""An XLSX workbook as CSV: from here on there is one kind of file.

Only the first visible sheet is read. Its rows keep their numbers, for reports name them.
"""

import csv
import datetime
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm.importing.rows import FileRefused, clean

SIGN = b"PK\x03\x04"
# What a workbook may unpack to, in how many parts, and how many cells are read.
MOST_BYTES = 250 * 1024 * 1024
MOST_PARTS = 1000
MOST_COLUMNS = 200
MOST_CELLS = 1_500_000
PIECE = 1024 * 1024


def is_zip(path: Path) -> bool:
    """Whether it begins as workbooks do."""
    with path.open("rb") as file:
        return file.read(len(SIGN)) == SIGN


def write_csv(path: Path, target: IO[str], *, rows: int | None = None) -> None:
    """Writes the first sheet, or its first rows, as CSV.

    Raises FileRefused where it is no workbook, or a bomb. A second for some thousand rows.
    """
    _check(path)
    with path.open("rb") as file:
        _write(file, target, rows)


def _write(file: IO[bytes], target: IO[str], rows: int | None) -> None:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise FileRefused(_not_a_workbook()) from error
    try:
        sheet: Any = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise FileRefused(_("The workbook has no sheet to read."))
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        writer = csv.writer(target, delimiter=";")
        writer.writerows(islice(_rows(sheet), rows))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused(_not_a_workbook()) from error
    finally:
        book.close()


def _not_a_workbook() -> str:
    return _("This workbook cannot be read. Save it anew as XLSX, or as CSV.")


def _check(path: Path) -> None:
    """Refuses what is no workbook, unpacks to too much, or declares entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefused(
                    _("This is not a CSV file. If it is a workbook, save it as XLSX or CSV first.")
                )
            if "xl/vbaProject.bin" in names:
                raise FileRefused(_("The workbook has macros. Save it as XLSX without them."))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise FileRefused(_("The workbook unpacks to too much. Save it as CSV."))
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused(_not_a_workbook()) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Reads a part to its end: not longer than it says, and without a document type."""
    seen, before = 0, b""
    with archive.open(part) as opened:
        while piece := opened.read(PIECE):
            seen += len(piece)
            if seen > part.file_size or b"<!DOCTYPE" in before + piece:
                raise FileRefused(_not_a_workbook())
            before = piece[-10:]


def _rows(sheet: Any) -> Iterator[Sequence[str]]:
    """The rows as texts, blank ones too; those before the first as they are."""
    cells, width = 0, 0
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        # As wide as the headings: cells beyond are told as such, missing ones are empty.
        width = width or len(texts)
        texts += [""] * (width - len(texts))
        cells += len(texts)
        if cells > MOST_CELLS:
            raise FileRefused(_("The workbook is too long to be read here. Save it as CSV."))
        yield texts


def _text(value: Any) -> str:
    """A cell as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return clean(str(value))
