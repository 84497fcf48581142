"""Coverage before Log: lines without a letter in their language, and lines that lack what theirs
names.

Each is a condition in SQL, made from what the documents in force use; the documents are asked
once, whatever the number of lines.
"""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.lookups import Exact, In
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.languages import LANGUAGES
from interactions import mergefields
from segments.effective import EffectiveLines
from segments.fallback import ID, text

NO_LETTER, LACKS, UNSEEN = "no_letter_", "lacks_", "comment_unseen"
# What a line has to carry for these to be asked.
NEEDS = ("language", "campaign_id", "date", "personal_comment")
Counts = dict[str, int]
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
    """What a line can lack, by code; a fixed number of statements."""
    found = {
        code: Q(override__document=None) & Q(says_document_id__in=documents) & lack
        for code, (documents, lack) in _lacks(effective).items()
    }
    return found | {UNSEEN: unseen(effective)}


def counted(effective: EffectiveLines, lines: QuerySet[Any], by: type[Any] = Count) -> Counts:
    """How many of the lines lack what, or the first one that does (by=Min): {code: number}.

    Which document a line has is worked out once a line and not once a field: the lines are grouped
    by it, and a field is asked of the groups whose document uses it.
    """
    lacks = _lacks(effective)
    own = When(override__document=None, then=F("says_document_id"))
    grouped = lines.annotate(merged=Case(own, output_field=ID)).order_by().values("merged")
    asked = {code: by("pk", filter=lack) for code, (_documents, lack) in lacks.items()}
    found: dict[str, list[int]] = defaultdict(list)
    for row in grouped.annotate(**asked) if asked else ():
        for code, (documents, _lack) in lacks.items():
            if row["merged"] in documents and row[code]:
                found[code].append(row[code])
    return {code: sum(found[code]) if by is Count else min(found[code]) for code in found}


def _lacks(effective: EffectiveLines) -> dict[str, tuple[list[int], Q]]:
    """By code: the documents that name a field, and when a line has nothing for it."""
    row = effective.row
    row = replace(row, line={**row.line, "subject": effective.subject_written})
    asked = _documents_by_field(effective).items()
    lacks = ((field, documents, mergefields.lacking(field, row)) for field, documents in asked)
    return {LACKS + field.name: (docs, lack) for field, docs, lack in lacks if lack is not None}


def unseen(effective: EffectiveLines) -> Q:
    """Lines with a comment whose letter has no field for it, or is not merged."""
    using = _documents_by_field(effective).get(COMMENT, [])
    shown = Q(override__document=None) & Q(says_document_id__in=using)
    return ~Q(says_personal_comment="") & Q(says_document_id__isnull=False) & ~shown


def _documents_by_field(effective: EffectiveLines) -> dict[Any, list[int]]:
    """The documents that lines inherit, by the fields that they use."""
    used: dict[Any, list[int]] = {}
    for pk, document in sorted(effective.documents.items()):
        for field in dict.fromkeys(map(mergefields.named, document.merge_fields)):
            if field is not None:
                used.setdefault(field, []).append(pk)
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


def found(effective: EffectiveLines, lines: QuerySet[Any]) -> Counts:
    """How many of the lines lack what, by code: in value and in language."""
    return {**counted(effective, lines), **_languages(effective, lines)}


def _languages(effective: EffectiveLines, lines: QuerySet[Any]) -> Counts:
    counts = (
        lines.filter(unserved(effective))
        .annotate(wanted=_wanted())
        .order_by("wanted")
        .values_list("wanted")
        .annotate(count=Count("pk"))
    )
    return {NO_LETTER + language: count for language, count in counts}


def condition(effective: EffectiveLines, code: str) -> Q | None:
    """The condition of one code; None where nothing of that kind can be lacking."""
    if code.startswith(NO_LETTER) and code in WORDS:
        language = code.removeprefix(NO_LETTER)
        return unserved(effective) & Q(Exact(_wanted(), Value(language)))
    return conditions(effective).get(code)
