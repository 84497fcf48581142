"""The worksheet's lines without a browser: columns, sorts, filters, pasting, news, composition."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import (
    Campaign,
    Contact,
    ContactIndustryGroup,
    IndustryGroup,
    Salesperson,
    Territory,
)
from segments import columns, composition, grid, log, overrides, pasting, trail, worksheet
from segments.effective import EffectiveLines
from segments.models import LineColumns, LineOverride, Segment, SegmentEditor, SegmentLine
from segments.overrides import LineGone
from segments.tests.conftest import everybody, names, statements

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def lines(segment: Segment, marketer: User, company: Callable[..., Contact]) -> list[SegmentLine]:
    """A company and its two people, on the segment; another company's person would leak."""
    north = Territory.objects.create(code="NORTH", description="North")
    house = company("House", ["Anna", "Bo"], territory=north, language="fi", number="H")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    company("Elsewhere", ["Eve"], territory=north)
    group = IndustryGroup.objects.create(code="BUILD", description="Building")
    ContactIndustryGroup.objects.create(contact=house, group=group)
    return list(SegmentLine.objects.present(segment))


def shown(client: Client, segment: Segment, **query: Any) -> list[str]:
    """The names on the page, in order."""
    rows = client.get(segment.get_absolute_url(), query).context["rows"]
    return [row.line.contact.name for row in rows]


def own(name: str) -> list[Any]:
    return list(LineOverride.objects.order_by("line").values_list(name, flat=True))


# -- columns ---------------------------------------------------------------------------------------


def test_columns_are_kept_for_the_reader(
    reader_client: Client, marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "columns")
    assert "<html" in reader_client.get(url).content.decode()
    order = ["city", "subject", "nonsense", "cost"]
    answer = reader_client.post(url, {"order": order, "column": ["cost", "city", "nonsense"]})
    assert answer["Location"] == segment.get_absolute_url()
    page = reader_client.get(segment.get_absolute_url())
    assert [head.name for head in page.context["heads"]] == ["city", "cost"]
    other = marketer_client.get(segment.get_absolute_url())
    assert [head.name for head in other.context["heads"]] == list(columns.DEFAULT)
    row = reader_client.get(at(segment, "line_row", lines[0].pk), **HTMX).content.decode()
    assert f'id="c-{lines[0].pk}-cost"' in row
    assert "subject" not in row
    reader_client.post(url, {"action": "default", "column": ["city"], "order": order})
    page = reader_client.get(segment.get_absolute_url())
    assert [head.name for head in page.context["heads"]] == list(columns.DEFAULT)
    assert LineColumns.objects.count() == 1


def test_columns_are_moved_before_they_are_kept(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "columns")
    moved = {"order": ["city", "subject"], "column": ["city"], "down": "city"}
    part = reader_client.post(url, moved, **HTMX)
    assert [column.name for column in part.context["order"]][:2] == ["subject", "city"]
    assert part.context["chosen"] == ["city"]
    assert "<html" not in part.content.decode()
    part = reader_client.post(url, {"order": ["city"], "column": ["city"], "up": "city"}, **HTMX)
    assert part.context["order"][0].name == "city"
    assert not LineColumns.objects.exists()
    done = reader_client.post(url, {"order": ["city"], "column": ["city"]}, **HTMX)
    assert done["HX-Redirect"] == segment.get_absolute_url()


def test_every_column_has_something_to_say(
    marketer_client: Client, marketer: User, segment: Segment, lines: list[SegmentLine]
) -> None:
    columns.choose(marketer, columns.COLUMNS)
    page = marketer_client.get(segment.get_absolute_url())
    cells = {cell.name: cell.text for cell in page.context["rows"][1].cells}
    assert len(cells) == len(columns.COLUMNS)
    for name, text in (("company", "House"), ("template", "LETTER"), ("cost", "1.20")):
        assert cells[name] == text
    assert (cells["campaign_target"], cells["document"]) == ("No", "letter.docx")


