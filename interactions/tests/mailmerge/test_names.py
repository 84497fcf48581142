"""File names that every computer takes, and letters in one zip file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator

import pytest

from interactions.mailmerge import letter_name, zip_letters


@pytest.mark.parametrize(
    ("number", "company", "person", "name"),
    [
        (1, "Analytical Ltd", "Ada Lovelace", "0001 Analytical Ltd - Ada Lovelace.docx"),
        (12345, "A", "B", "12345 A - B.docx"),
        (7, "", "Ada", "0007 Ada.docx"),
        (7, "Oy Ab", "", "0007 Oy Ab.docx"),
        (7, " ", "", "0007.docx"),
        (7, "Mäki & Øst, 日本", "O'Neil", "0007 Mäki & Øst, 日本 - O'Neil.docx"),
        (7, 'a<b>c:d"e/f\\g|h?i*j', "", "0007 a b c d e f g h i j.docx"),
        (7, "../../etc", "x\x00y\nz", "0007 etc - x y z.docx"),
        (7, "Inc.", "Jr. ", "0007 Inc - Jr.docx"),
        (7, "a\u202egnp.exe", "\ud800", "0007 a gnp.exe.docx"),
        (7, "Ma\u0308ki", "", "0007 Mäki.docx"),
    ],
)
def test_letter_name(number: int, company: str, person: str, name: str) -> None:
    assert letter_name(number, company, person) == name


def test_long_names_fit_any_file_system() -> None:
    name = letter_name(1, "yhtiö " * 100, "日" * 300)
    assert len(name.encode()) <= 255
    assert name.endswith("日.docx")


def test_zip_letters() -> None:
    out = io.BytesIO()
    letters = [("a.docx", b"one"), ("b.docx", b"two" * 1000), ("ä.docx", b"")]
    written = zip_letters(letters, out)
    assert written == [(name, hashlib.sha256(data).hexdigest()) for name, data in letters]
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert [(each.filename, archive.read(each)) for each in archive.infolist()] == letters


def test_names_are_made_safe_and_unique() -> None:
    names = ["A.docx", "a.docx", "a (2).docx", "../A.docx", "b/c.docx", "", "x", ".docx", "A.docx"]
    written = [name for name, _ in zip_letters([(name, b"") for name in names], io.BytesIO())]
    assert written == [
        "A.docx",
        "a (2).docx",
        "a (2) (2).docx",
        "A (3).docx",
        "b c.docx",
        "letter",
        "x",
        "docx",
        "A (4).docx",
    ]


class Forwards(io.RawIOBase):
    """A connection: can be written to and nothing else."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.chunks.append(bytes(data))  # type: ignore[call-overload]
        return len(self.chunks[-1])


def test_letters_leave_as_they_come() -> None:
    out = Forwards()

    def letters() -> Iterator[tuple[str, bytes]]:
        yield "a.docx", b"first"
        assert b"first" in b"".join(out.chunks)
        yield "b.docx", b"second"

    zip_letters(letters(), out)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(b"".join(out.chunks))) as archive:
        assert archive.read("b.docx") == b"second"


def test_more_letters_than_an_old_zip_can_hold() -> None:
    out = io.BytesIO()
    zip_letters(((f"{number}.docx", b"x") for number in range(65_600)), out)
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 65_600
        assert archive.read("65599.docx") == b"x"


def test_offsets_beyond_four_gigabytes() -> None:
    """Through a file that forgets: only the directory is looked at."""
    from interactions.mailmerge.zipstream import Packed, central_record, end_record

    offset = 5 * 2**32
    record = central_record(b"far.docx", Packed(0, b"x", 1, 1), offset)
    end = end_record(1, len(record), offset + 50)
    assert b"PK\6\6" in end
    assert offset.to_bytes(8, "little") in record
    assert (offset + 50).to_bytes(8, "little") in end
