"""Phone calls: which numbers, logged at once; from a line, which is called and can be taken out."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.models import AlternativeAddress, Campaign, Contact
from interactions import calls, creating
from interactions.models import (
    CampaignEntry,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)
from segments import log, worksheet
from segments.calling import call_from_line
from segments.models import Segment, SegmentLine
from segments.tests.conftest import names

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 4)


@pytest.fixture
def template_of_calls(template: InteractionTemplate) -> InteractionTemplate:
    return InteractionTemplate.objects.create(
        code="CALL", description="A call", group=template.group, for_calls=True, unit_cost=4
    )


@pytest.fixture
def line(segment: Segment, company: Any, marketer: User) -> SegmentLine:
    """Liisa's line; Veli stands on the segment too."""
    company("Firm", ["Liisa", "Veli"], phone="09 1", mobile_phone="050 2")
    for one in Contact.objects.filter(type="person").order_by("name"):
        worksheet.add_contact(segment, one, by=marketer)
    return SegmentLine.objects.get(contact__name="Liisa")


def address_of(line: SegmentLine) -> str:
    return f"/interactions/call/?contact={line.contact.number}&line={line.pk}"


def posted(template: InteractionTemplate, **typed: Any) -> dict[str, Any]:
    return {
        "number": "09 1", "template": template.pk, "description": "About spring",
        "date": "2026-05-04", "successful": "on", "result": "Wants one", "evaluation": "positive",
        "once": "a", **typed,
    }  # fmt: skip


def test_numbers_are_own_first_then_the_companys_each_once(company: Any, contact: Any) -> None:
    firm = company("Firm", phone="09 1", mobile_phone="050 2")
    one = contact("Liisa", company=firm, phone="(09) 55-1", mobile_phone="09 1")
    for code, start, end, phone in (
        ("NOW", TODAY, TODAY, "+358 1"),
        ("PAST", TODAY - datetime.timedelta(9), TODAY - datetime.timedelta(1), "1"),
        ("SOON", TODAY + datetime.timedelta(1), None, "2"),
    ):
        AlternativeAddress.objects.create(
            contact=one, code=code, starts_on=start, ends_on=end, phone=phone
        )
    found = calls.numbers(one, TODAY)
    assert [each.number for each in found] == ["(09) 55-1", "09 1", "+358 1", "050 2"]
    assert [each.link for each in found[::2]] == ["tel:09551", "tel:+3581"]
    assert calls.numbers(contact("Nobody"), TODAY) == []


def test_a_call_is_logged_at_once_with_its_result(
    marketer_client: Client, contact: Any, template_of_calls: InteractionTemplate, salesperson: Any
) -> None:
    one = contact("Liisa", number="C1", phone="09 1", salesperson=salesperson)
    page = marketer_client.get("/interactions/call/?contact=C1")
    assert 'href="tel:091"' in page.content.decode()
    answer = marketer_client.post("/interactions/call/?contact=C1", posted(template_of_calls))
    assert answer.headers["Location"] == one.get_absolute_url()
    entry = InteractionLogEntry.objects.get()
    assert (entry.via, entry.description, entry.evaluation) == ("09 1", "About spring", "positive")
    assert (entry.information_flow, entry.initiated_by, entry.cost) == ("outbound", "us", 4)
    assert (entry.attempt_failed, entry.segment_number, entry.document) == (False, "", None)
    assert entry.comments.get().text == "Wants one"


def test_without_success_the_attempt_failed(
    marketer_client: Client, contact: Any, template_of_calls: InteractionTemplate, salesperson: Any
) -> None:
    contact("Liisa", number="C1", salesperson=salesperson)
    typed = posted(template_of_calls, number="other", other_number="+44 20")
    del typed["successful"]
    marketer_client.post("/interactions/call/?contact=C1", typed)
    entry = InteractionLogEntry.objects.get()
    assert (entry.attempt_failed, entry.via) == (True, "+44 20")


def test_a_call_from_a_line_begins_with_what_the_line_says(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any
) -> None:
    segment.campaign = Campaign.objects.create(number="SPRING", description="Spring")
    segment.campaign_target = True
    segment.save()
    form = marketer_client.get(address_of(line)).context["form"]
    shown = ("description", "salesperson", "campaign", "campaign_target", "template")
    assert [form.initial[name] for name in shown] == [
        "Spring letter", segment.salesperson_id, segment.campaign_id, True, template_of_calls,
    ]  # fmt: skip


def test_the_line_can_go_in_the_same_breath_and_comes_back(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any,
    marketer: User,
) -> None:  # fmt: skip
    answer = marketer_client.post(address_of(line), posted(template_of_calls, take_out="on"))
    assert answer.headers["Location"] == segment.get_absolute_url()
    entry = InteractionLogEntry.objects.get()
    assert (entry.segment_number, entry.logged_segment) == (segment.number, None)
    segment.refresh_from_db()
    assert names(segment) == ["Veli"]
    worksheet.go_back(segment, by=marketer)
    assert names(segment) == ["Liisa", "Veli"]


