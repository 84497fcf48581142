"""Two at once, with real connections: nothing is lost, doubled or half done."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from django.db.models import ProtectedError

from crm.models import Contact, NumberSeries
from interactions.models import InteractionLogEntry, LoggedSegment
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine
from segments.tests.conftest import everybody, named, names, statements

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread with a connection of its own; returns results or exceptions."""
    results: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(index: int) -> None:
        try:
            start.wait(timeout=10)
            results[index] = works[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def shared(transactional_db: None, segment: Segment, contact: Any) -> Segment:
    """A segment, and twenty contacts that are not on it yet."""
    for index in range(20):
        contact(f"P{index:02}", city="Oulu" if index % 2 else "Turku")
    return segment


def fresh(segment: Segment) -> Segment:
    return Segment.objects.get(pk=segment.pk)


def test_log_twice_at_once(shared: Segment, marketer: User) -> None:
    """One logged segment, one entry per line; the second is told."""
    worksheet.add_contacts(shared, everybody(), by=marketer, confirm_all=True)
    pair = [fresh(shared), fresh(shared)]
    results = at_once(*(lambda one=one: log.log_segment(one, by=marketer) for one in pair))
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["AlreadyLogged", "LoggedSegment"]
    assert LoggedSegment.objects.count() == 1
    assert InteractionLogEntry.objects.count() == 20
    assert not Segment.objects.exists()


def test_two_add_the_same_contacts(shared: Segment, marketer: User) -> None:
    """Nobody comes twice: the second finds them in and has nothing to do."""

    def add() -> Any:
        return worksheet.add_contacts(fresh(shared), everybody(), by=marketer, confirm_all=True)

    results = at_once(add, add)
    assert [type(one) for one in results if isinstance(one, Exception)] == []
    assert sorted(one is None for one in results) == [False, True]
    assert SegmentLine.objects.count() == 20


def test_two_work_on_one_segment(shared: Segment, marketer: User) -> None:
    """Whatever the order, the trail is a serial one and its counts are those of the lines."""
    numbers = list(Contact.objects.values_list("number", flat=True))

    def work(mine: list[str]) -> Callable[[], None]:
        def run() -> None:
            for number in mine:
                worksheet.add_contacts(fresh(shared), named(number), by=marketer)
            worksheet.reduce_contacts(fresh(shared), named(mine[0]), by=marketer)

        return run

    results = at_once(work(numbers[:10]), work(numbers[10:]))
    assert results == [None, None]
    segment = fresh(shared)
    steps = list(segment.steps.order_by("number").values_list("number", "lines_after"))
    assert [number for number, _lines in steps] == list(range(1, 23))
    for number, lines in steps:
        assert len(names(segment, number)) == lines
    assert len(names(segment)) == len(set(names(segment))) == 18


def test_two_segments_are_combined_with_each_other(shared: Segment, marketer: User) -> None:
    """Neither waits for the other: no deadlock. Each step says what it has really done."""
    other = Segment.objects.create(description="Other", number="OTHER")
    numbers = list(Contact.objects.values_list("number", flat=True))
    worksheet.add_contacts(shared, named(*numbers[:12]), by=marketer)
    worksheet.add_contacts(other, named(*numbers[8:]), by=marketer)

    def combine(one: Segment, two: Segment) -> Callable[[], Any]:
        return lambda: worksheet.combine(fresh(one), fresh(two), "add", by=marketer)

    results = at_once(combine(shared, other), combine(other, shared))
    assert [one.added for one in results] == [8, 8]
    for one in (shared, other):
        assert sorted(names(fresh(one))) == sorted(f"P{index:02}" for index in range(20))


def test_log_while_another_adds(shared: Segment, marketer: User) -> None:
    """The addition is either in the log, or told that the segment is gone."""
    first, *others = Contact.objects.order_by("pk").values_list("number", flat=True)
    worksheet.add_contacts(shared, named(first), by=marketer)
    results = at_once(
        lambda: log.log_segment(fresh(shared), by=marketer),
        lambda: worksheet.add_contacts(shared, named(*others), by=marketer),
    )
    logged, step = results
    assert isinstance(logged, LoggedSegment)
    expected = 1 if isinstance(step, worksheet.SegmentGone) else 20
    assert InteractionLogEntry.objects.count() == expected


def test_a_contact_that_is_being_added_is_not_deleted(shared: Segment, marketer: User) -> None:
    """The deletion waits for the addition and then sees its lines, though no key would tell it."""
    one = Contact.objects.get(name="P00")
    added, deleting = threading.Event(), threading.Event()

    def add() -> None:
        with transaction.atomic():
            worksheet.add_contacts(fresh(shared), named(one.number), by=marketer)
            added.set()
            deleting.wait(timeout=10)
            time.sleep(0.3)  # long enough for a deletion that does not wait to be done

    def delete() -> None:
        added.wait(timeout=10)
        deleting.set()
        Contact.objects.get(pk=one.pk).delete()

    results = at_once(add, delete)
    assert results[0] is None
    assert isinstance(results[1], ProtectedError)
    assert SegmentLine.objects.get().contact == one


def test_numbers_have_no_gaps_and_no_doubles(transactional_db: None) -> None:
    """Two users take numbers at once; one of them gives some back by rolling back."""
    taken: list[str] = []

    def take() -> None:
        for index in range(10):
            try:
                with transaction.atomic():
                    number = NumberSeries.take(NumberSeries.SEGMENT, Segment)
                    if index % 3 == 0:
                        raise ValueError("changed my mind")
            except ValueError:
                continue
            taken.append(number)

    assert at_once(take, take) == [None, None]
    assert sorted(taken) == [f"SM{index:05}" for index in range(1, 13)]


def test_ten_thousand_cost_as_many_statements_as_ten(marketer: User, segment: Segment) -> None:
    """Add and go back, counted."""
    costs = []
    for count in (10, 10_000):
        city = f"City of {count}"
        made = [
            Contact(number=f"{count}-{index}", name=f"{index}", city=city) for index in range(count)
        ]
        for contact in made:
            contact.prepare()
        Contact.objects.bulk_create(made, batch_size=500)
        one = Segment.objects.create(description=city)
        chosen = Criteria({"contact": {"city": [city]}})
        costs.append(
            [
                statements(lambda: worksheet.add_contacts(one, chosen, by=marketer)),  # noqa: B023
                statements(lambda: worksheet.go_back(one, by=marketer)),  # noqa: B023
            ]
        )
        assert SegmentLine.objects.filter(segment=one).count() == count
    assert costs[0] == costs[1]
