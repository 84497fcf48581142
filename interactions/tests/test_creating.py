"""One interaction with one contact: what it says, what it refuses, kept for later, once only."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from crm.models import Campaign, Contact, ContactType, Job, Salesperson
from interactions import creating, documents, letters, mailmerge
from interactions.creating import Extra, Refused
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    Document,
    InteractionLogEntry,
    InteractionTemplate,
)
from interactions.starter import docx_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 4)


@pytest.fixture
def seller(db: None) -> Salesperson:
    return Salesperson.objects.create(code="AK", name="Aino Kallio")


@pytest.fixture
def campaign(db: None) -> Campaign:
    return Campaign.objects.create(number="SPRING", description="Spring")


@pytest.fixture
def ann(seller: Salesperson) -> Contact:
    """A person who reads Finnish and wants e-mail."""
    firm = Contact.objects.create(number="F1", type=ContactType.COMPANY, name="Blooms")
    return Contact.objects.create(
        number="A1", first_name="Ann", surname="Aho", company=firm, language="fi",
        email="ann@example.com", correspondence_type="email", salesperson=seller,
    )  # fmt: skip


@pytest.fixture
def full(template: InteractionTemplate, campaign: Campaign) -> InteractionTemplate:
    """The template with every value that an interaction can inherit."""
    InteractionTemplate.objects.update(
        unit_cost="1.20", unit_duration=3, information_flow="outbound", initiated_by="us",
        correspondence_type="hard_copy", campaign=campaign, campaign_target=True,
    )  # fmt: skip
    template.refresh_from_db()
    return template


def entry(contact: Contact, template: InteractionTemplate, **typed: Any) -> InteractionLogEntry:
    """An entry in which only these values are typed."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("cost", "duration", "campaign_target", "campaign_response")
    )
    return InteractionLogEntry(
        contact=contact, template=template, **{"date": DAY, **nothing, **typed}
    )


def test_what_is_not_typed_is_inherited(
    ann: Contact, full: InteractionTemplate, seller: Salesperson, marketer: User
) -> None:
    logged = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    logged.refresh_from_db()
    assert logged.description == "Offer letter"
    assert (logged.language, logged.subject) == ("fi", "Tarjous")
    assert (logged.correspondence_type, logged.salesperson) == ("email", seller)
    assert (logged.information_flow, logged.initiated_by) == ("outbound", "us")
    assert (logged.cost, logged.duration, logged.group) == (Decimal("1.20"), 3, full.group)
    assert (logged.campaign, logged.campaign_target) == (full.campaign, True)
    assert not logged.campaign_response
    assert (logged.delivery, logged.postponed, logged.by) == ("", False, marketer)


def test_what_is_typed_holds(
    ann: Contact, full: InteractionTemplate, marketer: User, campaign: Campaign
) -> None:
    other = Salesperson.objects.create(code="BB", name="Bertta")
    typed = {
        "description": "Mine", "salesperson": other, "language": "en", "subject": "Hello",
        "correspondence_type": "hard_copy", "information_flow": "inbound",
        "initiated_by": "them", "cost": Decimal(0), "duration": 0, "campaign_target": False,
        "campaign_response": True,
    }  # fmt: skip
    logged = creating.log_interaction(entry(ann, full, **typed), Extra(), by=marketer)
    logged.refresh_from_db()
    assert {name: getattr(logged, name) for name in typed} == typed


