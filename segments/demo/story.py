"""The demo's segments: some being built, one logged, one that follows it up."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User

from crm.models import Contact, Salesperson
from interactions.models import InteractionTemplate
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import LineOverride, Segment, SegmentLine


def make_segments(templates: dict[str, InteractionTemplate], day: date) -> None:
    """Four open segments in different states, and a logged one; none without contacts."""
    marketer = User.objects.get(username="marketer")
    manager = User.objects.get(username="manager")
    if not Contact.objects.filter(type="person").exists():
        return
    _log_last_year(templates["GIFT"], marketer, day)
    _open_gift_letter(templates["GIFT"], marketer)
    _open_invitation(templates["INVITATION"], manager)
    _open_by_hand(marketer)


def _segment(by: User, description: str, template: InteractionTemplate | None) -> Segment:
    return Segment.objects.create(
        description=description,
        salesperson=Salesperson.objects.filter(user=by).first(),
        template=template,
        campaign=template.campaign if template else None,
        by=by,
    )


def _add(segment: Segment, by: User, criteria: dict[str, Any], **options: bool) -> None:
    worksheet.add_contacts(segment, Criteria(criteria), by=by, **options)


def _log_last_year(template: InteractionTemplate, by: User, day: date) -> None:
    """Logged without sending; half a year later its follow-up is open."""
    segment = _segment(by, "Viime vuoden joululahjat", template)
    segment.date = day - timedelta(days=330)
    segment.save(update_fields=["date"])
    north = {"territory": ["NORTH"], "language": ["fi"]}
    _add(segment, by, {"contact": north, "mailing_groups": {"group": ["GIFT"]}})
    if SegmentLine.objects.present(segment).exists():
        logged = log.log_segment(segment, by=by)
        log.create_follow_up(logged, by=by)


def _open_gift_letter(template: InteractionTemplate, by: User) -> None:
    """Three steps, and a line with words of its own."""
    segment = _segment(by, "Joululahjat suomalaisille yrityksille", template)
    in_finland = {"contact": {"country": ["FI"]}, "mailing_groups": {"group": ["GIFT", "CARD"]}}
    _add(segment, by, in_finland)
    _add(segment, by, {"purchases": {"posting_date": {"last": 90, "unit": "days"}}})
    worksheet.reduce_contacts(
        segment, Criteria({"contact": {"organizational_level": ["TRAINEE"]}}), by=by
    )
    line = SegmentLine.objects.present(segment).filter(contact__type="person").first()
    if line is not None:
        LineOverride.objects.create(
            line=line, personal_comment="Kiitos viimeisestä – nähdään taas keväällä!"
        )


def _open_invitation(template: InteractionTemplate, by: User) -> None:
    """Refined too far, and gone back one step."""
    segment = _segment(by, "Kutsu kevään lahjamessuille", template)
    _add(segment, by, {"contact": {"type": ["person"], "territory": ["CAPITAL", "SOUTH"]}})
    worksheet.refine_contacts(segment, Criteria({"contact": {"has_email": True}}), by=by)
    bosses = {"contact": {"organizational_level": ["CEO"]}}
    worksheet.refine_contacts(segment, Criteria(bosses), by=by)
    worksheet.go_back(segment, by=by)


def _open_by_hand(by: User) -> None:
    """A few contacts that somebody typed, nothing prepared yet."""
    segment = _segment(by, "Kiitoskirje messuvieraille", None)
    people = Contact.objects.filter(type="person", privacy_blocked=False, minor=False)
    for contact in people.exclude(exclude_from_segment=True).by_name()[:5]:
        worksheet.add_contact(segment, contact, by=by)
