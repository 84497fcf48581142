"""File names of letters, and many letters in one zip file."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from typing import BinaryIO

from .zipstream import ZipStream, store

# Windows forbids these; macOS and Linux forbid some of them.
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
LONGEST_WORDS, LONGEST_NAME = 80, 200


def letter_name(number: int, company: str, person: str) -> str:
    """`0001 Company - Person.docx`: what is empty is left out, what a file system refuses becomes a
    space.
    """
    words = [each for each in (_words(company), _words(person)) if each]
    return f"{number:04d} {' - '.join(words)}".strip() + ".docx"


def _words(text: str, most: int = LONGEST_WORDS) -> str:
    """Text that may stand in a file name: composed, in one line, at most `most` bytes, no dot at
    the end.
    """
    text = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    # Category C: controls, marks that turn the direction of writing, lone surrogates, unassigned.
    text = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    text = " ".join(text.split()).encode()[:most].decode(errors="ignore")
    return text.strip(" .")


def zip_letters(letters: Iterable[tuple[str, bytes]], out: BinaryIO) -> list[tuple[str, str]]:
    """Write (name, .docx) pairs to `out` as they come. Returns the names as written, with their
    SHA-256.

    Names are made safe and, without regard to case, unique. Letters are compressed already and are
    stored.
    """
    archive, taken, written = ZipStream(out), set[str](), []
    for name, data in letters:
        unique = _unique(name, taken)
        archive.add(unique, store(data))
        written.append((unique, hashlib.sha256(data).hexdigest()))
    archive.close()
    return written


def _unique(name: str, taken: set[str]) -> str:
    stem, extension = posixpath.splitext(name)
    extension = _words(extension[1:], 10)
    stem, extension = _words(stem, LONGEST_NAME) or "letter", f".{extension}" if extension else ""
    unique, number = stem + extension, 1
    while unique.casefold() in taken:
        number += 1
        unique = f"{stem} ({number}){extension}"
    taken.add(unique.casefold())
    return unique
