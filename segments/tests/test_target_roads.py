"""Every road by which a campaign's target group could become wrong: after each it is right."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm import merging
from crm.importing import import_contacts
from crm.integrity import RULES
from crm.models import Campaign, Contact, Salesperson
from interactions import calls, cancelling, creating, delivery, targets
from interactions.creating import Extra
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)
from segments import bulk, log, worksheet
from segments.models import Segment
from segments.tests.conftest import everybody, named, statements

Entries = InteractionLogEntry.objects


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def campaign(company: Any, salesperson: Salesperson, template: InteractionTemplate) -> Campaign:
    """Two companies with people; the template aims at whom it is used for."""
    company("BLOOMS", ["Ann", "Bea"], number="BLOOMS")
    company("WREATHS", ["Cy"], number="WREATHS")
    Contact.objects.update(salesperson=salesperson)
    template.campaign = Campaign.objects.create(number="SPRING", description="Spring")
    template.campaign_target = True
    template.save()
    return template.campaign


def who(name: str) -> Contact:
    return Contact.objects.get(name=name)


def group(campaign: Campaign) -> list[str]:
    """The target group; the rule of check_integrity agrees that it is what the log says."""
    assert not targets.unfounded(CampaignTarget.objects.all(), Entries.all()).exists()
    assert not targets.missing(Entries.all()).exists()
    rows = campaign.targets.filter(active=True)
    return sorted(rows.values_list("contact__name", flat=True))


def said(name: str, template: InteractionTemplate, by: User, **typed: Any) -> InteractionLogEntry:
    """One interaction, created by itself."""
    nothing = dict.fromkeys(("cost", "duration", "campaign_target", "campaign_response"))
    day = datetime.date(2026, 5, 4)
    values: dict[str, Any] = {**nothing, "date": day, **typed}
    entry = InteractionLogEntry(contact=who(name), template=template, **values)
    return creating.log_interaction(entry, Extra(), by=by)


@pytest.fixture
def logged(campaign: Campaign, segment: Segment, marketer: User) -> LoggedSegment:
    """Ann and Cy, by Log."""
    Segment.objects.update(campaign=campaign, campaign_target=True)
    segment.refresh_from_db()
    numbers = Contact.objects.filter(name__in=("Ann", "Cy")).values_list("number", flat=True)
    worksheet.add_contacts(segment, named(*numbers), by=marketer)
    return log.log_segment(segment, by=marketer)


def test_a_single_interaction(campaign: Campaign, template: Any, marketer: User) -> None:
    said("Ann", template, marketer)
    said("Cy", template, marketer, campaign_target=False)
    assert group(campaign) == ["BLOOMS"]


def test_kept_for_later_and_finished(campaign: Campaign, template: Any, marketer: User) -> None:
    entry = InteractionLogEntry(
        contact=who("Ann"), template=template, date=datetime.date(2026, 5, 4), cost=0, duration=0,
        campaign=campaign, campaign_target=True, campaign_response=False,
    )  # fmt: skip
    creating.postpone(entry, Extra(), by=marketer)
    assert group(campaign) == []
    creating.log_interaction(entry, Extra(), by=marketer)
    assert group(campaign) == ["BLOOMS"]


def test_a_phone_call(campaign: Campaign, template: Any, marketer: User) -> None:
    entry = InteractionLogEntry(
        contact=who("Cy"), template=template, date=datetime.date(2026, 5, 4), campaign=campaign,
        campaign_target=True, campaign_response=False, cost=0, duration=0,
    )  # fmt: skip
    calls.log_call(entry, by=marketer)
    assert group(campaign) == ["WREATHS"]


def test_log(campaign: Campaign, logged: LoggedSegment) -> None:
    assert group(campaign) == ["BLOOMS", "WREATHS"]


def test_lines_say_it_many_at_once(campaign: Campaign, segment: Segment, marketer: User) -> None:
    """What lines say is no reason yet; once it is logged it is."""
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    Segment.objects.update(campaign=campaign, campaign_target=True)
    segment.refresh_from_db()
    bulk.set_many(segment, "campaign_target", False, by=marketer)
    ann = segment.lines.filter(contact__name="Ann")
    bulk.set_many(segment, "campaign_target", True, by=marketer, lines=ann)
    assert group(campaign) == []
    log.log_segment(segment, by=marketer)
    assert group(campaign) == ["BLOOMS"]


def test_cancel_restore_and_delete_entries(campaign: Campaign, logged: LoggedSegment) -> None:
    ann = Entries.filter(contact__name="Ann")
    cancelling.cancel_entries(ann)
    assert group(campaign) == ["WREATHS"]
    cancelling.restore_entries(ann)
    assert group(campaign) == ["BLOOMS", "WREATHS"]
    cancelling.cancel_entries(ann)
    cancelling.delete_cancelled(Entries.all())
    assert group(campaign) == ["WREATHS"]


def test_cancel_and_restore_a_campaign_entry(campaign: Campaign, logged: LoggedSegment) -> None:
    push = CampaignEntry.objects.get()
    cancelling.cancel_campaign_entry(push)
    assert group(campaign) == []
    cancelling.restore_campaign_entry(push)
    assert group(campaign) == ["BLOOMS", "WREATHS"]


def test_cancel_restore_and_delete_a_logged_segment(
    campaign: Campaign, logged: LoggedSegment, template: Any, marketer: User
) -> None:
    said("Bea", template, marketer)
    cancelling.cancel_logged_segment(logged)
    assert group(campaign) == ["BLOOMS"]
    cancelling.restore_logged_segment(logged)
    assert group(campaign) == ["BLOOMS", "WREATHS"]
    cancelling.cancel_logged_segment(logged)
    cancelling.delete_logged_segment(logged)
    assert group(campaign) == ["BLOOMS"]


def test_sent_again_with_todays_values(
    campaign: Campaign, logged: LoggedSegment, marketer: User
) -> None:
    logged.entries.update(delivery="delivered")
    delivery.refresh(delivery.Scope.of(logged), by=marketer)
    cancelling.cancel_logged_segment(logged)
    assert group(campaign) == ["BLOOMS", "WREATHS"]


# -- another company ------------------------------------------------------------------------------


def test_on_the_form(campaign: Campaign, logged: LoggedSegment, marketer_client: Client) -> None:
    ann = who("Ann")
    page = marketer_client.get(reverse("crm:contact_edit", args=[ann.number]))
    form = page.context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) is not None}
    answer = marketer_client.post(page.wsgi_request.path, typed | {"company": "WREATHS"})
    assert answer.status_code == 302
    assert group(campaign) == ["WREATHS"]
    marketer_client.post(page.wsgi_request.path, typed | {"company": ""})
    assert group(campaign) == ["Ann", "WREATHS"]


def test_by_an_import(campaign: Campaign, logged: LoggedSegment, tmp_path: Path) -> None:
    def imported(employer: str) -> None:
        path = tmp_path / "contacts.csv"
        path.write_text(f"number,name,type,company\n{who('Ann').number},Ann,person,{employer}\n")
        assert not import_contacts(path).rejected

    imported("WREATHS")
    assert group(campaign) == ["WREATHS"]
    imported("")
    assert group(campaign) == ["Ann", "WREATHS"]


def test_the_statements_of_an_import_do_not_grow_with_people(
    campaign: Campaign, logged: LoggedSegment, company: Any, tmp_path: Path
) -> None:
    counts, path = [], tmp_path / "contacts.csv"
    for many in (1, 2, 15):
        house = company(f"H{many}", [f"P{many}-{index}" for index in range(many)])
        rows = [f"{one.number},{one.name},WREATHS" for one in house.people.all()]
        path.write_text("\n".join(["number,name,company", *rows]))
        counts.append(statements(lambda: import_contacts(path)))
    assert counts[1] == counts[2]


def test_by_a_merge(campaign: Campaign, logged: LoggedSegment, marketer: User) -> None:
    """The kept one takes the company of the other."""
    merging.merge(who("Ann"), who("Cy"), taken=["company"], by=marketer)
    assert group(campaign) == ["WREATHS"]


def test_by_a_repair(campaign: Campaign, logged: LoggedSegment) -> None:
    Contact.objects.filter(name="Ann").update(company=who("Bea"))
    (rule,) = (one for one in RULES if one.code == "contact_employer")
    assert rule.repair is not None
    assert rule.repair() == 1
    assert group(campaign) == ["Ann", "WREATHS"]


# -- decisions by hand ----------------------------------------------------------------------------


@pytest.mark.parametrize("of_house", [True, False])
def test_a_decision_goes_along_to_the_company(
    campaign: Campaign, logged: LoggedSegment, contact: Callable[..., Contact], of_house: bool
) -> None:
    """What was decided of the company itself stands above it."""
    dee = contact("Dee")
    targets.deactivate(campaign, dee)
    if of_house:
        targets.activate(campaign, who("WREATHS"))
    dee.company = who("WREATHS")
    dee.save()
    targets.keep([campaign.pk])
    rows = campaign.targets.filter(by_hand=True).values_list("contact__name", "active")
    assert list(rows) == [("WREATHS", of_house)]
    assert group(campaign) == ["BLOOMS", *["WREATHS"] * of_house]


def test_a_merge_loses_no_decision(
    campaign: Campaign, logged: LoggedSegment, marketer: User
) -> None:
    targets.deactivate(campaign, who("WREATHS"))
    merging.merge(who("BLOOMS"), who("WREATHS"), by=marketer)
    assert list(campaign.targets.values_list("contact__name", "active", "by_hand")) == [
        ("BLOOMS", False, True)
    ]


def test_django_admin_changes_neither_the_log_nor_targets() -> None:
    assert not {InteractionLogEntry, CampaignTarget, Contact} & admin.site._registry.keys()
