"""Check: every problem of every line at once, grouped by reason, each a condition in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import addresses
from crm.choices import CorrespondenceType
from crm.models import Campaign, CampaignStatus, Channel, Consent, Salesperson
from interactions import calls
from segments import coverage
from segments.effective import EMAIL, EffectiveLines, date_from_within, doubled
from segments.models import Segment, SegmentLine

ERROR, WARNING = "error", "warning"
# What is wrong with a line, to be said after “12 lines”; the trail says it too.
RULE_WORDS: dict[str, Promise] = {
    "no_description": gettext_lazy("without a description"),
    "no_template": gettext_lazy("without an interaction template"),
    "no_salesperson": gettext_lazy("without a salesperson"),
    "blocked": gettext_lazy("of contacts that are blocked now"),
    "no_consent": gettext_lazy("of minors without a parent's consent"),
    "no_address": gettext_lazy("by e-mail to contacts without an address"),
    "opted_out": gettext_lazy("by e-mail to contacts who want none"),
    "no_letters": gettext_lazy("by post to contacts who want no letters"),
    "no_document": gettext_lazy("without a letter in their language"),
    "blocked_salesperson": gettext_lazy("in the name of a salesperson who is blocked"),
    "cancelled_campaign": gettext_lazy("for a campaign that is cancelled"),
    "excluded": gettext_lazy("of contacts that are excluded from segments"),
    "called": gettext_lazy("of contacts who were called from this segment already"),
    "twice": gettext_lazy("of contacts that are on the segment already"),
    **coverage.WORDS,
}


@dataclass(frozen=True)
class Problem:
    """Something about some of the lines. Warnings may be accepted, errors may not."""

    code: str
    severity: str
    sentence: str
    count: int
    # Whether it keeps the segment from being sent, and only from that.
    of_sending: bool = False

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
    of_sending: bool = False


def unreachable(segment: Segment) -> Q:
    """The condition that a line goes by e-mail to somebody without an address on its date."""
    without = addresses.without_email("contact__", date_from_within(segment))
    return Q(says_correspondence_type=EMAIL) & without


def rules(segment: Segment, *, send: bool) -> list[Rule]:
    """What is asked of every line. What matters only for sending is an error only then."""
    lines = SegmentLine.objects.present(segment)
    called = calls.made_from(segment.number).values("contact")
    nothing_to_send = Q(says_document_id=None) & ~Q(says_correspondence_type="")
    without_consent = Q(contact__minor=True, contact__parental_consent=False)
    opted_out = Q(says_correspondence_type=EMAIL, contact__email_opt_out=True)
    no_letters = Q(
        says_correspondence_type=CorrespondenceType.HARD_COPY,
        contact__in=Consent.objects.forbidding(Channel.POST),
    )
    sending = ERROR if send else WARNING
    blocked, cancelled = _doubtful()
    return [
        Rule("no_description", Q(says_description="")),
        Rule("no_template", Q(says_template_id=None)),
        Rule("no_salesperson", Q(says_salesperson_id=None)),
        Rule("blocked", Q(contact__privacy_blocked=True)),
        Rule("no_consent", without_consent & Q(contact__privacy_blocked=False)),
        Rule("no_address", unreachable(segment), sending, True),
        Rule("opted_out", opted_out, sending, True),
        Rule("no_letters", no_letters, sending, True),
        Rule("no_document", nothing_to_send, sending, True),
        Rule("blocked_salesperson", Q(says_salesperson_id__in=blocked), WARNING),
        Rule("cancelled_campaign", Q(says_campaign_id__in=cancelled), WARNING),
        Rule("excluded", Q(contact__exclude_from_segment=True), WARNING),
        Rule("called", Q(contact__in=called), WARNING),
        Rule("twice", Q(doubled(lines)), WARNING),
    ]


def _doubtful() -> tuple[list[int], list[int]]:
    """Ids of salespeople who are blocked and of campaigns that are cancelled, read at once.

    They are few, and stand in the conditions.
    """
    salespeople = Salesperson.objects.filter(blocked=True)
    campaigns = Campaign.objects.filter(status=CampaignStatus.CANCELLED)
    first, second = (
        rows.order_by().annotate(kind=Value(kind)).values_list("kind", "pk")
        for kind, rows in enumerate((salespeople, campaigns))
    )
    found: tuple[list[int], list[int]] = ([], [])
    for kind, pk in first.union(second, all=True):
        found[kind].append(pk)
    return found


CHECKED = (
    "template_id",
    "description",
    "salesperson_id",
    "document_id",
    "correspondence_type",
    "campaign_id",
    *coverage.NEEDS,
)
# Whom a line is for, is counted apart: asked line by line, half a million look-ups would be made.
TWICE = Count("pk") - Count("contact", distinct=True)


def check(
    segment: Segment, *, send: bool = False, effective: EffectiveLines | None = None
) -> list[Problem]:
    """Every problem of every line in one pass, errors first, by a fixed number of statements."""
    effective = effective or EffectiveLines(segment)
    lines = effective.lines(*CHECKED).order_by()
    asked = rules(segment, send=send)
    counts = lines.aggregate(
        **{rule.code: Count("pk", filter=rule.condition) for rule in asked} | {"twice": TWICE},
        **{coverage.UNSEEN: Count("pk", filter=coverage.unseen(effective))},
        lines=Count("pk"),
    )
    if not counts["lines"]:
        return [Problem("empty", ERROR, _("There are no contacts on the segment."), 0)]
    found = [_problem(rule, counts[rule.code]) for rule in asked if counts[rule.code]]
    lacking = coverage.found(effective, lines)
    if counts[coverage.UNSEEN]:
        lacking[coverage.UNSEEN] = counts[coverage.UNSEEN]
    found += [_problem(Rule(code, Q(), WARNING), count) for code, count in lacking.items()]
    return sorted(found, key=lambda problem: not problem.is_error)


def doubts(problems: Iterable[Problem]) -> dict[str, int]:
    """The warnings among these problems by their counts: what a reader accepts, or not."""
    return {one.code: one.count for one in problems if not one.is_error}


def errors(segment: Segment, *, send: bool) -> Q:
    """The condition that a line has an error: such a line is never logged."""
    found = Q()
    for rule in rules(segment, send=send):
        if rule.severity == ERROR:
            found |= rule.condition
    return found


def problem_lines(segment: Segment, code: str, *, send: bool = False) -> QuerySet[SegmentLine]:
    """The lines that have a problem; none for a code that does not exist."""
    effective = EffectiveLines(segment)
    lines = effective.lines()
    for rule in rules(segment, send=send):
        if rule.code == code:
            return lines.filter(rule.condition)
    lack = coverage.condition(effective, code)
    return lines.none() if lack is None else lines.filter(lack)


def _problem(rule: Rule, count: int) -> Problem:
    sentence = ngettext("%(count)d line %(what)s.", "%(count)d lines %(what)s.", count)
    words = sentence % {"count": count, "what": RULE_WORDS[rule.code]}
    return Problem(rule.code, rule.severity, words, count, rule.of_sending)
