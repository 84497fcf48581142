"""A storage like object storage: it keeps what it is given, and has no files to name a path of."""

import datetime
from typing import Any

from django.core.files.storage import InMemoryStorage, Storage


class PathlessStorage(Storage):
    """Keeps files in memory; asked for a path it refuses, as Django's base does."""

    def __init__(self) -> None:
        self._kept = InMemoryStorage()

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self._kept.open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        return self._kept.save(name, content)

    def delete(self, name: str) -> None:
        self._kept.delete(name)

    def exists(self, name: str) -> bool:
        return self._kept.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self._kept.listdir(path)

    def size(self, name: str) -> int:
        return self._kept.size(name)

    def get_modified_time(self, name: str) -> datetime.datetime:
        return self._kept.get_modified_time(name)
