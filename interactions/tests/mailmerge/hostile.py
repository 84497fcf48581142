"""Files that somebody uploads to do harm or by mistake, and a word of the sentence they get."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from .makers import SPACES, changed, docx, p, r, unzipped, zipped

GOOD = docx(p(r("Dear {{ First_Name }}")))


def _with(**files: bytes) -> bytes:
    return zipped({**unzipped(GOOD), **files})


def program() -> bytes:
    """A program for Windows under another name."""
    return b"MZ\x90\x00" + bytes(4096) + b"PE\0\0" + bytes(4096)


def program_before_a_letter() -> bytes:
    """A program that a zip reader takes for a letter."""
    return program() + GOOD


def password() -> bytes:
    """What Word saves with a password."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return ole + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def locked_parts() -> bytes:
    """A zip file whose parts are encrypted."""
    data = bytearray(GOOD)
    for entry in (data.find(b"PK\1\2") + 8, data.find(b"PK\3\4") + 6):
        data[entry] |= 1
    return bytes(data)


def torn() -> bytes:
    """An upload that broke off."""
    return GOOD[: 2 * len(GOOD) // 3]


def bomb() -> bytes:
    """One part of 400 MiB."""
    out = io.BytesIO(GOOD)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _mebibyte in range(400):
            part.write(bytes(2**20))
    return out.getvalue()


def lying_bomb() -> bytes:
    """A part that says it has a thousand bytes and has 100 MiB."""
    data = bytearray(_with(bomb=bytes(100 * 2**20)))
    record = data.rindex(b"PK\1\2")
    data[record + 24 : record + 28] = struct.pack("<I", 1000)
    return bytes(data)


def entity() -> bytes:
    """An entity that reads a file of the server."""
    start = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    xml = f'<?xml version="1.0"?>{start}<w:document {SPACES}><w:body>&x;</w:body></w:document>'
    return changed(GOOD, word__document=xml.encode())


def laughs() -> bytes:
    """Entities of entities: a billion of them."""
    rows = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x0 "ha">{rows}]><a>&x9;</a>'
    return changed(GOOD, word__settings=xml.encode())


def outside() -> bytes:
    """A part that would be written outside of its folder."""
    return _with(**{"../../etc/cron.d/evil": b"x"})


def many_parts() -> bytes:
    return _with(**{f"word/{number}.xml": b"<a/>" for number in range(10_000)})


def deep() -> bytes:
    """Elements within elements, five thousand deep."""
    body = "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    xml = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return changed(GOOD, word__document=xml.encode())


def many_fields() -> bytes:
    return docx(p(r("{{ First_Name }}" * 10_001)))


def macros() -> bytes:
    return _with(**{"word/vbaProject.bin": b"x"})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "program": (program, "not a Word document"),
    "program before a letter": (program_before_a_letter, "not a Word document"),
    "password": (password, "password"),
    "locked parts": (locked_parts, "password"),
    "torn": (torn, "damaged"),
    "bomb": (bomb, "unpacks to far more"),
    "lying bomb": (lying_bomb, "damaged"),
    "entity": (entity, "DTD"),
    "laughs": (laughs, "DTD"),
    "outside": (outside, "name"),
    "many parts": (many_parts, "parts"),
    "deep": (deep, "damaged"),
    "many fields": (many_fields, "fields"),
    "macros": (macros, "macros"),
}
