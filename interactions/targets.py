"""Whom a campaign is aimed at: a company, or a person without one, kept right by what is said.

A target is there because an interaction that counts says so (`campaign_target`), or because
somebody decided it by hand: such a row (`by_hand`) stays as it was decided, active or not, until
the decision is taken back. Section 2.23 of the reference, without its faults: a row goes when no
reason is left, whichever road took the last one away.

Every road that writes, cancels, restores or deletes interactions calls `keep`; one that only adds
some calls `add`. Both cost a fixed number of statements.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.models import Campaign, Contact
from crm.sql import delete_rows, insert_from
from interactions.models import CampaignTarget, InteractionLogEntry

Entries = QuerySet[InteractionLogEntry]


class TargetRefused(Exception):
    """The contact cannot be a target; the text is one sentence for the reader."""


def house_of(contact: Contact) -> Contact:
    """Who is the target where this contact is meant: the company, or the person without one."""
    return contact.company or contact


@transaction.atomic
def add(entries: Entries) -> int:
    """Makes targets of whom these entries are aimed at; returns how many are new."""
    aimed = _aimed(entries)
    _hold(aimed.values("campaign"))
    return _insert(aimed)


@transaction.atomic
def keep(campaigns: Iterable[int]) -> None:
    """Makes the targets of these campaigns what the log says now; decisions by hand stay."""
    wanted = sorted(set(campaigns))
    if not wanted:
        return
    _hold(wanted)
    aimed = _aimed(InteractionLogEntry.objects.filter(campaign__in=wanted))
    reason = aimed.filter(campaign=OuterRef("campaign"), house=OuterRef("contact"))
    kept = CampaignTarget.objects.filter(campaign__in=wanted, by_hand=False)
    delete_rows(kept.filter(~Exists(reason)).order_by())
    _insert(aimed)


def keep_of(entries: Entries) -> None:
    """`keep` for the campaigns of these entries, which were changed, cancelled or restored."""
    named = entries.order_by().exclude(campaign=None).values_list("campaign", flat=True)
    keep(list(named.distinct()))


def _aimed(entries: Entries) -> Any:
    """Those of the entries that make a target, with the `house` they make one of."""
    aimed = entries.filter(
        cancelled=False,
        postponed=False,
        campaign_target=True,
        campaign__isnull=False,
        contact__isnull=False,
    )
    return aimed.order_by().annotate(house=Coalesce("contact__company_id", "contact_id"))


def _insert(aimed: Any) -> int:
    there = CampaignTarget.objects.filter(campaign=OuterRef("campaign"), contact=OuterRef("house"))
    missing = aimed.filter(~Exists(there)).distinct()
    columns = {
        "campaign": F("campaign_id"),
        "contact": F("house"),
        "active": Value(True),
        "by_hand": Value(False),
    }
    return insert_from(CampaignTarget, missing, columns)


def _hold(campaigns: Any) -> None:
    """Two who add the same target at once wait for each other, and the second finds it there."""
    rows = Campaign.objects.filter(pk__in=campaigns).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


# -- by hand ---------------------------------------------------------------------------------------


@transaction.atomic
def activate(campaign: Campaign, contact: Contact) -> CampaignTarget:
    """Aims the campaign at the contact's company by hand, whatever is said."""
    house = house_of(contact)
    if house.is_blocked:
        raise TargetRefused(_("%s is blocked and cannot be a target.") % house)
    return _decide(campaign, house, active=True)


@transaction.atomic
def deactivate(campaign: Campaign, contact: Contact) -> CampaignTarget:
    """Takes the contact's company out by hand, whatever is said."""
    return _decide(campaign, house_of(contact), active=False)


def _decide(campaign: Campaign, house: Contact, *, active: bool) -> CampaignTarget:
    _hold([campaign.pk])
    target, _made = CampaignTarget.objects.update_or_create(
        campaign=campaign, contact=house, defaults={"active": active, "by_hand": True}
    )
    return target


@transaction.atomic
def as_the_log_says(target: CampaignTarget) -> None:
    """Takes the decision by hand back: the target stays where an interaction says so."""
    _hold([target.campaign_id])
    CampaignTarget.objects.filter(pk=target.pk).update(active=True, by_hand=False)
    keep([target.campaign_id])
