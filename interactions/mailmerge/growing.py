"""Parts of a combined document that grow with every letter, kept on disk when they get long."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

from .marks import Copy, Cut
from .zipstream import ZipStream

IN_MEMORY = 1 << 20
BLOCK = 1 << 16


class Spool:
    """Bytes written one after the other and read once; long ones wait on disk."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by close()
        self._last = bytearray()

    def write(self, data: bytes) -> None:
        """Append."""
        self._last += data
        if len(self._last) > BLOCK:
            self._file.write(self._last)
            self._last.clear()

    def blocks(self) -> Iterator[bytes]:
        """All that was written, from the beginning."""
        self._file.write(self._last)
        self._file.seek(0)
        while block := self._file.read(BLOCK):
            yield block

    def close(self) -> None:
        """Forget everything."""
        self._file.close()


class Growing:
    """A part to which things are appended before the end of its root element."""

    def __init__(self, name: str, head: bytes, tail: bytes) -> None:
        self.name, self._head, self._tail = name, head, tail
        self._middle = Spool()

    def append(self, xml: bytes) -> None:
        """Add something to the end."""
        self._middle.write(xml)

    def write(self, archive: ZipStream) -> None:
        """Put the part into the zip file."""
        part = archive.stream(self.name)
        part.write(self._head)
        for block in self._middle.blocks():
            part.write(block)
        part.write(self._tail)
        part.close()

    def close(self) -> None:
        """Forget what was appended."""
        self._middle.close()


class Repeated(Growing):
    """A growing part to which each letter adds the same text, filled for this letter."""

    def __init__(self, name: str, head: bytes, middle: Cut, tail: bytes) -> None:
        super().__init__(name, head, tail)
        self._cut = middle

    def add(self, copy: Copy) -> None:
        """Add what belongs to one letter."""
        self.append(self._cut.fill(copy))
