"""The languages of a segment: what letter and subject there is in each, and for how many lines."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from crm.languages import language_name
from segments.effective import EffectiveLines


@dataclass(frozen=True)
class Language:
    """One language: whose letter holds in it, and how many lines say they use it."""

    code: str
    own_letter: bool
    template_letter: bool
    has_subject: bool
    lines: int

    @property
    def name(self) -> str:
        """The language in the reader's language."""
        return language_name(self.code)

    @property
    def has_letter(self) -> bool:
        """Whether the segment or its template has a letter in it."""
        return self.own_letter or self.template_letter


def languages(effective: EffectiveLines) -> list[Language]:
    """The languages that lines use or that have a letter, the most used first; one statement."""
    shared = Q(override__document=None)
    rows = effective.lines("language").order_by().filter(shared).values_list("says_language")
    counts: dict[str, int] = dict(rows.annotate(count=Count("pk")))
    header: Any = effective.template
    theirs = {
        row.language: row for row in effective.languages if header and row.template_id == header.pk
    }
    subjects = {code for code, row in theirs.items() if row.subject}
    if effective.segment.subject:
        subjects |= {effective.header_language}
    written = {code for code, row in theirs.items() if row.document_id}
    found = [
        Language(
            code,
            code in effective.own_documents,
            code in written,
            code in subjects,
            counts.get(code, 0),
        )
        for code in {*counts, *effective.own_documents, *theirs}
    ]
    return sorted(found, key=lambda one: (-one.lines, one.code))
