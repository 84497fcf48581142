"""Letters of lines before Log: just as Log will make them, to be read, changed and looked at."""

from typing import Any

from interactions import documents, letters, mailmerge, mergefields
from interactions.mergefields import Facts
from interactions.models import Document
from segments.models import SegmentLine


def letter(line: Any) -> tuple[str, bytes]:
    """The file name and the bytes of a line's letter; the line carries what it says, and its facts.

    Raises DocumentError where it has none, and DocumentLost where the stored file is gone.
    """
    document = Document.objects.filter(pk=line.says_document_id).first()
    if document is None:
        raise mailmerge.DocumentError("no-letter")
    values = mergefields.values(line.facts)
    name = _name(line, values)
    if is_own(line):
        return name, documents.read(document)
    template = letters.Templates().of(document)
    return name, template.letter(values, language=values.language)


def is_own(line: Any) -> bool:
    """Whether the line has a letter of its own, which is sent without merging."""
    override = getattr(line, "override", None)
    return override is not None and override.document_id is not None


def text(line: Any, document: Document, said: Facts, templates: letters.Templates) -> str:
    """The words of a line's letter. Errors as `letter`.

    One of its own is not merged, so its fields show their names.
    """
    template = templates.of(document)
    if is_own(line):
        return template.text({name: f"«{name}»" for name in template.fields})
    values = mergefields.values(said)
    return template.text(values, language=values.language)


def _name(line: Any, values: mergefields.Values) -> str:
    """As the letter will be called: `0001 Company - Person.docx`."""
    position = SegmentLine.objects.present(line.segment).filter(pk__lte=line.pk).count()
    company, name = str(values["Company_Name"]), str(values["Contact_Name"])
    return mailmerge.letter_name(position, company, "" if name == company else name)
