"""A person is erased: gone from every column and every file; log and statistics stay whole."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import consents, erasing, erasures, mentions, work
from crm.models import (
    AlternativeAddress,
    Campaign,
    Contact,
    ContactMailingGroup,
    DuplicateKey,
    DuplicatePair,
    Erasure,
    FormerNumber,
    Job,
    JobFile,
    JobState,
    MailingGroup,
    Purchase,
    SavedView,
)
from crm.references import keys
from interactions import delivery, proofs, verification
from interactions.models import (
    CampaignTarget,
    Delivery,
    EntryProof,
    InteractionLogEntry,
    LogEntryComment,
    LoggedSegment,
    PrintPack,
    Task,
)
from segments import log, worksheet
from segments.criteria import Criteria
from segments.integrity import ALL_RULES
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine
from segments.tests.conftest import everybody, names

# Written as nobody else's, in letters that SQLite compares only as they are.
NAME, EMAIL, PHONE = "Änne Hämäläinen-Öst", "Anne.Ost@Example.com", "+358 40 555 1234"
SECRETS = ("hämäläinen", "anne.ost", "555 1234", "kuusitie", "hush")


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def anne(company: Callable[..., Contact], contact: Callable[..., Contact]) -> Contact:
    firm = company("Blooms Oy", ["Bo Berg", "Cy Carp"])
    return contact(
        "",
        first_name="Änne",
        surname="Hämäläinen-Öst",
        company=firm,
        email=EMAIL,
        phone=PHONE,
        address="Kuusitie 3",
        city="Helsinki",
        job_title="Hush manager",
        number="ANNE-1",
    )


@pytest.fixture
def world(anne: Contact, segment: Segment, marketer: User, letter: Any, gift: Any) -> LoggedSegment:
    """Everything there is about Anne, on every floor, in every kind of file."""
    Segment.objects.filter(pk=segment.pk).update(description=f"For {NAME} and others")
    segment.refresh_from_db()
    campaign = Campaign.objects.create(description="Spring")
    by_name = Criteria({"contact": {"name": NAME}})
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    worksheet.reduce_contacts(segment, by_name, by=marketer)
    worksheet.go_back(segment, by=marketer)
    worksheet.save_criteria(
        segment, code="ANNE", description=f"All but {NAME.upper()}", by=marketer
    )
    worksheet.reduce_contacts(segment, by_name, by=marketer)
    worksheet.add_contact(segment, anne, by=marketer)
    line = SegmentLine.objects.get(contact=anne, removed_step=None)
    LineOverride.objects.create(
        line=line,
        document=letter(f"My own letter to {NAME}"),
        personal_comment="Hush",
        description=f"To {NAME}",
        campaign=campaign,
        campaign_target=True,
    )
    logged = log.log_segment(segment, by=marketer)
    logged.entries.update(delivery=Delivery.QUEUED, correspondence_type="hard_copy")
    delivery.make_pack(delivery.Scope(logged=logged.pk), by=marketer, file_format="zip")
    _rows(anne, logged, marketer, gift)
    _files(marketer)
    return logged


def _rows(anne: Contact, logged: LoggedSegment, by: User, gift: MailingGroup) -> None:
    entry = logged.entries.get(contact=anne)
    InteractionLogEntry.objects.filter(pk=entry.pk).update(
        delivered_to=EMAIL, delivery_error=f"<{EMAIL}> hush", via=PHONE
    )
    verification.verify_segment(logged)  # notes the letters
    other = logged.entries.exclude(contact=anne).earliest("pk")
    for one, text in ((entry, "Hush"), (other, f"Met {NAME}, too")):
        LogEntryComment.objects.create(entry=one, date=one.date, text=text, by=by)
    Task.objects.create(contact=anne, description="Call, hush", by=by)
    AlternativeAddress.objects.create(
        contact=anne, code="S", address="Kuusitie 4", starts_on="2026-06-01", email="hush@anne.fi"
    )
    ContactMailingGroup.objects.create(contact=anne, group=gift)
    Purchase.objects.create(contact=anne, item="VASE", posting_date="2026-01-01", amount=12)
    consents.record(anne, "phone", "opted_out", source="phone", words="hush")
    FormerNumber.objects.create(number="ANNE-0", contact=anne)
    pair = sorted((anne.pk, other.contact_id or 0))
    DuplicatePair.objects.create(first_id=pair[0], second_id=pair[1], score=90, reasons="name")
    DuplicateKey.objects.create(kind="email", key=EMAIL.lower(), contact=anne)
    SavedView.objects.create(
        user=by,
        path="/contacts/",
        name="Her",
        query="search=%C3%84nne+H%C3%A4m%C3%A4l%C3%A4inen-%C3%96st",
    )
    of_contacts = ContentType.objects.get_for_model(Contact)
    LogEntry.objects.create(
        user=by,
        content_type=of_contacts,
        object_repr=str(anne),
        action_flag=2,
        object_id=str(anne.pk),
    )
    open_one = Segment.objects.create(number="OPEN", subject=f"Dear {NAME}")
    for person in Contact.objects.filter(type="person"):
        worksheet.add_contact(open_one, person, by=by)
    line = SegmentLine.objects.get(segment=open_one, contact=anne)
    LineOverride.objects.create(line=line, personal_comment="Hush")


def _files(by: User) -> None:
    job = Job.objects.create(
        kind="x", user=by, state=JobState.DONE, error=f"Line 3: {NAME}", ended_at=timezone.now()
    )
    JobFile.objects.create(job=job, name="a.csv", file=ContentFile(NAME.encode(), name="a.csv"))


def texts() -> Iterator[tuple[str, str]]:
    """Every value of every table of the database, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    text = (
                        bytes(value).decode("utf-8", "replace") if _is_bytes(value) else str(value)
                    )
                    yield table, unquote_plus(text)
                    if "\\u00" in text:  # JSON, as SQLite keeps it
                        yield table, text.encode().decode("unicode_escape")


