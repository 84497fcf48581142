"""The storage of files: whatever class STORAGE names, behind one door.

Storages fail in their own words: a disk by OSError, each object storage by errors of its client.
Behind the door they say the same, so that a page can tell it and a job can come again. A file that
is opened is fetched at once, not at its first read, when nobody thinks of it any more; what is read
of it goes through the door all the same. There is no address of a file: files are served by views
that check rights.
"""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

logger = logging.getLogger("crm.storage")
# What is an answer, not silence.
ANSWERS = (FileNotFoundError, FileExistsError, SuspiciousOperation, NotImplementedError)
# How long S3's client waits. Its own: a minute, five times over; whoever waits for a page has less.
HURRY: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 10,
    "retries": {"total_max_attempts": 2, "mode": "standard"},
}


_given_up: ContextVar[bool] = ContextVar("given_up", default=False)


class StorageAway(Exception):
    """The storage does not answer, or refuses us; the text is for the reader."""

    def __init__(self) -> None:
        super().__init__(_("The storage of documents does not answer. Try again in a while."))


@contextmanager
def given_up() -> Iterator[None]:
    """Inside, nobody asks, and waits for, a storage that has just not answered."""
    before = _given_up.set(True)
    try:
        yield
    finally:
        _given_up.reset(before)


@contextmanager
def _asked() -> Iterator[None]:
    """Whatever a storage fails with is said in one way; the log has its own words."""
    if _given_up.get():
        raise StorageAway
    try:
        yield
    except ANSWERS:
        raise
    except Exception as error:
        logger.error("the storage of documents failed: %s: %s", type(error).__name__, error)
        raise StorageAway from error


def after_commit(step: Callable[[], object]) -> None:
    """Takes a step in the storage once what we do is committed.

    By then it is done, and a storage out of reach fails nobody: what was to be deleted is left
    over, and found by `check_integrity` or the worker's tidying.
    """

    def take() -> None:
        with suppress(StorageAway):
            step()

    transaction.on_commit(take)


class _Fetched(io.RawIOBase):
    """A file as the storage's own class gives it; whatever is asked of it goes through the door."""

    def __init__(self, found: "File[Any]") -> None:
        self.found = found

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        """A file on a disk has one, and is sent by the kernel."""
        return int(self.found.fileno())

    def readinto(self, buffer: Any) -> int:
        with _asked():
            data = self.found.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _asked():
            return int(self.found.seek(offset, whence))

    def close(self) -> None:
        if not self.closed:
            super().close()
            with _asked():
                self.found.close()


class Opened(File):
    """A file of the storage, to read. Once closed it is fetched anew where it is opened again."""

    def __init__(self, storage: "Documents", name: str) -> None:
        super().__init__(storage.fetch(name), name)
        self.storage = storage

    def open(self, mode: str | None = None, *_arguments: Any, **_options: Any) -> Self:
        """From its beginning, whether it was closed or not."""
        if self.closed:
            self.file = self.storage.fetch(str(self.name))
        self.seek(0)
        return self


class Documents(Storage):
    """The storage of that class with those options. Raises StorageAway where it fails."""

    def __init__(self, backend: str, options: dict[str, Any] | None = None) -> None:
        self.inner = import_string(backend)(**(options or {}))
        config = getattr(self.inner, "client_config", None)
        if config is not None:
            self.inner.client_config = config.merge(type(config)(**HURRY))

    def open(self, name: str, mode: str = "rb") -> "File[Any]":
        """A file to read, as bytes: files are written whole, by `save`."""
        if mode != "rb":
            raise ValueError(f"a document is opened to be read as bytes, not {mode!r}")
        return Opened(self, name)

    def fetch(self, name: str) -> io.BufferedReader:
        """The bytes of a file, from its beginning."""
        with _asked():
            found: File[Any] = self.inner.open(name, "rb")
            _fetched = found.file
        return io.BufferedReader(_Fetched(found))

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        with _asked():
            return str(self.inner.save(name, content, max_length=max_length))

    def delete(self, name: str) -> None:
        with _asked():
            self.inner.delete(name)

    def exists(self, name: str) -> bool:
        with _asked():
            return bool(self.inner.exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and the files in a folder: none where there is no such folder."""
        with _asked():
            try:
                folders, files = self.inner.listdir(path)
            except FileNotFoundError:
                return [], []
            return list(folders), list(files)

    def size(self, name: str) -> int:
        with _asked():
            return int(self.inner.size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _asked():
            if not self.inner.exists(name):  # object storages do not say it in one way
                raise FileNotFoundError(name)
            modified: datetime = self.inner.get_modified_time(name)
            return modified

    def path(self, name: str) -> str:
        """Only of files on a disk; nothing of ours asks for it."""
        return str(self.inner.path(name))
