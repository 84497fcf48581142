"""A .docx as it arrives: refused before anything is parsed, or unpacked into its parts."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from .errors import DocumentError

MIB = 1024 * 1024
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNSAFE_NAME = re.compile(r"(^|/)\.\.?(/|$)|^/|[\\:\x00-\x1f]|//")
XML_NAME = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)""")
KNOWN_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}


@dataclass(frozen=True)
class Limits:
    """How much of a document is still a letter. Ratios are asked only of parts over 1 MiB.

    `max_xml` bounds the memory for parsing, about twenty times as much.
    """

    max_bytes: int = 10 * MIB
    max_unpacked: int = 100 * MIB
    max_xml: int = 20 * MIB
    max_parts: int = 2000
    max_ratio: int = 200


DEFAULT = Limits()


def check_package(data: bytes, limits: Limits = DEFAULT) -> None:
    """Refuse with DocumentError whatever is not an ordinary, safe, whole .docx. Parses no XML.

    At most `limits.max_unpacked` bytes are unpacked, whatever the sizes in the file claim.
    """
    unpack(data, limits)


def unpack(data: bytes, limits: Limits = DEFAULT) -> dict[str, bytes]:
    """The parts of a checked .docx by name, in the order of the file."""
    _check_outside(data, limits)
    entries = _entries(data)
    _check_entries(entries, limits)
    parts: dict[str, bytes] = {}
    for entry in entries:
        part = _inflate(data, entry)
        if not entry.is_dir():
            parts[entry.filename] = part
    _check_parts(parts)
    return parts


def _check_outside(data: bytes, limits: Limits) -> None:
    if not data:
        raise DocumentError("empty")
    if len(data) > limits.max_bytes:
        size = f"{len(data) / MIB:.1f}"
        raise DocumentError("too-big", size=size, limit=limits.max_bytes // MIB)
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise DocumentError("encrypted" if encrypted else "old-format")
    # A program with a zip at its end is read by zip readers too, so the first bytes decide.
    if not data.startswith(b"PK\x03\x04"):
        raise DocumentError("not-docx")


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    """The central directory. zipfile reads no contents here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise DocumentError("damaged") from error


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.max_parts:
        raise DocumentError("too-many-parts", count=len(entries), limit=limits.max_parts)
    seen: set[str] = set()
    for entry in entries:
        if UNSAFE_NAME.search(entry.orig_filename) or not entry.filename:
            raise DocumentError("unsafe-name", name=_printable(entry.orig_filename))
        # Part names are compared without regard to case (ECMA-376 part 2, 6.2.2.3).
        if entry.filename.lower() in seen:
            raise DocumentError("duplicate-name", name=_printable(entry.filename))
        seen.add(entry.filename.lower())
        if entry.flag_bits & 0x41:
            raise DocumentError("encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DocumentError("damaged")
        if entry.file_size > MIB and entry.file_size > entry.compress_size * limits.max_ratio:
            raise DocumentError("zip-bomb")
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        raise DocumentError("zip-bomb")
    if sum(each.file_size for each in entries if XML_NAME.search(each.filename)) > limits.max_xml:
        raise DocumentError("zip-bomb")
    _check_overlap(entries)


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    """Parts that share their bytes make a small file unpack without end."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise DocumentError("zip-bomb")
        end = entry.header_offset + LOCAL_HEADER.size + entry.compress_size


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, never more than its declared size: zipfile inflates first and measures later."""
    try:
        fields = LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except struct.error as error:
        raise DocumentError("damaged") from error
    if fields[0] != b"PK\x03\x04":
        raise DocumentError("damaged")
    start = entry.header_offset + LOCAL_HEADER.size + fields[9] + fields[10]
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    else:
        part = _inflate_at_most(packed, entry.file_size)
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise DocumentError("damaged")
    return part


def _inflate_at_most(packed: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(-15).decompress(packed, size + 1)
    except zlib.error as error:
        raise DocumentError("damaged") from error


def _check_parts(parts: dict[str, bytes]) -> None:
    for name, part in parts.items():
        if XML_NAME.search(name) or part[:200].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
            _check_xml(part)
    types = _plain(parts.get("[Content_Types].xml", b""))
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in parts):
        raise DocumentError("macros")
    if b"wordprocessingml.template.main+xml" in types:
        raise DocumentError("template-format")
    if b"wordprocessingml.document.main+xml" not in types or "_rels/.rels" not in parts:
        raise DocumentError("not-docx")


def _check_xml(part: bytes) -> None:
    text = _plain(part)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise DocumentError("entities")
    declared = DECLARED_ENCODING.search(text)
    if declared and declared.group(1).lower() not in KNOWN_ENCODINGS:
        raise DocumentError("damaged")


def _plain(part: bytes) -> bytes:
    """The part as bytes in which ASCII can be searched, also when it came as UTF-16."""
    if part[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        order = "utf-16-be" if part[:2] in (b"\xfe\xff", b"\0<") else "utf-16-le"
        return part.decode(order, "replace").lstrip("\ufeff").encode()
    return part.lstrip(b"\xef\xbb\xbf \r\n\t")


def _printable(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name[:80])
