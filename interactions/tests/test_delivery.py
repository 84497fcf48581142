"""Delivery: claims, states, refusals, whom nothing is sent to, resending, unsubscribing."""

import email.policy
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import work
from crm.models import AlternativeAddress, Contact, Job, JobState
from interactions import delivery
from interactions.delivery import claims
from interactions.delivery.smtp import Verdict
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment, MailPace
from interactions.tests.postoffice import PostOffice

Entry = InteractionLogEntry


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """The post office, as the site's mail server."""
    office = PostOffice()
    office.start()
    settings.EMAIL_BACKEND = "interactions.delivery.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield office
    if office.server is not None:
        office.stop()


def scope(logged: LoggedSegment) -> delivery.Scope:
    return delivery.Scope.of(logged)


def deliver(logged: LoggedSegment) -> Any:
    return delivery.deliver(scope(logged), by="test")


def states(logged: LoggedSegment) -> list[str]:
    return list(logged.entries.order_by("position").values_list("delivery", flat=True))


def first(logged: LoggedSegment) -> Entry:
    return logged.entries.order_by("position")[0]


def address(logged: LoggedSegment, to: str) -> None:
    """Gives the first entry's contact another e-mail address."""
    Contact.objects.filter(interactions=first(logged)).update(email=to)


class TestMail:
    """What a mail says."""

    def test_each_gets_its_own(self, queued: LoggedSegment) -> None:
        found = deliver(queued)
        assert dict(found.states) == {"delivered": 3}
        assert states(queued) == ["delivered"] * 3
        sent: Any = mail.outbox
        assert [(one.to, one.subject) for one in sent] == [
            (["Ann@example.com"], "Offer"),
            (["Beth@example.com"], "Offer"),
            (["Cilla@example.com"], "Tarjous"),
        ]
        for one, name in zip(sent, ("Ann", "Beth", "Cilla"), strict=True):
            assert f"> for {name}" in one.body
            html = one.alternatives[0].content
            assert "We offer." in html or "Tarjous." in html
            assert one.alternatives[0].mimetype == "text/html"
        assert "Beth Jones &lt;b&gt;" in sent[1].alternatives[0].content
        assert 'lang="fi"' in sent[2].alternatives[0].content
        entry = first(queued)
        assert (entry.delivered_to, entry.delivery_attempts, entry.delivery_error) == (
            "Ann@example.com", 1, "",
        )  # fmt: skip

    def test_as_an_attachment(self, queued: LoggedSegment) -> None:
        queued.entries.update(send_word_as_attachment=True)
        deliver(queued)
        ((name, data, kind),) = mail.outbox[0].attachments
        assert name == "Offer.docx"
        assert kind.endswith("wordprocessingml.document")
        text = "\n".join(part.text for part in docx.Document(BytesIO(data)).paragraphs)
        assert "Comment <1> for Ann" in text
        assert "attached letter" in mail.outbox[0].body
        assert "Comment" not in mail.outbox[0].body

    def test_a_subject_cannot_make_headers(self, queued: LoggedSegment) -> None:
        queued.entries.update(subject="Hello\r\nBcc: everybody@example.com")
        deliver(queued)
        assert mail.outbox[0].subject == "Hello Bcc: everybody@example.com"
        assert mail.outbox[0].bcc == []

    def test_an_alternative_address_in_force(self, queued: LoggedSegment) -> None:
        contact = first(queued).contact
        assert contact is not None
        today = timezone.localdate()
        for code, days, to in (("OLD", -30, "old@example.com"), ("NOW", -3, "now@example.com")):
            AlternativeAddress.objects.create(
                contact=contact, code=code, starts_on=today + timedelta(days=days), email=to,
                ends_on=today + timedelta(days=-20 if code == "OLD" else 1),
            )  # fmt: skip
        deliver(queued)
        assert mail.outbox[0].to == ["now@example.com"]

    def test_unsubscribing_by_one_click_is_offered(
        self, queued: LoggedSegment, settings: Any
    ) -> None:
        deliver(queued)
        headers = mail.outbox[0].message()
        url = headers["List-Unsubscribe"].strip("<>")
        assert url.startswith("https://crm.example/unsubscribe/")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert url in mail.outbox[0].body
        settings.SITE_URL = ""
        delivery.resend(scope(queued), by=None)
        deliver(queued)
        assert "List-Unsubscribe" not in mail.outbox[-1].message()
        assert "nsubscribe" not in mail.outbox[-1].body


