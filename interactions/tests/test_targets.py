"""The target group of a campaign is right after every road, and decisions by hand stay."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import merging
from crm.models import Campaign, Contact, ContactType
from interactions import campaigning, targets
from interactions.models import (
    CampaignTarget,
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db: None) -> Campaign:
    return Campaign.objects.create(number="SPRING", description="Spring")


@pytest.fixture
def said(db: None, campaign: Campaign) -> Any:
    """Writes an entry that aims the campaign at its contact."""
    group = InteractionGroup.objects.create(code="G")
    template = InteractionTemplate.objects.create(code="T", group=group)

    def write(contact: Contact | None, **values: Any) -> InteractionLogEntry:
        return InteractionLogEntry.objects.create(**{
            "contact": contact, "campaign": campaign, "campaign_target": True,
            "template": template, "group": group, "date": "2026-05-04", "description": "x",
            **values,
        })  # fmt: skip

    return write


def firm(number: str, *people: str) -> list[Contact]:
    """A company with some people, the company first."""
    made = Contact.objects.create(number=number, type=ContactType.COMPANY, name=number)
    return [made, *(Contact.objects.create(number=p, name=p, company=made) for p in people)]


def group_of(campaign: Campaign, **filters: Any) -> list[str]:
    rows = campaign.targets.filter(**{"active": True, **filters})
    return sorted(rows.values_list("contact__number", flat=True))


def test_the_target_is_the_company_or_the_person_without_one(campaign: Campaign, said: Any) -> None:
    _blooms, ann, bea = firm("BLOOMS", "ANN", "BEA")
    alone = Contact.objects.create(number="ALONE", name="Alone")
    for one in (ann, bea, alone, firm("FIRM")[0]):
        said(one)
    assert targets.add(InteractionLogEntry.objects.all()) == 3
    assert group_of(campaign) == ["ALONE", "BLOOMS", "FIRM"]
    assert targets.add(InteractionLogEntry.objects.all()) == 0


def test_only_what_counts_and_is_aimed_makes_a_target(campaign: Campaign, said: Any) -> None:
    said(firm("CANCELLED")[0], cancelled=True)
    said(firm("POSTPONED")[0], postponed=True)
    said(firm("NOT-AIMED")[0], campaign_target=False)
    said(firm("NO-CAMPAIGN")[0], campaign=None)
    said(None)
    assert targets.add(InteractionLogEntry.objects.all()) == 0
    targets.keep([campaign.pk])
    assert not CampaignTarget.objects.exists()


def test_a_target_goes_with_its_last_reason(campaign: Campaign, said: Any) -> None:
    """Not with another entry of the company, which was none: a fault of the reference."""
    blooms, ann, bea = firm("BLOOMS", "ANN", "BEA")
    reasons = [said(ann), said(bea)]
    other = said(blooms, campaign_target=False)
    rows = InteractionLogEntry.objects.all()
    targets.keep([campaign.pk])
    for entry in (other, reasons[0]):
        rows.filter(pk=entry.pk).update(cancelled=True)
        targets.keep_of(rows.filter(pk=entry.pk))
        assert group_of(campaign) == ["BLOOMS"]
    rows.filter(pk=reasons[1].pk).update(cancelled=True)
    targets.keep_of(rows.filter(pk=reasons[1].pk))
    assert group_of(campaign) == []
    rows.filter(pk=reasons[1].pk).update(cancelled=False)
    targets.keep_of(rows.filter(pk=reasons[1].pk))
    assert group_of(campaign) == ["BLOOMS"]


def test_another_campaign_is_left_alone(campaign: Campaign, said: Any) -> None:
    other = Campaign.objects.create(number="AUTUMN", description="Autumn")
    blooms = firm("BLOOMS")[0]
    said(blooms)
    CampaignTarget.objects.create(campaign=other, contact=blooms)
    targets.keep([campaign.pk])
    assert group_of(campaign) == group_of(other) == ["BLOOMS"]
    targets.keep([other.pk])
    assert (group_of(campaign), group_of(other)) == (["BLOOMS"], [])
    targets.keep([])
    assert group_of(campaign) == ["BLOOMS"]


def test_what_was_decided_by_hand_stays_until_it_is_taken_back(
    campaign: Campaign, said: Any
) -> None:
    blooms, ann = firm("BLOOMS", "ANN")
    fresh = firm("FRESH")[0]
    said(ann)
    targets.add(InteractionLogEntry.objects.all())
    targets.deactivate(campaign, ann)
    targets.activate(campaign, fresh)
    said(blooms)
    targets.add(InteractionLogEntry.objects.all())
    targets.keep([campaign.pk])
    assert group_of(campaign) == ["FRESH"]
    for target in CampaignTarget.objects.all():
        targets.as_the_log_says(target)
    assert group_of(campaign, by_hand=False) == ["BLOOMS"]
    assert CampaignTarget.objects.count() == 1


def test_a_blocked_one_is_not_activated(campaign: Campaign) -> None:
    blocked = Contact.objects.create(name="Blocked", privacy_blocked=True)
    with pytest.raises(targets.TargetRefused):
        targets.activate(campaign, blocked)
    assert not CampaignTarget.objects.exists()


def test_the_statements_do_not_grow_with_the_entries(campaign: Campaign, said: Any) -> None:
    counts = []
    for many in (1, 30):
        for number in range(many):
            said(firm(f"F{many}-{number}")[0])
        with CaptureQueriesContext(connection) as captured:
            targets.keep_of(InteractionLogEntry.objects.all())
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert campaign.targets.count() == 31


def test_the_funnel_counts_targets_and_never_widens(campaign: Campaign, said: Any) -> None:
    """Reached by anybody of the company; delivered unless it waits, failed or nobody answered."""
    _one, ann = firm("ONE", "ANN")
    said(ann, delivery="delivered", cost=10, duration=4)
    said(ann, delivery="delivered", campaign_response=True, cost=5, duration=3)
    said(firm("TWO")[0], delivery="failed")
    said(firm("THREE")[0], attempt_failed=True)
    said(firm("FOUR")[0], cancelled=True, cost=99)
    targets.keep([campaign.pk])
    targets.activate(campaign, Contact.objects.get(number="FOUR"))
    out = firm("OUT")[0]
    said(out)
    targets.deactivate(campaign, out)
    stages = campaigning.funnel(campaign)
    assert [stage.count for stage in stages] == [4, 3, 1, 1]
    assert [int(stage.share) for stage in stages] == [100, 75, 25, 25]
    effort = campaigning.effort(campaign)
    assert (effort.interactions, effort.responses, effort.cost, effort.duration) == (5, 1, 15, 7)
    assert (effort.cost_per_response, effort.duration_per_response) == (15, 7)


def test_the_funnel_follows_whoever_joined_a_company(campaign: Campaign, said: Any) -> None:
    """The target that somebody was before counts what is said to that person, and nobody else."""
    ann, bea = (Contact.objects.create(number=one, name=one) for one in ("ANN", "BEA"))
    for one in (ann, bea):
        targets.activate(campaign, one)
    firm_x, cid = firm("X", "CID")
    targets.activate(campaign, firm_x)
    Contact.objects.filter(pk__in=[ann.pk, bea.pk]).update(company=firm_x)
    said(cid, delivery="delivered")
    said(ann, delivery="failed")
    said(ann, attempt_failed=True)
    assert [stage.count for stage in campaigning.funnel(campaign)] == [3, 2, 1, 0]
    said(bea, delivery="delivered", campaign_response=True)
    assert [stage.count for stage in campaigning.funnel(campaign)] == [3, 3, 2, 2]
    said(None, delivery="delivered", campaign_response=True)
    assert [stage.count for stage in campaigning.funnel(campaign)] == [3, 3, 2, 2]


def test_nothing_said_divides_by_nothing(campaign: Campaign) -> None:
    assert [stage.count for stage in campaigning.funnel(campaign)] == [0, 0, 0, 0]
    assert campaigning.effort(campaign).cost_per_response is None


# -- contacts that go ------------------------------------------------------------------------------


def test_when_somebody_who_joined_a_company_is_deleted_the_company_is_the_target(
    campaign: Campaign, said: Any
) -> None:
    blooms, other = firm("BLOOMS")[0], firm("OTHER")[0]
    ann = Contact.objects.create(number="ANN", name="Ann")
    for one in (ann, other):
        said(one)
    targets.add(InteractionLogEntry.objects.all())
    ann.company = blooms
    ann.save()
    assert group_of(campaign) == ["ANN", "OTHER"]
    ann.delete()
    assert group_of(campaign) == ["BLOOMS", "OTHER"]


def test_when_a_contact_is_deleted_what_was_said_aims_at_the_company_or_at_nobody(
    campaign: Campaign, said: Any
) -> None:
    _blooms, ann = firm("BLOOMS", "ANN")
    alone = Contact.objects.create(number="ALONE", name="Alone")
    said(ann)
    said(alone)
    targets.add(InteractionLogEntry.objects.all())
    ann.delete()
    alone.delete()
    assert group_of(campaign) == ["BLOOMS"]
    assert InteractionLogEntry.objects.count() == 2


def test_after_a_merge_the_target_group_is_what_the_log_says(
    campaign: Campaign, said: Any, marketer: User
) -> None:
    """A person alone becomes one who works for a company: the company is the target now."""
    _blooms, ann = firm("BLOOMS", "ANN")
    _wreaths, cy = firm("WREATHS", "CY")
    twin = Contact.objects.create(number="TWIN", name="Ann")
    said(twin)
    said(cy)
    targets.add(InteractionLogEntry.objects.all())
    assert group_of(campaign) == ["TWIN", "WREATHS"]
    merging.merge(ann, twin, by=marketer)
    assert group_of(campaign) == ["BLOOMS", "WREATHS"]


def test_after_a_merge_of_companies_one_target_remains(
    campaign: Campaign, said: Any, marketer: User
) -> None:
    kept, ann = firm("KEPT", "ANN")
    other, bea = firm("OTHER", "BEA")
    for one in (ann, bea):
        said(one)
    targets.add(InteractionLogEntry.objects.all())
    targets.deactivate(campaign, kept)
    merging.merge(kept, other, by=marketer)
    assert list(campaign.targets.values_list("contact__number", "active", "by_hand")) == [
        ("KEPT", False, True)
    ]
