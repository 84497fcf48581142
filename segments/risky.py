"""The letters most likely to go wrong: to be read before all of them are logged.

One of each language, the longest name, the longest comment, one that lacks each value that its
letter names, one of its own. A fixed number of statements, whatever the number of lines.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from crm.languages import language_name
from interactions import documents, letters, mailmerge
from interactions.models import Document
from segments import coverage, drafts
from segments.effective import EffectiveLines
from segments.models import Segment

MOST = 12


@dataclass(frozen=True)
class Draft:
    """A line's letter to be read: why this one, its subject and its words, or what is wrong."""

    line: Any
    reasons: list[str]
    text: str = ""
    error: str = ""
    # Whether it goes by e-mail: then it has a subject and an address.
    by_mail: bool = field(default=False)


def riskiest(segment: Segment) -> list[Draft]:
    """The letters to read first, in line order; at most MOST."""
    effective = EffectiveLines(segment)
    lines = effective.lines().filter(says_document_id__isnull=False)
    reasons = _reasons(effective, lines)
    chosen = dict(list(reasons.items())[:MOST])
    found = effective.with_facts(lines.filter(pk__in=chosen))
    found = found.select_related("contact__company", "override")
    return _drafts(effective, list(found), chosen)


def _reasons(effective: EffectiveLines, lines: QuerySet[Any]) -> dict[int, list[str]]:
    """Why which line is worth reading, the most telling reasons first."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for pk, reason in (
        *_lacking(effective, lines),
        *_extremes(effective, lines),
        *_languages(lines),
    ):
        if pk is not None:
            reasons[pk].append(reason)
    return reasons


def _lacking(effective: EffectiveLines, lines: QuerySet[Any]) -> list[tuple[int | None, str]]:
    """The first line that lacks each value."""
    first = coverage.counted(effective, lines, by=Min)
    return [(pk, str(coverage.WORDS[code])) for code, pk in first.items()]


def _extremes(effective: EffectiveLines, lines: QuerySet[Any]) -> list[tuple[int | None, str]]:
    """The first whose comment nobody will read, the longest name and the longest comment, and a
    letter that is not merged.
    """
    by_length = lines.order_by(Length("contact__name").desc(), "pk")
    commented = lines.filter(~Q(says_personal_comment=""))
    by_comment = commented.order_by(Length("says_personal_comment").desc(), "pk")
    own = lines.filter(override__document__isnull=False)
    asked = {
        str(coverage.WORDS[coverage.UNSEEN]): lines.filter(coverage.unseen(effective)),
        _("the longest name"): by_length,
        _("the longest personal comment"): by_comment,
        _("a letter of its own"): own,
    }
    return list(zip(_firsts(effective.segment, asked.values()), asked, strict=True))


def _firsts(segment: Segment, sets: Iterable[QuerySet[Any]]) -> list[int | None]:
    """The first line of each of these sets, by one statement."""
    asked = {f"first_{n}": Subquery(one.values("pk")[:1]) for n, one in enumerate(sets)}
    return list(Segment.whole.filter(pk=segment.pk).values_list(*asked.values())[0])


def _languages(lines: QuerySet[Any]) -> list[tuple[int | None, str]]:
    """The first line of each language."""
    rows = lines.order_by("says_language").values_list("says_language").annotate(first=Min("pk"))
    text = _("the first in %(language)s")
    return [
        (
            pk,
            text % {"language": language_name(code)} if code else _("the first without a language"),
        )
        for code, pk in rows
    ]


def _drafts(
    effective: EffectiveLines, lines: list[Any], reasons: dict[int, list[str]]
) -> list[Draft]:
    own = {line.says_document_id for line in lines} - set(effective.documents)
    stored = effective.documents | (Document.objects.in_bulk(own) if own else {})
    templates = letters.Templates()
    made = []
    for line in lines:
        text, error = "", ""
        try:
            document = stored[line.says_document_id]
            text = drafts.text(line, document, line.facts, templates)
        except (documents.DocumentLost, mailmerge.DocumentError) as refused:
            error = str(refused)
        by_mail = line.says_correspondence_type == "email"
        made.append(Draft(line, reasons[line.pk], text, error, by_mail))
    return made
