"""Sent again: as it was, another way, with later values; who cannot be reached so is left out."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Contact, Job
from interactions import delivery
from interactions.delivery.packs import ZIP
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment
from interactions.tests.conftest import log
from interactions.tests.test_delivery import Entry, deliver, first, scope, states

EMAIL, PAPER = "email", "hard_copy"


@pytest.fixture
def printed(queued: LoggedSegment) -> LoggedSegment:
    """The three letters went by post; everybody has an e-mail address as well."""
    queued.entries.update(correspondence_type=PAPER, delivery=Delivery.DELIVERED)
    return queued


def ways(logged: LoggedSegment) -> list[str]:
    return list(logged.entries.order_by("position").values_list("correspondence_type", flat=True))


def change(name: str, **fields: Any) -> None:
    Contact.objects.filter(first_name=name).update(**fields)


class TestMany:
    """The operation, on a logged segment."""

    def test_letters_go_by_email(self, printed: LoggedSegment, marketer: User) -> None:
        assert delivery.resend(scope(printed), by=marketer, way=EMAIL) == 3
        assert (states(printed), ways(printed)) == (["queued"] * 3, [EMAIL] * 3)
        deliver(printed)
        assert [one.to[0] for one in mail.outbox] == [
            "Ann@example.com", "Beth@example.com", "Cilla@example.com",
        ]  # fmt: skip

    def test_mails_go_by_post(self, queued: LoggedSegment, marketer: User) -> None:
        deliver(queued)
        change("Ann", email="", email_opt_out=True)
        assert delivery.resend(scope(queued), by=marketer, way=PAPER) == 3
        pack = delivery.make_pack(scope(queued), by=marketer, file_format=ZIP)
        assert (pack.letters, states(queued), ways(queued)) == (3, ["delivered"] * 3, [PAPER] * 3)

    @pytest.mark.parametrize(
        "fields",
        [{"email": ""}, {"email_opt_out": True}, {"privacy_blocked": True}, {"minor": True}],
    )
    def test_who_cannot_be_reached_stays_as_it_is(
        self, printed: LoggedSegment, marketer: User, fields: dict[str, Any]
    ) -> None:
        change("Beth", **fields)
        assert delivery.out_of_reach(scope(printed), delivery.RESENDABLE, EMAIL) == 1
        assert delivery.resend(scope(printed), by=marketer, way=EMAIL) == 2
        assert states(printed) == ["queued", "delivered", "queued"]
        assert ways(printed) == [EMAIL, PAPER, EMAIL]

    def test_an_address_of_the_season_reaches(self, printed: LoggedSegment) -> None:
        from crm.models import AlternativeAddress

        change("Beth", email="")
        beth = Contact.objects.get(first_name="Beth")
        AlternativeAddress.objects.create(
            contact=beth, code="NOW", starts_on="2020-01-01", email="now@example.com"
        )
        assert delivery.out_of_reach(scope(printed), delivery.RESENDABLE, EMAIL) == 0

    def test_as_the_interaction_says_leaves_out_those_that_say_nothing(
        self, printed: LoggedSegment, marketer: User
    ) -> None:
        printed.entries.update(delivery="")
        printed.entries.filter(position=1).update(correspondence_type="")
        unsent = [delivery.UNSENT]
        assert delivery.resend(scope(printed), by=marketer, states=unsent) == 2
        assert states(printed) == ["", "queued", "queued"]
        assert delivery.resend(scope(printed), by=marketer, states=unsent, way=EMAIL) == 1
        assert ways(printed) == [EMAIL, PAPER, PAPER]

    def test_what_waits_or_is_on_its_way_is_not_touched(
        self, printed: LoggedSegment, marketer: User
    ) -> None:
        printed.entries.filter(position=1).update(delivery=Delivery.QUEUED)
        printed.entries.filter(position=2).update(delivery=Delivery.IN_PROGRESS)
        printed.entries.filter(position=3).update(cancelled=True)
        with pytest.raises(delivery.Nothing):
            delivery.resend(scope(printed), by=marketer, way=EMAIL)
        assert ways(printed) == [PAPER] * 3

    def test_later_values_another_way(self, printed: LoggedSegment, marketer: User) -> None:
        change("Cilla", email="")
        before = list(printed.entries.values())
        assert delivery.refresh(scope(printed), by=marketer, way=EMAIL) == 2
        assert list(printed.entries.values()) == before
        made = Entry.objects.filter(logged_segment=None)
        assert set(made.values_list("correspondence_type", "delivery")) == {(EMAIL, "queued")}

    def test_statements_do_not_grow(
        self, printed: LoggedSegment, marketer: User, template: Any
    ) -> None:
        counts = []
        for many in (3, 30):
            for position in range(10, many + 10):
                contact = Contact.objects.create(name=f"P{position}", email="p@example.com")
                log(printed, contact, position, "en", delivery="delivered")
            printed.entries.update(delivery=Delivery.DELIVERED)
            with CaptureQueriesContext(connection) as captured:
                delivery.resend(scope(printed), by=marketer, way=EMAIL)
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestPages:
    """The same by pages; who may not, wrong input, what is not there."""

    def test_a_segment(self, marketer_client: Client, printed: LoggedSegment) -> None:
        change("Beth", email="")
        url = reverse("interactions:logged_resend", args=[printed.segment_number])
        page = marketer_client.get(url).content.decode()
        assert "Delivered (3)" in page
        assert "Hard copy" in page
        (only,) = [one for one in page.split("<input") if 'name="states"' in one]
        assert "checked" in only
        answer = marketer_client.post(
            url, {"states": ["delivered"], "values": "same", "way": "pigeon"}
        )
        assert "Select a valid choice" in answer.content.decode()
        said = {"states": ["delivered"], "values": "same", "way": EMAIL}
        page = marketer_client.post(url, said, follow=True).content.decode()
        assert "2 letters were queued." in page
        assert "1 letter is left out: its contact cannot be reached so." in page
        assert ways(printed) == [EMAIL, PAPER, EMAIL]

    def test_nobody_can_be_reached(self, marketer_client: Client, printed: LoggedSegment) -> None:
        Contact.objects.update(email="")
        url = reverse("interactions:logged_resend", args=[printed.segment_number])
        said = {"states": ["delivered"], "values": "same", "way": EMAIL}
        page = marketer_client.post(url, said, follow=True).content.decode()
        assert "Nothing was queued." in page
        assert "3 letters are left out" in page

    def test_one_entry(self, marketer_client: Client, printed: LoggedSegment) -> None:
        entry = first(printed)
        url = reverse("interactions:entry_resend", args=[entry.pk])
        assert url in marketer_client.get(entry.get_absolute_url()).content.decode()
        assert "As the interaction says: Hard copy" in marketer_client.get(url).content.decode()
        change("Ann", email="")
        answer = marketer_client.post(url, {"values": "today", "way": EMAIL})
        page = answer.content.decode()
        assert (answer.status_code, "The contact has no e-mail address." in page) == (200, True)
        assert 'value="today"' in page
        assert states(printed) == ["delivered"] * 3
        change("Ann", email="a@example.com")
        marketer_client.post(url, {"values": "same", "way": EMAIL})
        assert (states(printed)[0], ways(printed)[0]) == ("queued", EMAIL)
        assert Job.objects.get().arguments == {"entry": entry.pk}
        assert marketer_client.get(url).status_code == 404

    def test_one_that_says_no_way(self, marketer_client: Client, printed: LoggedSegment) -> None:
        entry = first(printed)
        Entry.objects.filter(pk=entry.pk).update(delivery="", correspondence_type="")
        url = reverse("interactions:entry_resend", args=[entry.pk])
        assert url in marketer_client.get(entry.get_absolute_url()).content.decode()
        answer = marketer_client.post(url, {"values": "same", "way": ""})
        assert "Say how it is sent" in answer.content.decode()
        marketer_client.post(url, {"values": "same", "way": PAPER})
        assert (states(printed)[0], ways(printed)[0]) == ("queued", PAPER)

    def test_who_may_not(
        self, marketer_client: Client, reader_client: Client, printed: LoggedSegment
    ) -> None:
        url = reverse("interactions:entry_resend", args=[first(printed).pk])
        assert reader_client.get(url).status_code == 403
        assert reader_client.post(url, {"values": "same"}).status_code == 403
        assert Client().post(url).status_code == 302
        assert marketer_client.get(url.replace("/resend", "9/resend")).status_code == 404
        assert states(printed) == ["delivered"] * 3

    def test_a_single_letter_on_paper_is_posted_by_whoever_says_so(
        self, marketer_client: Client, printed: LoggedSegment, marketer: User
    ) -> None:
        """It has no pack: no job that could only fail."""
        entry = first(printed)
        alone = InteractionLogEntry.objects.filter(pk=entry.pk)
        alone.update(logged_segment=None, segment_number="", delivery="")
        assert delivery.queue(delivery.Scope.of(entry), by=marketer) == 1
        assert not Job.objects.exists()
        page = marketer_client.get(entry.get_absolute_url()).content.decode()
        assert "It waits for you to print and post it" in page
        marketer_client.post(reverse("interactions:entry_deliver", args=[entry.pk, "sent"]))
        assert alone.get().delivery == "delivered"