def test_a_line_that_stays_is_called_and_check_takes_it_out(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any,
    marketer: User,
) -> None:  # fmt: skip
    assert "called" not in [one.code for one in log.check(segment)]
    marketer_client.post(address_of(line), posted(template_of_calls))
    segment.refresh_from_db()
    found = {one.code: one for one in log.check(segment)}
    assert (found["called"].count, found["called"].is_error) == (1, False)
    page = marketer_client.get(f"/segments/{segment.number}/lines/{line.pk}/")
    assert (page.context["is_called"], len(page.context["calls"])) == (True, 1)
    table = marketer_client.get(segment.get_absolute_url())
    called = {row.line.contact.name: row.is_called for row in table.context["rows"]}
    assert called == {"Liisa": True, "Veli": False}
    assert table.content.decode().count('<span class="badge-mark good">called</span>') == 1
    worksheet.remove_problem(segment, "called", by=marketer)
    segment.refresh_from_db()
    assert names(segment) == ["Veli"]


def test_an_attempt_that_failed_and_a_cancelled_call_mark_no_line(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any
) -> None:
    failed = posted(template_of_calls, take_out="on")
    del failed["successful"]
    marketer_client.post(address_of(line), failed)
    marketer_client.post(address_of(line), posted(template_of_calls, once="b"))
    InteractionLogEntry.objects.filter(attempt_failed=False).update(cancelled=True)
    segment.refresh_from_db()
    assert names(segment) == ["Liisa", "Veli"]
    assert "called" not in [one.code for one in log.check(segment)]


def test_calls_and_the_logged_segment_are_pushes_of_their_own(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any,
    marketer: User,
) -> None:  # fmt: skip
    """In the reference the logged segment reuses the calls' entry, and then controls nothing."""
    segment.campaign = Campaign.objects.create(number="SPRING", description="Spring")
    segment.save()
    typed = posted(template_of_calls, campaign=segment.campaign.pk, take_out="on")
    marketer_client.post(address_of(line), typed)
    segment.refresh_from_db()
    logged = log.log_segment(segment, by=marketer)
    assert logged.entry_count == 1
    assert logged.campaign_entries.get().interactions.count() == 1
    calls_entry = CampaignEntry.objects.get(logged_segment=None)
    assert (calls_entry.segment_number, calls_entry.interactions.count()) == (
        logged.segment_number,
        1,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "0800"}, "number"),
        ({"number": "other", "other_number": ""}, "other_number"),
        ({"number": "other", "other_number": "call me"}, "other_number"),
        ({"template": ""}, "template"),
        ({"date": "x"}, "date"),
        ({"evaluation": "superb"}, "evaluation"),
        ({"cost": "-1"}, "cost"),
    ],
)
def test_wrong_input_is_told_and_logs_nothing(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any,
    change: dict[str, str], field: str,
) -> None:  # fmt: skip
    shown = marketer_client.post(
        address_of(line), {**posted(template_of_calls, take_out="on"), **change}
    )
    assert list(shown.context["form"].errors) == [field]
    assert "Wants one" in shown.content.decode()
    assert not InteractionLogEntry.objects.exists()
    segment.refresh_from_db()
    assert names(segment) == ["Liisa", "Veli"]


def test_without_a_salesperson_it_is_refused_and_the_line_stays(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any
) -> None:
    segment.salesperson = None
    segment.save()
    shown = marketer_client.post(address_of(line), posted(template_of_calls, take_out="on"))
    assert list(shown.context["form"].errors) == ["salesperson"]
    segment.refresh_from_db()
    assert names(segment) == ["Liisa", "Veli"]
    assert not InteractionLogEntry.objects.exists()


def test_a_line_that_is_gone_is_not_called(
    marketer_client: Client, segment: Segment, line: SegmentLine, template_of_calls: Any,
    marketer: User,
) -> None:  # fmt: skip
    worksheet.remove_lines(segment, [line], by=marketer)
    assert marketer_client.get(address_of(line)).status_code == 404
    other = Contact.objects.get(name="Veli")
    for wrong in (f"contact={other.number}&line={line.pk}", f"contact={other.number}&line=x"):
        assert marketer_client.get(f"/interactions/call/?{wrong}").status_code == 404
    assert not InteractionLogEntry.objects.exists()


def test_a_segment_logged_meanwhile_refuses_the_call(
    segment: Segment, line: SegmentLine, template_of_calls: Any, marketer: User
) -> None:
    log.log_segment(segment, by=marketer)
    before = InteractionLogEntry.objects.count()

    def never() -> InteractionLogEntry:
        raise AssertionError("the call must not be logged")

    with pytest.raises(creating.Refused):
        call_from_line(segment, line, never, by=marketer, take_out=True)
    assert InteractionLogEntry.objects.count() == before
    assert LoggedSegment.objects.count() == 1


def test_who_may_not(
    reader_client: Client, client: Client, marketer_client: Client, contact: Any
) -> None:
    contact("Liisa", number="C1", phone="1")
    contact("Blocked", number="C2", privacy_blocked=True)
    for address in ("/interactions/call/", "/interactions/call/?contact=C1"):
        assert reader_client.get(address).status_code == 403
        assert reader_client.post(address, {}).status_code == 403
        assert client.get(address).status_code == 302
    assert marketer_client.get("/interactions/call/").status_code == 200
    assert marketer_client.get("/interactions/call/?contact=NOBODY").status_code == 404
    assert marketer_client.get("/interactions/call/?contact=C2").status_code == 302
    assert marketer_client.get("/interactions/call/?contact=Liisa").status_code == 200
