"""No operation brings in, or names, a contact that whoever asks does not see."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm import access, sight, work
from crm.choices import Sees
from crm.models import (
    Campaign,
    Contact,
    ContactMailingGroup,
    Job,
    MailingGroup,
    MarketingSetup,
    Salesperson,
)
from interactions import delivery, verification
from interactions.letters.entries import with_letter
from interactions.models import CampaignEntry, InteractionLogEntry, LoggedSegment
from segments import audience, explain, log, replay, saved, worksheet
from segments.criteria import Criteria
from segments.models import SavedCriteria, Segment
from segments.selection import Options
from segments.tests.conftest import everybody, named, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole_segment(segment: Segment, people: dict[str, Contact], manager: User) -> Segment:
    """A segment of one's own where a manager put everybody."""
    worksheet.add_contacts(segment, everybody(), by=manager, confirm_all=True)
    return segment


SEEN = ["Free", "Own"]


@pytest.mark.parametrize(
    "options", [{}, {"expand_companies": True}, {"include_companies": True}], ids=str
)
@pytest.mark.usefixtures("restricted")
def test_add_brings_only_those_seen(
    segment: Segment, marketer: User, options: dict[str, bool]
) -> None:
    found = worksheet.preview(segment, "add", everybody(), **options)
    assert [one.name for one in found.sample] == SEEN
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True, **options)
    assert names(segment) == SEEN


def test_a_company_of_somebody_elses_does_not_come_with_its_person(
    segment: Segment, people: dict[str, Contact], marketer: User, company: Callable[..., Contact]
) -> None:
    house = company("House", ["Worker"], salesperson=people["Their"].salesperson)
    Contact.objects.filter(company=house).update(salesperson=people["Own"].salesperson)
    MarketingSetup.load()
    MarketingSetup.objects.update(sees=Sees.OWN)
    with sight.through(access.sight_of(marketer)):
        options: dict[str, bool] = {"include_companies": True, "expand_companies": True}
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True, **options)
    assert sorted(names(segment)) == ["Free", "Own", "Worker"]


@pytest.mark.usefixtures("restricted")
def test_neither_numbers_nor_lists_bring_another(
    segment: Segment, people: dict[str, Contact], marketer: User
) -> None:
    their = people["Their"]
    assert named(their.number).errors
    pasted = audience.match_list(f"{their.number} {their.email} own@x.example")
    assert pasted.numbers == [people["Own"].number]
    assert set(pasted.unknown) == {their.number, their.email}
    with pytest.raises(worksheet.WorksheetError):
        worksheet.add_contacts(segment, named(their.number), by=marketer)


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_other_segments_give_only_those_seen(
    segment: Segment, template: Any, people: dict[str, Contact], marketer: User
) -> None:
    other = Segment.objects.create(number="OTHER", salesperson=segment.salesperson, by=marketer)
    audience.combine(other, segment, "add", by=marketer)
    assert names(other) == SEEN
    logged = log.log_segment(segment, by=marketer, follow_up=True)
    assert logged.entry_count == 3
    follow_up = Segment.objects.get(follows=logged)
    assert names(follow_up) == SEEN
    reused = Segment.objects.create(number="REUSED", by=marketer)
    worksheet.reuse_logged_segment(reused, logged, by=marketer)
    assert names(reused) == SEEN


def test_a_segment_that_one_does_not_see_gives_nobody(
    whole_segment: Segment, people: dict[str, Contact], marketer: User
) -> None:
    hidden = Segment.objects.create(number="HIDDEN", salesperson=people["Their"].salesperson)
    worksheet.add_contacts(hidden, everybody(), by=marketer, confirm_all=True)
    steps = [{"kind": "add", "criteria": {"segments": {"segment": ["HIDDEN"]}}, "options": {}}]
    stored = SavedCriteria.objects.create(code="ON", steps=steps)
    empty = Segment.objects.create(number="EMPTY", by=marketer)
    MarketingSetup.load()
    MarketingSetup.objects.update(sees=Sees.OWN)
    with sight.through(access.sight_of(marketer)):
        assert not Segment.objects.filter(number="HIDDEN").exists()
        worksheet.reuse_criteria(empty, stored, by=marketer)
        assert names(empty) == []
    worksheet.reuse_criteria(empty, stored, by=marketer)
    assert len(names(empty)) == 3


