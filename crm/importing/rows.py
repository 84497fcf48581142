"""A CSV file as rows: one bad row never takes its neighbours along."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from crm.tables import restored

DELIMITERS = ";,\t"
# A quote that is never closed would swallow the rest of the file; an address has a few lines.
LINES_A_ROW = 50
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How the files begin that people take for CSV.
_OTHER_KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG", b"\x1f\x8b")


class FileRefused(Exception):
    """The file as a whole cannot be read; its text is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on (the header is line 1), and its cells or what is wrong."""

    line: int
    cells: Sequence[str]
    reason: str = ""


class CsvFile:
    """An opened file: its header, and its rows without the blank ones."""

    def __init__(
        self,
        path: Path,
        *,
        encoding: str = "auto",
        delimiter: str = "auto",
        count_known: Callable[[Sequence[str]], int] = len,
    ) -> None:
        """Reads the file; of the usual delimiters the one whose header is known best is taken."""
        content = _content(path)
        self.encoding = _encoding(content, encoding)
        self._lines = _lines(content, self.encoding)
        start = next((i for i, line in enumerate(self._lines) if line.strip()), None)
        if start is None:
            raise FileRefused(_("The file is empty."))
        self._start = start
        candidates = DELIMITERS if delimiter == "auto" else delimiter
        self.delimiter = max(candidates, key=lambda one: count_known(self._header(one)))
        self.header = self._header(self.delimiter)

    def rows(self) -> Iterator[Row]:
        """The records below the header, in order."""
        position = self._start + 1
        while position < len(self._lines):
            line = position + 1
            cells, used = self._record(position, self.delimiter)
            position += used
            if cells is None:
                yield Row(line, (), _("The quotation marks of this row do not match."))
            elif any(cells):
                yield Row(line, cells, self._problem(cells))

    def _header(self, delimiter: str) -> Sequence[str]:
        return self._record(self._start, delimiter)[0] or ()

    def _record(self, position: int, delimiter: str) -> tuple[list[str] | None, int]:
        """The cells from this line on, and how many lines they take; None: quotes are amiss."""
        end = min(position + LINES_A_ROW, len(self._lines))
        reader = csv.reader(
            (self._lines[index] for index in range(position, end)), delimiter=delimiter, strict=True
        )
        try:
            cells = [clean(cell) for cell in next(reader)]
        except (csv.Error, StopIteration):
            return None, 1
        if reader.line_num > 1 and position > self._start and len(cells) != len(self.header):
            return None, 1
        return cells, reader.line_num

    def _problem(self, cells: Sequence[str]) -> str:
        """What makes the whole row unreadable, if anything."""
        text = "".join(cells)
        if any("\udc80" <= character <= "\udcff" for character in text):
            return _("The row is not readable as %(encoding)s.") % {
                "encoding": self.encoding.removesuffix("-sig").upper()
            }
        if "\0" in text:
            return _("The row contains a NUL character.")
        if len(cells) != len(self.header):
            return _("The row has %(found)d cells; the header has %(expected)d.") % {
                "found": len(cells),
                "expected": len(self.header),
            }
        return ""


def clean(cell: str) -> str:
    """A cell without blanks around it, runs of blanks and line ends as one, letters composed.

    The apostrophe that an export puts before what looks like a formula goes (crm/tables.py).
    """
    if cell.isascii() and cell.isalnum():
        return cell
    return restored(_composed(" ".join(cell.split())))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _lines(content: bytes, encoding: str) -> list[str]:
    """The lines with their ends; a byte that the encoding does not have becomes a mark."""
    try:
        text = content.decode(encoding, errors="surrogateescape")
    except (UnicodeError, LookupError) as error:
        raise FileRefused(
            _("The file is not readable as %(name)s.") % {"name": encoding}
        ) from error
    return list(io.StringIO(text, newline=""))


def _content(path: Path) -> bytes:
    """The bytes of a file that may be CSV."""
    try:
        content = path.read_bytes()
    except IsADirectoryError as error:
        raise FileRefused(_("%(path)s is a folder, not a file.") % {"path": path}) from error
    except FileNotFoundError as error:
        raise FileRefused(_("There is no file %(path)s.") % {"path": path}) from error
    except (OSError, ValueError) as error:
        raise FileRefused(
            _("%(path)s cannot be read: %(error)s") % {"path": path, "error": error}
        ) from error
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if content.startswith(_OTHER_KINDS):
        raise FileRefused(
            _("This is not a CSV file. If it is a workbook, save it as XLSX or CSV first.")
        )
    return content


def _encoding(content: bytes, asked: str) -> str:
    """The encoding to read with: the one asked for, else what the file begins with, else UTF-8."""
    if asked != "auto":
        try:
            return codecs.lookup(asked).name
        except LookupError as error:
            raise FileRefused(_("Unknown encoding: %(name)s.") % {"name": asked}) from error
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name
    # Text has a NUL here and there by accident; a binary file is full of them.
    if content[:4096].count(0) > 8:
        raise FileRefused(_("This is not a text file."))
    return _utf8_or_windows(content)


def _utf8_or_windows(content: bytes) -> str:
    """UTF-8 where it has letters beyond ASCII that are so written, though some rows be broken.

    Else Windows-1252, as Excel writes CSV in Finland; without such letters they are the same.
    """
    text = content.decode("utf-8", errors="surrogateescape")
    broken = [character for character in text if not character.isascii()]
    is_windows = bool(broken) and all("\udc80" <= one <= "\udcff" for one in broken)
    return "cp1252" if is_windows else "utf-8"
