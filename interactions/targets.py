"""Whom a campaign is aimed at: a company, or a person without one, kept right by what is said.

A target is there because an interaction that counts says so (`campaign_target`), or because
somebody decided it by hand: such a row (`by_hand`) stays as it was decided, active or not, until
the decision is taken back. Section 2.23 of the reference, without its faults: a row goes when no
reason is left, whichever road took the last one away.

Every road that writes, cancels, restores or deletes interactions, or gives their contacts another
company, calls `keep`; one that only adds some calls `add`. Both cost a fixed number of statements.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.models import Campaign, Contact
from crm.sql import delete_rows, insert_from
from interactions.models import CampaignTarget, InteractionLogEntry

Entries = QuerySet[InteractionLogEntry]
Targets = QuerySet[CampaignTarget]


class TargetRefused(Exception):
    """The contact cannot be a target; the text is one sentence for the reader."""


def house_of(contact: Contact) -> Contact:
    """Who is the target where this contact is meant: the company, or the person without one."""
    return contact.company or contact


@transaction.atomic
def add(entries: Entries) -> int:
    """Makes targets of whom these entries are aimed at; returns how many are new."""
    _hold(_aimed(entries).values("campaign"))
    return _insert(entries)


@transaction.atomic
def keep(campaigns: Iterable[int]) -> None:
    """Makes the targets of these campaigns what the log says now; decisions by hand stay."""
    wanted = sorted(set(campaigns))
    if not wanted:
        return
    _hold(wanted)
    _pass_on(CampaignTarget.whole.filter(campaign__in=wanted, by_hand=True))
    entries = InteractionLogEntry.whole.filter(campaign__in=wanted)
    delete_rows(unfounded(CampaignTarget.whole.filter(campaign__in=wanted), entries))
    _insert(entries)


def unfounded(rows: Targets, entries: Entries) -> Targets:
    """Those of these targets that neither a decision by hand nor one of these entries wants."""
    reason = _aimed(entries).filter(campaign=OuterRef("campaign"), house=OuterRef("contact"))
    return rows.filter(~Exists(reason), by_hand=False).order_by()


def missing(entries: Entries) -> Any:
    """Those of these entries that aim at somebody who is no target, with the `house` aimed at."""
    aimed = _aimed(entries)
    there = CampaignTarget.whole.filter(campaign=OuterRef("campaign"), contact=OuterRef("house"))
    return aimed.filter(~Exists(there))


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


def _insert(entries: Entries) -> int:
    columns = {
        "campaign": F("campaign_id"),
        "contact": F("house"),
        "active": Value(True),
        "by_hand": Value(False),
    }
    return insert_from(CampaignTarget, missing(entries).distinct(), columns)


def _pass_on(decided: Targets) -> None:
    """What was decided of a person who has joined a company holds for the company.

    Unless that was decided by itself; of several people the last decision counts.
    """
    joined = decided.exclude(contact__company=None).order_by()
    if not joined.exists():
        return
    of_house = CampaignTarget.whole.filter(
        campaign=OuterRef("campaign"), contact=OuterRef("contact__company")
    )
    later = CampaignTarget.whole.filter(
        campaign=OuterRef("campaign"),
        contact__company=OuterRef("contact__company"),
        by_hand=True,
        pk__gt=OuterRef("pk"),
    )
    _drop(joined.filter(Exists(of_house.filter(by_hand=True)) | Exists(later)))
    of_people = joined.filter(campaign=OuterRef("campaign"), contact__company=OuterRef("contact"))
    _drop(CampaignTarget.whole.filter(Exists(of_people), by_hand=False))
    house = Contact.whole.filter(pk=OuterRef("contact")).values("company")
    _alone(joined).update(contact=Subquery(house))


def _alone(rows: Targets) -> Targets:
    """The same rows without joins: an UPDATE or DELETE of one statement."""
    return CampaignTarget.whole.filter(pk__in=rows.order_by().values("pk"))


def _drop(rows: Targets) -> None:
    delete_rows(_alone(rows))


def _hold(campaigns: Any) -> None:
    """Two who add the same target at once wait for each other, and the second finds it there."""
    rows = Campaign.objects.filter(pk__in=campaigns).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


# -- contacts that become one ----------------------------------------------------------------------


def move(kept: Contact, other: Contact) -> int:
    """Moves the other's targets to the kept contact; a decision by hand of either stays.

    Where both were decided the kept contact's decision stays.
    """
    theirs = CampaignTarget.whole.filter(contact=other).order_by()
    mine = CampaignTarget.whole.filter(contact=kept).order_by()
    same = mine.filter(campaign=OuterRef("campaign"))
    _drop(theirs.filter(Q(Exists(same), by_hand=False) | Exists(same.filter(by_hand=True))))
    _drop(mine.filter(Exists(theirs.filter(campaign=OuterRef("campaign")))))
    return theirs.update(contact=kept)


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
    target, _made = CampaignTarget.whole.update_or_create(
        campaign=campaign, contact=house, defaults={"active": active, "by_hand": True}
    )
    return target


@transaction.atomic
def as_the_log_says(target: CampaignTarget) -> None:
    """Takes the decision by hand back: the target stays where an interaction says so."""
    _hold([target.campaign_id])
    CampaignTarget.whole.filter(pk=target.pk).update(active=True, by_hand=False)
    keep([target.campaign_id])
