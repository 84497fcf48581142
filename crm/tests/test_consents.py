"""What contacts say of channels: a history, what holds now, and the column that follows it."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import consents
from crm.merging import merge
from crm.models import Consent, Contact
from crm.tests.test_contacts_pages import typed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EARLIER = TODAY - datetime.timedelta(days=30)


@pytest.fixture
def ann() -> Contact:
    return Contact.objects.create(name="Ann", email="ann@example.com")


def now(contact: Contact) -> dict[str, str]:
    """What holds of each channel."""
    rows = contact.consents.current()
    return dict(rows.values_list("channel", "state"))


def is_out(contact: Contact) -> bool:
    contact.refresh_from_db()
    return contact.email_opt_out


def test_each_word_is_kept_and_the_latest_holds(ann: Contact, marketer: User) -> None:
    consents.record(
        ann, "email", "consented", source="form", date=EARLIER, words="Fair", by=marketer
    )
    consents.record(ann, "email", "withdrawn", source="phone")
    consents.record(ann, "post", "opted_out", source="writing")
    assert now(ann) == {"email": "withdrawn", "post": "opted_out"}
    rows = ann.consents.order_by("pk").values_list(
        "state", "source", "words", "by__username", "date"
    )
    assert list(rows) == [
        ("consented", "form", "Fair", "marketer", EARLIER),
        ("withdrawn", "phone", "", None, TODAY),
        ("opted_out", "writing", "", None, TODAY),
    ]
    assert [str(one) for one in consents.standing(ann)] == [
        "E-mail: Consent withdrawn",
        "Post: Opted out",
    ]


def test_a_paper_found_late_changes_nothing_of_today(ann: Contact) -> None:
    consents.record(ann, "email", "opted_out", source="link")
    late = consents.record(ann, "email", "consented", source="form", date=EARLIER)
    assert not late.is_current
    assert now(ann) == {"email": "opted_out"}
    assert is_out(ann)


@pytest.mark.parametrize(
    ("state", "out"),
    [("consented", False), ("opted_out", True), ("withdrawn", True), ("cleared", False)],
)
def test_the_column_of_e_mail_follows(ann: Contact, state: str, out: bool) -> None:
    Contact.objects.update(email_opt_out=not out)
    consents.record(ann, "email", state, source="phone")
    assert is_out(ann) == out
    consents.record(ann, "post", "opted_out", source="phone")
    assert is_out(ann) == out


def test_of_a_channel_one_word_holds(ann: Contact) -> None:
    consents.record(ann, "phone", "opted_out", source="phone")
    with pytest.raises(IntegrityError):
        Consent.objects.create(contact=ann, channel="phone", state="consented", source="form")


def test_unsubscribing_twice_is_once(ann: Contact) -> None:
    for _time in range(2):
        consents.opt_out(ann, "email", source="link", words="SM00001")
    assert ann.consents.count() == 1


def test_many_at_once(ann: Contact, marketer: User) -> None:
    for n in range(30):
        Contact.objects.create(name=f"Bo {n}")
    consents.record(ann, "email", "consented", source="form")
    others = Contact.objects.exclude(pk=ann.pk)
    costs = []
    for rows in (others.filter(name="Bo 1"), others, others):
        with CaptureQueriesContext(connection) as captured:
            written = consents.record_many(rows, "email", "opted_out", source="import", by=marketer)
        costs.append((len(captured), written))
    assert [written for _cost, written in costs] == [1, 29, 0]
    assert len({cost for cost, _written in costs}) == 1
    assert Contact.objects.filter(email_opt_out=True).count() == 30
    assert now(ann) == {"email": "consented"}
    everybody = Contact.objects.all()
    assert consents.record_many(everybody, "email", "opted_out", source="import") == 1
    assert ann.consents.count() == 2
    assert list(consents.out_of_step()) == []


def test_what_somebody_writes_past_the_history_is_found_and_mended(ann: Contact) -> None:
    bo = Contact.objects.create(name="Bo")
    Contact.objects.filter(pk=ann.pk).update(email_opt_out=True)
    consents.record(bo, "email", "opted_out", source="phone")
    Contact.objects.filter(pk=bo.pk).update(email_opt_out=False)
    assert set(consents.out_of_step()) == {ann, bo}
    assert consents.mend() == 2
    assert (is_out(ann), is_out(bo), list(consents.out_of_step())) == (True, True, [])
    assert now(ann) == {"email": "opted_out"}


class TestMerged:
    """Of two that become one the stricter word holds, and all history stays."""

    @pytest.mark.parametrize("turned", [False, True])
    def test_the_stricter_wins(self, ann: Contact, marketer: User, turned: bool) -> None:
        other = Contact.objects.create(name="Anne")
        consents.record(ann, "email", "consented", source="form")
        consents.record(other, "email", "opted_out", source="link", date=EARLIER)
        consents.record(other, "post", "consented", source="form")
        kept, gone = (other, ann) if turned else (ann, other)
        merge(kept, gone, by=marketer)
        assert now(kept) == {"email": "opted_out", "post": "consented"}
        assert kept.consents.count() == 3
        assert is_out(kept)

    def test_of_two_that_allow_the_later_holds(self, ann: Contact, marketer: User) -> None:
        other = Contact.objects.create(name="Anne")
        consents.record(ann, "email", "consented", source="form", date=EARLIER, words="old")
        consents.record(other, "email", "consented", source="phone", words="new")
        merge(ann, other, by=marketer)
        assert ann.consents.current().get().words == "new"
        assert not is_out(ann)


class TestPages:
    def post(self, client: Client, contact: Contact, **values: str) -> Any:
        data = {"channel": "post", "state": "opted_out", "source": "phone", "words": "Said so"}
        return client.post(
            f"/contacts/{contact.number}/consent/", data | {"date": str(TODAY)} | values
        )

    def test_a_word_is_written_down(self, marketer_client: Client, ann: Contact) -> None:
        assert self.post(marketer_client, ann).status_code == 302
        said = ann.consents.get()
        assert (said.channel, said.state, said.by and said.by.username) == (
            "post",
            "opted_out",
            "marketer",
        )
        card = marketer_client.get(f"/contacts/{ann.number}/").content.decode()
        assert "Opted out" in card
        assert "Said so" in card
        page = marketer_client.get(f"/contacts/{ann.number}/consent/").content.decode()
        assert "holds now" in page

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"channel": "smoke"}, "channel"),
            ({"state": ""}, "state"),
            ({"source": "link"}, "source"),
            ({"source": "import"}, "source"),
            ({"date": str(TODAY + datetime.timedelta(days=1))}, "date"),
            ({"date": "soon"}, "date"),
            ({"words": "x" * 301}, "words"),
        ],
    )
    def test_bad_input(
        self, marketer_client: Client, ann: Contact, values: dict[str, str], field: str
    ) -> None:
        answer = self.post(marketer_client, ann, **values)
        assert list(answer.context["form"].errors) == [field]
        assert not Consent.objects.exists()

    def test_a_reader_looks_and_writes_nothing(self, reader_client: Client, ann: Contact) -> None:
        page = reader_client.get(f"/contacts/{ann.number}/consent/")
        assert page.context["form"] is None
        assert self.post(reader_client, ann).status_code == 403
        assert not Consent.objects.exists()

    def test_nobody_of_that_number(self, marketer_client: Client) -> None:
        assert marketer_client.get("/contacts/NOBODY/consent/").status_code == 404

    def test_the_tick_in_the_form_is_a_word_too(
        self, marketer_client: Client, ann: Contact
    ) -> None:
        url = f"/contacts/{ann.number}/edit/"
        marketer_client.post(url, typed(name="Ann", email_opt_out="on"))
        marketer_client.post(url, typed(name="Ann", email_opt_out="on"))
        assert now(ann) == {"email": "opted_out"}
        assert ann.consents.get().source == "card"
        marketer_client.post(url, typed(name="Ann"))
        assert now(ann) == {"email": "cleared"}
        assert (is_out(ann), ann.consents.count()) == (False, 2)
        marketer_client.post("/contacts/new/", typed(name="Zoe", email_opt_out="on"))
        assert now(Contact.objects.get(name="Zoe")) == {"email": "opted_out"}

    def test_the_card_costs_the_same_however_much_was_said(
        self, marketer_client: Client, ann: Contact
    ) -> None:
        costs = []
        for channel in ("email", "post", "phone"):
            consents.record(ann, channel, "consented", source="form")
            with CaptureQueriesContext(connection) as captured:
                marketer_client.get(f"/contacts/{ann.number}/")
            costs.append(len(captured))
        assert costs[1:] == costs[:-1]
