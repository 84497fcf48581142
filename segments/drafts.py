"""Letters of lines before Log: just as Log will make them, to be read, changed and looked at."""

from collections.abc import Iterable, Mapping
from typing import Any

from interactions import documents, letters, mailmerge, mergefields
from interactions.mergefields import Facts
from interactions.models import Document
from segments.effective import NAMES, EffectiveLines
from segments.models import Segment, SegmentLine


def facts(effective: EffectiveLines, ids: Iterable[int]) -> Mapping[int, Facts]:
    """What the letters of these lines are made of, by line; a fixed number of statements."""
    lines = effective.with_facts(effective.lines(*NAMES)).filter(pk__in=list(ids))
    return dict(lines.values_list("pk", "facts"))


def letter(effective: EffectiveLines, line: Any) -> tuple[str, bytes]:
    """The file name and the bytes of a line's letter; the line carries what it says.

    Raises DocumentError where it has none, and DocumentLost where the stored file is gone.
    """
    document = Document.objects.filter(pk=line.says_document_id).first()
    if document is None:
        raise mailmerge.DocumentError("no-letter")
    said = facts(effective, [line.pk])[line.pk]
    values = mergefields.values(said)
    name = _name(effective.segment, line, values)
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


def _name(segment: Segment, line: Any, values: mergefields.Values) -> str:
    """As the letter will be called: `0001 Company - Person.docx`."""
    position = SegmentLine.objects.present(segment).filter(pk__lte=line.pk).count()
    company, name = str(values["Company_Name"]), str(values["Contact_Name"])
    return mailmerge.letter_name(position, company, "" if name == company else name)