class TestRefusals:
    """A real server: each entry ends in the right state."""

    @pytest.mark.parametrize(
        ("to", "state", "reason", "tries"),
        [
            ("good@x.example", "delivered", "", 1),
            ("never@x.example", "failed", "550 5.1.1 nobody of that name", 1),
            ("sink@x.example", "failed", "554 5.6.0 we do not like this letter", 1),
            ("busy@x.example", "delivered", "", 3),
            ("mute@x.example", "uncertain", "The connection ended before the server answered", 1),
            ("torn@x.example", "uncertain", "The connection ended before the server answered", 1),
            ("cut@x.example", "failed", "No connection:", 5),
        ],
    )
    def test_by_address(
        self,
        queued: LoggedSegment,
        office: PostOffice,
        to: str,
        state: str,
        reason: str,
        tries: int,
    ) -> None:
        address(queued, to)
        for _round in range(10):
            if deliver(queued).again_in is None:
                break
        assert states(queued) == [state, "delivered", "delivered"]
        entry = first(queued)
        assert entry.delivery_error.startswith(reason)
        assert entry.delivery_attempts == tries
        arrived = state == "delivered" or to.startswith("mute")
        assert office.to.count(to) == int(arrived)
        assert sorted(office.to)[:2] == ["Beth@example.com", "Cilla@example.com"]

    def test_a_while_grows(self, queued: LoggedSegment, office: PostOffice, settings: Any) -> None:
        settings.MAIL_BACKOFF = 60
        address(queued, "busy@x.example")
        waits = []
        for _round in range(2):
            waits.append(deliver(queued).again_in)
            Entry.objects.filter(delivery="queued").update(delivery_at=timezone.now())
        assert [round(wait / 60) for wait in waits] == [1, 2]
        assert first(queued).delivery_error == "450 4.2.1 come again later"

    def test_what_arrives_is_what_was_written(
        self, queued: LoggedSegment, office: PostOffice
    ) -> None:
        deliver(queued)
        by_name = dict(zip(office.to, office.mails, strict=True))
        letter = by_name["Cilla@example.com"]
        assert letter["Subject"] == "Tarjous"
        text, html = letter.get_body(("plain",)), letter.get_body(("html",))
        assert text is not None
        assert html is not None
        assert "Comment <3> for Cilla" in text.get_content()
        assert "Tarjous." in html.get_content()
        assert letter["List-Unsubscribe"].strip().startswith("<https://crm.example/unsubscribe/")

    def test_a_server_that_is_away_costs_no_try(
        self, queued: LoggedSegment, office: PostOffice, settings: Any
    ) -> None:
        settings.MAIL_BACKOFF = 30
        office.stop()
        found = deliver(queued)
        assert found.again_in == 30
        assert "No connection" in found.why
        assert states(queued) == ["queued"] * 3
        assert first(queued).delivery_attempts == 0

    def test_a_connection_that_ended_while_idle_is_opened_again(
        self, queued: LoggedSegment, office: PostOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from interactions.delivery import sending

        def end_the_connection(run: Any, *, at_end: bool = False) -> None:
            if not at_end:
                run.connection.connection.sock.close()

        monkeypatch.setattr(sending._Run, "_tell", end_the_connection)
        deliver(queued)
        assert states(queued) == ["delivered"] * 3
        assert set(Entry.objects.values_list("delivery_attempts", flat=True)) == {1}


class TestNobodyElse:
    """Whom nothing is sent to, though it was queued."""

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"privacy_blocked": True}, "The contact is blocked."),
            ({"minor": True}, "The contact is blocked."),
            ({"email_opt_out": True}, "The contact wants no e-mails."),
            ({"email": ""}, "The contact has no e-mail address."),
        ],
    )
    def test_changed_after_log(
        self, queued: LoggedSegment, change: dict[str, Any], reason: str
    ) -> None:
        Contact.objects.filter(interactions=first(queued)).update(**change)
        deliver(queued)
        assert states(queued) == ["failed", "delivered", "delivered"]
        assert first(queued).delivery_error == reason
        assert "Ann@example.com" not in [to for one in mail.outbox for to in one.to]

    def test_deleted_contact_cancelled_entry_other_segment(self, queued: LoggedSegment) -> None:
        ann, beth, cilla = queued.entries.order_by("position")
        Entry.objects.filter(pk=ann.pk).update(contact=None)
        Entry.objects.filter(pk=beth.pk).update(cancelled=True)
        Entry.objects.filter(pk=cilla.pk).update(logged_segment=None)
        deliver(queued)
        assert mail.outbox == []
        assert list(Entry.objects.order_by("position").values_list("delivery", flat=True)) == [
            "failed", "queued", "queued",
        ]  # fmt: skip

    def test_a_lost_letter(self, queued: LoggedSegment) -> None:
        entry = first(queued)
        assert entry.document is not None
        from django.core.files.storage import default_storage

        default_storage.delete(entry.document.path)
        deliver(queued)
        assert states(queued) == ["failed", "failed", "delivered"]
        assert "missing from the storage" in first(queued).delivery_error


