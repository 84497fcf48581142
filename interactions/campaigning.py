"""What this floor shows of campaigns: numbers, a funnel, pushes, targets, responses."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import later
from crm.models import Campaign
from crm.panels import Action, CountColumn
from interactions.models import CampaignEntry, CampaignTarget, Delivery, InteractionLogEntry

Panel = tuple[str, dict[str, Any]]
SHOWN = 20
WIDE = 300
SEE_LOG = "interactions.view_interactionlogentry"
SEE_TARGETS = "interactions.view_campaigntarget"


@dataclass(frozen=True)
class Stage:
    """One step of the funnel: how many targets came so far, of all of them, and its bar."""

    label: Any
    count: int
    share: Decimal
    width: int
    x: int


@dataclass(frozen=True)
class Effort:
    """What was said for a campaign and what it cost, in all and for each response."""

    interactions: int
    responses: int
    cost: Decimal
    duration: int

    @property
    def cost_per_response(self) -> Decimal | None:
        return self.cost / self.responses if self.responses else None

    @property
    def duration_per_response(self) -> Decimal | None:
        return Decimal(self.duration) / self.responses if self.responses else None


STAGES = (
    ("targets", gettext_lazy("Targets")),
    ("reached", gettext_lazy("Reached")),
    ("delivered", gettext_lazy("Delivered or spoken to")),
    ("responded", gettext_lazy("Responded")),
)


def counted(campaign: Campaign) -> Any:
    """The interactions of a campaign that count."""
    return InteractionLogEntry.objects.counted().filter(campaign=campaign).order_by()


def funnel(campaign: Campaign) -> list[Stage]:
    """Of the active targets, how many were reached, got it, and responded; three statements.

    A company is reached when one of its people is. Reached is whoever something was logged for;
    what is still queued or failed, and a call that nobody answered, is not delivered.
    """
    targets = CampaignTarget.objects.filter(campaign=campaign, active=True)
    said = counted(campaign)
    houses = targets.filter(contact__company=None)
    # What is said to somebody who has joined a company since is said to that target all the same.
    employed = targets.exclude(contact__company=None)
    found = Counter(targets=targets.count())
    found.update(_reached(houses, said, Coalesce("contact__company_id", "contact_id")))
    found.update(_reached(employed, said, F("contact_id")))
    return [_stage(label, found[name], found["targets"]) for name, label in STAGES]


def _reached(targets: Any, said: Any, whom: Any) -> dict[str, int]:
    """How far these targets came, to whom something was said; the log is read once for it."""
    moving = Q(delivery__in=(Delivery.QUEUED, Delivery.IN_PROGRESS, Delivery.FAILED))
    hit = said.annotate(whom=whom).filter(whom__in=targets.values("contact")).values("whom")
    counts: dict[str, int] = hit.annotate(
        came=Count("pk", filter=~moving & Q(attempt_failed=False)),
        answers=Count("pk", filter=Q(campaign_response=True)),
    ).aggregate(
        reached=Count("whom"),
        delivered=Count("whom", filter=Q(came__gt=0)),
        responded=Count("whom", filter=Q(answers__gt=0)),
    )
    return counts


def _stage(label: Any, count: int, of: int) -> Stage:
    width = round(count / of * WIDE) if of else 0
    share = Decimal(100 * count) / of if of else Decimal(0)
    return Stage(label, count, share, width, (WIDE - width) // 2)


def effort(campaign: Campaign) -> Effort:
    """Interactions, responses, cost and duration of a campaign; one statement."""
    found = counted(campaign).aggregate(
        interactions=Count("pk"),
        responses=Count("pk", filter=Q(campaign_response=True)),
        total_cost=Sum("cost"),
        total_duration=Sum("duration"),
    )
    return Effort(
        found["interactions"],
        found["responses"],
        found["total_cost"] or Decimal(0),
        found["total_duration"] or 0,
    )


# -- panels of the campaign's page -----------------------------------------------------------------


def numbers(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """The funnel, and what it cost; of a campaign that said much it comes after the page."""
    if not request.user.has_perms((SEE_LOG, SEE_TARGETS)):
        return None
    if _is_coming(request, campaign):
        return "interactions/_campaign_numbers.html", {"is_coming": True}
    return "interactions/_campaign_numbers.html", {
        "stages": funnel(campaign),
        "effort": effort(campaign),
        "log_url": _log_url(campaign),
        "responses_url": _log_url(campaign, campaign_response="true"),
    }


def _is_coming(request: HttpRequest, campaign: Campaign) -> bool:
    said = InteractionLogEntry.objects.filter(campaign=campaign)
    return later.is_coming(request, later.up_to(said))


def entries(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """What was said for a campaign, push by push, with what each cost.

    What it cost comes with the numbers, for whoever sees those.
    """
    if not request.user.has_perm("interactions.view_campaignentry"):
        return None
    found = list(campaign.entries.select_related("logged_segment", "salesperson")[: SHOWN + 1])
    sees_numbers = request.user.has_perms((SEE_LOG, SEE_TARGETS))
    is_coming = sees_numbers and _is_coming(request, campaign)
    return "interactions/_campaign_entries.html", {
        "entries": found[:SHOWN] if is_coming else with_effort(found[:SHOWN]),
        "is_coming": is_coming,
        "has_more": len(found) > SHOWN,
        "pushes_url": _with_campaign("interactions:campaign_entries", campaign),
        "all_url": _log_url(campaign),
    }


def said_of(pushes: Iterable[CampaignEntry]) -> Any:
    """What was said by these pushes."""
    ids = [push.pk for push in pushes]
    return InteractionLogEntry.objects.filter(campaign_entry__in=ids, postponed=False).order_by()


def with_effort(pushes: Iterable[Any]) -> list[Any]:
    """Campaign entries with interactions, cost and duration of those of their own state.

    One statement for those that are shown, and not the whole log joined and grouped before the page
    is cut off.
    """
    pushes = list(pushes)
    sums = {"said": Count("pk"), "cost": Sum("cost"), "duration": Sum("duration")}
    rows = said_of(pushes).values("campaign_entry", "cancelled").annotate(**sums)
    found = {(row["campaign_entry"], row["cancelled"]): row for row in rows}
    for push in pushes:
        own = found.get((push.pk, push.cancelled), {})
        push.said, push.cost, push.duration = (own.get(name) or 0 for name in sums)
    return pushes


def target_group(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """Whom the campaign is aimed at: the first of them by name, of many the latest."""
    if not request.user.has_perm(SEE_TARGETS):
        return None
    is_many = later.up_to(campaign.targets) > later.AT_ONCE
    order = ("-pk",) if is_many else ("-active", "contact__sort_key", "pk")
    found = list(campaign.targets.select_related("contact").order_by(*order)[: SHOWN + 1])
    return "interactions/_campaign_targets.html", {
        "campaign": campaign,
        "targets": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "all_url": _with_campaign("interactions:targets", campaign),
    }


def responses(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """The last responses; nothing where there is none."""
    if not request.user.has_perm(SEE_LOG):
        return None
    rows = counted(campaign).filter(campaign_response=True).order_by("-date", "-pk")
    found = list(rows.select_related("contact__company").defer("merge_values")[: SHOWN + 1])
    if not found:
        return None
    return "interactions/_campaign_responses.html", {
        "responses": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "all_url": _log_url(campaign, campaign_response="true"),
    }


def new_interaction(request: HttpRequest, campaign: Campaign) -> Action | None:
    """From a campaign to an interaction for it."""
    if not request.user.has_perm("interactions.add_interactionlogentry"):
        return None
    url = _with_campaign("interactions:create", campaign)
    return Action(url, _("Create interaction…"), "interactions")


def columns(request: HttpRequest, campaigns: Sequence[Campaign]) -> list[CountColumn]:
    """Targets, interactions and responses of the campaigns on a page of their list."""
    if not request.user.has_perms((SEE_LOG, SEE_TARGETS)):
        return []
    ids = [campaign.pk for campaign in campaigns]
    said = InteractionLogEntry.objects.counted().filter(campaign__in=ids)
    aimed = CampaignTarget.objects.filter(campaign__in=ids, active=True)
    answered = said.filter(campaign_response=True)
    return [
        CountColumn(_("Targets"), aimed),
        CountColumn(_("Interactions"), said),
        CountColumn(_("Responses"), answered),
    ]


def _log_url(campaign: Campaign, **filters: str) -> str:
    return _with_campaign("interactions:entries", campaign, cancelled="false", **filters)


def _with_campaign(view: str, campaign: Campaign, **filters: str) -> str:
    return f"{reverse(view)}?{urlencode({'campaign': campaign.number, **filters})}"
