"""Zip files written forwards: to a file or a network connection, with fixed times, in flat memory.

Two ways of packing live here. `pack` makes a whole part. `literal_block` and `value_block` make
*blocks* that follow one another in any order: a deflate stream may change from compressed to stored
blocks at a byte boundary (RFC 1951, 3.2.3), so the unchanging text of a letter is compressed once
and the values are laid between, and no letter is compressed again.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .errors import DocumentError

STORED, DEFLATED = 0, 8
LAST_BLOCK = b"\x03\x00"
FOUR_GIB = 0xFFFFFFFF
# 1 January 1980, midnight: the zero of zip files, so that the same letter is the same bytes on any
# day.
TIME, DATE = 0, 0x21
LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR64 = struct.Struct("<4sIQI")
WAITING = struct.Struct("<H3IQ")
STORED_BLOCK = struct.Struct("<BHH")
# From here on a value is worth compressing; a stored block could hold 65,535 bytes.
LONG_VALUE = 512


@dataclass(frozen=True)
class Packed:
    """A part as a zip file holds it: `size` and `crc` are of the unpacked part."""

    method: int
    data: bytes
    crc: int
    size: int


def pack(part: bytes, level: int = 9) -> Packed:
    """Compress a part, unless it is compressed already (pictures)."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    data = deflater.compress(part) + deflater.flush()
    if len(data) >= len(part):
        return store(part)
    return Packed(DEFLATED, data, zlib.crc32(part), len(part))


def store(part: bytes) -> Packed:
    """A part as it is."""
    return Packed(STORED, part, zlib.crc32(part), len(part))


def literal_block(text: bytes) -> bytes:
    """Compressed blocks that refer to nothing before them and end at a byte boundary."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return deflater.compress(text) + deflater.flush(zlib.Z_FULL_FLUSH) if text else b""


def value_block(text: bytes) -> bytes:
    """A value between two literal blocks: as it is when short, compressed when long."""
    size = len(text)
    if size < LONG_VALUE:
        return STORED_BLOCK.pack(0, size, size ^ 0xFFFF) + text if size else b""
    return literal_block(text)


def local_header(name: bytes, part: Packed, *, streamed: bool = False) -> bytes:
    """What stands before a part. Of a streamed part, sizes follow in a data descriptor."""
    flags = _flags(name) | (8 if streamed else 0)
    crc, packed, size = (0, 0, 0) if streamed else (part.crc, len(part.data), part.size)
    return (
        LOCAL.pack(b"PK\3\4", 20, flags, part.method, TIME, DATE, crc, packed, size, len(name), 0)
        + name
    )


def central_record(
    name: bytes, part: Packed, offset: int, *, streamed: bool = False, packed: int | None = None
) -> bytes:
    """What the directory at the end says of a part; an offset beyond 4 GiB goes to zip64."""
    extra = struct.pack("<HHQ", 1, 8, offset) if offset >= FOUR_GIB else b""
    flags = _flags(name) | (8 if streamed else 0)
    length = len(part.data) if packed is None else packed
    version = 45 if extra else 20
    # fmt: off
    return CENTRAL.pack(
        b"PK\1\2", version, version, flags, part.method, TIME, DATE, part.crc, length,
        part.size, len(name), len(extra), 0, 0, 0, 0, min(offset, FOUR_GIB),
    ) + name + extra
    # fmt: on


def end_record(count: int, size: int, offset: int) -> bytes:
    """The end of a zip file of `count` parts whose directory has `size` bytes at `offset`."""
    end = END.pack(
        b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), size, min(offset, FOUR_GIB), 0
    )
    if count < 0xFFFF and offset < FOUR_GIB:
        return end
    wide = END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    return wide + LOCATOR64.pack(b"PK\6\7", 0, offset + size, 1) + end


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else 0x800


class Waiting:
    """Parts that lie ready elsewhere, with their local headers: 22 bytes and the name of each."""

    def __init__(self) -> None:
        self._records: list[bytes] = []
        self._offset = 0

    def add(self, name: bytes, part: Packed) -> bytes:
        """Enter a part; returns what must be kept of it."""
        data = local_header(name, part) + part.data
        facts = WAITING.pack(part.method, part.crc, part.size, len(part.data), self._offset)
        self._records.append(facts + name)
        self._offset += len(data)
        return data

    def records(self, start: int) -> Iterator[bytes]:
        """The records in the directory of parts that were written from `start` on."""
        for record in self._records:
            method, crc, size, packed, offset = WAITING.unpack_from(record)
            part, name = Packed(method, b"", crc, size), record[WAITING.size :]
            yield central_record(name, part, start + offset, packed=packed)


class ZipStream:
    """A zip file written part by part to `out`, which need not be seekable.

    Keeps the directory only.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._offset = 0
        self._directory = bytearray()
        self._count = 0

    def add(self, name: str, part: Packed) -> None:
        """Write one finished part."""
        start, encoded = self._offset, name.encode()
        self._write(local_header(encoded, part) + part.data)
        self._record(central_record(encoded, part, start))

    def stream(self, name: str) -> StreamedPart:
        """Open a part of unknown length; close it before the next is added."""
        return StreamedPart(self, name.encode(), self._offset)

    def take_in(self, blocks: Iterable[bytes], waiting: Waiting) -> None:
        """Write parts that lie ready, and enter each in the directory."""
        start = self._offset
        for block in blocks:
            self._write(block)
        for record in waiting.records(start):
            self._record(record)

    def close(self) -> None:
        """Write the directory. `out` stays open."""
        start = self._offset
        self._write(self._directory)
        self._write(end_record(self._count, len(self._directory), start))

    def _write(self, data: bytes | bytearray) -> None:
        self._out.write(data)
        self._offset += len(data)

    def _record(self, record: bytes) -> None:
        self._directory += record
        self._count += 1


class StreamedPart:
    """One part of a ZipStream that grows: compressed as it comes."""

    def __init__(self, archive: ZipStream, name: bytes, start: int) -> None:
        self._archive, self._name, self._start = archive, name, start
        self._deflater = zlib.compressobj(1, zlib.DEFLATED, -15, 9)
        self._crc = self._size = self._packed = 0
        archive._write(local_header(name, Packed(DEFLATED, b"", 0, 0), streamed=True))

    def write(self, data: bytes) -> None:
        """Append to the part."""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        if self._size >= FOUR_GIB:
            raise DocumentError("too-many-letters")
        self._put(self._deflater.compress(data))

    def close(self) -> None:
        """Finish the part and enter it in the directory."""
        self._put(self._deflater.flush())
        part = Packed(DEFLATED, b"", self._crc, self._size)
        self._archive._write(struct.pack("<4s3I", b"PK\7\x08", self._crc, self._packed, self._size))
        self._archive._record(
            central_record(self._name, part, self._start, streamed=True, packed=self._packed)
        )

    def _put(self, packed: bytes) -> None:
        if packed:
            self._packed += len(packed)
            self._archive._write(packed)
