"""What one line says itself: set, taken back, a column taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from crm.models import Contact
from interactions.models import Document
from segments import header, overrides, trail, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, statements


@pytest.fixture
def lines(
    segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> Callable[[int], list[SegmentLine]]:
    """Puts so many contacts on the segment."""

    def put(count: int) -> list[SegmentLine]:
        for _number in range(count):
            contact()
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        return list(SegmentLine.objects.present(segment))

    return put


def stored(name: str) -> list[Any]:
    """What lines say of this name, in line order."""
    return list(LineOverride.objects.order_by("line").values_list(name, flat=True))


def test_a_line_says_something_itself(segment: Segment, marketer: User, lines: Any) -> None:
    one, _two = lines(2)
    overrides.set_value(segment, one, "subject", "Hello", by=marketer)
    overrides.set_value(segment, one, "language", "fi", by=marketer)
    assert list(LineOverride.objects.values_list("line", "subject", "language")) == [
        (one.pk, "Hello", "fi")
    ]
    assert overrides.says(LineOverride.objects.get(), "subject")
    assert not overrides.says(LineOverride.objects.get(), "description")
    assert not overrides.says(None, "subject")


def test_the_last_value_taken_back_deletes_the_row(
    segment: Segment, marketer: User, lines: Any
) -> None:
    one, _two = lines(2)
    overrides.set_value(segment, one, "subject", "Hello", by=marketer)
    overrides.set_value(segment, one, "campaign_target", False, by=marketer)
    assert overrides.reset(segment, one, "subject", by=marketer) is not None
    assert stored("campaign_target") == [False]
    assert overrides.reset(segment, one, "campaign_target", by=marketer) is None
    assert stored("subject") == []


def test_zero_and_no_are_values(segment: Segment, marketer: User, lines: Any) -> None:
    (one,) = lines(1)
    overrides.set_value(segment, one, "cost", 0, by=marketer)
    overrides.set_value(segment, one, "campaign_response", False, by=marketer)
    overrides.reset(segment, one, "cost", by=marketer)
    assert stored("campaign_response") == [False]


def test_refused(segment: Segment, marketer: User, lines: Any) -> None:
    one, two = lines(2)
    worksheet.remove_lines(segment, [one], by=marketer)
    with pytest.raises(overrides.LineGone):
        overrides.set_value(segment, one, "subject", "Hello", by=marketer)
    other = Segment.objects.create(by=marketer)
    with pytest.raises(overrides.LineGone):
        overrides.set_value(other, two, "subject", "Hello", by=marketer)
    with pytest.raises(ValueError, match="segment"):
        overrides.set_value(segment, two, "segment", 1, by=marketer)
    with pytest.raises(ValueError, match="line"):
        overrides.reset_column(segment, "line", by=marketer)
    assert stored("subject") == []
    worksheet.delete_segment(other)
    with pytest.raises(trail.SegmentGone):
        overrides.reset_column(other, "subject", by=marketer)


def test_a_column_is_taken_back(segment: Segment, marketer: User, lines: Any) -> None:
    one, two, three = lines(3)
    for line in (one, two, three):
        overrides.set_value(segment, line, "subject", "Hello", by=marketer)
    overrides.set_value(segment, two, "language", "fi", by=marketer)
    worksheet.remove_lines(segment, [three], by=marketer)
    assert overrides.reset_column(segment, "subject", by=marketer) == 2
    assert list(LineOverride.objects.order_by("line").values_list("line", "subject")) == [
        (two.pk, ""),
        (three.pk, "Hello"),
    ]
    assert overrides.reset_column(segment, "subject", by=marketer) == 0


def test_a_column_costs_the_same_for_any_number_of_lines(
    segment: Segment, marketer: User, lines: Any
) -> None:
    def cost(count: int) -> int:
        for line in lines(count):
            overrides.set_value(segment, line, "subject", "Hello", by=marketer)
        return statements(lambda: overrides.reset_column(segment, "subject", by=marketer))

    assert cost(1) == cost(30)


def test_a_letter_of_its_own_goes_with_its_last_use(
    segment: Segment, marketer: User, lines: Any, letter_bytes: Callable[[str], bytes]
) -> None:
    (one,) = lines(1)
    before = Document.objects.count()
    data = letter_bytes("Only you")
    overrides.set_letter(segment, one, data, name="own.docx", by=marketer)
    header.set_letter(segment, "fi", data, name="own.docx", by=marketer)
    assert Document.objects.count() == before + 1
    overrides.reset(segment, one, "document", by=marketer)
    assert Document.objects.count() == before + 1
    assert header.remove_letter(segment, "fi", by=marketer)
    assert not header.remove_letter(segment, "fi", by=marketer)
    assert Document.objects.count() == before


def test_a_new_letter_takes_the_place_of_the_old(
    segment: Segment, marketer: User, lines: Any, letter_bytes: Callable[[str], bytes]
) -> None:
    (one,) = lines(1)
    before = Document.objects.count()
    for text in ("First", "Second"):
        overrides.set_letter(segment, one, letter_bytes(text), name="own.docx", by=marketer)
        header.set_letter(segment, "fi", letter_bytes(f"{text}!"), name="fi.docx", by=marketer)
    assert Document.objects.count() == before + 2
    assert overrides.reset_column(segment, "document", by=marketer) == 1
    assert Document.objects.count() == before + 1


def test_the_header_keeps_what_others_wrote(segment: Segment, marketer: User) -> None:
    theirs = Segment.objects.get(pk=segment.pk)
    header.change(theirs, {"subject": "Theirs"}, by=marketer)
    header.change(segment, {"description": "Ours"}, by=marketer)
    now = Segment.objects.get(pk=segment.pk)
    assert (now.subject, now.description) == ("Theirs", "Ours")
