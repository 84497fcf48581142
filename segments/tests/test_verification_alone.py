"""What is said outside of logged segments is proven too, and so are print packs."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command

from crm.models import Contact
from crm.sql import delete_rows
from interactions import calls, cancelling, creating, delivery, proofs, verification
from interactions.creating import Extra
from interactions.delivery.packs import ZIP
from interactions.models import (
    EntryProof,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    PrintPack,
)
from interactions.starter import docx_of
from segments import log, worksheet
from segments.demo import load_demo
from segments.models import Segment
from segments.tests.conftest import everybody, flip_a_byte, statements

Entries = InteractionLogEntry.objects


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def said(
    contact: Contact, template: InteractionTemplate, by: User, extra: Extra | None = None
) -> InteractionLogEntry:
    """An interaction created by itself, with the template's letter or one of its own."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("cost", "duration", "campaign_target", "campaign_response")
    )
    day = datetime.date(2026, 5, 4)
    entry = InteractionLogEntry(contact=contact, template=template, date=day, **nothing)
    return creating.log_interaction(entry, extra or Extra(), by=by)


@pytest.fixture
def three(
    contact: Callable[..., Contact], template: Any, salesperson: Any, marketer: User
) -> list[InteractionLogEntry]:
    """A letter with an awkward name, one with a letter of its own, and a call."""
    ann, ben, cy = (contact(name, salesperson=salesperson) for name in ('Ann "Ö\\"', "Ben", "Cy"))
    own = Extra(letter=("own.docx", docx_of("My own")), personal_comment="a|\\b\n")
    call = InteractionLogEntry(
        contact=cy, template=template, date=datetime.date(2026, 5, 4), cost=Decimal("7.05"),
        duration=3, campaign_target=False, campaign_response=False,
    )  # fmt: skip
    return [
        said(ann, template, marketer),
        said(ben, template, marketer, own),
        calls.log_call(call, by=marketer),
    ]


def found() -> list[tuple[str, str]]:
    return [(fault.code, fault.sentence) for fault in verification.verify_log().faults]


def codes() -> list[str]:
    return [code for code, _sentence in found()]


def test_what_nobody_touched_is_clean(three: list[InteractionLogEntry]) -> None:
    for entry in Entries.select_related("document", "proof"):
        assert entry.proof.digest == proofs.digest(entry)
    first = verification.verify_log()
    assert (first.is_clean, first.segments, first.entries) == (True, 0, 3)
    assert (first.letters, first.noted) == (2, 2)
    Contact.objects.update(name="Somebody Else")
    Entries.update(evaluation="positive", delivery="failed", correspondence_type="email")
    again = verification.verify_log()
    assert (again.is_clean, again.letters, again.noted) == (True, 2, 0)


def test_a_flipped_byte_is_named(three: list[InteractionLogEntry]) -> None:
    document = three[1].document
    assert document is not None
    flip_a_byte(document)
    ((code, sentence),) = found()
    assert (code, document.sha256 in sentence) == ("document", True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cost": "9.99"}, "altered"),
        ({"document": None}, "altered"),
        ({"merge_values": {}}, "altered"),
        ({"date": "2020-01-01"}, "disagrees"),
    ],
)
def test_what_was_altered_is_named(
    three: list[InteractionLogEntry], change: dict[str, Any], code: str
) -> None:
    Entries.filter(pk=three[0].pk).update(**change)
    ((found_code, sentence),) = found()
    assert found_code == code
    assert f"no. {three[0].pk}" in sentence
    assert "Ann" in sentence


def test_a_letter_that_comes_out_otherwise(three: list[InteractionLogEntry]) -> None:
    verification.verify_log()
    EntryProof.objects.filter(entry=three[0]).update(letter="0" * 64)
    assert codes() == ["letter"]


def test_added_and_removed(three: list[InteractionLogEntry]) -> None:
    forged = Entries.get(pk=three[0].pk)
    forged.pk = None
    forged.save()
    delete_rows(Entries.filter(pk=three[2].pk))
    assert codes() == ["added", "removed"]


def test_what_went_with_leave_is_not_missed(three: list[InteractionLogEntry]) -> None:
    cancelling.cancel_entries(Entries.filter(pk=three[0].pk))
    cancelling.delete_cancelled(Entries.all())
    assert codes() == []


def test_what_is_kept_for_later_is_proven_once_it_is_said(
    three: list[InteractionLogEntry], marketer: User
) -> None:
    draft = Entries.get(pk=three[0].pk)
    draft.pk, draft.cost = None, Decimal(1)
    creating.postpone(draft, Extra(), by=marketer)
    assert (codes(), EntryProof.objects.count()) == ([], 3)
    draft.cost = Decimal(2)
    creating.log_interaction(draft, Extra(), by=marketer)
    assert (codes(), EntryProof.objects.count()) == ([], 4)


class TestOfASegment:
    """What carries a logged segment's number is verified with it, and its print packs."""

    @pytest.fixture
    def logged(self, segment: Segment, contact: Any, marketer: User) -> LoggedSegment:
        for name in ("Ann", "Ben"):
            contact(name, address="1 High Street", city="London", country="GB")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        return log.log_segment(segment, by=marketer, send=True)

    def test_sent_again_another_way_and_with_later_values(
        self, logged: LoggedSegment, marketer: User
    ) -> None:
        logged.entries.update(delivery="delivered")
        Contact.objects.update(email="x@example.com", city="Leeds")
        delivery.resend(delivery.Scope.of(logged), by=marketer, way="email")
        logged.entries.update(delivery="delivered")
        delivery.refresh(delivery.Scope.of(logged), by=marketer)
        verdict = verification.verify_segment(logged)
        assert (verdict.is_clean, verdict.segments, verdict.entries) == (True, 1, 4)
        Entries.filter(logged_segment=None).update(cost="99.00")
        faults = verification.verify_segment(logged).faults
        assert [fault.code for fault in faults] == ["altered", "altered"]
        assert {fault.segment for fault in faults} == {logged.segment_number}

    def test_a_pack(self, logged: LoggedSegment, marketer: User) -> None:
        pack = delivery.make_pack(delivery.Scope.of(logged), by=marketer, file_format=ZIP)
        Contact.objects.update(privacy_blocked=True)
        cancelling.cancel_entries(logged.entries.all())
        assert codes() == []
        with pack.file.open("rb") as file:
            data = bytearray(file.read())
        data[-1] ^= 1
        pack.file.delete(save=False)
        pack.file.save(pack.name, ContentFile(bytes(data)))
        ((code, sentence),) = found()
        assert (code, pack.name in sentence) == ("pack", True)
        PrintPack.objects.get().file.delete(save=False)
        assert codes() == ["pack"]


def test_statements_do_not_grow(
    three: list[InteractionLogEntry], contact: Any, template: Any, salesperson: Any, marketer: User
) -> None:
    verification.verify_log()
    before = statements(verification.verify_log)
    for _number in range(10):
        said(contact(salesperson=salesperson), template, marketer)
    verification.verify_log()
    assert statements(verification.verify_log) == before


def test_the_demo_is_clean(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    load_demo(contacts=60, seed=1)
    call_command("verify_log")
    assert "0 faults" in capsys.readouterr().out
