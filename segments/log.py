"""Log: the worksheet becomes log entries and a logged segment, all of it or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, CharField, F, Min, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import access, sight
from crm.models import MarketingSetup, Salesperson
from crm.sql import insert_from, note_growth
from interactions import delivery, proofs, targets
from interactions.models import (
    CampaignEntry,
    Delivery,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)
from segments import trail, worksheet
from segments.archive import header_as_it_is, trail_as_it_is
from segments.checking import Problem, check, doubts, errors, problem_lines, unreachable
from segments.effective import EffectiveLines
from segments.models import Segment, SegmentLine

__all__ = ["Problem", "check", "doubts", "problem_lines"]


class LogRefused(worksheet.WorksheetError):
    """The check found errors; `problems` has them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems if problem.is_error))
        self.problems = problems


class WarningsChanged(worksheet.WorksheetError):
    """The warnings are not those that were accepted; `problems` has what is found now."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


class AlreadyLogged(worksheet.WorksheetError):
    """Somebody was faster: the segment is logged. `logged` is what it became."""

    def __init__(self, logged: LoggedSegment) -> None:
        super().__init__(_("%s has been logged already.") % logged.segment_number)
        self.logged = logged


@transaction.atomic
def log_segment(
    segment: Segment,
    *,
    by: User,
    send: bool = False,
    follow_up: bool = False,
    accepted: Mapping[str, int] | None = None,
) -> LoggedSegment:
    """Turns the worksheet into a logged segment with one entry per line, and removes it.

    Raises LogRefused with every problem, AlreadyLogged when somebody was faster. With `send` the
    entries that have something to deliver are queued, and jobs deliver them. With `follow_up` a new
    segment with the same contacts is made. `accepted` are the warnings that a reader saw, by their
    counts: others raise WarningsChanged; None accepts them all. The statements do not grow with
    the lines.
    """
    _hold(segment)
    _refuse(check(segment, send=send), accepted)
    lines = EffectiveLines(segment)
    logged = LoggedSegment.whole.create(
        segment_number=segment.number,
        description=segment.description or _("Segment %s") % segment.number,
        by=by,
        header=header_as_it_is(segment),
        trail=trail_as_it_is(segment),
        follows=segment.follows,
        salesperson=segment.salesperson,
    )
    _write_campaign_entries(lines, logged, by)
    logged.entry_count = _write_entries(lines, logged, by, send)
    if logged.entry_count != SegmentLine.objects.present(segment).count():
        # Somebody was blocked, say, between the check and this moment: nothing is logged at all.
        raise LogRefused(check(segment, send=send))
    logged.save(update_fields=["entry_count"])
    note_growth(InteractionLogEntry, logged.entry_count)
    proofs.prove(logged)
    targets.add(InteractionLogEntry.whole.filter(logged_segment=logged))
    worksheet.delete_segment(segment)
    if send:
        delivery.begin(delivery.Scope.of(logged), by=by)
    if follow_up:
        create_follow_up(logged, by=by)
    return logged


def _refuse(problems: Sequence[Problem], accepted: Mapping[str, int] | None) -> None:
    """Errors are never accepted; warnings only just so many as were seen."""
    if any(problem.is_error for problem in problems):
        raise LogRefused(problems)
    found = doubts(problems)
    if accepted is not None and any(accepted.get(code) != found[code] for code in found):
        raise WarningsChanged(problems)


def _hold(segment: Segment) -> None:
    """Holds the segment's row; says so when it has been logged in the meantime."""
    number = segment.number
    try:
        trail.lock(segment)
    except trail.SegmentGone:
        logged = LoggedSegment.whole.filter(segment_number=number).first()
        if logged is None:
            raise
        raise AlreadyLogged(logged) from None


def _write_campaign_entries(lines: EffectiveLines, logged: LoggedSegment, by: User) -> None:
    """One entry for each campaign on the lines; a loop over campaigns, not over contacts."""
    campaigns = (
        lines.lines("campaign_id", "salesperson_id", "date")
        .exclude(says_campaign_id=None)
        .order_by()
        .values("says_campaign_id")
        .annotate(first_date=Min("says_date"), salesperson=Min("says_salesperson_id"))
    )
    CampaignEntry.whole.bulk_create(
        CampaignEntry(
            campaign_id=row["says_campaign_id"],
            logged_segment=logged,
            description=logged.description,
            date=row["first_date"],
            segment_number=logged.segment_number,
            salesperson_id=row["salesperson"],
            by=by,
        )
        for row in campaigns
    )