def _is_bytes(value: Any) -> bool:
    return isinstance(value, bytes | memoryview)


def contents(data: bytes) -> Iterator[bytes]:
    """A file, and if it is a zip (a .docx is one) all that is in it."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from contents(archive.read(name))


def traces(folder: Path) -> set[str]:
    """Where the person is still to be found: tables, files."""
    found = {table for table, text in texts() if any(one in text.casefold() for one in SECRETS)}
    for path in folder.rglob("*"):
        inside = contents(path.read_bytes()) if path.is_file() else ()
        for data in inside:
            if any(one in data.decode("utf-8", "replace").casefold() for one in SECRETS):
                found.add(path.relative_to(folder).parts[0])
    return found


def unsound() -> list[str]:
    """The rules of the house that something breaks."""
    return [rule.code for rule in ALL_RULES if rule.find().count]


def erase(contact: Contact, by: User | None = None) -> Erasure:
    """Erases, and lets the files go."""
    with transaction.atomic():
        return erasing.erase([contact], by=by, reason="asked for it")


@pytest.mark.django_db(transaction=True)
def test_the_person_is_gone_from_every_column_and_file(
    world: LoggedSegment, anne: Contact, manager: User, settings: Any
) -> None:
    before = traces(Path(settings.MEDIA_ROOT))
    assert {"crm_contact", "crm_consent", "crm_savedview", "crm_job", "django_admin_log"} <= before
    assert {"interactions_interactionlogentry", "interactions_loggedsegment"} <= before
    assert {"segments_savedcriteria", "segments_lineoverride", "segments_segment"} <= before
    assert {"documents", "jobs", "packs"} <= before
    erase(anne, manager)
    assert traces(Path(settings.MEDIA_ROOT)) == set()


def totals() -> dict[str, Any]:
    """What statistics are made of."""
    entries = InteractionLogEntry.objects.order_by("pk")
    columns = ("contact", "template", "cost", "duration", "campaign", "evaluation", "date")
    return {
        "entries": list(entries.values_list("pk", *columns, "position", "logged_segment")),
        "purchases": list(Purchase.objects.values_list("contact", "amount")),
        "targets": list(CampaignTarget.objects.order_by("pk").values_list("campaign", "contact")),
        "count": LoggedSegment.objects.get().entry_count,
        "trail": [
            (one["added"], one["removed"], one["lines_after"])
            for one in LoggedSegment.objects.get().trail
        ],
    }


def test_log_and_statistics_stay_whole(world: LoggedSegment, anne: Contact, manager: User) -> None:
    before = totals()
    assert before["targets"]
    erase(anne, manager)
    assert totals() == before
    anne.refresh_from_db()
    assert (anne.name, anne.number, anne.company.name) == ("(ANNE-1)", "ANNE-1", "Blooms Oy")  # type: ignore[union-attr]
    assert anne.is_blocked
    assert anne.erasure == Erasure.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_log_is_verified_and_sound_afterwards(
    world: LoggedSegment, anne: Contact, manager: User
) -> None:
    assert verification.verify_log().is_clean
    seal = world.seal
    erasure = erase(anne, manager)
    verdict = verification.verify_log()
    assert verdict.faults == []
    # The segment's description named her in the facts of all; the three others' letters remain.
    assert (verdict.entries, verdict.erased, verdict.letters) == (4, 4, 3)
    assert unsound() == []
    world.refresh_from_db()
    # The words of the trail named the person: it is sealed anew, and the erasure tells of both.
    assert erasure.seals == {world.segment_number: [seal, world.seal]}
    assert seal != world.seal


def test_nobody_can_meddle_with_what_is_left(
    world: LoggedSegment, anne: Contact, manager: User
) -> None:
    erase(anne, manager)
    proof = EntryProof.objects.get(entry__contact=anne)
    entry, cost = InteractionLogEntry.objects.filter(pk=proof.pk), proof.entry.cost
    entry.update(cost=99)
    assert [one.code for one in verification.verify_log().faults] == ["altered"]
    # Somebody who knows how digests are made is told by what the erasure noted.
    emptied = proof.emptied
    EntryProof.objects.filter(pk=proof.pk).update(emptied=proofs.digest(entry.get()))
    assert [one.code for one in verification.verify_log().faults] == ["erasure"]
    entry.update(cost=cost)
    EntryProof.objects.filter(pk=proof.pk).update(emptied=emptied)
    assert verification.verify_log().is_clean
    Erasure.objects.update(reason="another one")
    assert [one.code for one in verification.verify_log().faults] == ["erasure"]
    assert len(list(erasures.broken())) == 1


def test_who_when_and_why_are_kept_in_a_chain(
    contact: Callable[..., Contact], manager: User, marketer: User
) -> None:
    first = erasing.erase([contact("Ann One")], by=manager, reason="asked")
    second = erasing.erase([contact("Bo Two")], by=None, reason="retention")
    assert (first.by_name, first.reason, first.previous) == ("manager", "asked", "")
    assert second.previous == first.digest
    assert list(erasures.broken()) == []
    first.delete()
    assert list(erasures.broken()) == [second]


def test_who_left_no_trace_in_numbers_goes_whole(contact: Any, in_group: Any, gift: Any) -> None:
    one = contact("Ann One")
    in_group(gift, one)
    done = erasing.erase([one], by=None, reason="asked")
    assert done.counts == {"Members of mailing groups": 1} or len(done.counts) == 1
    assert not Contact.objects.filter(number=one.number).exists()
    assert done.numbers == [one.number]


def test_open_segments_lose_the_lines_as_if_they_had_never_been(
    segment: Segment, contact: Any, marketer: User
) -> None:
    ann, bo = contact("Ann One"), contact("Bo Two")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    worksheet.remove_lines(segment, SegmentLine.objects.filter(contact=ann), by=marketer)
    erasing.erase([ann], by=None, reason="asked")
    steps = segment.steps.order_by("number").values_list("added", "removed", "lines_after")
    assert list(steps) == [(1, 0, 1), (0, 0, 1)]
    worksheet.go_back(segment, by=marketer)
    assert names(segment) == [bo.name]
    assert unsound() == []


def test_what_was_to_be_sent_is_not_sent(world: LoggedSegment, anne: Contact) -> None:
    entry = InteractionLogEntry.objects.filter(contact=anne)
    entry.update(delivery=Delivery.QUEUED)
    erase(anne)
    assert entry.get().delivery == Delivery.CANCELLED
    assert not PrintPack.objects.get().file
    assert entry.get().pk not in PrintPack.objects.get().entries


def test_a_namesake_keeps_the_name(world: LoggedSegment, anne: Contact, contact: Any) -> None:
    twin = contact(NAME, email="twin@example.com")
    erase(anne)
    twin.refresh_from_db()
    assert (twin.name, twin.email, twin.is_blocked) == (NAME, "twin@example.com", False)


class TestRefused:
    def test_while_a_letter_is_being_delivered(self, world: LoggedSegment, anne: Contact) -> None:
        job = Job.objects.create(
            kind="delivery.mail", state=JobState.RUNNING, attempts=1, lease_until=_later()
        )
        entry = InteractionLogEntry.objects.filter(contact=anne)
        entry.update(delivery=Delivery.IN_PROGRESS, delivery_by=f"{job.pk}:1")
        with pytest.raises(erasing.EraseRefused, match="being delivered"):
            erase(anne)
        anne.refresh_from_db()
        assert (anne.name, Erasure.objects.count()) == (NAME, 0)
        # Of a worker that is dead nobody knows whether it was sent.
        Job.objects.update(state=JobState.FAILED)
        erase(anne)
        assert entry.get().delivery == Delivery.UNCERTAIN

    def test_while_a_job_may_hold_the_person_in_hand(self, contact: Any) -> None:
        Job.objects.create(kind="x", state=JobState.RUNNING, lease_until=_later())
        with pytest.raises(erasing.EraseRefused, match="1 job is running"):
            erasing.erase([contact("Ann One")], by=None, reason="asked")

    def test_twice(self, world: LoggedSegment, anne: Contact) -> None:
        erase(anne)
        with pytest.raises(erasing.EraseRefused, match="erased already"):
            erase(anne)
        assert Erasure.objects.count() == 1

    def test_a_company_with_people(self, company: Any) -> None:
        firm = company("Blooms Oy", ["Bo Berg"])
        with pytest.raises(erasing.EraseRefused, match="has people"):
            erasing.erase([firm], by=None, reason="asked")
        erasing.erase([firm, *firm.people.all()], by=None, reason="all of them asked")
        assert not Contact.objects.exists()


def _later() -> Any:
    return timezone.now() + timezone.timedelta(minutes=5)  # type: ignore[attr-defined]


def test_every_table_that_names_a_contact_is_emptied_or_kept(
    world: LoggedSegment, anne: Contact
) -> None:
    """A table of tomorrow is emptied too, for it is found by itself."""
    erase(anne)
    left = {
        model.__name__
        for model, key in keys()
        if model._base_manager.filter(**{key: anne}).exists()
    }
    assert left == {"InteractionLogEntry", "Purchase", "FormerNumber"}
    for model in erasing.kept:
        assert any(model is one for one, _key in keys()), model


def test_every_text_column_is_the_persons_or_is_searched_or_is_set_up() -> None:
    """A new table with free text that is not about one contact must say whether it is searched."""
    own = {model for model, _key in keys()} | {Contact, LineOverride, LogEntryComment}
    searched = set(mentions.places)
    assert {SavedCriteria, Segment, LoggedSegment, Task, LogEntryComment} <= searched
    for model in searched:
        for name in mentions.places[model].names:
            assert model._meta.get_field(name).concrete
    assert own - set(apps.get_models()) == set()


def test_the_statements_do_not_grow_with_contacts(
    contact: Any, segment: Segment, marketer: User, salesperson: Any
) -> None:
    people = [contact(f"Person Number{n}", email=f"p{n}@example.com") for n in range(31)]
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    work.tidy()
    counts = []
    for chosen in (people[:1], people[1:]):
        with CaptureQueriesContext(connection) as captured:
            erasing.erase(chosen, by=None, reason="asked")
        counts.append(len(captured))
    assert counts[0] == counts[1]
