"""Coverage before Log: lines without a letter in their language, and lines that lack what theirs
names.

Each is a condition in SQL, made from what the documents in force use; the documents are asked
once, whatever the number of lines.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.lookups import Exact, In
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.languages import LANGUAGES
from interactions import mergefields
from interactions.models import Document
from segments.chain import text
from segments.effective import EffectiveLines

NO_LETTER, LACKS, UNSEEN = "no_letter_", "lacks_", "comment_unseen"
# What a line has to carry for these to be asked.
NEEDS = ("language", "campaign_id", "date", "personal_comment")
COMMENT = mergefields.named("Personal_comment")
_LACKING: dict[str, Promise] = {
    "Formal_Salutation": _("without a salutation in their language (formal)"),
    "Informal_Salutation": _("without a salutation in their language (informal)"),
    "Address_Block": _("whose letter needs an address that the contact has not"),
}
# What is said after “14 lines”; all that can ever be found, for the trail keeps it.
WORDS: dict[str, Any] = {
    **{
        NO_LETTER + code: format_lazy(_("without a letter in {language}"), language=name)
        for code, name in LANGUAGES
    },
    **{
        LACKS + field.name: _LACKING.get(field.name)
        or format_lazy(_("whose letter has no value for “{field}”"), field=field.label)
        for field in mergefields.FIELDS
        if mergefields.can_be_asked(field)
    },
    UNSEEN: _("with a personal comment that their letter does not show"),
}


def conditions(effective: EffectiveLines) -> dict[str, Q]:
    """What the letters in force name and a line lacks, by code; four statements at most."""
    used = _documents_by_field(effective)
    row = effective.row
    row = replace(row, line={**row.line, "subject": effective.subject_written})
    merged = Q(override__document=None)
    found = {
        LACKS + field.name: merged & Q(says_document_id__in=documents) & lacking
        for field, documents in used.items()
        if (lacking := mergefields.lacking(field, row)) is not None
    }
    commented = ~Q(says_personal_comment="") & Q(says_document_id__isnull=False)
    shown = merged & Q(says_document_id__in=used.get(COMMENT, [])) if COMMENT in used else None
    found[UNSEEN] = commented & ~shown if shown is not None else commented
    return found


def _documents_by_field(effective: EffectiveLines) -> dict[Any, list[int]]:
    """The documents that lines inherit, by the fields that they use."""
    theirs = [row.document_id for row in effective.languages if row.document_id]
    wanted = Document.objects.filter(pk__in=[*effective.own_documents.values(), *theirs])
    used: dict[Any, list[int]] = defaultdict(list)
    for pk, names in wanted.order_by().values_list("pk", "merge_fields"):
        for field in dict.fromkeys(map(mergefields.named, names)):
            if field is not None:
                used[field].append(pk)
    return used


def unserved(effective: EffectiveLines) -> Q:
    """Lines that want a letter in a language of their own, in which there is none."""
    wanted = _wanted()
    served = Q(override__document__isnull=False) | Q(In(wanted, list(effective.own_documents)))
    for template in effective.templates:
        written = [
            row.language
            for row in effective.languages
            if row.template_id == template and row.document_id
        ]
        served |= Q(says_template_id=template) & Q(In(wanted, written))
    writing = Q(says_template_id__isnull=False) & ~Q(says_correspondence_type="")
    return writing & ~Q(Exact(wanted, Value(""))) & ~served


def _wanted() -> Any:
    """The language that a line would be written to in, if there were a letter."""
    return text("override__language", "contact__language")


def languages(effective: EffectiveLines, lines: QuerySet[Any]) -> Iterator[tuple[str, int]]:
    """How many of the lines lack a letter in their language: (code, count), by one statement."""
    counts = (
        lines.filter(unserved(effective))
        .annotate(wanted=_wanted())
        .order_by("wanted")
        .values_list("wanted")
        .annotate(count=Count("pk"))
    )
    for language, count in counts:
        yield NO_LETTER + language, count


def condition(effective: EffectiveLines, code: str) -> Q | None:
    """The condition of one code; None where nothing of that kind can be lacking."""
    if code.startswith(NO_LETTER) and code in WORDS:
        language = code.removeprefix(NO_LETTER)
        return unserved(effective) & Q(Exact(_wanted(), Value(language)))
    return conditions(effective).get(code)
