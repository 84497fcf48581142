"""Cancel, restore and delete: parents hold their children, and nothing revives what is not its."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Campaign, Contact
from interactions import cancelling, targets
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    Document,
    InteractionLogEntry,
    LogEntryComment,
    LoggedSegment,
)
from interactions.tests.conftest import log, own_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def push(logged: LoggedSegment) -> CampaignEntry:
    """The campaign entry of the first two interactions; another one leaks if it can."""
    campaign = Campaign.objects.create(description="Spring")
    entry = CampaignEntry.objects.create(
        campaign=campaign, logged_segment=logged, date="2026-03-02", description="Spring"
    )
    logged.entries.filter(position__lte=2).update(campaign=campaign, campaign_entry=entry)
    other = LoggedSegment.objects.create(segment_number="SM9", description="Other")
    log(other, Contact.objects.all()[0], 1, "en")
    return entry


def entries(*positions: int) -> Any:
    found = InteractionLogEntry.objects.filter(segment_number="SM00001")
    return found.filter(position__in=positions) if positions else found


def off() -> list[int]:
    """The places of the cancelled interactions; the other logged segment is never touched."""
    assert not InteractionLogEntry.objects.filter(segment_number="SM9", cancelled=True).exists()
    return list(
        entries().filter(cancelled=True).order_by("position").values_list("position", flat=1)
    )


def test_an_entry_is_cancelled_and_restored(push: CampaignEntry) -> None:
    assert cancelling.cancel_entries(entries(1, 3)) == 2
    assert off() == [1, 3]
    assert cancelling.cancel_entries(entries(1)) == 0
    assert cancelling.restore_entries(entries(1, 2)) == cancelling.Restored(1, 0)
    assert off() == [3]


def test_a_logged_segment_keeps_its_children_cancelled(
    push: CampaignEntry, logged: LoggedSegment
) -> None:
    cancelling.cancel_entries(entries(2))
    assert cancelling.cancel_logged_segment(logged) == 2
    push.refresh_from_db()
    assert (off(), push.cancelled, push.cancelled_itself) == ([1, 2, 3], True, False)
    assert cancelling.restore_entries(entries()) == cancelling.Restored(0, 3)
    assert cancelling.restore_campaign_entry(push) == cancelling.Restored(0, 1)
    assert off() == [1, 2, 3]
    assert cancelling.restore_logged_segment(logged) == 2
    push.refresh_from_db()
    assert (off(), push.cancelled, logged.cancelled) == ([2], False, False)


def test_what_is_cancelled_alone_meanwhile_stays_so(
    push: CampaignEntry, logged: LoggedSegment
) -> None:
    cancelling.cancel_logged_segment(logged)
    assert cancelling.cancel_entries(entries(3)) == 1
    cancelling.cancel_campaign_entry(push)
    assert cancelling.restore_logged_segment(logged) == 0
    assert off() == [1, 2, 3]
    assert cancelling.restore_campaign_entry(push) == cancelling.Restored(2, 0)
    assert off() == [3]


def test_a_campaign_entry_holds_its_own_only(push: CampaignEntry) -> None:
    cancelling.cancel_entries(entries(1))
    assert cancelling.cancel_campaign_entry(push) == 1
    assert off() == [1, 2]
    assert cancelling.restore_entries(entries(2, 3)) == cancelling.Restored(0, 1)
    assert cancelling.restore_campaign_entry(push) == cancelling.Restored(1, 0)
    assert off() == [1]


def test_only_what_is_cancelled_is_deleted(push: CampaignEntry) -> None:
    letter = own_letter("Mine")
    entries(1).update(document=letter, own_document=True)
    shared = entries(2).get().document
    for entry in entries():
        LogEntryComment.objects.create(entry=entry, date=entry.date, text="Remark")
    cancelling.cancel_entries(entries(1, 2))
    assert cancelling.delete_cancelled(InteractionLogEntry.objects.all()) == 2
    assert [entry.position for entry in entries()] == [3]
    assert LogEntryComment.objects.count() == 1
    assert list(Document.objects.filter(pk__in=(letter.pk, shared.pk))) == [shared]


def test_a_file_goes_with_its_last_use(
    push: CampaignEntry, django_capture_on_commit_callbacks: Any
) -> None:
    letter = own_letter("Mine")
    entries(1, 2).update(document=letter, own_document=True)
    for place, there in ((1, True), (2, False)):
        cancelling.cancel_entries(entries(place))
        with django_capture_on_commit_callbacks(execute=True):
            cancelling.delete_cancelled(entries(place))
        assert default_storage.exists(letter.path) is there


def test_a_cancelled_logged_segment_goes_with_all_it_has(
    push: CampaignEntry, logged: LoggedSegment
) -> None:
    with pytest.raises(ValueError, match="only a cancelled"):
        cancelling.delete_logged_segment(logged)
    cancelling.cancel_logged_segment(logged)
    assert cancelling.delete_logged_segment(logged) == 3
    assert list(LoggedSegment.objects.values_list("segment_number", flat=True)) == ["SM9"]
    assert InteractionLogEntry.objects.count() == 1
    assert not CampaignEntry.objects.exists()


def test_statements_do_not_grow(push: CampaignEntry, logged: LoggedSegment) -> None:
    def cost() -> list[int]:
        costs = []
        for work in (
            lambda: cancelling.cancel_entries(entries()),
            lambda: cancelling.restore_entries(entries()),
            lambda: cancelling.cancel_logged_segment(logged),
            lambda: cancelling.restore_logged_segment(logged),
            lambda: cancelling.cancel_logged_segment(logged),
            lambda: cancelling.delete_cancelled(entries()),
        ):
            with CaptureQueriesContext(connection) as captured:
                work()
            costs.append(len(captured))
        return costs

    few = cost()
    cancelling.restore_logged_segment(logged)
    for position in range(30):
        log(logged, Contact.objects.all()[0], position, "en")
    entries().update(campaign=push.campaign, campaign_entry=push)
    assert cost() == few


def test_targets_follow_what_is_cancelled(push: CampaignEntry, logged: LoggedSegment) -> None:
    """A campaign aims at whom its counting interactions name, whatever was done to them."""
    entries(1).update(campaign_target=True)

    def aimed() -> int:
        return CampaignTarget.objects.filter(campaign=push.campaign).count()

    targets.keep_of(entries())
    counts = [aimed()]
    for work in (
        lambda: cancelling.cancel_entries(entries(1)),
        lambda: cancelling.restore_entries(entries(1)),
        lambda: cancelling.cancel_campaign_entry(push),
        lambda: cancelling.restore_campaign_entry(push),
        lambda: cancelling.cancel_logged_segment(logged),
        lambda: cancelling.restore_logged_segment(logged),
    ):
        work()
        counts.append(aimed())
    assert counts == [1, 0, 1, 0, 1, 0, 1]
