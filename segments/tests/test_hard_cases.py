"""Cases that were wrong once: who must not be logged, and trails that are hard to play again."""

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.http import QueryDict

from crm.models import Contact, MailingGroup
from interactions.models import Document, InteractionLogEntry
from segments import audience, log, overrides, replay, trail, worksheet
from segments.criteria import Criteria
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine
from segments.tests.conftest import everybody, named, names, statements
from segments.worksheet import WorksheetError

ON_NO_SEGMENT = {"segments": {"match": "none"}}


@pytest.fixture
def trio(contact: Any) -> list[Contact]:
    """Ann, Ben and Cy."""
    return [contact(name) for name in ("Ann", "Ben", "Cy")]


@pytest.mark.django_db(transaction=True)
def test_somebody_blocked_between_check_and_log_is_not_logged(
    segment: Segment, trio: list[Contact], marketer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block is committed by another connection after the check; nothing at all is logged."""
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite nobody writes while Log does")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)

    def block() -> None:
        Contact.objects.filter(name="Ben").update(privacy_blocked=True)
        connections.close_all()

    archive = log.header_as_it_is

    def header_and_block(one: Segment) -> Any:
        thread = threading.Thread(target=block)
        thread.start()
        thread.join()
        return archive(one)

    monkeypatch.setattr(log, "header_as_it_is", header_and_block)
    with pytest.raises(log.LogRefused) as refused:
        log.log_segment(segment, by=marketer)
    assert [problem.code for problem in refused.value.problems] == ["blocked"]
    assert not InteractionLogEntry.objects.exists()
    assert names(Segment.objects.get()) == ["Ann", "Ben", "Cy"]


class TestOnNoSegment:
    """Criteria that ask who is on a segment, while the trail is played again."""

    @pytest.fixture
    def asked(self, trio: list[Contact], marketer: Any) -> Segment:
        segment = Segment.objects.create(number="N")
        worksheet.add_contacts(segment, Criteria(ON_NO_SEGMENT), by=marketer)
        assert names(segment) == ["Ann", "Ben", "Cy"]
        return segment

    def test_a_refresh_does_not_see_the_segment_itself(self, asked: Segment, marketer: Any) -> None:
        assert replay.drift(asked, by=marketer).is_none
        assert replay.refresh(asked, by=marketer) is None
        assert (names(asked), asked.current_step) == (["Ann", "Ben", "Cy"], 1)

    def test_the_difference_of_an_edit_is_what_it_does(self, asked: Segment, marketer: Any) -> None:
        also = Criteria({**ON_NO_SEGMENT, "contact": {"name": "n"}})
        told = replay.difference_of_edit(asked, 1, also, by=marketer)
        assert (told.added, told.removed, told.kept) == (0, 1, 2)
        replay.edit_step(asked, 1, also, by=marketer)
        assert names(asked) == ["Ann", "Ben"]


def test_a_line_removed_by_hand_leaves_its_twin(trio: list[Contact], marketer: Any) -> None:
    """One of two lines of Ann goes; played again, one of two goes."""
    ann, ben, _cy = trio
    segment = Segment.objects.create(number="T")
    both = named(ann.number, ben.number)
    worksheet.add_contacts(segment, both, by=marketer)
    worksheet.add_contacts(segment, named(ann.number), by=marketer, allow_existing=True)
    last = SegmentLine.objects.filter(contact=ann).order_by("-pk")[:1]
    worksheet.remove_lines(segment, list(last), by=marketer)
    assert names(segment) == ["Ann", "Ben"]
    assert replay.drift(segment, by=marketer).is_none
    replay.edit_step(segment, 1, both, by=marketer)
    assert names(segment) == ["Ann", "Ben"]


def test_overrides_beyond_the_pointer_do_not_come_back(trio: list[Contact], marketer: Any) -> None:
    """They fall away with their steps, as with any new step."""
    ann, ben, _cy = trio
    segment = Segment.objects.create(number="B")
    worksheet.add_contacts(segment, named(ann.number), by=marketer)
    worksheet.add_contacts(segment, named(ben.number), by=marketer)
    line = SegmentLine.objects.get(contact=ben)
    LineOverride.objects.create(line=line, personal_comment="From a step undone")
    worksheet.go_back(segment, by=marketer)
    replay.edit_step(segment, 1, named(ann.number, ben.number), by=marketer)
    assert (names(segment), LineOverride.objects.count()) == (["Ann", "Ben"], 0)


def test_a_refresh_by_saved_criteria_is_played_again(trio: list[Contact], marketer: Any) -> None:
    """It replaced the audience, and does so again after an earlier step is edited."""
    ann, ben, cy = trio
    saved = SavedCriteria.objects.create(
        code="BEN", steps=[{"kind": "add", "criteria": named(ben.number).data, "options": {}}]
    )
    segment = Segment.objects.create(number="S")
    worksheet.add_contacts(segment, named(ann.number), by=marketer)
    replay.refresh(segment, by=marketer, saved=saved)
    assert names(segment) == ["Ben"]
    replay.edit_step(segment, 1, named(ann.number, cy.number), by=marketer)
    assert (names(segment), [step.kind for step in segment.steps.order_by("number")]) == (
        ["Ben"],
        ["add", "refresh"],
    )
    saved.delete()
    with pytest.raises(WorksheetError, match="no saved criteria BEN"):
        replay.edit_step(segment, 1, named(ann.number), by=marketer)


def test_what_was_named_and_is_gone_does_not_stop_a_replay(
    segment: Segment, trio: list[Contact], marketer: Any
) -> None:
    """A segment logged since stands for its log; a contact deleted since is nobody."""
    ann, ben, cy = trio
    worksheet.add_contacts(segment, named(ann.number), by=marketer)
    here = Segment.objects.create(number="H")
    worksheet.combine(here, segment, "add", by=marketer)
    audience.paste(here, audience.match_list(f"{ben.number} {cy.number}"), by=marketer)
    log.log_segment(segment, by=marketer)
    Contact.objects.filter(pk=cy.pk).update(privacy_blocked=True)
    line = SegmentLine.objects.get(contact=cy)
    worksheet.remove_lines(here, [line], by=marketer)
    SegmentLine.objects.filter(pk=line.pk).delete()
    cy.delete()
    assert replay.drift(here, by=marketer).is_none
    assert names(here) == ["Ann", "Ben"]


def test_letters_of_lines_that_an_edit_drops_are_released(
    trio: list[Contact], letter: Any, marketer: Any
) -> None:
    segment = Segment.objects.create(number="L")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    own = letter("For Ben alone")
    LineOverride.objects.create(line=SegmentLine.objects.get(contact=trio[1]), document=own)
    replay.edit_step(segment, 1, named(trio[0].number), by=marketer)
    assert not Document.objects.exists()


def test_statements_do_not_grow_with_own_letters(
    trio: list[Contact], contact: Any, letter: Any, marketer: Any
) -> None:
    """Dropping undone steps and taking a column back, with one letter and with twelve."""
    costs = []
    for count in (1, 12):
        segment = Segment.objects.create(number=f"W{count}")
        people = [contact() for _index in range(count)]
        worksheet.add_contacts(segment, named(*(one.number for one in people)), by=marketer)
        for line in segment.lines.all():
            own = letter(f"For {line.contact.number} of {count}")
            LineOverride.objects.create(line=line, document=own)
        dropped = Segment.objects.create(number=f"D{count}")
        worksheet.add_contacts(dropped, named(*(one.number for one in people)), by=marketer)
        for line in dropped.lines.all():
            own = letter(f"Dropped {line.contact.number} of {count}")
            LineOverride.objects.create(line=line, document=own)
        worksheet.go_back(dropped, by=marketer)
        costs.append(
            [
                statements(lambda: overrides.reset_column(segment, "document", by=marketer)),  # noqa: B023
                statements(lambda: trail.drop_beyond(dropped)),  # noqa: B023
            ]
        )
    assert costs[0] == costs[1]
    assert not Document.objects.exists()


def test_none_written_otherwise_is_refused(db: None) -> None:
    """It would have meant “any”."""
    MailingGroup.objects.create(code="GIFT")
    for word in ("None", "no", "NONE"):
        query = QueryDict(f"mailing_groups-match={word}&mailing_groups-group=GIFT")
        assert "“any” or “none”" in " ".join(Criteria.from_query(query).errors)


def test_a_small_percentage_keeps_somebody(trio: list[Contact], marketer: Any) -> None:
    segment = Segment.objects.create(number="P")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    audience.sample(segment, by=marketer, percent=10)
    assert len(names(segment)) == 1


def test_options_of_other_kinds_are_refused() -> None:
    """On an Add, “entire companies” would have meant “expand companies”."""
    from segments.steps import option_faults

    assert option_faults("add", {"entire_companies": True})
    assert option_faults("reduce", {"expand_companies": True})
    assert option_faults("remove_by_hand", {"twins": {"C1": 0}})
    assert option_faults("remove_by_hand", {"twins": "C1"})
    assert not option_faults("remove_by_hand", {"twins": {"C1": 1}})
