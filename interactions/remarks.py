"""What an author should know of a letter, in sentences: the linter, on upload and on the page."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from interactions import documents, mailmerge
from interactions.models import Document


def of_fields(names: Sequence[str]) -> list[str]:
    """One sentence for each merge field that nobody fills, with the name that may be meant."""
    return [
        _("There is no merge field “%(name)s”. Do you mean “%(near)s”?")
        % {"name": name, "near": near}
        if near
        else _("There is no merge field “%(name)s”. See the list of merge fields.") % {"name": name}
        for name, near in documents.unknown_names(list(names))
    ]


def of_document(document: Document) -> list[str]:
    """Everything there is to say of a stored letter: unknown fields, tracked changes, ..."""
    unknown = of_fields(document.merge_fields)
    try:
        template = mailmerge.read_template(documents.read(document))
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        return [*unknown, str(error)]
    return [*unknown, *(note.text for note in template.notes)]