@pytest.mark.parametrize("name", columns.COLUMNS)
def test_a_column_alone_asks_as_much_for_one_line_as_for_three(
    segment: Segment, lines: list[SegmentLine], name: str
) -> None:
    """What it tells of was read with the lines, also where they say it themselves."""
    campaign = Campaign.objects.create(description="Spring")
    seller = Salesperson.objects.create(code="OWN", name="Own Seller")
    Contact.objects.update(salesperson=Salesperson.objects.create(code="HIS", name="His Seller"))
    for line in lines:
        LineOverride.objects.create(line=line, campaign=campaign, salesperson=seller)

    def asked(some: list[SegmentLine]) -> int:
        effective = EffectiveLines(Segment.objects.get())
        with CaptureQueriesContext(connection) as seen:
            rows = grid.rows(effective, [line.pk for line in some], [columns.COLUMNS[name]])
        assert len(rows) == len(some)
        return len(seen)

    assert asked(lines) == asked(lines[:1])


def test_strangers_choose_nothing(client: Client, segment: Segment) -> None:
    for name in ("columns", "composition", "news", "paste_column"):
        answer = client.get(at(segment, name))
        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


# -- sorts and filters -----------------------------------------------------------------------------


def test_lines_are_sorted(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    assert shown(reader_client, segment) == ["House", "Anna", "Bo"]
    assert shown(reader_client, segment, sort="name") == ["Anna", "Bo", "House"]
    assert shown(reader_client, segment, sort="-name") == ["House", "Bo", "Anna"]
    assert shown(reader_client, segment, sort="number") == ["House", "Anna", "Bo"]
    for sort in columns.SORTS:
        assert sorted(shown(reader_client, segment, sort=sort)) == ["Anna", "Bo", "House"]
    assert shown(reader_client, segment, sort="pk; drop") == ["House", "Anna", "Bo"]
    page = reader_client.get(segment.get_absolute_url(), {"sort": "-name"}).content.decode()
    assert 'aria-sort="descending"' in page


def test_pages_of_sorted_lines_do_not_overlap(
    reader_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    for number in range(60):
        contact(f"Person {number:02}", city="Oulu")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    first = shown(reader_client, segment, sort="city")
    last = shown(reader_client, segment, sort="city", page="2", after="1")
    assert sorted(first + last) == [f"Person {number:02}" for number in range(60)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"own": "anything"}, ["Anna"]),
        ({"own": "subject"}, ["Anna"]),
        ({"own": "cost"}, []),
        ({"type": "company"}, ["House"]),
        ({"territory": "NORTH"}, ["House"]),
        ({"industry": "BUILD"}, ["House", "Anna", "Bo"]),
        ({"language_is": "sv"}, ["Anna"]),
        ({"language_is": "en"}, ["House", "Bo"]),
        ({"correspondence_is": "hard_copy", "search": "bo"}, ["Bo"]),
        ({"problem": "no_document"}, ["Anna"]),
        ({"problem": "no_document", "type": "company"}, []),
        ({"type": "martian"}, []),
        ({"territory": "NOWHERE"}, []),
    ],
)
def test_lines_are_filtered(
    reader_client: Client,
    segment: Segment,
    lines: list[SegmentLine],
    marketer: User,
    query: Any,
    expected: list[str],
) -> None:
    overrides.set_value(segment, lines[1], "subject", "Own", by=marketer)
    overrides.set_value(segment, lines[1], "language", "sv", by=marketer)
    assert shown(reader_client, segment, **query) == expected


