"""The letter of one entry, or of facts that are no entry yet."""

from interactions import documents, mailmerge, mergefields
from interactions.mergefields import Facts
from interactions.models import Document, InteractionLogEntry


class Templates:
    """The documents of a run, each read and compiled once."""

    def __init__(self) -> None:
        self._compiled: dict[int, mailmerge.Template] = {}

    def of(self, document: Document) -> mailmerge.Template:
        """The compiled document. Raises documents.DocumentLost where its file is gone."""
        if document.pk not in self._compiled:
            self._compiled[document.pk] = mailmerge.kept_template(documents.read(document))
        return self._compiled[document.pk]


def letter(entry: InteractionLogEntry, templates: Templates | None = None) -> tuple[str, bytes]:
    """The file name and the bytes of an entry's letter.

    Raises mailmerge.DocumentError where it has none, and documents.DocumentLost where the stored
    file is gone or altered: a letter is the one that was logged, or none.
    """
    if entry.document is None:
        raise mailmerge.DocumentError("no-letters")
    if entry.own_document:
        return letter_name(entry), documents.read(entry.document)
    values = mergefields.values(entry.merge_values)
    template = (templates or Templates()).of(entry.document)
    return letter_name(entry), template.letter(values, language=values.language)


def text(entry: InteractionLogEntry) -> str:
    """The text of an entry's merged letter, "" where it has none or one of its own."""
    if entry.document is None or entry.own_document:
        return ""
    return preview_text(entry.document, entry.merge_values)


def letter_name(entry: InteractionLogEntry) -> str:
    """`0001 Company - Person.docx`, from the names the contact had when it was logged."""
    values = mergefields.values(entry.merge_values)
    company, name = str(values["Company_Name"]), str(values["Contact_Name"])
    return mailmerge.letter_name(entry.position, company, "" if name == company else name)


def preview_letter(document: Document, facts: Facts) -> bytes:
    """The letter that these facts make of a document."""
    values = mergefields.values(facts)
    template = mailmerge.kept_template(documents.read(document))
    return template.letter(values, language=values.language)


def preview_text(document: Document, facts: Facts) -> str:
    """The text of the letter that these facts make of a document."""
    values = mergefields.values(facts)
    template = mailmerge.kept_template(documents.read(document))
    return template.text(values, language=values.language)
