"""A task for everybody on a segment: each contact once, by a fixed number of statements."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.models import Salesperson
from interactions.models import Task
from segments import tasking, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, named, statements
from segments.trail import SegmentGone

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 6, 1)


def test_each_contact_present_gets_one(
    segment: Segment, contact: Any, marketer: User, salesperson: Salesperson
) -> None:
    """A contact twice on it gets one, one that was removed none; a line's salesperson holds."""
    for number in ("A", "B", "C"):
        contact(number, number=number)
    worksheet.add_contacts(segment, named("A", "B", "C"), by=marketer)
    worksheet.add_contacts(segment, named("A"), by=marketer, allow_existing=True)
    worksheet.reduce_contacts(segment, named("C"), by=marketer)
    other = Salesperson.objects.create(code="BB", name="Bertta")
    line = SegmentLine.objects.get(contact__number="B")
    LineOverride.objects.create(line=line, salesperson=other)
    count = tasking.add_tasks(segment, description="Call", due=DUE, by=marketer)
    assert count == 2
    said = ("contact__number", "salesperson", "segment_number", "due", "by")
    found = Task.objects.values_list(*said)
    number, by = segment.number, marketer.pk
    assert sorted(found) == [
        ("A", salesperson.pk, number, DUE, by),
        ("B", other.pk, number, DUE, by),
    ]
    assert not Task.objects.exclude(done_at=None).exists()
    tasking.add_tasks(segment, description="Mine", due=DUE, salesperson=other, by=marketer)
    mine = Task.objects.filter(description="Mine").values_list("salesperson", flat=True)
    assert list(mine) == [other.pk, other.pk]


def test_the_statements_do_not_grow(segment: Segment, contact: Any, marketer: User) -> None:
    counts = []
    for many in (1, 30):
        for _number in range(many):
            contact()
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        counts.append(
            statements(lambda: tasking.add_tasks(segment, description="x", due=DUE, by=marketer))
        )
    assert counts[0] == counts[1]


def test_on_a_segment_that_is_gone_nothing_is_written(
    segment: Segment, contact: Any, marketer: User
) -> None:
    contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    worksheet.delete_segment(Segment.objects.get(pk=segment.pk))
    with pytest.raises(SegmentGone):
        tasking.add_tasks(segment, description="x", due=DUE, by=marketer)
    assert not Task.objects.exists()


def test_the_page_asks_and_writes_once(
    marketer_client: Client, segment: Segment, contact: Any, marketer: User
) -> None:
    contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    page = f"/segments/{segment.number}/tasks/"
    assert marketer_client.get(page).context["count"] == 1
    assert page in marketer_client.get(segment.get_absolute_url()).content.decode()
    segment.refresh_from_db()
    typed = {"description": "Call", "due": "2026-06-01", "at": segment.current_step}
    assert marketer_client.post(page, {**typed, "at": "0"}).context["refused"]
    for field, bad in (("description", ""), ("due", "x"), ("salesperson", "99999")):
        shown = marketer_client.post(page, {**typed, field: bad})
        assert list(shown.context["form"].errors) == [field]
    assert not Task.objects.exists()
    assert marketer_client.post(page, typed).status_code == 302
    assert Task.objects.get().description == "Call"


def test_who_may_not(
    reader_client: Client, client: Client, marketer_client: Client, segment: Segment
) -> None:
    page = f"/segments/{segment.number}/tasks/"
    assert reader_client.post(page, {}).status_code == 403
    assert client.post(page, {}).status_code == 302
    assert marketer_client.get("/segments/NONE/tasks/").status_code == 404


def test_a_double_click_writes_each_task_once(
    marketer_client: Client, segment: Segment, contact: Any, marketer: User
) -> None:
    contact()
    contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    page = f"/segments/{segment.number}/tasks/"
    once, other = (marketer_client.get(page).context["once"] for _time in range(2))
    segment.refresh_from_db()
    typed = {"description": "Call", "due": "2026-06-01", "at": segment.current_step, "once": once}
    first, second = (marketer_client.post(page, typed, follow=True) for _time in range(2))
    assert Task.objects.count() == 2
    assert "2 tasks were written down." in first.content.decode()
    assert "Your first click wrote them down already." in second.content.decode()
    marketer_client.post(page, {**typed, "once": other})
    assert Task.objects.count() == 4