def _write_entries(lines: EffectiveLines, logged: LoggedSegment, by: User, send: bool) -> int:
    """One entry per line, in line order, with the values in force, by one INSERT ... SELECT."""
    campaign_entry = CampaignEntry.whole.filter(
        logged_segment=logged, campaign=OuterRef("says_campaign_id")
    )
    group = InteractionTemplate.objects.filter(pk=OuterRef("says_template_id"))
    said = lines.with_facts(lines.lines()).filter(~errors(lines.segment, send=send))
    written_as = _written_as(lines.segment, send)
    columns: dict[str, Any] = {
        "contact": F("contact_id"),
        "logged_segment": Value(logged.pk),
        "segment_number": Value(logged.segment_number),
        "position": Window(RowNumber(), order_by="pk"),
        "date": F("says_date"),
        "description": F("says_description"),
        "template": F("says_template_id"),
        "group": Subquery(group.order_by().values("group_id")[:1]),
        "salesperson": F("says_salesperson_id"),
        "correspondence_type": written_as,
        "information_flow": F("says_information_flow"),
        "initiated_by": F("says_initiated_by"),
        "cost": F("says_cost"),
        "duration": F("says_duration"),
        "campaign": F("says_campaign_id"),
        "campaign_entry": Subquery(campaign_entry.order_by().values("pk")[:1]),
        "campaign_target": F("says_campaign_target"),
        "campaign_response": F("says_campaign_response"),
        "language": F("says_language"),
        "subject": F("says_subject"),
        "document": F("says_document_id"),
        "own_document": Case(
            When(override__document__isnull=False, then=Value(True)), default=Value(False)
        ),
        "send_word_as_attachment": F("says_send_word_as_attachment"),
        "merge_values": F("facts"),
        "evaluation": F("says_evaluation"),
        "delivery": _delivery(send),
        "delivery_error": Value(""),
        "cancelled": Value(False),
        "postponed": Value(False),
        "attempt_failed": Value(False),
        "by": Value(by.pk),
        "created_at": Value(timezone.now()),
    }
    return insert_from(InteractionLogEntry, said, columns)


def _written_as(segment: Segment, send: bool) -> Any:
    """The correspondence type; blank for an e-mail without an address that is not sent anyway."""
    if send:
        return F("says_correspondence_type")
    return Case(
        When(unreachable(segment), then=Value("")),
        default=F("says_correspondence_type"),
        output_field=CharField(),
    )


def _delivery(send: bool) -> Any:
    """Queued where there is a way to send it and something to send."""
    if not send:
        return Value("")
    way = ~Q(says_correspondence_type="") & Q(says_document_id__isnull=False)
    return Case(When(way, then=Value(Delivery.QUEUED)), default=Value(""), output_field=CharField())


@transaction.atomic
def create_follow_up(
    logged: LoggedSegment,
    *,
    by: User,
    evaluations: Sequence[str] = (),
    deliveries: Sequence[str] = (),
    unanswered: bool = False,
) -> Segment:
    """A new segment with the contacts of a logged one, each once, without those cancelled.

    With `evaluations`, `deliveries` or `unanswered` only contacts with such an entry. It remembers
    what it follows and takes over the campaign; its trail has one step.
    """
    campaign = logged.campaign_entries.order_by("pk").values_list("campaign", flat=True).first()
    segment = Segment.whole.create(
        description=(_("Follow-up on %s") % logged.segment_number)[:100],
        salesperson=default_salesperson(by),
        campaign_id=campaign,
        follows=logged,
        by=by,
    )
    worksheet.reuse_logged_segment(
        segment,
        logged,
        by=by,
        evaluations=evaluations,
        deliveries=deliveries,
        unanswered=unanswered,
    )
    return segment


def default_salesperson(by: User) -> Salesperson | None:
    """The salesperson who is this user, else the one of the marketing set-up.

    Not where one would not see what one has made.
    """
    own = access.salesperson_of(by)
    return own if own or sight.now() else MarketingSetup.load().default_salesperson
