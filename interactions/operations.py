"""Writes of this app that touch more than one row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from interactions import documents
from interactions.models import (
    Document,
    InteractionLogEntry,
    InteractionTemplate,
    TemplateLanguage,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def save_language(
    row: TemplateLanguage, *, letter: tuple[str, bytes] | None, remove: bool, by: "User"
) -> None:
    """Saves a template's language; a new letter (name, bytes) takes the place of the old one.

    With `remove` the language keeps its subject and loses its letter. A letter that nobody uses
    any more is deleted. Raises mailmerge.DocumentError where the letter is none.
    """
    before = row.document
    if letter is not None:
        name, data = letter
        row.document = documents.store(data, name=name, by=by)
    elif remove:
        row.document = None
    row.save()
    if before is not None and before != row.document:
        documents.release(before)


@transaction.atomic
def delete_language(row: TemplateLanguage) -> None:
    """Deletes a template's language, and its letter unless something else uses it."""
    document = row.document
    row.delete()
    if document is not None:
        documents.release(document)


@transaction.atomic
def delete_template(template: InteractionTemplate) -> None:
    """Deletes a template with its letters. Raises ProtectedError where it has been used."""
    used = _letters_of(template)
    template.delete()
    for document in used:
        documents.release(document)


def _letters_of(template: InteractionTemplate) -> Sequence[Document]:
    """Each of its letters once: two languages may share one."""
    languages = template.languages.exclude(document=None).values("document")
    return list(Document.objects.filter(pk__in=languages))


def evaluate(entries: QuerySet[InteractionLogEntry], evaluation: str) -> int:
    """Says of all these entries how they went, or takes it back; returns how many."""
    chosen = InteractionLogEntry.whole.filter(pk__in=entries.order_by().values("pk"))
    return chosen.update(evaluation=evaluation)
