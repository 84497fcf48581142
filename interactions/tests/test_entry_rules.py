"""The rules of entries and of logged segments (3 and 4 of the reference), in our semantics."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Campaign, Contact
from interactions import cancelling, creating, letters, operations
from interactions.creating import Extra
from interactions.models import (
    CampaignEntry,
    Document,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    Task,
)
from interactions.tests.conftest import own_letter
from interactions.tests.test_delivery import first

Entries = InteractionLogEntry.objects


class TestEntries:
    """Section 3."""

    def test_many_are_cancelled_whatever_the_first_says(self, logged: LoggedSegment) -> None:
        """In the reference the first row decides whether all are cancelled or restored."""
        cancelling.cancel_entries(Entries.filter(position=1))
        assert cancelling.cancel_entries(logged.entries.order_by("position")) == 2
        assert cancelling.restore_entries(logged.entries.filter(position__lt=3)).count == 2
        found = logged.entries.order_by("position").values_list("cancelled", flat=True)
        assert list(found) == [False, False, True]

    def test_a_cancelled_entry_keeps_its_letter(self, logged: LoggedSegment) -> None:
        """Only deleting it for good takes a letter away that nothing else uses."""
        own = own_letter("Mine alone")
        logged.entries.filter(position=1).update(document=own, own_document=True)
        cancelling.cancel_entries(logged.entries.filter(position=1))
        assert letters.letter(first(logged))[0].startswith("0001")
        cancelling.delete_cancelled(Entries.all())
        assert not Document.objects.filter(pk=own.pk).exists()

    def test_evaluating_many_and_taking_it_back(self, logged: LoggedSegment) -> None:
        assert operations.evaluate(logged.entries.filter(position__lt=3), "positive") == 2
        assert operations.evaluate(logged.entries.filter(position=1), "") == 1
        found = logged.entries.order_by("position").values_list("evaluation", flat=True)
        assert list(found) == ["", "positive", ""]

    def test_from_an_entry_to_what_comes_next(
        self, logged: LoggedSegment, marketer_client: Client
    ) -> None:
        """Prefilled with contact and campaign; nothing is said to whoever is blocked by now."""
        entry = first(logged)
        campaign = Campaign.objects.create(number="SPRING", description="Spring")
        Entries.filter(pk=entry.pk).update(campaign=campaign)
        assert entry.contact is not None
        url = f"{reverse('interactions:create')}?contact={entry.contact.number}"
        page = marketer_client.get(entry.get_absolute_url()).content.decode()
        assert f"{url}&amp;campaign=SPRING" in page
        form = marketer_client.get(f"{url}&campaign=SPRING").context["form"]
        assert (form["contact"].value(), form["campaign"].value()) == (
            entry.contact.number, campaign.pk,
        )  # fmt: skip
        Contact.objects.filter(pk=entry.contact.pk).update(privacy_blocked=True)
        page = marketer_client.get(entry.get_absolute_url()).content.decode()
        assert url not in page
        assert reverse("interactions:call") + "?contact" not in page

    def test_a_task_from_an_entry_outlives_it(self, logged: LoggedSegment, marketer: User) -> None:
        entry = first(logged)
        assert entry.contact is not None
        task = Task.objects.create(contact=entry.contact, description="Call", entry=entry)
        cancelling.cancel_entries(Entries.filter(pk=entry.pk))
        cancelling.delete_cancelled(Entries.all())
        task.refresh_from_db()
        assert task.entry is None

    def test_only_the_cancelled_of_what_is_named_are_deleted(
        self, logged: LoggedSegment, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The batch: filters, a count, and never a live one."""
        cancelling.cancel_entries(logged.entries.filter(position__lt=3))
        logged.entries.filter(position=1).update(date=datetime.date(2020, 1, 1))
        call_command("delete_cancelled", "--segment", "SM00001", "--before", "2021-01-01", "--yes")
        assert "interactions: 1" in capsys.readouterr().out
        assert list(logged.entries.order_by("position").values_list("position", flat=True)) == [
            2,
            3,
        ]

    def test_what_was_kept_for_later_is_resumed_today(
        self, logged: LoggedSegment, marketer: User, marketer_client: Client
    ) -> None:
        draft = InteractionLogEntry(
            contact=first(logged).contact, template=InteractionTemplate.objects.get(),
            date=datetime.date(2020, 1, 1), description="Later", salesperson=None, cost=0,
            duration=0, campaign_target=False, campaign_response=False,
        )  # fmt: skip
        from crm.models import Salesperson

        draft.salesperson = Salesperson.objects.create(code="A", name="A")
        creating.postpone(draft, Extra(), by=marketer)
        form = marketer_client.get(reverse("interactions:resume", args=[draft.pk])).context["form"]
        assert form["date"].value() == timezone.localdate()
        assert form["description"].value() == "Later"
        assert Entries.counted().count() == 3


class TestLoggedSegments:
    """Section 4."""

    @pytest.fixture
    def push(self, logged: LoggedSegment) -> CampaignEntry:
        campaign = Campaign.objects.create(number="SPRING", description="Spring")
        push = CampaignEntry.objects.create(
            campaign=campaign, logged_segment=logged, description="x", date="2026-03-02",
            segment_number=logged.segment_number,
        )  # fmt: skip
        logged.entries.update(campaign=campaign, campaign_entry=push)
        return push

    def test_all_of_it_is_cancelled_and_what_was_cancelled_alone_stays_so(
        self, logged: LoggedSegment, push: CampaignEntry
    ) -> None:
        """Quirk 27: the reference revives all."""
        cancelling.cancel_entries(logged.entries.filter(position=2))
        cancelling.cancel_logged_segment(logged)
        push.refresh_from_db()
        assert (push.cancelled, logged.entries.filter(cancelled=True).count()) == (True, 3)
        assert cancelling.restore_campaign_entry(push).held == 1
        assert cancelling.restore_entries(logged.entries.all()).held == 3
        cancelling.restore_logged_segment(logged)
        push.refresh_from_db()
        found = logged.entries.order_by("position").values_list("cancelled", flat=True)
        assert (push.cancelled, list(found)) == (False, [False, True, False])

    def test_its_page_counts_what_counts(
        self, logged: LoggedSegment, push: CampaignEntry, reader_client: Client
    ) -> None:
        def numbers() -> dict[str, int]:
            counts: Any = reader_client.get(logged.get_absolute_url()).context["counts"]
            return {number.label: number.count for number in counts.totals}

        assert numbers() == {"Interactions": 3}
        cancelling.cancel_entries(logged.entries.filter(position=2))
        assert numbers() == {"Interactions": 2, "Cancelled": 1}
        cancelling.cancel_logged_segment(logged)
        assert numbers() == {"Interactions": 0, "Cancelled": 3}

    def test_deleted_it_leaves_nothing_that_dangles(
        self, logged: LoggedSegment, push: CampaignEntry
    ) -> None:
        """Quirk 27: in the reference its entries survive without it."""
        with pytest.raises(ValueError, match="cancelled"):
            cancelling.delete_logged_segment(logged)
        cancelling.cancel_logged_segment(logged)
        assert cancelling.delete_logged_segment(logged) == 3
        assert (Entries.count(), CampaignEntry.objects.count()) == (0, 0)
        assert not LoggedSegment.objects.exists()
