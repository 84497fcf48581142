"""Combining, reusing, pasting, sampling, one of each: looked at first, then done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from interactions.models import LoggedSegment
from segments import log, worksheet
from segments.models import Segment, SegmentStep
from segments.tests.conftest import named, names, statements


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def three(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """Anna and Bo share an address on the segment with Cid; Dag and Eve are on none."""
    contact("Anna", number="A", email="same@example.com")
    contact("Bo", number="B", email="Same@example.com")
    contact("Cid", number="C")
    contact("Dag", number="D", email="dag@example.com")
    contact("Eve", number="E", exclude_from_segment=True)
    worksheet.add_contacts(segment, named("A", "B", "C"), by=marketer)
    return segment


@pytest.fixture
def other(three: Segment, marketer: User, salesperson: Any, template: Any) -> Segment:
    """Another segment, with Cid, Dag and the excluded Eve."""
    made = Segment.objects.create(
        number="OTHER", description="Other one", salesperson=salesperson, template=template
    )
    worksheet.add_contacts(made, named("C", "D", "E"), by=marketer, ignore_exclusion=True)
    return made


@pytest.fixture
def logged(other: Segment, marketer: User) -> LoggedSegment:
    """The other segment, logged."""
    return log.log_segment(other, by=marketer)


def test_another_segment_is_chosen_by_search(
    marketer_client: Client, three: Segment, other: Segment
) -> None:
    html = marketer_client.get(at(three, "combine"), {"q": "other"}).content.decode()
    assert at(three, "combine_open", "OTHER") in html
    assert at(three, "combine_open", three.number) not in html
    html = marketer_client.get(at(three, "combine"), {"q": "nothing\x00"}).content.decode()
    assert at(three, "combine_open", "OTHER") not in html


def test_the_overlap_comes_first(marketer_client: Client, three: Segment, other: Segment) -> None:
    page = marketer_client.get(at(three, "combine_open", "OTHER"))
    overlap = page.context["overlap"]
    assert (overlap.both, overlap.only_here, overlap.only_there) == (1, 2, 2)
    assert {way.kind: way.changes for way in page.context["ways"]} == {
        "add": 1,
        "refine": 2,
        "reduce": 1,
    }


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("add", ["Anna", "Bo", "Cid", "Dag"]),
        ("refine", ["Cid"]),
        ("reduce", ["Anna", "Bo"]),
    ],
)
def test_segments_are_combined(
    marketer_client: Client, three: Segment, other: Segment, kind: str, left: list[str]
) -> None:
    answer = marketer_client.post(at(three, "combine_open", "OTHER"), {"kind": kind})
    assert answer["Location"] == three.get_absolute_url()
    three.refresh_from_db()
    assert names(three) == left
    other.refresh_from_db()
    assert names(other) == ["Cid", "Dag", "Eve"]


def test_a_wrong_way_is_told(marketer_client: Client, three: Segment, other: Segment) -> None:
    for kind in ("", "sample", "x\x00"):
        answer = marketer_client.post(at(three, "combine_open", "OTHER"), {"kind": kind})
        assert "Combine by" in answer.context["refused"]
    assert three.steps.count() == 1


def test_a_logged_segment_is_combined_and_reused(
    marketer_client: Client, three: Segment, logged: LoggedSegment
) -> None:
    html = marketer_client.get(at(three, "reuse_logged"), {"q": "oth"}).content.decode()
    assert at(three, "reuse_logged_play", "OTHER") in html
    page = marketer_client.get(at(three, "combine_logged", "OTHER"))
    assert page.context["overlap"].both == 1
    url = at(three, "reuse_logged_play", "OTHER")
    preview = marketer_client.get(url).context["preview"]
    assert (preview.new, preview.already, preview.excluded) == (1, 1, 1)
    looked = marketer_client.post(url, {"action": "look", "ignore_exclusion": "on"})
    assert looked.context["preview"].new == 2
    assert three.steps.count() == 1
    marketer_client.post(url, {"action": "apply"})
    three.refresh_from_db()
    assert names(three) == ["Anna", "Bo", "Cid", "Dag"]
    again = marketer_client.post(url, {"action": "apply"})
    assert "Nothing would change" in again.context["refused"]
    assert three.steps.get(number=2).kind == "reuse_logged"


def test_a_list_is_matched_before_it_is_added(marketer_client: Client, three: Segment) -> None:
    text = "D, dag@EXAMPLE.com; same@example.com\nNOBODY\tE"
    looked = marketer_client.post(at(three, "paste"), {"text": text, "action": "look"})
    matched = looked.context["matched"]
    assert (matched.numbers, matched.unknown, matched.ambiguous) == (
        ["D", "E"],
        ["NOBODY"],
        ["same@example.com"],
    )
    assert looked.context["trial"].added == 1
    html = looked.content.decode()
    for said in ("NOBODY", "same@example.com", "Add 1 line", "Dag"):
        assert said in html
    assert three.steps.count() == 1
    marketer_client.post(at(three, "paste"), {"text": text, "action": "apply"})
    three.refresh_from_db()
    assert names(three) == ["Anna", "Bo", "Cid", "Dag"]
    assert three.steps.get(number=2).kind == "paste"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste contact numbers"),
        (" ,; \n", "Paste contact numbers"),
        ("NOBODY", "Nobody on the list is a contact of ours"),
        ("A", "Nothing would change"),
        ("a\x00b", "Null characters are not allowed"),
        ("x " * 60_000, ""),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_a_wrong_list_adds_nobody(
    marketer_client: Client, three: Segment, text: str, said: str
) -> None:
    for action in ("look", "apply"):
        answer = marketer_client.post(at(three, "paste"), {"text": text, "action": action})
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert three.steps.count() == 1


def test_a_sample_is_the_one_that_was_looked_at(marketer_client: Client, three: Segment) -> None:
    looked = marketer_client.post(at(three, "sample"), {"count": "1", "action": "look"})
    trial, seed = looked.context["trial"], looked.context["form"]["seed"].value()
    assert (trial.removed, trial.lines) == (2, 1)
    assert seed
    gone = [contact.name for contact in trial.sample_removed]
    data = {"count": "1", "seed": seed, "action": "apply"}
    answer = marketer_client.post(at(three, "sample"), data, follow=True)
    assert "2 lines were removed" in answer.content.decode()
    three.refresh_from_db()
    assert set(names(three)) == {"Anna", "Bo", "Cid"} - set(gone)
    assert three.steps.get(number=2).options == {"count": 1, "seed": seed}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"count": "1", "percent": "10"},
        {"count": "0"},
        {"count": "-1"},
        {"count": "many"},
        {"count": "9" * 30},
        {"percent": "0"},
        {"percent": "100"},
        {"percent": "nan"},
        {"percent": "inf"},
        {"count": "1", "seed": "x" * 41},
        {"count": "1", "seed": "a\x00b"},
        {"count": "1", "seed": "a\u202eb"},
        {"count": "5"},
    ],
)
def test_a_wrong_sample_removes_nobody(
    marketer_client: Client, three: Segment, data: dict[str, str]
) -> None:
    answer = marketer_client.post(at(three, "sample"), {**data, "action": "apply"})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert three.steps.count() == 1


def test_one_of_each(marketer_client: Client, three: Segment) -> None:
    looked = marketer_client.post(at(three, "one_per"), {"what": "email", "action": "look"})
    assert [one.name for one in looked.context["trial"].sample_removed] == ["Bo"]
    assert "Remove 1 line" in looked.content.decode()
    same = marketer_client.post(at(three, "one_per"), {"what": "address", "action": "look"})
    assert "Nothing would change." in same.content.decode()
    wrong = marketer_client.post(at(three, "one_per"), {"what": "x", "action": "apply"})
    assert wrong.context["form"].errors["what"]
    assert three.steps.count() == 1
    marketer_client.post(at(three, "one_per"), {"what": "email", "action": "apply"})
    three.refresh_from_db()
    assert names(three) == ["Anna", "Cid"]


def test_looking_keeps_the_undone_steps(
    marketer_client: Client, three: Segment, marketer: User
) -> None:
    worksheet.add_contacts(three, named("D"), by=marketer)
    worksheet.go_back(three, by=marketer)
    marketer_client.post(at(three, "one_per"), {"what": "email", "action": "look"})
    three.refresh_from_db()
    assert (three.current_step, three.steps.count()) == (1, 2)
    worksheet.go_forward(three, by=marketer)
    assert names(three) == ["Anna", "Bo", "Cid", "Dag"]


PAGES = ("combine", "reuse_logged", "paste", "sample", "one_per")


def test_only_who_may(
    reader_client: Client, client: Client, three: Segment, other: Segment
) -> None:
    urls = [at(three, name) for name in PAGES] + [at(three, "combine_open", "OTHER")]
    for url in urls:
        assert reader_client.get(url).status_code == 403
        refused = 405 if url in urls[:2] else 403
        assert reader_client.post(url, {"action": "apply", "what": "email"}).status_code == refused
        assert client.get(url).status_code == 302
    assert three.steps.count() == 1


def test_unknown_ones(marketer_client: Client, three: Segment, other: Segment) -> None:
    for name in PAGES:
        assert marketer_client.get(reverse(f"segments:{name}", args=["NONE"])).status_code == 404
    for name in ("combine_open", "combine_logged", "reuse_logged_play"):
        assert marketer_client.get(at(three, name, "NONE")).status_code == 404
    assert marketer_client.get(at(three, "combine_open", three.number)).status_code == 404
    assert marketer_client.get(at(three, "combine_logged", "OTHER")).status_code == 404


def test_choosing_costs_the_same_for_one_and_for_three(
    marketer_client: Client, three: Segment, other: Segment
) -> None:
    url = at(three, "combine")
    one = statements(lambda: marketer_client.get(url))
    for number in range(2):
        Segment.objects.create(number=f"MORE{number}")
    assert statements(lambda: marketer_client.get(url)) == one


def test_looking_costs_the_same_for_one_and_for_thirty(
    marketer_client: Client, three: Segment, contact: Callable[..., Contact]
) -> None:
    url, text = at(three, "paste"), "D"
    one = statements(lambda: marketer_client.post(url, {"text": text, "action": "look"}))
    for _number in range(30):
        text += f" {contact().number}"
    many = statements(lambda: marketer_client.post(url, {"text": text, "action": "look"}))
    assert many == one
    assert SegmentStep.objects.filter(segment=three).count() == 1