class TestRecovery:
    """A worker that is gone left an entry in progress."""

    def job(self, **fields: Any) -> Job:
        return Job.objects.create(
            kind="delivery.mail", state=JobState.RUNNING, attempts=2, **fields
        )

    def test_not_handed_over_goes_back_and_the_rest_is_uncertain(
        self, queued: LoggedSegment
    ) -> None:
        job = self.job()
        dead, alive = f"{job.pk}:1", f"{job.pk}:2"
        taken = [claims.take(scope(queued), by) for by in (dead, dead, alive)]
        entry, to = taken[1] or (None, "")
        assert entry is not None
        assert claims.is_about_to_be_sent(entry, dead, to)
        assert claims.recover(scope(queued)) == 1
        assert states(queued) == ["queued", "uncertain", "in_progress"]
        assert claims.recover(scope(queued)) == 0
        job.delete()
        claims.recover(scope(queued))
        assert states(queued) == ["queued", "uncertain", "queued"]

    def test_who_was_taken_for_dead_still_knows(self, queued: LoggedSegment) -> None:
        entry, to = claims.take(scope(queued), "9:1") or (None, "")
        assert entry is not None
        claims.is_about_to_be_sent(entry, "9:1", to)
        claims.recover(scope(queued))
        claims.note(entry, "9:1", Verdict(Delivery.DELIVERED, ""))
        assert states(queued)[0] == "delivered"

    def test_what_another_has_taken_is_not_sent_nor_noted(self, queued: LoggedSegment) -> None:
        entry, to = claims.take(scope(queued), "9:1") or (None, "")
        assert entry is not None
        claims.recover(scope(queued))
        again = claims.take(scope(queued), "9:2")
        assert again is not None
        assert again[0].pk == entry.pk
        assert not claims.is_about_to_be_sent(entry, "9:1", to)
        claims.note(entry, "9:1", Verdict(Delivery.FAILED, "late"))
        assert states(queued)[0] == "in_progress"

    def test_uncertain_is_never_sent_by_itself(self, queued: LoggedSegment) -> None:
        Entry.objects.update(delivery="uncertain")
        deliver(queued)
        with pytest.raises(delivery.Nothing):
            delivery.retry(scope(queued), by=None)
        assert mail.outbox == []


def test_the_pace_is_shared(queued: LoggedSegment, settings: Any) -> None:
    settings.MAILS_PER_SECOND = 20
    before = timezone.now()
    deliver(queued)
    assert (timezone.now() - before).total_seconds() >= 0.1
    assert MailPace.objects.get().next_at > before + timedelta(seconds=0.15)


@pytest.mark.parametrize("kind", ["queue", "resend", "retry", "cancel", "refresh"])
def test_statements_do_not_grow(
    queued: LoggedSegment, marketer: User, kind: str, template: Any
) -> None:
    from interactions.tests.conftest import log

    costs = []
    before = {"queue": "", "resend": "delivered", "refresh": "delivered", "retry": "failed"}
    for more in (0, 27):
        for number in range(more):
            contact = Contact.objects.create(name=f"More {number}", email="more@example.com")
            log(queued, contact, 10 + number, "en", correspondence_type="email")
        Entry.objects.filter(logged_segment=queued).update(delivery=before.get(kind, "queued"))
        with CaptureQueriesContext(connection) as captured:
            work_of = getattr(delivery, kind)
            done = work_of(scope(queued), **({} if kind == "cancel" else {"by": marketer}))
        assert done == 3 + more
        costs.append(len(captured))
    assert costs[0] == costs[1]


class TestJobsAndCommand:
    """The job comes again while something waits; the command does it here and now."""

    def run_all(self) -> None:
        while work.run_next(heartbeat=False):
            pass

    def test_the_job_ends_when_nothing_waits(
        self, queued: LoggedSegment, office: PostOffice
    ) -> None:
        address(queued, "busy@x.example")
        (job,) = delivery.begin(scope(queued), by=None)
        self.run_all()
        job.refresh_from_db()
        assert (job.state, job.result) == (JobState.DONE, {"delivered": 3, "queued": 2})
        assert states(queued) == ["delivered"] * 3

    def test_many_entries_get_several_workers(
        self, queued: LoggedSegment, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.MAIL_JOBS = 2
        monkeypatch.setattr("interactions.delivery.deciding.ENTRIES_A_JOB", 1)
        assert len(delivery.begin(scope(queued), by=None)) == 2

    def test_the_command(self, queued: LoggedSegment, capsys: Any) -> None:
        call_command("deliver", "--start")
        assert Job.objects.filter(state="queued").count() == 1
        assert states(queued) == ["queued"] * 3
        call_command("deliver", "SM00001")
        assert states(queued) == ["delivered"] * 3
        Entry.objects.update(delivery="failed")
        with pytest.raises(CommandError, match="Not everything"):
            call_command("deliver", "SM00001", "--json")
        call_command("deliver", "SM00001", "--retry")
        assert states(queued) == ["delivered"] * 3
        assert '"failed": 3' in capsys.readouterr().out
        with pytest.raises(CommandError, match="There is no logged segment NO"):
            call_command("deliver", "NO")


def test_policy_of_mails_is_smtp_clean(queued: LoggedSegment) -> None:
    deliver(queued)
    message: Any = mail.outbox[0].message()
    raw = message.as_bytes(linesep="\r\n")
    parsed = email.message_from_bytes(raw, policy=email.policy.strict)
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