def test_a_template_that_ignores_preferences_does_so_here_too(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    full.ignore_contact_correspondence_type = True
    full.save()
    logged = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    assert logged.correspondence_type == "hard_copy"


def test_its_letter_is_made_again_as_it_was(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    extra = Extra(personal_comment="See you")
    logged = creating.log_interaction(entry(ann, full), extra, by=marketer)
    logged = InteractionLogEntry.objects.get(pk=logged.pk)
    before = letters.letter(logged)
    assert "See you" in letters.text(logged)
    assert "Tarjous." in letters.text(logged)
    Contact.objects.filter(pk=ann.pk).update(surname="Other", name="Ann Other")
    assert letters.letter(InteractionLogEntry.objects.get(pk=logged.pk)) == before


def test_it_is_queued_only_when_told_so(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    logged = creating.log_interaction(entry(ann, full), Extra(send=True), by=marketer)
    assert (logged.delivery, logged.correspondence_type) == ("queued", "email")
    assert Job.objects.get().arguments == {"entry": logged.pk}
    creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    assert Job.objects.count() == 1


def test_whoever_wants_no_emails_is_sent_none(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    Contact.objects.update(email_opt_out=True)
    with pytest.raises(Refused) as refused:
        creating.log_interaction(entry(ann, full), Extra(send=True), by=marketer)
    assert refused.value.faults == {"correspondence_type": "The contact wants no e-mails."}
    assert not InteractionLogEntry.objects.exists()


def test_an_email_that_reaches_nobody_and_is_not_sent_was_none(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    Contact.objects.update(email="")
    logged = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    assert logged.correspondence_type == ""


def test_its_own_letter_takes_the_templates_place(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    data = docx_of("Only for Ann")
    extra = Extra(letter=("ann.docx", data), send=True)
    logged = creating.log_interaction(entry(ann, full), extra, by=marketer)
    assert logged.own_document
    assert letters.letter(logged)[1] == data


def test_a_letter_that_is_none_writes_nothing(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    with pytest.raises(mailmerge.DocumentError):
        creating.log_interaction(
            entry(ann, full), Extra(letter=("x.docx", b"no letter")), by=marketer
        )
    assert not InteractionLogEntry.objects.exists()
    assert not CampaignEntry.objects.exists()


@pytest.mark.parametrize(
    ("change", "typed", "extra", "field"),
    [
        ({"privacy_blocked": True}, {}, Extra(), "contact"),
        ({"minor": True}, {}, Extra(), "contact"),
        ({"salesperson": None}, {}, Extra(), "salesperson"),
        ({"email": ""}, {}, Extra(send=True), "correspondence_type"),
        ({}, {"language": "sv"}, Extra(send=True), "send"),
    ],
)
def test_what_is_refused_writes_nothing(
    ann: Contact, full: InteractionTemplate, marketer: User,
    change: dict[str, Any], typed: dict[str, Any], extra: Extra, field: str,
) -> None:  # fmt: skip
    """Whatever the entry in hand believes: the contact is read anew."""
    Contact.objects.filter(pk=ann.pk).update(**change)
    with pytest.raises(Refused) as refused:
        creating.log_interaction(entry(ann, full, **typed), extra, by=marketer)
    assert list(refused.value.faults) == [field]
    assert not InteractionLogEntry.objects.exists()
    assert not CampaignEntry.objects.exists()
    assert not CampaignTarget.objects.exists()


def test_nothing_to_describe_it_by_is_refused(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    InteractionTemplate.objects.update(description="")
    full.refresh_from_db()
    with pytest.raises(Refused) as refused:
        creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    assert list(refused.value.faults) == ["description"]


def test_there_is_no_way_to_send_without_a_correspondence_type(
    ann: Contact, template: InteractionTemplate, marketer: User
) -> None:
    Contact.objects.update(correspondence_type="")
    with pytest.raises(Refused) as refused:
        creating.log_interaction(entry(ann, template), Extra(send=True), by=marketer)
    assert list(refused.value.faults) == ["correspondence_type"]


def test_the_result_becomes_a_comment(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    logged = creating.log_interaction(entry(ann, full), Extra(result="Liked it"), by=marketer)
    assert [(one.text, one.by) for one in logged.comments.all()] == [("Liked it", marketer)]


def test_of_one_day_and_one_description_is_one_push(
    ann: Contact, full: InteractionTemplate, marketer: User, campaign: Campaign
) -> None:
    """Neither another day, nor another description, nor a cancelled push."""
    first = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    same = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    day = DAY + datetime.timedelta(days=1)
    later = creating.log_interaction(entry(ann, full, date=day), Extra(), by=marketer)
    other = creating.log_interaction(entry(ann, full, description="Else"), Extra(), by=marketer)
    assert first.campaign_entry == same.campaign_entry
    assert len({first.campaign_entry, later.campaign_entry, other.campaign_entry}) == 3
    CampaignEntry.objects.filter(interactions=first).update(cancelled=True)
    again = creating.log_interaction(entry(ann, full), Extra(), by=marketer)
    assert again.campaign_entry != first.campaign_entry


# -- kept for later --------------------------------------------------------------------------------


def test_what_is_kept_for_later_counts_nowhere(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    kept = creating.postpone(entry(ann, full), Extra(send=True, result="So far"), by=marketer)
    assert (kept.postponed, kept.delivery, kept.campaign_entry) == (True, "", None)
    assert not InteractionLogEntry.objects.counted().exists()
    assert not CampaignEntry.objects.exists()
    assert not CampaignTarget.objects.exists()


def test_finishing_it_makes_the_same_entry_count(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    extra = Extra(personal_comment="Hi", result="So far")
    kept = creating.postpone(entry(ann, full), extra, by=marketer)
    kept = InteractionLogEntry.objects.get(pk=kept.pk)
    assert creating.personal_comment(kept) == "Hi"
    done = creating.log_interaction(kept, Extra(send=True, result="At last"), by=marketer)
    assert (done.pk, done.postponed, done.delivery) == (kept.pk, False, "queued")
    assert [one.text for one in done.comments.all()] == ["At last"]
    assert CampaignEntry.objects.get() == done.campaign_entry
    assert CampaignTarget.objects.get().contact == ann.company


def test_it_is_finished_once(ann: Contact, full: InteractionTemplate, marketer: User) -> None:
    kept = creating.postpone(entry(ann, full), Extra(), by=marketer)
    second = InteractionLogEntry.objects.get(pk=kept.pk)
    creating.log_interaction(kept, Extra(), by=marketer)
    for late in (
        lambda: creating.log_interaction(second, Extra(send=True), by=marketer),
        lambda: creating.discard(second),
    ):
        with pytest.raises(Refused):
            late()
    assert InteractionLogEntry.objects.get().delivery == ""


def test_an_incomplete_or_blocked_one_is_not_kept(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    Contact.objects.update(privacy_blocked=True, salesperson=None)
    with pytest.raises(Refused) as refused:
        creating.postpone(entry(ann, full), Extra(), by=marketer)
    assert sorted(refused.value.faults) == ["contact", "salesperson"]
    assert not InteractionLogEntry.objects.exists()


def test_what_is_discarded_takes_its_own_letter_along(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    before = set(Document.objects.all())
    own = ("own.docx", docx_of("Own"))
    kept = creating.postpone(entry(ann, full), Extra(letter=own, result="x"), by=marketer)
    assert set(Document.objects.all()) > before
    creating.discard(InteractionLogEntry.objects.get(pk=kept.pk))
    assert not InteractionLogEntry.objects.exists()
    assert set(Document.objects.all()) == before


def test_another_own_letter_releases_the_first(
    ann: Contact, full: InteractionTemplate, marketer: User
) -> None:
    first = creating.postpone(
        entry(ann, full), Extra(letter=("1.docx", docx_of("One"))), by=marketer
    )
    old = first.document
    assert old is not None
    row, two = InteractionLogEntry.objects.get(pk=first.pk), docx_of("Two")
    second = creating.postpone(row, Extra(letter=("2.docx", two)), by=marketer)
    assert not Document.objects.filter(pk=old.pk).exists()
    assert second.document is not None
    assert documents.read(second.document) == two
    row = InteractionLogEntry.objects.get(pk=first.pk)
    third = creating.postpone(row, Extra(drop_letter=True), by=marketer)
    assert not third.own_document
    assert third.document == full.languages.get(language="fi").document
