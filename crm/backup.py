"""A copy of everything, as of one moment, while people go on working; and the way back.

Stored files never change under their name, so they are copied before the database and what is new
after it: whatever the database names is in the copy.
"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

MANIFEST, MEDIA, SQLITE, POSTGRES = "manifest.json", "media", "database.sqlite3", "database.dump"
# What libpq's programs call the parts of an address.
PG_NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}


class BackupError(Exception):
    """Why it cannot be done, in a sentence for the operator."""


def back_up(folder: Path) -> dict[str, Any]:
    """Writes a copy into a new folder; returns its manifest. Nobody needs to stop working."""
    if folder.exists():
        raise BackupError(_("%s is there already.") % folder)
    folder.mkdir(parents=True, mode=0o700)  # it holds everything: for its owner alone
    (folder / MEDIA).mkdir()
    _copy_files(folder / MEDIA)
    _copy_database(folder)
    _copy_files(folder / MEDIA)
    files = {str(path.relative_to(folder)): _sha256(path) for path in _files(folder)}
    manifest = {"at": timezone.now().isoformat(), "engine": connection.vendor, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Puts a copy into an empty database and an empty storage; returns its manifest.

    Files first: a database is only there once all that it names is.
    """
    manifest = _checked(folder)
    if connection.introspection.table_names():
        raise BackupError(_("The database is not empty."))
    if next(_stored(), None):
        raise BackupError(_("The storage of documents is not empty."))
    for path in _files(folder / MEDIA):
        with path.open("rb") as file:
            default_storage.save(str(path.relative_to(folder / MEDIA)), file)
    if connection.vendor == "sqlite":
        _restore_sqlite(folder / SQLITE)
    else:
        _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
             f"--dbname={_database_name()}", str(folder / POSTGRES))  # fmt: skip
    return manifest


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of a copy that is whole and of this kind of database."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(_("%s is no copy of ours.") % folder) from error
    if manifest["engine"] != connection.vendor:
        raise BackupError(_("The copy is of another kind of database."))
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != digest:
            raise BackupError(_("%s is missing from the copy, or was altered.") % name)
    return manifest


def _copy_database(folder: Path) -> None:
    """The database as of one moment, whatever is written meanwhile."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / SQLITE)) as copy:
            connection.connection.backup(copy)
    else:
        _run("pg_dump", "--format=custom", f"--file={folder / POSTGRES}", _database_name())


def _restore_sqlite(source: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection)


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, at our database; the password is not seen by others."""
    found = shutil.which(program, path=settings.PG_BIN or None)
    if found is None:
        raise BackupError(_("%s is not installed; PG_BIN may name its folder.") % program)
    said = connection.get_connection_params()
    address = {PG_NAMES[name]: str(said[name]) for name in PG_NAMES if said.get(name)}
    ran = subprocess.run(  # noqa: S603 - our own command line
        [found, *arguments], env=address | {"PATH": ""}, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise BackupError(f"{program}: {ran.stderr.strip()[:500]}")


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def _copy_files(target: Path) -> None:
    """What is in the storage and not in the copy yet."""
    for name in _stored():
        path = target / name
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with default_storage.open(name) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        except FileNotFoundError:  # its last use went just now
            path.unlink(missing_ok=True)


def _stored(folder: str = "") -> Iterator[str]:
    """Every name in the storage, whatever kind of storage it is."""
    folders, files = default_storage.listdir(folder)
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in files)
    for name in folders:
        yield from _stored(f"{prefix}{name}")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
