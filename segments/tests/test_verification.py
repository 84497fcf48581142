"""Proofs and seal that Log leaves, and what verification finds when somebody meddles."""

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Campaign, Contact, MailingGroup
from crm.sql import delete_rows
from crm.work.beside import beside
from interactions import cancelling, proofs, verification
from interactions.models import EntryProof, InteractionLogEntry, LoggedSegment
from segments import log, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, flip_a_byte, statements

NAMES = ("Ann", 'Bengt "Ö\\" \t😀', "Cy")


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def logged(
    segment: Segment,
    contact: Callable[..., Contact],
    marketer: User,
    letter: Callable[..., Any],
) -> LoggedSegment:
    """Three contacts with awkward names, one with a letter of its own, one with a campaign."""
    made = [contact(name, email="x@example.com") for name in NAMES]
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    lines = {line.contact: line for line in SegmentLine.objects.all()}
    LineOverride.objects.create(line=lines[made[1]], document=letter("My own"), cost="7.05")
    campaign = Campaign.objects.create(description="Spring")
    LineOverride.objects.create(line=lines[made[2]], campaign=campaign, personal_comment="a|\\b\n")
    return log.log_segment(segment, by=marketer)


def codes(verdict: verification.Verdict) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.position) for fault in verdict.faults]


def verified(logged: LoggedSegment) -> list[tuple[str, int | None]]:
    return codes(verification.verify_segment(LoggedSegment.objects.get(pk=logged.pk)))


def test_the_database_and_python_agree_on_every_digest(logged: LoggedSegment) -> None:
    entries = logged.entries.select_related("document", "proof").order_by("position")
    assert [entry.proof.digest for entry in entries] == [proofs.digest(one) for one in entries]
    assert len({entry.proof.digest for entry in entries}) == 3
    assert len(logged.seal) == 64


def test_json_is_written_as_postgresql_does() -> None:
    value = {"long": 1, "b": None, "ä": "\x01\x7f/é", "a": {"zz": True, "y": ["\n"]}}
    said = '{"a": {"y": ["\\n"], "zz": true}, "b": null, "ä": "\\u0001\x7f/é", "long": 1}'
    assert proofs.plain_json(value) == said


def test_what_nobody_touched_is_clean_and_letters_are_noted_once(logged: LoggedSegment) -> None:
    first = verification.verify_segment(logged)
    assert (first.is_clean, first.entries, first.letters, first.noted) == (True, 3, 3, 3)
    again = verification.verify_segment(logged)
    assert (again.is_clean, again.letters, again.noted) == (True, 3, 0)
    Contact.objects.update(name="Somebody Else", email="")
    logged.entries.update(evaluation="positive", delivery="failed", delivery_error="x")
    assert verified(logged) == []


def test_a_flipped_byte_in_a_document_is_named(logged: LoggedSegment) -> None:
    document = logged.entries.get(position=2).document
    assert document is not None
    flip_a_byte(document)
    verdict = verification.verify_segment(logged)
    assert codes(verdict) == [("document", None)]
    assert document.name in verdict.faults[0].sentence
    assert document.sha256 in verdict.faults[0].sentence
    assert codes(verification.verify_log()) == [("document", None)]


@pytest.mark.parametrize(
    "change",
    [
        {"position": 9},
        {"cost": "1.21"},
        {"duration": 4},
        {"own_document": True},
        {"document": None},
        {"salesperson": None},
        {"merge_values": {}},
    ],
)
def test_an_altered_entry_is_named(logged: LoggedSegment, change: dict[str, Any]) -> None:
    logged.entries.filter(position=1).update(**change)
    verdict = verification.verify_segment(logged)
    assert [fault.code for fault in verdict.faults] == ["altered"]
    assert "Ann" in verdict.faults[0].sentence


def test_one_altered_fact_is_found(logged: LoggedSegment) -> None:
    entry = logged.entries.get(position=3)
    entry.merge_values["address"] = "Elsewhere 1"
    entry.save(update_fields=["merge_values"])
    assert verified(logged) == [("altered", 3)]


def test_columns_that_say_otherwise_are_found(logged: LoggedSegment) -> None:
    logged.entries.filter(position=1).update(subject="Other", date="2020-01-01")
    verdict = verification.verify_segment(logged)
    assert codes(verdict) == [("disagrees", 1)]
    assert "subject, date" in verdict.faults[0].sentence


def test_a_removed_and_an_added_entry_are_named(logged: LoggedSegment) -> None:
    gone = logged.entries.get(position=2)
    delete_rows(InteractionLogEntry.objects.filter(pk=gone.pk))
    added = logged.entries.get(position=3)
    added.pk = None
    added.save()
    verdict = verification.verify_segment(logged)
    assert codes(verdict) == [("added", 3), ("removed", 2)]
    assert f"no. {gone.pk}" in verdict.faults[1].sentence


def test_whoever_alters_the_proofs_too_breaks_the_seal(logged: LoggedSegment) -> None:
    entry = logged.entries.select_related("document").get(position=1)
    entry.cost = Decimal("99.00")
    entry.save(update_fields=["cost"])
    EntryProof.objects.filter(entry=entry).update(digest=proofs.digest(entry))
    assert verified(logged) == [("seal", None)]
    EntryProof.objects.filter(position=3).delete()
    assert [code for code, _position in verified(logged)] == ["added", "count", "seal"]


@pytest.mark.parametrize("change", [{"header": {}}, {"trail": []}, {"description": "Other"}])
def test_an_altered_header_or_trail_breaks_the_seal(logged: LoggedSegment, change: Any) -> None:
    LoggedSegment.objects.filter(pk=logged.pk).update(**change)
    assert verified(logged) == [("seal", None)]


