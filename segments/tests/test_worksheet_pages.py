"""The worksheet page: header in place, trail and its verbs, by hand, the segment's own letters."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact, Salesperson
from interactions.models import Document, InteractionTemplate
from segments import log, trail, worksheet
from segments.models import Segment, SegmentDocument, SegmentLine, StepKind
from segments.tests.conftest import everybody, named, names, statements

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


def said(client: Client, url: str, **data: Any) -> list[str]:
    """Posts and returns the messages of the page that follows."""
    answer = client.post(url, data, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def two(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> list[Contact]:
    """Two contacts on the segment, by one step; one who is excluded leaks if anything does."""
    contact("Excluded Eve", number="EVE", exclude_from_segment=True)
    made = [contact("Anna", number="A", email="anna@example.com"), contact("Bo", number="B")]
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return made


@pytest.mark.usefixtures("two")
def test_the_page_tells_all(reader_client: Client, segment: Segment) -> None:
    html = reader_client.get(segment.get_absolute_url()).content.decode()
    for words in ("Anna", "Bo", "anna@example.com", "everybody", "from template LETTER", "2.40"):
        assert words in html
    assert "Excluded Eve" not in html
    for verb in ("back", "forward", "add", "by_hand", "segment_edit", "lines_remove", "log"):
        assert at(segment, verb) not in html


@pytest.mark.usefixtures("two")
def test_who_may_change_is_offered_the_verbs(marketer_client: Client, segment: Segment) -> None:
    html = marketer_client.get(segment.get_absolute_url()).content.decode()
    for verb in ("back", "forward", "add", "keep", "remove", "by_hand", "lines_remove", "log"):
        assert at(segment, verb) in html


def test_the_page_costs_the_same_for_one_and_for_many(
    marketer_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    def page() -> int:
        return statements(lambda: marketer_client.get(segment.get_absolute_url()))

    first = contact("Anna")
    worksheet.add_contact(segment, first, by=marketer)
    one = page()
    for _number in range(2):
        worksheet.add_contact(segment, contact(), by=marketer)
    assert page() == one
    for _number in range(60):
        contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    assert page() == one


def test_pages_of_lines(
    reader_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    for number in range(53):
        contact(f"Person {number:02}", number=f"P{number}")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    url = segment.get_absolute_url()
    rows = reader_client.get(url).context["rows"]
    assert [row.line.contact.name for row in rows] == [f"Person {n:02}" for n in range(50)]
    for page in ("2", "9", "99999999999999999999"):
        rows = reader_client.get(url, {"page": page}).context["rows"]
        assert [row.line.contact.name for row in rows] == ["Person 50", "Person 51", "Person 52"]
    rows = reader_client.get(url, {"search": "PERSON 07"}).context["rows"]
    assert [row.line.contact.name for row in rows] == ["Person 07"]
    wrong = reader_client.get(url, {"search": "a\x00b"})
    assert (wrong.status_code, wrong.context["rows"]) == (200, [])
    assert reader_client.get(url, {"problem": "no_such"}).context["rows"] == []


def test_the_pager_walks_by_neighbours(
    reader_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    """Forward by "after", backward by "before", to the end at once; rubbish is passed over."""
    for number in range(153):
        contact(f"Person {number:03}", number=f"P{number}")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    url = segment.get_absolute_url()

    def walk(start: str, rel: str) -> list[str]:
        seen: list[str] = []
        query: str | None = start
        while query is not None:
            answer = reader_client.get(f"{url}{query}")
            seen += [row.line.contact.name for row in answer.context["rows"]]
            found = re.search(rf'rel="{rel}" href="([^"]+)"', answer.content.decode())
            query = html.unescape(found[1]) if found else None
        return seen

    everyone = [f"Person {number:03}" for number in range(153)]
    assert walk("", "next") == everyone
    assert sorted(walk("?page=4", "prev")) == everyone
    for rubbish in ("after=x", "before=-1", "after=99999999999999999999999", "after=%00"):
        assert reader_client.get(f"{url}?page=2&{rubbish}").status_code == 200


def test_unknown_and_logged_segments(
    marketer_client: Client, segment: Segment, marketer: User, two: list[Contact]
) -> None:
    assert marketer_client.get("/segments/NONE/").status_code == 404
    logged = log.log_segment(segment, by=marketer)
    for method, url in (
        ("get", segment.get_absolute_url()),
        ("post", at(segment, "back")),
        ("get", at(segment, "add")),
        ("post", at(segment, "log")),
    ):
        answer = getattr(marketer_client, method)(url)
        assert answer["Location"] == logged.get_absolute_url()
    part = marketer_client.get(at(segment, "header_field", "subject"), **HTMX)
    assert part["HX-Redirect"] == logged.get_absolute_url()
    page = marketer_client.get(segment.get_absolute_url(), follow=True).content.decode()
    assert f"Segment {segment.number} has been logged" in page


def test_a_field_is_edited_in_place(marketer_client: Client, segment: Segment) -> None:
    url = at(segment, "header_field", "subject")
    part = marketer_client.get(url, **HTMX).content.decode()
    assert part.lstrip().startswith("<form")
    assert "News (from template LETTER)" in part
    assert "<html" in marketer_client.get(url).content.decode()
    answer = marketer_client.post(url, {"subject": "Spring news"}, **HTMX)
    assert answer["Location"] == segment.get_absolute_url()
    segment.refresh_from_db()
    assert segment.subject == "Spring news"
    shown = marketer_client.get(at(segment, "header_field_shown", "subject"), **HTMX)
    assert "Spring news" in shown.content.decode()


def test_a_field_keeps_the_place_of_the_reader(marketer_client: Client, segment: Segment) -> None:
    here = f"http://testserver{segment.get_absolute_url()}?search=anna&page=2"
    for current, target in (
        (here, f"{segment.get_absolute_url()}?search=anna&page=2"),
        ("http://testserver/contacts/?search=anna", segment.get_absolute_url()),
        ("http://evil.example/?x=1", segment.get_absolute_url()),
    ):
        answer = marketer_client.post(
            at(segment, "header_field", "subject"),
            {"subject": "Words"},
            HTTP_HX_CURRENT_URL=current,
            **HTMX,
        )
        assert answer["Location"] == target


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("unit_cost", "-1"),
        ("unit_cost", "much"),
        ("date", "soon"),
        ("template", "999"),
        ("subject", "x" * 201),
        ("language", "klingon"),
        ("description", "a\x00b"),
    ],
)
def test_a_wrong_field_changes_nothing(
    marketer_client: Client, segment: Segment, name: str, wrong: str
) -> None:
    before = Segment.objects.filter(pk=segment.pk).values().get()
    url = at(segment, "header_field", name)
    part = marketer_client.post(url, {name: wrong}, **HTMX)
    assert part.status_code == 200
    assert part["HX-Retarget"] == f"#f-{name}"
    assert "field-errors" in part.content.decode()
    page = marketer_client.post(url, {name: wrong})
    assert "Nothing was saved" in page.content.decode()
    assert Segment.objects.filter(pk=segment.pk).values().get() == before


def test_a_field_that_is_none(marketer_client: Client, segment: Segment) -> None:
    for name in ("number", "current_step", "by", "nonsense"):
        assert marketer_client.get(at(segment, "header_field", name)).status_code == 404
        assert marketer_client.post(at(segment, "header_field", name)).status_code == 404
        assert marketer_client.get(at(segment, "header_field_shown", name)).status_code == 404


def test_a_reader_changes_nothing(
    reader_client: Client, segment: Segment, two: list[Contact]
) -> None:
    for name, args in (
        ("header_field", ["subject"]),
        ("segment_edit", []),
        ("letters", []),
        ("letter_remove", ["en"]),
        ("back", []),
        ("forward", []),
        ("go_to", [0]),
        ("by_hand", []),
        ("lines_remove", []),
        ("column_reset", ["subject"]),
        ("take_out", ["blocked"]),
        ("mend", ["no_template"]),
        ("log", []),
        ("add", []),
    ):
        assert reader_client.post(at(segment, name, *args), {"all": "1"}).status_code == 403, name
    assert names(segment) == ["Anna", "Bo"]


def test_verbs_are_posts(marketer_client: Client, segment: Segment) -> None:
    for name, args in (("back", []), ("forward", []), ("go_to", [0]), ("lines_remove", [])):
        assert marketer_client.get(at(segment, name, *args)).status_code == 405


def test_the_whole_header_writes_only_what_was_changed(
    marketer_client: Client, segment: Segment, salesperson: Salesperson, template: Any
) -> None:
    url = at(segment, "segment_edit")
    form = marketer_client.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: "" if value is None else value for name, value in typed.items()}
    typed |= {"description": "Ours", "unit_cost": "2.50"}
    typed = {name: value for name, value in typed.items() if value is not False}
    Segment.objects.filter(pk=segment.pk).update(subject="Theirs")
    answer = marketer_client.post(url, {**typed, "subject": ""})
    assert answer["Location"] == segment.get_absolute_url()
    segment.refresh_from_db()
    assert (segment.description, str(segment.unit_cost)) == ("Ours", "2.50")
    wrong = marketer_client.post(url, {**typed, "date": "soon", "description": "Kept words"})
    assert "Kept words" in wrong.content.decode()
    segment.refresh_from_db()
    assert segment.description == "Ours"


def test_back_forward_and_to_a_step(
    marketer_client: Client, segment: Segment, marketer: User, two: list[Contact]
) -> None:
    worksheet.reduce_contacts(segment, named("A"), by=marketer)
    assert said(marketer_client, at(segment, "back")) == ["Step 2 was undone: 2 lines now."]
    assert names(segment) == ["Bo"] or names(Segment.objects.get()) == ["Anna", "Bo"]
    assert said(marketer_client, at(segment, "forward")) == ["Step 2 was done again: 1 line now."]
    assert said(marketer_client, at(segment, "forward")) == ["There is no step to do again."]
    assert said(marketer_client, at(segment, "go_to", 0)) == [
        "The segment stands at step 0: 0 lines now."
    ]
    assert said(marketer_client, at(segment, "back")) == ["There is no step to undo."]
    assert said(marketer_client, at(segment, "go_to", 7)) == ["There is no step 7."]
    page = marketer_client.get(segment.get_absolute_url())
    assert [row.is_undone for fold in page.context["folds"] for row in fold.rows] == [True, True]


def test_steps_by_hand_fold(
    marketer_client: Client, segment: Segment, marketer: User, two: list[Contact], contact: Any
) -> None:
    for _number in range(3):
        worksheet.add_contact(segment, contact(), by=marketer)
    folds = marketer_client.get(segment.get_absolute_url()).context["folds"]
    assert [(fold.is_folded, len(fold.rows), fold.added) for fold in folds] == [
        (False, 1, 2),
        (True, 3, 3),
    ]
    assert [fold.has_current for fold in folds] == [False, True]


def test_a_contact_by_hand(marketer_client: Client, segment: Segment, two: list[Contact]) -> None:
    url = at(segment, "by_hand")
    wrong = marketer_client.post(url, {"contact": "EVE"})
    assert "is excluded from segments" in str(wrong.context["form"].errors["contact"])
    wrong = marketer_client.post(url, {"contact": "A"})
    assert "on the segment already" in str(wrong.context["form"].errors["contact"])
    wrong = marketer_client.post(url, {"contact": "NOBODY"})
    assert "NOBODY" in wrong.content.decode()
    Contact.objects.filter(number="B").update(privacy_blocked=True)
    wrong = marketer_client.post(url, {"contact": "B", "ignore_exclusion": "on"})
    assert "is blocked" in str(wrong.context["form"].errors["contact"])
    assert SegmentLine.objects.count() == 2
    done = said(marketer_client, url, contact="EVE", ignore_exclusion="on")
    assert done == ["EVE Excluded Eve was added."]
    segment.refresh_from_db()
    assert segment.steps.get(number=2).kind == StepKind.ADD_BY_HAND
    assert trail.lines_at(segment) == 3


def upload(data: bytes, name: str = "letter.docx") -> ContentFile:
    return ContentFile(data, name=name)


def test_own_letters(
    marketer_client: Client, segment: Segment, letter_bytes: Callable[[str], bytes]
) -> None:
    url = at(segment, "letters")
    data = {"language": "fi", "letter": upload(letter_bytes("Hei"), "kirje.docx")}
    assert said(marketer_client, url, **data) == ["The segment has its own letter in Finnish now."]
    assert "kirje.docx" in marketer_client.get(segment.get_absolute_url()).content.decode()
    for bad in (b"not a letter", b""):
        wrong = marketer_client.post(url, {"language": "sv", "letter": upload(bad)})
        assert wrong.status_code == 200
        assert wrong.context["form"].errors["letter"]
    wrong = marketer_client.post(url, {"language": "xx", "letter": upload(letter_bytes("Hej"))})
    assert set(wrong.context["form"].errors) == {"language"}
    assert set(marketer_client.post(url, {}).context["form"].errors) == {"language", "letter"}
    assert list(SegmentDocument.objects.values_list("language", flat=True)) == ["fi"]
    remove = at(segment, "letter_remove", "fi")
    assert said(marketer_client, remove) == ["The segment's own letter in Finnish was removed."]
    assert marketer_client.post(remove).status_code == 404
    assert marketer_client.post(at(segment, "letter_remove", "xx")).status_code == 404
    assert not SegmentDocument.objects.exists()
    assert not Document.objects.filter(name="kirje.docx").exists()


def test_a_letter_that_is_too_big(marketer_client: Client, segment: Segment) -> None:
    big = io.BytesIO(b"x" * (10 * 1024 * 1024 + 1))
    big.name = "big.docx"
    wrong = marketer_client.post(at(segment, "letters"), {"language": "fi", "letter": big})
    assert "10 MB" in str(wrong.context["form"].errors["letter"])


def test_sums_count_lines_that_say_otherwise(
    reader_client: Client,
    segment: Segment,
    two: list[Contact],
    marketer: User,
    template: InteractionTemplate,
) -> None:
    from segments import overrides

    line = SegmentLine.objects.get(contact=two[0])
    overrides.set_value(segment, line, "cost", "10", by=marketer)
    found = reader_client.get(segment.get_absolute_url()).context["totals"]
    assert (found.lines, str(found.cost), found.duration) == (2, "11.20", 6)
