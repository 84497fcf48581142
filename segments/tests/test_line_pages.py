"""Lines: cells in place, columns, the line's own page, its letter, several at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact, Salesperson
from interactions.models import InteractionTemplate
from segments import overrides, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, names

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def lines(segment: Segment, marketer: User, company: Callable[..., Contact]) -> list[SegmentLine]:
    """A company and its two people, on the segment."""
    company("House", ["Anna", "Bo"])
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return list(SegmentLine.objects.present(segment))


def test_a_cell_is_edited_in_place(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    pk = lines[1].pk
    url = at(segment, "cell", pk, "language")
    part = marketer_client.get(url, **HTMX).content.decode()
    assert part.strip().startswith("<form")
    assert f'action="{url}"' in part
    row = marketer_client.post(url, {"language": "fi"}, **HTMX).content.decode()
    assert row.strip().startswith(f'<tr id="l-{pk}"')
    assert f'<td id="c-{pk}-language" class="own">' in row
    assert "Finnish" in row
    assert list(LineOverride.objects.values_list("line", "language")) == [(pk, "fi")]
    row = marketer_client.post(at(segment, "cell_reset", pk, "language"), **HTMX).content.decode()
    assert 'class="own"' not in row
    assert "English" in row
    assert not LineOverride.objects.exists()
    row = marketer_client.get(at(segment, "line_row", pk), **HTMX).content.decode()
    assert row.strip().startswith(f'<tr id="l-{pk}"')


def test_a_cell_has_a_page_of_its_own(
    marketer_client: Client,
    segment: Segment,
    lines: list[SegmentLine],
    template: InteractionTemplate,
    salesperson: Salesperson,
) -> None:
    pk = lines[0].pk
    typed = {
        "template": template.pk,
        "description": "Own words",
        "salesperson": salesperson.pk,
        "subject": "Own subject",
        "correspondence_type": "email",
        "date": "2026-12-24",
        "cost": "0",
        "duration": "0",
        "campaign_target": "true",
        "send_word_as_attachment": "false",
        "evaluation": "positive",
        "personal_comment": "Two\nlines",
    }
    for name, value in typed.items():
        assert "<html" in marketer_client.get(at(segment, "cell", pk, name)).content.decode()
        answer = marketer_client.post(at(segment, "cell", pk, name), {name: value})
        assert answer["Location"] == at(segment, "line", pk)
    stored = LineOverride.objects.get()
    assert (stored.description, stored.cost, stored.duration) == ("Own words", 0, 0)
    assert (stored.campaign_target, stored.send_word_as_attachment) == (True, False)
    html = marketer_client.get(at(segment, "line", pk)).content.decode()
    for words in ("Own words", "Own subject", "24 Dec 2026", "Positive", "Two\nlines</textarea>"):
        assert words in html
    marketer_client.post(at(segment, "cell", pk, "cost"), {"cost": ""})
    assert LineOverride.objects.get().cost is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("language", "klingon"),
        ("cost", "-1"),
        ("date", "soon"),
        ("template", "999"),
        ("description", "x" * 101),
        ("subject", "a\x00b"),
        ("duration", "1.5"),
    ],
)
def test_a_wrong_cell_changes_nothing(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], name: str, wrong: str
) -> None:
    url = at(segment, "cell", lines[0].pk, name)
    part = marketer_client.post(url, {name: wrong}, **HTMX)
    assert part["HX-Retarget"] == f"#c-{lines[0].pk}-{name}"
    assert "field-errors" in part.content.decode()
    assert "Nothing was saved" in marketer_client.post(url, {name: wrong}).content.decode()
    assert not LineOverride.objects.exists()


def test_cells_that_are_none(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], marketer: User
) -> None:
    pk = lines[0].pk
    for name in ("line", "contact", "segment", "document", "nonsense"):
        assert marketer_client.post(at(segment, "cell", pk, name), {name: "1"}).status_code == 404
    assert marketer_client.post(at(segment, "cell_reset", pk, "line")).status_code == 404
    assert marketer_client.get(at(segment, "column_reset", "line")).status_code == 404
    other = Segment.objects.create(by=marketer)
    worksheet.remove_lines(segment, [lines[0]], by=marketer)
    for whose, number in ((segment, pk), (other, lines[1].pk), (segment, 2**70)):
        for name in ("line", "line_row"):
            answer = marketer_client.get(at(whose, name, number), **HTMX)
            assert answer.status_code == 404
        assert marketer_client.post(at(whose, "cell", number, "subject")).status_code == 404
        assert marketer_client.post(at(whose, "line_letter", number)).status_code == 404


def test_a_reader_reads(reader_client: Client, segment: Segment, lines: list[SegmentLine]) -> None:
    pk = lines[0].pk
    html = reader_client.get(at(segment, "line", pk)).content.decode()
    assert "House" in html
    assert f'action="{at(segment, "line_letter", pk)}"' not in html
    assert at(segment, "cell", pk, "subject") not in html
    for name, args in (("cell", ["subject"]), ("cell_reset", ["subject"]), ("line_letter", [])):
        answer = reader_client.post(at(segment, name, pk, *args), {"subject": "Mine"})
        assert answer.status_code == 403
    assert not LineOverride.objects.exists()


def test_a_column_is_reset(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], marketer: User
) -> None:
    url = at(segment, "column_reset", "subject")
    assert "there is nothing to reset" in marketer_client.get(url).content.decode()
    for line in lines[:2]:
        overrides.set_value(segment, line, "subject", "Own", by=marketer)
    assert "2 lines say their subject themselves" in marketer_client.get(url).content.decode()
    assert LineOverride.objects.count() == 2
    answer = marketer_client.post(url, follow=True)
    assert "2 lines inherit their subject again." in answer.content.decode()
    assert not LineOverride.objects.exists()


def test_the_line_tells_why_and_shows_its_letter(
    reader_client: Client, segment: Segment, lines: list[SegmentLine], marketer: User
) -> None:
    overrides.set_value(segment, lines[1], "personal_comment", "See you soon", by=marketer)
    html = reader_client.get(at(segment, "line", lines[1].pk)).content.decode()
    assert "Step 1: Add contacts" in html
    assert "everybody" in html
    assert "Dear Anna, See you soon" in html
    assert "House" in html
    other = reader_client.get(at(segment, "line", lines[2].pk)).content.decode()
    assert "Dear Bo," in other
    assert "See you soon" not in other


def test_a_line_has_its_own_letter(
    marketer_client: Client,
    segment: Segment,
    lines: list[SegmentLine],
    letter_bytes: Callable[[str], bytes],
) -> None:
    pk = lines[0].pk
    url = at(segment, "line_letter", pk)
    for bad in (b"not a letter", b""):
        answer = marketer_client.post(url, {"letter": ContentFile(bad, name="x.docx")})
        assert answer.context["letter_form"].errors["letter"]
    assert marketer_client.post(url).context["letter_form"].errors["letter"]
    assert not LineOverride.objects.exists()
    letter = ContentFile(letter_bytes("For {{ Contact_Name }} only"), name="own.docx")
    typed = {"letter": letter, "accept_fields": "on"}
    answer = marketer_client.post(url, typed, follow=True)
    html = answer.content.decode()
    assert "own.docx" in html
    assert "For «Contact_Name» only" in html  # sent as it is: its fields are not filled
    grid = marketer_client.get(segment.get_absolute_url()).content.decode()
    assert f'<td id="c-{pk}-document" class="own">' in grid
    marketer_client.post(at(segment, "cell_reset", pk, "document"))
    assert not LineOverride.objects.exists()


def test_lines_are_removed_by_one_step(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "lines_remove")
    answer = marketer_client.post(url, {"line": [lines[0].pk, lines[2].pk]}, follow=True)
    assert "2 lines were removed. Back brings them again." in answer.content.decode()
    segment.refresh_from_db()
    assert (names(segment), segment.current_step) == (["Anna"], 2)
    for nothing in ({}, {"line": ["x", "-1", str(2**70), "99999"]}):
        answer = marketer_client.post(url, nothing, follow=True)
        assert "Nothing was removed" in answer.content.decode()


def test_all_means_what_the_question_means(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "lines_remove")
    wrong = marketer_client.post(url, {"all": "1", "search": "a\x00"}, follow=True)
    assert "This search cannot be read" in wrong.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["House", "Anna", "Bo"]
    marketer_client.post(url, {"all": "1", "search": "anna", "line": [lines[0].pk]})
    segment.refresh_from_db()
    assert names(segment) == ["House", "Bo"]
    marketer_client.post(url, {"all": "1", "problem": "no_such"})
    segment.refresh_from_db()
    assert names(segment) == ["House", "Bo"]
    marketer_client.post(url, {"all": "1", "search": ""})
    segment.refresh_from_db()
    assert names(segment) == []


def test_lines_of_other_segments_are_left_alone(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], marketer: User
) -> None:
    other = Segment.objects.create(by=marketer)
    worksheet.add_contacts(other, everybody(), by=marketer, confirm_all=True)
    theirs = list(SegmentLine.objects.present(other).values_list("pk", flat=True))
    marketer_client.post(at(segment, "lines_remove"), {"line": theirs})
    other.refresh_from_db()
    assert len(names(other)) == 3


def test_numbers_of_four_digits_stay_whole(
    marketer_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    contact("Late")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    SegmentLine.objects.update(id=12345)
    html = marketer_client.get(segment.get_absolute_url()).content.decode()
    assert 'value="12345"' in html
    assert 'id="l-12345"' in html
    assert "12,345" not in html