@pytest.mark.usefixtures("restricted")
def test_saved_criteria_belong_to_all_and_bring_only_those_seen(
    segment: Segment, people: dict[str, Contact], marketer: User
) -> None:
    numbers = [people["Own"].number, people["Their"].number]
    steps = [{"kind": "paste", "criteria": {"contact": {"number": numbers}}, "options": {}}]
    stored = SavedCriteria.objects.create(code="ALL", steps=steps)
    assert saved.words(stored)[0]["sentences"] == [f"Number: {numbers[0]} or {numbers[1]}"]
    worksheet.reuse_criteria(segment, stored, by=marketer)
    assert names(segment) == ["Own"]


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_lines_are_the_segments_own(segment: Segment, marketer: User) -> None:
    """Keep and Remove ask of all who are on it, and say so before."""
    has_email: dict[str, Any] = {"contact": {"has_email": True}}
    assert worksheet.preview(segment, "refine", Criteria(has_email)).kept == 3
    assert worksheet.refine_contacts(segment, Criteria(has_email), by=marketer) is None
    assert names(segment) == ["Free", "Own", "Their"]
    found = worksheet.preview(segment, "reduce", Criteria(has_email))
    assert [one.name for one in found.sample] == ["Free", "Own", "Their"]
    worksheet.reduce_contacts(segment, Criteria(has_email), by=marketer)
    assert names(segment) == []


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_playing_again_brings_only_those_seen_and_says_who_goes(
    segment: Segment, marketer: User, people: dict[str, Contact]
) -> None:
    found = replay.drift(segment, by=marketer)
    assert (found.added, found.removed, found.kept) == (0, 1, 2)
    assert [one.name for one in found.sample_removed] == ["Their"]
    replay.refresh(segment, by=marketer)
    assert names(segment) == SEEN


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_what_was_taken_out_by_hand_stays_out_when_it_is_played_again(
    segment: Segment, marketer: User, people: dict[str, Contact]
) -> None:
    lines = segment.lines.filter(contact=people["Their"])
    worksheet.remove_lines(segment, list(lines), by=marketer)
    assert names(segment) == SEEN
    verdicts = explain.explain(segment, people["Own"]).steps
    assert [one.sentence for one in verdicts] == ["Matches today.", "Does not match today."]
    worksheet.reduce_contacts(segment, named(people["Free"].number), by=marketer)
    replay.edit_step(segment, 3, named(people["Own"].number), by=marketer)
    assert names(segment) == ["Free"]


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_whom_one_does_not_see_one_puts_into_no_group_and_takes_out_of_none(
    segment: Segment,
    people: dict[str, Contact],
    gift: MailingGroup,
    contact: Callable[..., Contact],
) -> None:
    outside = contact("Outside", salesperson=people["Their"].salesperson)
    ContactMailingGroup.objects.create(group=gift, contact=outside)
    found = audience.preview_mailing_group(segment, gift)
    assert (found.joining, found.leaving) == (2, 0)
    audience.apply_mailing_group(segment, gift, replace=True)
    members = ContactMailingGroup.objects.filter(group=gift)
    assert set(members.values_list("contact__name", flat=True)) == {"Free", "Own", "Outside"}


# -- what must hold for everybody ------------------------------------------------------------------


@pytest.mark.usefixtures("whole_segment", "restricted")
def test_a_segment_is_logged_whole_and_a_block_holds_whoever_looks(
    segment: Segment, marketer: User, people: dict[str, Contact]
) -> None:
    logged = log.log_segment(segment, by=marketer)
    assert (logged.salesperson, logged.entry_count) == (segment.salesperson, 3)
    assert InteractionLogEntry.objects.filter(logged_segment=logged).count() == 3
    assert verification.verify_segment(logged).faults == []
    Contact.whole.filter(pk=people["Their"].pk).update(privacy_blocked=True)
    written = with_letter(logged).values_list("contact__name", flat=True)
    assert sorted(written) == SEEN
    assert delivery.out_of_reach(delivery.Scope.of(logged), [delivery.UNSENT]) == 1


