"""Letters that wait while nobody is at work on them: the page says so, and what can be done."""

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm import work
from crm.models import Job
from interactions import delivery
from interactions.delivery.standing import idle
from interactions.models import Delivery, LoggedSegment
from interactions.tests.test_delivery import Entry, first, scope, states


class TestNobodyAtWork:
    """A job that ended early leaves letters in the queue: the page says so, and what to do."""

    def page(self, client: Client, logged: LoggedSegment) -> str:
        return client.get(logged.get_absolute_url()).content.decode()

    def post(self, client: Client, logged: LoggedSegment, verb: str, which: str = "log") -> None:
        url = reverse("interactions:logged_deliver", args=[logged.segment_number, verb])
        client.post(url, {"which": which})

    def test_cancelled(
        self, marketer_client: Client, reader_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        (job,) = delivery.begin(scope(queued), by=marketer)
        page = self.page(marketer_client, queued)
        assert "It is being worked on." in page
        assert "nobody is at work" not in page
        work.cancel(job)
        page = self.page(marketer_client, queued)
        assert "3 letters wait, and nobody is at work on them." in page
        assert "The delivery was cancelled" in page
        assert job.get_absolute_url() in page
        assert "Deliver the 3 that wait" in page
        page = self.page(reader_client, queued)
        assert ("nobody is at work" in page, "Deliver the 3" in page) == (True, False)
        self.post(marketer_client, queued, "start")
        assert "nobody is at work" not in self.page(marketer_client, queued)
        while work.run_next(heartbeat=False):
            pass
        assert states(queued) == ["delivered"] * 3

    def test_or_the_rest_is_not_sent(
        self, marketer_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        (job,) = delivery.begin(scope(queued), by=marketer)
        work.cancel(job)
        Entry.objects.filter(pk=first(queued).pk).update(delivery="delivered")
        self.post(marketer_client, queued, "cancel")
        assert states(queued) == ["delivered", "cancelled", "cancelled"]
        assert "nobody is at work" not in self.page(marketer_client, queued)

    def test_failed_says_why(
        self, marketer_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        (job,) = delivery.begin(scope(queued), by=marketer)
        Job.objects.filter(pk=job.pk).update(
            state="failed", error="535 who are you", ended_at=job.created_at
        )
        page = self.page(marketer_client, queued)
        assert "The delivery ended" in page
        assert "535 who are you" in page

    def test_what_a_killed_worker_held_is_taken_back(
        self, marketer_client: Client, queued: LoggedSegment
    ) -> None:
        """Nothing is queued: before, no job was started and it stayed in progress for ever."""
        queued.entries.update(delivery=Delivery.IN_PROGRESS, delivery_by="999:1")
        queued.entries.filter(position=1).update(delivered_to="Ann@example.com")
        assert "3 letters wait" in self.page(marketer_client, queued)
        self.post(marketer_client, queued, "start")
        assert states(queued) == ["uncertain", "queued", "queued"]
        assert Job.objects.get().kind == "delivery.mail"

    def test_one_entry_that_is_sent_alone_is_at_work(
        self, marketer_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        queued.entries.update(delivery=Delivery.DELIVERED)
        delivery.resend(delivery.Scope.of(first(queued)), by=marketer)
        page = self.page(marketer_client, queued)
        assert "It is being worked on." in page

    def test_what_was_sent_again_has_its_own_standing(
        self, marketer_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        queued.entries.update(delivery=Delivery.DELIVERED)
        delivery.refresh(scope(queued), by=marketer)
        work.cancel(Job.objects.get())
        page = self.page(marketer_client, queued)
        assert "Sent again with later values" in page
        assert "3 letters wait, and nobody is at work on them." in page
        self.post(marketer_client, queued, "cancel", which="again")
        assert states(queued) == ["delivered"] * 3
        again = Entry.objects.filter(logged_segment=None)
        assert set(again.values_list("delivery", flat=True)) == {"cancelled"}

    def test_home_counts_them(
        self, marketer_client: Client, queued: LoggedSegment, marketer: User
    ) -> None:
        """Of all segments and of none; not what a job, of whichever kind, is at work on."""
        said = "letters that wait, and nobody is at work on them"
        alone = first(queued)
        alone.pk, alone.logged_segment, alone.segment_number = None, None, ""
        alone.save()
        assert idle().count() == 4
        assert said in marketer_client.get("/").content.decode()
        (job,) = delivery.begin(scope(queued), by=marketer)
        assert list(idle()) == [alone]
        delivery.begin(delivery.Scope.of(alone), by=marketer)
        assert said not in marketer_client.get("/").content.decode()
        work.cancel(job)
        assert idle().count() == 3
        Entry.objects.update(cancelled=True)
        assert not idle().exists()
