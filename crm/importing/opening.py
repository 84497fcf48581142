"""A file that somebody gave, as a CSV file in hand: its content says what it is, not its name."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm.importing.workbook import is_zip, write_csv


@contextmanager
def as_csv(file: Any, *, rows: int | None = None) -> Iterator[Path]:
    """A copy of an uploaded or stored file, XLSX turned into CSV; it goes when the block ends.

    Of a workbook only so many `rows`, for a look at its beginning. Raises
    FileRefused where it is a workbook that cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "given"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield converted(path, Path(folder) / "table.csv", rows=rows)


@contextmanager
def path_as_csv(path: Path) -> Iterator[Path]:
    """The same of a file by its path, which need not be there."""
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        yield converted(path, Path(folder) / "table.csv")


def converted(path: Path, target: Path, *, rows: int | None = None) -> Path:
    """The same file where it is no workbook, else its first sheet as CSV in the target."""
    if not path.is_file() or not is_zip(path):
        return path
    with target.open("w", encoding="utf-8-sig", newline="") as written:
        write_csv(path, written, rows=rows)
    return target
