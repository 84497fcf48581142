"""Documents in the storage: addressed by their SHA-256, shared by all that use them, never changed.

A row that others can see always has its file: the file is written before the row is committed. Of
two who store the same bytes at once, or store and release them, the second waits for the row of the
first, because the hash is unique.
"""

import difflib
import hashlib
import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils.translation import gettext

from crm.storage import after_commit
from interactions import mailmerge, mergefields
from interactions.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class DocumentLost(Exception):
    """The stored file is gone or not what was stored; the message says which, for the reader."""


def store(data: bytes, *, name: str, by: "User | None") -> Document:
    """The document of these bytes: a new one, or the one that is there already.

    Raises mailmerge.DocumentError, whose text says what is wrong with the file and what to do.
    """
    fields = mailmerge.read_template(data).fields
    digest = hashlib.sha256(data).hexdigest()
    row = {"name": plain_name(name), "size": len(data), "merge_fields": list(fields), "by": by}
    with transaction.atomic():
        document = _claim(digest, row)
        _write(document, data)
    return document


def read(document: Document) -> bytes:
    """The bytes as they were stored. Raises DocumentLost where they are gone or altered."""
    data = _stored(document)
    if data is None:
        message = gettext("The file of the document “%(name)s” is missing from the storage.")
        raise DocumentLost(message % {"name": document.name})
    if hashlib.sha256(data).hexdigest() != document.sha256:
        message = gettext("The file of the document “%(name)s” was altered in the storage.")
        raise DocumentLost(message % {"name": document.name})
    return data


@transaction.atomic
def release(document: Document) -> bool:
    """Deletes the row, and after the commit the file, unless something still refers to it.

    Call it after the reference was taken away. Returns whether it was the last use.
    """
    locked = Document.objects.select_for_update().filter(pk=document.pk).first()
    try:
        if locked is None or not locked.delete()[0]:
            return False
    except ProtectedError:
        return False
    after_commit(partial(_delete_file, locked))
    return True


@transaction.atomic
def release_all(documents: Iterable[Document]) -> int:
    """Releases those of these documents that nothing refers to any more; returns how many.

    The statements do not grow with them; only files are deleted one by one, after the commit.
    """
    chosen = Document.objects.filter(pk__in=[document.pk for document in documents])
    gone = list(unused(chosen).select_for_update())
    Document.objects.filter(pk__in=[document.pk for document in gone]).delete()
    for document in gone:
        after_commit(partial(_delete_file, document))
    return len(gone)


def unused(chosen: QuerySet[Document]) -> QuerySet[Document]:
    """Those of these documents that nothing refers to, whatever table it might be in."""
    relations: list[Any] = list(Document._meta.get_fields(include_hidden=True))
    for relation in relations:
        if relation.one_to_many and relation.auto_created:
            users = relation.related_model._base_manager.order_by()
            chosen = chosen.filter(~Exists(users.filter(**{relation.field.name: OuterRef("pk")})))
    return chosen


def unknown_fields(document: Document) -> list[tuple[str, str]]:
    """The document's merge fields that nobody fills, each with the nearest known name or ""."""
    return unknown_names(document.merge_fields)


def unknown_names(names: list[str]) -> list[tuple[str, str]]:
    """Of these names, those that are no merge field, each with the nearest known name or ""."""
    known = {name.casefold(): name for field in mergefields.FIELDS for name in _names(field)}
    return [
        (name, next((known[near] for near in _nearest(name, list(known))), ""))
        for name in names
        if not mergefields.is_known(name)
    ]


def plain_name(name: str) -> str:
    """A file name without folders and control characters, short enough for its column."""
    base = os.path.basename(name.replace("\\", "/"))
    return "".join(each for each in base if each.isprintable()).strip()[-200:] or "letter.docx"


def _names(field: mergefields.Field) -> tuple[str, ...]:
    return (field.name, *field.aliases) if field.listed else ()


def _nearest(name: str, known: list[str]) -> list[str]:
    """At most one known name that looks like this one; blanks and hyphens count as underscores."""
    written = name.casefold().replace(" ", "_").replace("-", "_")
    return difflib.get_close_matches(written, known, n=1, cutoff=0.7)


def _claim(digest: str, row: dict[str, Any], attempts: int = 5) -> Document:
    """The row of this hash, held until the end of the transaction.

    Tried anew where another transaction deletes the row between our two questions for it.
    """
    try:
        rows = Document.objects.select_for_update()
        return rows.get_or_create(sha256=digest, defaults=row)[0]
    except IntegrityError:
        if attempts == 1:
            raise
        return _claim(digest, row, attempts - 1)


def _write(document: Document, data: bytes) -> None:
    """Puts the bytes in their place, unless they are there; what a crash left half is replaced."""
    if _stored(document) == data:
        return
    default_storage.delete(document.path)
    saved = default_storage.save(document.path, ContentFile(data))
    if saved != document.path:
        # Somebody without a row wrote there this moment; a storage never overwrites.
        default_storage.delete(saved)
        raise DocumentLost(gettext("The storage is busy. Upload the file once more."))


def _stored(document: Document) -> bytes | None:
    try:
        with default_storage.open(document.path) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _delete_file(document: Document) -> None:
    """Deletes a released file, unless the same bytes were stored again in between.

    A row of that hash is made and taken back: while it stands, nobody can store these bytes.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                Document.objects.create(sha256=document.sha256, name=document.name, size=0)
        except IntegrityError:
            return
        default_storage.delete(document.path)
        transaction.set_rollback(True)
