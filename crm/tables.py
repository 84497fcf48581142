"""Tables on their way out: CSV and XLSX, row by row, in memory that does not grow with them.

A cell that a spreadsheet would run as a formula is defused: CSV has no types, so an apostrophe
goes before it; XLSX has, so it is written as a text.
"""

import csv
import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Excel's limit; a sheet that would be longer goes on in the next one.
SHEET_ROWS = 1_048_576


def defused(value: Any) -> Any:
    """A cell that no spreadsheet runs: texts that look like formulas get an apostrophe in front."""
    if isinstance(value, str) and value.lstrip().startswith(DANGEROUS[:4]):
        return f"'{value}"
    if isinstance(value, str) and value.startswith(DANGEROUS[4:]):
        return f"'{value}"
    return "" if value is None else value


def restored(text: str) -> str:
    """A text as it was before it was defused, so that what is exported can be imported again."""
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS[:4] and text[1:] else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The table as CSV for a streaming response: UTF-8 with a mark, so that Excel reads it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([defused(cell) for cell in head])
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        if buffer.tell() > 65_536:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The table as a spreadsheet in a temporary file, at its beginning; close it when sent."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(target, head, rows)
    target.seek(0)
    return target


def write_xlsx(target: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The table as a spreadsheet into a file; memory does not grow with it."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    dates = [book.add_format({"num_format": one}) for one in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")]
    sheet, place = None, SHEET_ROWS
    for row in rows:
        if place >= SHEET_ROWS:
            sheet, place = _sheet(book, head, bold), 1
        _write(sheet, place, row, dates)
        place += 1
    if sheet is None:
        _sheet(book, head, bold)
    book.close()


def _sheet(book: Any, head: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
    return sheet


def _write(sheet: Any, place: int, row: Sequence[Any], dates: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, bool) or cell is None:
            sheet.write_string(place, column, "" if cell is None else str(cell).lower())
        elif isinstance(cell, int | float | Decimal):
            sheet.write_number(place, column, cell)
        elif isinstance(cell, datetime.date):
            has_time = isinstance(cell, datetime.datetime)
            sheet.write_datetime(place, column, cell, dates[has_time])
        else:
            sheet.write_string(place, column, str(cell)[:32_767])