def test_chips_take_filters_off(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    query = {"type": "company", "sort": "name", "problem": "no_document"}
    page = html.unescape(reader_client.get(segment.get_absolute_url(), query).content.decode())
    assert "?sort=name&problem=no_document#lines" in page
    assert "?type=company&sort=name#lines" in page
    assert "without a letter in their language" in page


def test_all_means_the_filters_too(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    asked = {"all": "1", "type": "person", "at": "1"}
    page = marketer_client.post(at(segment, "lines_set"), asked)
    assert page.context["count"] == 2
    assert ("type", "person") in page.context["kept"]
    value = {"name": "language", "language": "sv", "action": "apply"}
    marketer_client.post(at(segment, "lines_set"), asked | value)
    assert own("line__contact__name") == ["Anna", "Bo"]
    stale = marketer_client.post(at(segment, "lines_set"), asked | value | {"at": "9"}, follow=True)
    assert "Somebody changed the segment meanwhile" in stale.content.decode()
    stale = marketer_client.post(at(segment, "lines_remove"), asked | {"at": "9"}, follow=True)
    assert "Somebody changed the segment meanwhile" in stale.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["House", "Anna", "Bo"]
    marketer_client.post(at(segment, "lines_remove"), asked)
    segment.refresh_from_db()
    assert names(segment) == ["House"]


def test_a_slow_sort_is_given_up(
    reader_client: Client, segment: Segment, marketer: User, monkeypatch: Any
) -> None:
    """An order that takes longer than it may gives the lines in their own, and says so."""
    people = [Contact(number=f"P{number}", name=f"P{number:04}") for number in range(3000)]
    for one in people:
        one.prepare()
    Contact.objects.bulk_create(people)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    monkeypatch.setattr(grid, "SORTING", 0.001)
    page = reader_client.get(segment.get_absolute_url(), {"sort": "-city"})
    assert "cannot be sorted by this soon enough" in page.content.decode()
    assert page.context["rows"][0].line.contact.name == "P0000"


# -- pasting ---------------------------------------------------------------------------------------


def paste(client: Client, segment: Segment, query: str = "", **typed: Any) -> Any:
    return client.post(at(segment, "paste_column") + query, typed)


def test_a_column_is_pasted_from_a_line_on(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    done = paste(marketer_client, segment, name="subject", text="One\r\nTwo\r\n", start=lines[1].pk)
    assert done["Location"] == segment.get_absolute_url()
    assert own("subject") == ["One", "Two"]
    paste(marketer_client, segment, name="subject", text="\nThree", start=lines[1].pk)
    assert own("subject") == ["Three"]
    paste(marketer_client, segment, "?sort=-name", name="subject", text="A\nB", start=lines[2].pk)
    said = dict(LineOverride.objects.values_list("line__contact__name", "subject"))
    assert said == {"Bo": "A", "Anna": "B"}
    paste(marketer_client, segment, name="evaluation", text="Positive", line=[lines[0].pk])
    assert own("evaluation") == ["positive", "", ""]


def test_values_are_read_as_people_write_them(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], salesperson: Salesperson
) -> None:
    pasted = {
        "language": ("suomi\nSwedish\nen", ["fi", "sv", "en"]),
        "salesperson": ("aino kallio\nAK\n\n", [salesperson.pk, salesperson.pk, None]),
        "template": ("letter\n\n\n", [segment.template_id, None, None]),
        "campaign_target": ("yes\nEi\nTRUE", [True, False, True]),
        "duration": ("5\n0\n\n", [5, 0, None]),
        "personal_comment": ('"Two\nlines"\n"say ""hi"""\nx', ["Two\nlines", 'say "hi"', "x"]),
    }
    for name, (text, expected) in pasted.items():
        paste(
            marketer_client,
            segment,
            name=name,
            text=text,
            line=[line.pk for line in lines],
        )
        found = dict(LineOverride.objects.values_list("line", name))
        assert [found.get(line.pk) for line in lines] == expected, name


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("language", "fi\nklingon", "There is no klingon."),
        ("cost", "1\n-1", "A cost cannot be negative."),
        ("cost", "1\nmuch", "Enter a number."),
        ("date", "soon", "Enter a valid date."),
        ("subject", "x" * 201, "at most 200 characters"),
        ("template", "NOPE", "There is no NOPE."),
        ("salesperson", "Nobody", "There is no Nobody."),
        ("duration", "1.5", "Enter a whole number."),
        ("subject", "a\tb", "Copy one column"),
        ("subject", "\n\n", "There is nothing to paste."),
        ("subject", "a\nb\nc\nd", "You pasted 4 values, and there are 3 lines for them."),
        ("subject", "", "This field is required."),
        ("document", "letter.docx", "Select a valid choice"),
        ("nonsense", "x", "Select a valid choice"),
        ("subject", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_what_is_not_understood_changes_nothing(
    marketer_client: Client,
    segment: Segment,
    lines: list[SegmentLine],
    name: str,
    text: str,
    why: str,
) -> None:
    answer = paste(marketer_client, segment, name=name, text=text, start=lines[0].pk)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert why in page
    assert not LineOverride.objects.exists()
    part = marketer_client.post(
        at(segment, "paste_column"), {"name": name, "text": text, "start": lines[0].pk}, **HTMX
    )
    assert (part["HX-Retarget"], part["HX-Reselect"]) == ("#panel", "#paste-column")


def test_pasting_is_for_who_may_change(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    assert paste(reader_client, segment, name="subject", text="Mine").status_code == 403
    assert reader_client.get(at(segment, "paste_column")).status_code == 403
    assert not LineOverride.objects.exists()


def test_lines_of_others_are_not_pasted_into(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], marketer: User
) -> None:
    other = Segment.objects.create(by=marketer)
    worksheet.add_contacts(other, everybody(), by=marketer, confirm_all=True)
    theirs = SegmentLine.objects.present(other)[0].pk
    told = paste(marketer_client, segment, name="subject", text="x", line=[lines[0].pk, theirs])
    assert "One of the lines is not on the segment any more." in told.content.decode()
    for start in (theirs, 2**62, "x"):
        paste(marketer_client, segment, name="subject", text="a\nb\nc\nd", start=start)
    assert not LineOverride.objects.exists()
    with pytest.raises(LineGone):
        pasting.paste(segment, "subject", {theirs: "x"}, by=marketer)


def test_more_than_a_page_is_looked_at_first(
    marketer_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    for _number in range(60):
        contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    text = "\n".join(f"Subject {number}" for number in range(55))
    look = paste(marketer_client, segment, name="subject", text=text)
    assert "55 lines will say this themselves" in look.content.decode()
    assert (look.context["count"], len(look.context["changes"])) == (55, 20)
    assert not LineOverride.objects.exists()
    other = paste(marketer_client, segment, name="cost", text="1\n" * 55, seen=look.context["seen"])
    assert "have changed meanwhile: look again" in other.content.decode()
    paste(marketer_client, segment, name="subject", text=text, seen=look.context["seen"])
    assert own("subject") == text.split("\n")
    part = marketer_client.get(at(segment, "paste_column"))
    assert "from the first one" in part.content.decode()


def test_pasting_costs_the_same_for_one_and_for_many(
    segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    for _number in range(31):
        contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    pks = list(SegmentLine.objects.present(segment).values_list("pk", flat=True))
    pasting.paste(segment, "subject", {pks[0]: "x"}, by=marketer)
    one = statements(lambda: pasting.paste(segment, "subject", {pks[0]: "y"}, by=marketer))
    many = dict.fromkeys(pks[1:], "z")
    assert statements(lambda: pasting.paste(segment, "subject", many, by=marketer)) == one
    read = statements(lambda: pasting.read_all("salesperson", ["AK"]))
    assert statements(lambda: pasting.read_all("salesperson", ["AK"] * 30)) == read


# -- two people ------------------------------------------------------------------------------------


@pytest.fixture
def maija(marketer: User) -> User:
    """A colleague."""
    return User.objects.create_user("maija", first_name="Maija", last_name="Virta")


def test_news_of_others(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], maija: User
) -> None:
    def news(since: str) -> Any:
        return marketer_client.get(at(segment, "news"), {"since": since})

    since = marketer_client.get(segment.get_absolute_url()).context["news_since"]
    assert (since, news(since).status_code) == ("", 204)
    overrides.set_value(segment, lines[0], "subject", "Hers", by=maija)
    assert "Maija Virta changed this segment" in news(since).content.decode()
    since = marketer_client.get(segment.get_absolute_url()).context["news_since"]
    assert news(since).status_code == 204
    for wrong in ("", "soon", "2026-13-45T00:00", "2026-01-01T00:00"):
        assert news(wrong).status_code == 200
    assert marketer_client.get(reverse("segments:news", args=["NOPE"])).status_code == 404
    log.log_segment(segment, by=maija)
    told = news(since)
    assert "Maija Virta has logged this segment meanwhile." in told.content.decode()
    assert not SegmentEditor.objects.exists()


def test_news_are_cheap_and_not_for_everybody(
    client: Client, marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "news")
    assert statements(lambda: marketer_client.get(url)) <= 6
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(url).status_code == 403


def test_every_write_notes_who(
    segment: Segment, lines: list[SegmentLine], marketer: User, maija: User
) -> None:
    def noted(work: Callable[[], Any]) -> bool:
        SegmentEditor.objects.all().delete()
        work()
        return SegmentEditor.objects.filter(segment=segment, user=maija).exists()

    line = lines[0]
    for work in (
        lambda: overrides.set_value(segment, line, "subject", "x", by=maija),
        lambda: overrides.reset_column(segment, "subject", by=maija),
        lambda: pasting.paste(segment, "subject", {line.pk: "y"}, by=maija),
        lambda: worksheet.remove_lines(segment, [line], by=maija),
        lambda: worksheet.go_back(segment, by=maija),
        lambda: worksheet.go_forward(segment, by=maija),
        lambda: worksheet.go_to_step(segment, 0, by=maija),
    ):
        assert noted(work)
    assert not noted(lambda: trail.touch(segment, None))
    assert not noted(lambda: worksheet.go_back(segment, by=maija))


def test_an_overtaken_cell_is_refused_and_kept(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine], maija: User
) -> None:
    url = at(segment, "cell", lines[0].pk, "subject")
    was = marketer_client.get(url).context["was"]
    overrides.set_value(segment, lines[0], "subject", "Hers", by=maija)
    told = marketer_client.post(url, {"subject": "Mine", "was": was}, **HTMX)
    page = html.unescape(told.content.decode())
    assert "it is “Hers” now" in page
    assert 'value="Mine"' in page
    assert own("subject") == ["Hers"]
    assert marketer_client.post(url, {"subject": "Hers", "was": was}, **HTMX).status_code == 200
    marketer_client.post(url, {"subject": "Mine", "was": told.context["was"]}, **HTMX)
    assert own("subject") == ["Mine"]


def test_an_overtaken_header_is_refused_and_kept(
    marketer_client: Client, segment: Segment, maija: User
) -> None:
    url = at(segment, "header_field", "description")
    was = marketer_client.get(url).context["was"]
    Segment.objects.update(description="Hers")
    mine = {"description": "Mine", "initial-description": "Spring letter"}
    told = marketer_client.post(url, mine | {"was": was}, **HTMX)
    assert "This was changed meanwhile to “Hers”" in html.unescape(told.content.decode())
    assert Segment.objects.get().description == "Hers"
    marketer_client.post(url, mine | {"was": told.context["was"]}, **HTMX)
    assert Segment.objects.get().description == "Mine"


def test_an_overtaken_header_page_is_refused_and_kept(
    marketer_client: Client, segment: Segment, maija: User
) -> None:
    url = at(segment, "segment_edit")
    shown = marketer_client.get(url).content.decode()
    assert 'name="initial-description" value="Spring letter"' in shown
    Segment.objects.update(description="Hers", subject="Hers too")
    mine = {
        "description": "Mine",
        "initial-description": "Spring letter",
        "date": str(segment.date),
        "initial-date": str(segment.date),
        "salesperson": str(segment.salesperson_id),
        "template": str(segment.template_id),
    }
    told = marketer_client.post(url, mine | {"subject": "", "initial-subject": ""})
    page = html.unescape(told.content.decode())
    assert "This was changed meanwhile to “Hers”" in page
    assert 'name="description" value="Mine"' in page
    assert 'name="initial-description" value="Hers"' in page
    marketer_client.post(url, mine | {"initial-description": "Hers", "initial-subject": ""})
    stored = Segment.objects.get()
    assert (stored.description, stored.subject) == ("Mine", "Hers too")


# -- the panel, the composition --------------------------------------------------------------------


def test_the_line_in_a_panel(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "line", lines[1].pk)
    part = reader_client.get(url, {"type": "person"}, **HTMX)
    page = html.unescape(part.content.decode())
    assert "<html" not in page
    assert "Step 1: Add contacts" in page
    assert "Dear Anna" in page
    assert part.context["before"] == ""
    assert part.context["after"] == at(segment, "line", lines[2].pk) + "?type=person"
    whole = reader_client.get(url)
    assert whole.context["before"] == at(segment, "line", lines[0].pk)
    assert 'rel="next"' in whole.content.decode()


def test_a_comment_in_the_panel(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    url = at(segment, "cell", lines[1].pk, "personal_comment")
    panel = HTMX | {"HTTP_HX_TARGET": "panel"}
    part = marketer_client.post(url, {"personal_comment": "See you"}, **panel)
    assert "See you" in part.content.decode()
    assert str(lines[1].pk) in part["HX-Trigger"]
    long = marketer_client.post(url, {"personal_comment": "x" * 2001}, **panel)
    assert "field-errors" in long.content.decode()
    assert "HX-Retarget" not in long
    assert own("personal_comment") == ["See you"]


def test_inherited_values_say_their_source(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    def placeholder(name: str) -> str:
        part = marketer_client.get(at(segment, "cell", lines[0].pk, name), **HTMX)
        return html.unescape(part.content.decode())

    assert "News (from template LETTER)" in placeholder("subject")
    assert "Spring letter (from the segment)" in placeholder("description")
    assert "English (from template LETTER)" in placeholder("language")
    assert "Aino Kallio (from the segment)" in placeholder("salesperson")
    Contact.objects.filter(number="H").update(language="en", correspondence_type="email")
    assert "English (from the contact)" in placeholder("language")
    assert "E-mail (from the contact)" in placeholder("correspondence_type")


def test_what_the_segment_is_made_of(
    reader_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    made = composition.composition(segment)
    found = [[(part.label, part.count) for part in chart.parts] for chart in made]
    assert found == [
        [("Person", 2), ("Company", 1)],
        [("North", 1), ("none", 2)],
        [("English", 3)],
        [("Building", 3)],
    ]
    for name in ("page", "part"):
        answer = reader_client.get(at(segment, "composition"), **(HTMX if name == "part" else {}))
        assert "?territory=NORTH#lines" in answer.content.decode()
    for query in ({"type": "person"}, {"territory": "NORTH"}, {"industry": "BUILD"}):
        label = next(iter(query))
        counted = next(
            part.count
            for chart in made
            for part in chart.parts
            if part.query == f"{label}={query[label]}"
        )
        assert len(shown(reader_client, segment, **query)) == counted


def test_the_composition_costs_the_same_for_one_and_for_many(
    segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    worksheet.add_contact(segment, contact(), by=marketer)
    one = statements(lambda: composition.composition(segment))
    for _number in range(30):
        contact(language="fi")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    assert statements(lambda: composition.composition(segment)) == one


def test_the_pages_keep_to_their_budget(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    """15 statements at most; a question within the segment costs no more."""

    def cost(url: str) -> int:
        marketer_client.get(url)  # what is asked once a process is asked now
        with CaptureQueriesContext(connection) as asked:
            marketer_client.get(url)
        # Savepoints are this test's: it runs in a transaction, a request does not.
        return len([one for one in asked if "SAVEPOINT" not in one["sql"]])

    sheet = segment.get_absolute_url()
    assert {query: cost(sheet + query) <= 15 for query in ("", "?type=person&sort=company")} == {
        "": True,
        "?type=person&sort=company": True,
    }
    assert cost(at(segment, "line", lines[1].pk)) <= 15
    assert cost(at(segment, "composition")) <= 15


def test_a_question_keeps_what_was_asked(segment: Segment) -> None:
    query = QueryDict("type=person&type=company&search=a&problem=blocked&page=3&sort=name")
    asked = grid.Selection(segment, query).question
    assert asked == [
        ("problem", "blocked"),
        ("search", "a"),
        ("type", "person"),
        ("type", "company"),
    ]


def test_cells_lead_to_their_forms(
    marketer_client: Client, segment: Segment, lines: list[SegmentLine]
) -> None:
    """The address of a cell is made of its line's."""
    page = marketer_client.get(segment.get_absolute_url()).content.decode()
    for line in lines:
        for name in ("description", "language", "evaluation"):
            url = at(segment, "cell", line.pk, name)
            assert f'<a class="cell" id="e-{line.pk}-{name}" href="{url}">' in page
