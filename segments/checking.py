"""Check: every problem of every line at once, grouped by reason, each a condition in SQL."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.models import blocked
from segments.effective import EMAIL, EffectiveLines, doubled
from segments.models import Segment, SegmentLine

ERROR, WARNING = "error", "warning"
# What is wrong with a line, to be said after “12 lines”; the trail says it too.
RULE_WORDS: dict[str, Promise] = {
    "no_description": gettext_lazy("without a description"),
    "no_template": gettext_lazy("without an interaction template"),
    "no_salesperson": gettext_lazy("without a salesperson"),
    "blocked": gettext_lazy("of contacts that are blocked now"),
    "no_address": gettext_lazy("by e-mail to contacts without an address"),
    "opted_out": gettext_lazy("by e-mail to contacts who want none"),
    "no_document": gettext_lazy("without a letter in their language"),
    "excluded": gettext_lazy("of contacts that are excluded from segments"),
    "twice": gettext_lazy("of contacts that are on the segment already"),
}


@dataclass(frozen=True)
class Problem:
    """Something about some of the lines. Warnings may be accepted, errors may not."""

    code: str
    severity: str
    sentence: str
    count: int

    @property
    def is_error(self) -> bool:
        """Whether the segment cannot be logged with it."""
        return self.severity == ERROR


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong with a line: a condition on what the line says."""

    code: str
    condition: Q
    severity: str = ERROR


def rules(lines: QuerySet[SegmentLine], *, send: bool) -> list[Rule]:
    """What is asked of every line. What matters only for sending is an error only then."""
    nothing_to_send = Q(says_document_id=None) & ~Q(says_correspondence_type="")
    opted_out = Q(says_correspondence_type=EMAIL, contact__email_opt_out=True)
    sending = ERROR if send else WARNING
    return [
        Rule("no_description", Q(says_description="")),
        Rule("no_template", Q(says_template_id=None)),
        Rule("no_salesperson", Q(says_salesperson_id=None)),
        Rule("blocked", blocked("contact__")),
        Rule("no_address", Q(says_correspondence_type=EMAIL, contact__email=""), sending),
        Rule("opted_out", opted_out, sending),
        Rule("no_document", nothing_to_send, sending),
        Rule("excluded", Q(contact__exclude_from_segment=True), WARNING),
        Rule("twice", Q(doubled(lines)), WARNING),
    ]


CHECKED = ("template_id", "description", "salesperson_id", "document_id", "correspondence_type")


def check(segment: Segment, *, send: bool = False) -> list[Problem]:
    """Every problem of every line in one pass, errors first, by a fixed number of statements."""
    lines = EffectiveLines(segment).lines(*CHECKED).order_by()
    asked = rules(SegmentLine.objects.present(segment), send=send)
    counts = lines.aggregate(
        lines=Count("pk"), **{rule.code: Count("pk", filter=rule.condition) for rule in asked}
    )
    if not counts["lines"]:
        return [Problem("empty", ERROR, _("There are no contacts on the segment."), 0)]
    found = [_problem(rule, counts[rule.code]) for rule in asked if counts[rule.code]]
    return sorted(found, key=lambda problem: not problem.is_error)


def errors(segment: Segment, *, send: bool) -> Q:
    """The condition that a line has an error: such a line is never logged."""
    found = Q()
    for rule in rules(SegmentLine.objects.present(segment), send=send):
        if rule.severity == ERROR:
            found |= rule.condition
    return found


def problem_lines(segment: Segment, code: str, *, send: bool = False) -> QuerySet[SegmentLine]:
    """The lines that have a problem; none for a code that does not exist."""
    lines = EffectiveLines(segment).lines()
    for rule in rules(SegmentLine.objects.present(segment), send=send):
        if rule.code == code:
            return lines.filter(rule.condition)
    return lines.none()


def _problem(rule: Rule, count: int) -> Problem:
    sentence = ngettext("%(count)d line %(what)s.", "%(count)d lines %(what)s.", count)
    words = sentence % {"count": count, "what": RULE_WORDS[rule.code]}
    return Problem(rule.code, rule.severity, words, count)