@pytest.mark.usefixtures("restricted")
def test_a_number_that_one_does_not_see_is_not_given_twice(
    marketer_client: Client, people: dict[str, Contact]
) -> None:
    data = {"type": "person", "name": "Another", "first_name": "Another"}
    data |= {"number": people["Their"].number, "somebody_else": people["Own"].number}
    answer = marketer_client.post("/contacts/new/", data)
    assert answer.status_code == 200
    assert "number" in answer.context["form"].errors
    assert Contact.whole.filter(number=people["Their"].number).count() == 1


@pytest.mark.usefixtures("restricted")
def test_numbers_of_series_pass_over_those_one_does_not_see(
    marketer_client: Client, people: dict[str, Contact], contact: Callable[..., Contact]
) -> None:
    contact("First", number="C000001", salesperson=people["Their"].salesperson)
    marketer_client.post("/contacts/new/", {"type": "person", "first_name": "Brandnew"})
    assert Contact.whole.get(first_name="Brandnew").number == "C000002"


@pytest.mark.usefixtures("restricted")
def test_a_new_contact_and_a_new_segment_are_ones_own(
    marketer_client: Client, mine: Salesperson, people: dict[str, Contact]
) -> None:
    MarketingSetup.objects.update(default_salesperson=people["Their"].salesperson)
    for page in ("/contacts/new/", "/segments/new/"):
        assert marketer_client.get(page).context["form"].initial["salesperson"] == mine
    Salesperson.objects.filter(pk=mine.pk).update(user=None)
    for page in ("/contacts/new/", "/segments/new/"):
        assert marketer_client.get(page).context["form"].initial["salesperson"] is None


@pytest.mark.usefixtures("restricted")
def test_a_person_keeps_the_company_that_one_does_not_see(
    marketer_client: Client, people: dict[str, Contact], company: Callable[..., Contact]
) -> None:
    house = company("House", ["Worker"], salesperson=people["Their"].salesperson)
    Contact.whole.filter(company=house).update(salesperson=people["Own"].salesperson)
    worker = Contact.whole.get(company=house)
    page = marketer_client.get(f"/contacts/{worker.number}/edit/")
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "number"}
    assert data["company"] == house.number
    data |= {"job_title": "Baker", "salesperson": worker.salesperson_id}
    data |= {name: "" for name, value in data.items() if value is False}
    answer = marketer_client.post(f"/contacts/{worker.number}/edit/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    worker.refresh_from_db()
    assert (worker.job_title, worker.company) == ("Baker", house)
    data["company"] = people["Their"].number
    answer = marketer_client.post(f"/contacts/{worker.number}/edit/", data)
    assert "company" in answer.context["form"].errors


# -- long work -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("restricted")
def test_a_job_finds_what_its_user_sees(
    marketer: User, manager: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    found = {}
    for user in (marketer, manager):
        job = work.start("export.list", user=user, path="/contacts/", query="", format="csv")
        with sight.whole():
            assert work.run_next(heartbeat=False)
        file = Job.objects.get(pk=job.pk).files.get()
        with file.file.open("rb") as written:
            found[user.username] = written.read().decode()
    assert "Own" in found["marketer"]
    assert "Their" not in found["marketer"]
    assert "Their" in found["manager"]


@pytest.mark.usefixtures("restricted")
def test_pushes_and_logged_segments_go_by_their_salesperson(
    people: dict[str, Contact], mine: Salesperson
) -> None:
    theirs = people["Their"].salesperson
    for name, owner in (("A", mine), ("B", theirs), ("C", None)):
        logged = LoggedSegment.objects.create(segment_number=name, salesperson=owner)
        campaign = _campaign(name)
        CampaignEntry.objects.create(
            campaign=campaign, logged_segment=logged, date="2026-03-02", description=name
        )
        CampaignEntry.objects.create(
            campaign=campaign, salesperson=owner, date="2026-03-02", description=f"single {name}"
        )
    seen = set(LoggedSegment.objects.values_list("segment_number", flat=True))
    assert seen == {"A", "C"}
    pushes = set(CampaignEntry.objects.values_list("description", flat=True))
    assert pushes == {"A", "single A", "C", "single C"}


def _campaign(name: str) -> Any:
    return Campaign.objects.create(description=name)


def test_options_are_known() -> None:
    """The three roads above are all that widen an Add."""
    widening = {name for name in vars(Options()) if "compan" in name}
    assert widening == {"expand_companies", "include_companies", "entire_companies"}
