"""What can be wrong with a document, each as one sentence for the person who uploaded it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "empty": _("The file is empty. Save the letter in Word again and upload it."),
    "not-docx": _(
        "This is not a Word document (.docx). Save the letter as a Word document (.docx) "
        "and upload that file."
    ),
    "old-format": _(
        "This is an old Word document (.doc). Open it in Word, save it as .docx and "
        "upload that file."
    ),
    "template-format": _(
        "This is a Word template (.dotx). Save it as a Word document (.docx) and upload that file."
    ),
    "too-big": _(
        "The document is %(size)s MB; the limit is %(limit)s MB. Compress its pictures in"
        " Word and upload it again."
    ),
    "zip-bomb": _(
        "The document unpacks to far more than a letter needs and was not opened. "
        "Make the letter anew in Word and upload that file."
    ),
    "too-many-parts": _(
        "The document consists of %(count)s parts; the limit is %(limit)s. Copy the text "
        "into a new document."
    ),
    "damaged": _(
        "The document is damaged or incomplete. Open it in Word, let Word repair it, save"
        " it and upload it again."
    ),
    "encrypted": _(
        "The document is protected by a password. Remove the password in Word and upload "
        "the document again."
    ),
    "unsafe-name": _(
        "The document contains a part with the unsafe name “%(name)s” and was not opened. "
        "Save the letter in Word again and upload it."
    ),
    "duplicate-name": _(
        "The document contains the part “%(name)s” twice and was not opened. "
        "Save the letter in Word again and upload it."
    ),
    "macros": _(
        "The document contains macros. Save it as a Word document without macros (.docx) "
        "and upload that file."
    ),
    "entities": _(
        "The document contains XML declarations (DTD) that Word never writes, and was not opened. "
        "Save the letter in Word again and upload it."
    ),
    "field-unfinished": _(
        "The merge field “%(name)s” has no proper end. Delete the field in Word and "
        "insert it again."
    ),
    "field-across": _(
        "The merge field “%(name)s” starts in one table cell or frame and ends in another. "
        "Delete the field in Word and insert it again."
    ),
    "field-code": _(
        "The field code “%(field)s” cannot be read. Correct it in Word (Alt+F9 shows the codes)."
    ),
    "field-nested": _(
        "The field “%(field)s” has a merge field inside, which is possible only in IF and"
        " HYPERLINK. "
        "Put the merge field directly in the text."
    ),
    "too-many-fields": _(
        "The document has more than %(limit)s merge fields. Split it into several letters."
    ),
    "field-picture": _(
        "The field “%(field)s” chooses between pictures or tables; only text is possible. "
        "Make a letter of its own for each case."
    ),
    "illegal-character": _(
        "The value of “%(name)s” has the character %(character)s, which cannot stand in a"
        " Word document. "
        "Remove it from the value."
    ),
    "different-templates": _(
        "Letters made from different documents cannot be put in one file. Make one "
        "combined file per document."
    ),
    "no-letters": _("There are no letters to combine. Add a line with a letter first."),
    "no-addresses": _("Nobody of this segment has an address to be written to."),
    "too-many-letters": _(
        "The combined document would be larger than 4 GB. Make it in smaller portions."
    ),
    "pdf-no-office": _(
        "PDF files are made by LibreOffice, which is not installed on the server. Download the"
        " letters as Word documents, or ask your administrator to install LibreOffice."
    ),
    "pdf-failed": _(
        "LibreOffice could not make a PDF of the letters. Open the combined letters in Word to see"
        " whether they are in order, and save them as PDF there."
    ),
    "pdf-too-slow": _(
        "LibreOffice was not ready within %(seconds)s seconds and was ended. Try again later, or"
        " download the letters as Word documents."
    ),
    "pdf-unclear": _(
        "It cannot be told on which page of the PDF each letter begins. Download one PDF of all"
        " letters instead."
    ),
}


class DocumentError(ValueError):
    """A document or value is refused: `code` says why in a word, `str()` in a sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return str(PROBLEMS[self.code]) % self.details


FACTS = {
    "tracked-changes": _(
        "The document has tracked changes. Accept or reject them: contacts would see them."
    ),
    "comments": _("The document has comments. Delete them: contacts would see them."),
    "external-link": _(
        "The document takes content from “%(detail)s”, which the contact may not reach. "
        "Embed it instead."
    ),
    "embedded-object": _(
        "The document carries an embedded file (%(detail)s). Contacts would receive it "
        "with the letter."
    ),
    "unsupported-field": _(
        "The field %(detail)s is not filled by the merge and stays as it is. Use merge "
        "fields instead."
    ),
}


@dataclass(frozen=True)
class Note:
    """A fact about a document that does not hinder the merge but that its author should know."""

    code: str
    detail: str = ""

    @property
    def text(self) -> str:
        """The fact as a sentence in the reader's language."""
        return str(FACTS[self.code]) % {"detail": self.detail}