def test_a_letter_that_comes_out_otherwise_is_named(logged: LoggedSegment) -> None:
    verification.verify_segment(logged)
    EntryProof.objects.filter(position=1).update(letter="0" * 64)
    assert verified(logged) == [("letter", 1)]


def test_entries_deleted_with_leave_are_not_missed(logged: LoggedSegment) -> None:
    cancelling.cancel_entries(logged.entries.filter(position=2))
    assert cancelling.delete_cancelled(InteractionLogEntry.objects.all()) == 1
    assert verified(logged) == []


def test_entries_that_joined_with_leave_are_proven(logged: LoggedSegment) -> None:
    again = logged.entries.get(position=1)
    again.pk, again.position = None, 4
    again.save()
    assert verified(logged) == [("added", 4)]
    assert proofs.extend(logged, logged.entries.filter(pk=again.pk)) == 1
    assert verified(logged) == []
    LoggedSegment.objects.filter(pk=logged.pk).update(trail=[])
    broken = LoggedSegment.objects.get(pk=logged.pk)
    proofs.extend(broken, broken.entries.none())
    assert verified(logged) == [("seal", None)]


def test_a_log_from_before_there_were_seals(logged: LoggedSegment) -> None:
    LoggedSegment.objects.update(seal="")
    EntryProof.objects.all().delete()
    verdict = verification.verify_log()
    assert (verdict.is_clean, verdict.unsealed, verdict.letters) == (True, 1, 3)
    assert proofs.extend(LoggedSegment.objects.get(), logged.entries.all()) == 0


def test_statements_do_not_grow_with_entries(
    logged: LoggedSegment, contact: Callable[..., Contact], segment: Segment, marketer: User
) -> None:
    verification.verify_segment(logged)
    few = statements(lambda: verification.verify_segment(logged))
    for _number in range(27):
        contact()
    more = Segment.objects.create(
        description="x", salesperson=segment.salesperson, template=segment.template
    )
    worksheet.add_contacts(more, everybody(), by=marketer, confirm_all=True)
    many = log.log_segment(more, by=marketer)
    verification.verify_segment(many)
    assert statements(lambda: verification.verify_segment(many)) == few


@pytest.mark.django_db(transaction=True)
def test_a_whole_log_while_others_write(
    logged: LoggedSegment, segment: Segment, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More segments and entries than are read at once; the trail grows between any two pieces."""
    for number in range(21):
        more = Segment.objects.create(
            description=f"No. {number}", salesperson=segment.salesperson, template=segment.template
        )
        worksheet.add_contacts(more, everybody(), by=marketer, confirm_all=True)
        log.log_segment(more, by=marketer)
    monkeypatch.setattr(verification, "CHUNK", 1)

    def write(done: int, _total: int | None = None, position: Any = None) -> None:
        beside(lambda: MailingGroup.objects.create(code=f"G{done}").pk)

    verdict = verification.verify_log(progress=write)
    assert (verdict.is_clean, verdict.segments, verdict.entries) == (True, 22, 66)
    assert MailingGroup.objects.count() == 66


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_log", *arguments, stdout=out)
    return out.getvalue()


def test_the_command(logged: LoggedSegment) -> None:
    assert "3 letters" in said()
    told = json.loads(said("--segment", logged.segment_number, "--json"))
    assert (told["clean"], told["letters"], told["faults"]) == (True, 3, [])
    logged.entries.filter(position=1).update(cost=5)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log", "--json", stdout=out)
    assert ended.value.code == 1
    (fault,) = json.loads(out.getvalue())["faults"]
    assert (fault["code"], fault["position"]) == ("altered", 1)
    with pytest.raises(CommandError, match="no logged segment NONE") as refused:
        said("--segment", "NONE")
    assert refused.value.returncode == 2


def test_the_seal_is_a_hash_that_anybody_can_compute(logged: LoggedSegment) -> None:
    """Of header, trail and digests, a line each, the same on every database; see proofs.py."""
    at = f"{logged.logged_at.timestamp():.6f}"
    lines = [
        proofs.plain_json([logged.segment_number, logged.description, at]),
        proofs.plain_json([logged.header, logged.trail]),
    ]
    in_order = sorted(logged.proofs.all(), key=lambda proof: (proof.position, proof.pk))
    digests = [proof.digest for proof in in_order]
    whole = "".join(f"{line}\n" for line in [*lines, *digests])
    assert logged.seal == hashlib.sha256(whole.encode()).hexdigest()
    # The order counts, and a segment whose proofs are gone has a hash of its own.
    places = dict(zip((3, 2, 1), [proof.pk for proof in in_order], strict=True))
    for place, pk in places.items():
        EntryProof.objects.filter(pk=pk).update(position=place)
    turned = "".join(f"{line}\n" for line in [*lines, *reversed(digests)])
    assert proofs.seal(logged) == hashlib.sha256(turned.encode()).hexdigest()
    delete_rows(EntryProof.objects.all())
    alone = "".join(f"{line}\n" for line in lines)
    assert proofs.seal(logged) == hashlib.sha256(alone.encode()).hexdigest()


def test_sealing_reads_no_digest_into_python(logged: LoggedSegment) -> None:
    """One statement with one row for an answer, however many entries there are."""
    with CaptureQueriesContext(connection) as asked:
        proofs.seal(logged)
    assert len(asked) == 1
    assert "digest" in asked[0]["sql"]
