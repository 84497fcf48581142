"""What people decide about delivery, by pages; and unsubscribing, for whoever has the link."""

from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Consent, Contact, Job
from interactions import delivery
from interactions.models import LoggedSegment
from interactions.tests.test_delivery import Entry, deliver, first, states

AS_IT_WAS = {"values": "same", "way": ""}


class TestDecisions:
    """What people do, by pages; readers may not."""

    def url(self, subject: Any, verb: str) -> str:
        if isinstance(subject, LoggedSegment):
            return reverse("interactions:logged_deliver", args=[subject.segment_number, verb])
        return reverse("interactions:entry_deliver", args=[subject.pk, verb])

    def test_send_cancel_retry(self, marketer_client: Client, queued: LoggedSegment) -> None:
        answer = marketer_client.post(self.url(queued, "cancel"), follow=True)
        assert "3 letters are not sent." in answer.content.decode()
        assert states(queued) == ["cancelled"] * 3
        Entry.objects.update(delivery="failed", delivery_error="550 no")
        marketer_client.post(self.url(queued, "retry"))
        assert set(Entry.objects.values_list("delivery", "delivery_error")) == {("queued", "")}
        job = Job.objects.get(kind="delivery.mail")
        assert (job.arguments, job.total) == ({"logged": queued.pk}, 3)
        Entry.objects.update(delivery="")
        marketer_client.post(self.url(queued, "send"))
        assert states(queued) == ["queued"] * 3
        answer = marketer_client.post(self.url(queued, "send"), follow=True)
        assert "There is nothing to do" in answer.content.decode()

    def test_start_where_nobody_is_at_work(
        self, marketer_client: Client, queued: LoggedSegment
    ) -> None:
        page = queued.get_absolute_url()
        assert "Deliver the 3 that wait" in marketer_client.get(page).content.decode()
        marketer_client.post(self.url(queued, "start"))
        assert Job.objects.get().kind == "delivery.mail"
        assert "Deliver the 3" not in marketer_client.get(page).content.decode()

    def test_one_entry(self, marketer_client: Client, queued: LoggedSegment) -> None:
        entry = first(queued)
        marketer_client.post(self.url(entry, "cancel"))
        assert states(queued) == ["cancelled", "queued", "queued"]
        marketer_client.post(reverse("interactions:entry_resend", args=[entry.pk]), AS_IT_WAS)
        assert states(queued) == ["queued"] * 3
        Entry.objects.update(delivery="uncertain")
        page = marketer_client.get(entry.get_absolute_url()).content.decode()
        assert "It was sent" in page
        marketer_client.post(self.url(entry, "sent"))
        assert states(queued) == ["delivered", "uncertain", "uncertain"]

    def test_refused(
        self, reader_client: Client, marketer_client: Client, queued: LoggedSegment
    ) -> None:
        for subject in (queued, first(queued)):
            assert reader_client.post(self.url(subject, "cancel")).status_code == 403
            assert Client().post(self.url(subject, "cancel")).status_code == 302
            assert marketer_client.get(self.url(subject, "cancel")).status_code == 405
            assert marketer_client.post(self.url(subject, "burn")).status_code == 404
        resend = reverse("interactions:logged_resend", args=[queued.segment_number])
        assert reader_client.get(resend).status_code == 403
        unknown = reverse("interactions:logged_deliver", args=["NO", "cancel"])
        assert marketer_client.post(unknown).status_code == 404
        assert states(queued) == ["queued"] * 3

    def test_the_panel(
        self, reader_client: Client, marketer_client: Client, queued: LoggedSegment
    ) -> None:
        Entry.objects.filter(pk=first(queued).pk).update(delivery="uncertain")
        words = marketer_client.get(queued.get_absolute_url()).content.decode()
        assert "1 of 3" in words
        assert "every 15s" in words
        assert "Do not send the 2 that wait" in words
        assert "look into the server" in words
        part = reverse("interactions:logged_delivery", args=[queued.segment_number])
        assert "Do not send" not in reader_client.get(part).content.decode()
        Entry.objects.update(delivery="delivered")
        assert "hx-get" not in marketer_client.get(part).content.decode()

    def test_resend_as_it_was(self, marketer_client: Client, queued: LoggedSegment) -> None:
        Entry.objects.update(delivery="delivered")
        Entry.objects.filter(pk=first(queued).pk).update(delivery="failed")
        url = reverse("interactions:logged_resend", args=[queued.segment_number])
        assert "Delivered (2)" in marketer_client.get(url).content.decode()
        answer = marketer_client.post(url, {"values": "same"})
        assert "This field is required." in answer.content.decode()
        answer = marketer_client.post(url, {"values": "same", "states": ["queued"]})
        assert answer.status_code == 200
        marketer_client.post(url, {"values": "same", "states": ["failed"]})
        assert states(queued) == ["queued", "delivered", "delivered"]

    def test_refreshed_from_todays_contact(
        self, marketer_client: Client, queued: LoggedSegment
    ) -> None:
        deliver(queued)
        Contact.objects.filter(first_name="Ann").update(surname="Newname")
        Contact.objects.filter(first_name="Beth").update(privacy_blocked=True)
        before = list(queued.entries.values())
        url = reverse("interactions:logged_resend", args=[queued.segment_number])
        marketer_client.post(url, {"values": "today", "states": ["delivered"]})
        assert list(queued.entries.values()) == before
        made = list(Entry.objects.filter(logged_segment=None).order_by("position"))
        assert [one.description for one in made] == ["Sent again: Spring offer"] * 2
        assert {one.date for one in made} == {timezone.localdate()}
        mail.outbox.clear()
        delivery.deliver(delivery.Scope(number=queued.segment_number), by="test")
        assert [one.to for one in mail.outbox] == [["Ann@example.com"], ["Cilla@example.com"]]
        assert "Dear Ms Newname" in mail.outbox[0].body
        assert "Comment <1> for Ann" in mail.outbox[0].body

    def test_one_entry_refreshed(self, marketer_client: Client, queued: LoggedSegment) -> None:
        deliver(queued)
        url = reverse("interactions:entry_resend", args=[first(queued).pk])
        marketer_client.post(url, {"values": "today"})
        made = Entry.objects.get(logged_segment=None)
        assert Job.objects.get().arguments == {"entry": made.pk}


