"""What becomes of the log and of campaigns' targets when a contact is deleted, merged or moves.

1.18 and 2.23 of the reference.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from crm.models import Contact
from interactions import targets
from interactions.models import CampaignTarget, InteractionLogEntry

# Ids in one question.
CHUNK = 1000


def leave_to_company(instance: Contact, **_signal: Any) -> None:
    """What was said to a person stays with the company; of a company's own the contact is blank.

    Which campaigns were aimed at the contact is noted while it can still be told.
    """
    instance.aimed_at = aiming_at(instance)  # type: ignore[attr-defined]
    if instance.company_id:
        entries = InteractionLogEntry.whole.filter(contact=instance)
        entries.update(contact=instance.company_id)


def keep_targets(instance: Contact, **_signal: Any) -> None:
    """The target groups of these campaigns without the contact that is gone by now."""
    targets.keep(getattr(instance, "aimed_at", ()))


def settle(kept: Contact) -> None:
    """The target groups once everything of another contact is the kept one's."""
    targets.keep(aiming_at(kept))


def follow_company(people: Sequence[int]) -> None:
    """The target groups that these people have a part in, now that their company is another."""
    campaigns: set[int] = set()
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        said = InteractionLogEntry.whole.filter(contact__in=some, campaign_target=True)
        decided = CampaignTarget.whole.filter(contact__in=some)
        for rows in (said.exclude(campaign=None), decided):
            campaigns.update(rows.order_by().values_list("campaign", flat=True).distinct())
    targets.keep(campaigns)


def aiming_at(contact: Contact) -> list[int]:
    """The campaigns whose target group the contact, or somebody of the company, has a part in."""
    house = Q(contact=contact) | Q(contact__company=contact)
    aimed = InteractionLogEntry.whole.filter(house, campaign_target=True).exclude(campaign=None)
    said = set(aimed.order_by().values_list("campaign", flat=True).distinct())
    standing = Q(contact=contact) | Q(contact=contact.company_id)
    rows = CampaignTarget.whole.filter(standing).order_by()
    return sorted({pk for pk in said if pk} | set(rows.values_list("campaign", flat=True)))