class TestUnsubscribe:
    """RFC 8058: by GET a question, by POST it is done, without session, cookie or token."""

    def url(self, entry: Entry) -> str:
        return reverse("interactions:unsubscribe", args=[delivery.token_of(entry)])

    def test_asks_then_does_it_once(self, queued: LoggedSegment) -> None:
        entry, public = first(queued), Client(enforce_csrf_checks=True)
        url = self.url(entry)
        asked = public.get(url)
        assert "Do you want no more e-mails" in asked.content.decode()
        contact = Contact.objects.get(interactions=entry)
        assert not contact.email_opt_out
        answer = public.post(url, {"List-Unsubscribe": "One-Click"})
        assert "not send you e-mails any more" in answer.content.decode()
        contact.refresh_from_db()
        assert contact.email_opt_out
        public.post(url)
        said = Consent.objects.values_list("contact", "channel", "state", "source", "words")
        assert list(said) == [(contact.pk, "email", "opted_out", "link", "SM00001")]
        assert Contact.objects.filter(email_opt_out=True).count() == 1

    def test_a_forged_or_stale_address(self, queued: LoggedSegment) -> None:
        entry = first(queued)
        url = self.url(entry)
        forged = reverse("interactions:unsubscribe", args=["W10:abc:def"])
        for wrong in (forged, url[:-3] + "/", reverse("interactions:unsubscribe", args=["x"])):
            assert Client().post(wrong).status_code == 404
        contact = Contact.objects.get(interactions=entry)
        Entry.objects.all().delete()
        contact.delete()
        answer = Client().post(url)
        assert answer.status_code == 404
        assert "Ann" not in answer.content.decode()

    def test_the_card_says_so(self, marketer_client: Client, queued: LoggedSegment) -> None:
        contact = delivery.unsubscribe(delivery.token_of(first(queued)))
        page = marketer_client.get(contact.get_absolute_url()).content.decode()
        assert "no e-mails, please" in page
        assert "Unsubscribe link · SM00001" in page
