"""Saved criteria: saving steps, playing them, the list and what can be done to one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from segments import saved, worksheet
from segments.models import SavedCriteria, Segment, SegmentStep
from segments.tests.conftest import named, names, statements

STEP = {"kind": "add", "criteria": {"contact": {"city": ["Turku"]}}, "options": {}}


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


def of(one: SavedCriteria, name: str = "") -> str:
    return reverse(f"segments:saved_criteria{name}", args=[one.pk])


@pytest.fixture
def turku(marketer: User) -> SavedCriteria:
    """Everybody in Turku."""
    return SavedCriteria.objects.create(
        code="TURKU", description="In Turku", steps=[STEP], by=marketer
    )


@pytest.fixture
def two(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """By criteria Anna, by hand Bo; Cid of Turku is on no segment."""
    contact("Anna", number="A", city="Turku")
    contact("Cid", number="C", city="Turku")
    bo = contact("Bo", number="B", city="Oulu")
    worksheet.add_contacts(segment, named("A"), by=marketer)
    worksheet.add_contact(segment, bo, by=marketer)
    return segment


def test_steps_by_hand_are_not_ticked(marketer_client: Client, two: Segment) -> None:
    page = marketer_client.get(at(two, "save_criteria"))
    html = page.content.decode()
    assert "1. Add contacts: Number: A" in html
    assert "2. Add by hand: Number: B" in html
    assert page.context["form"]["steps"].value() == ["1"]


def test_ticked_steps_are_saved(marketer_client: Client, two: Segment, marketer: User) -> None:
    data = {"code": " mine ", "description": "Words", "steps": ["1", "2"]}
    answer = marketer_client.post(at(two, "save_criteria"), data, follow=True)
    assert "2 steps were saved as MINE." in answer.content.decode()
    made = SavedCriteria.objects.get()
    assert (made.code, made.description, made.by) == ("MINE", "Words", marketer)
    assert [step["kind"] for step in made.steps] == ["add", "add_by_hand"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"code": "X"}, "There is no step to save"),
        ({"code": "", "steps": "1"}, "This field is required"),
        ({"code": "turku", "steps": "1"}, "There are saved criteria TURKU already"),
        ({"code": "X", "steps": "7"}, "not one of the available choices"),
        ({"code": "a\x00b", "steps": "1"}, "Null characters are not allowed"),
        ({"code": "X" * 41, "steps": "1"}, "at most 40"),
    ],
)
@pytest.mark.usefixtures("turku")
def test_a_wrong_form_saves_nothing(
    marketer_client: Client, two: Segment, data: dict[str, str], said: str
) -> None:
    answer = marketer_client.post(at(two, "save_criteria"), {**data, "description": "Kept words"})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert SavedCriteria.objects.count() == 1


def test_an_empty_trail_has_nothing_to_save(marketer_client: Client, segment: Segment) -> None:
    assert "no step that could be saved" in str(
        marketer_client.get(at(segment, "save_criteria")).content
    )


def test_one_looks_before_one_plays(
    marketer_client: Client, two: Segment, turku: SavedCriteria
) -> None:
    listed = marketer_client.get(at(two, "reuse_criteria"), {"q": "turku"}).content.decode()
    assert at(two, "reuse_criteria_play", turku.pk) in listed
    assert "1 step, never used" in listed
    assert (
        "TURKU"
        not in marketer_client.get(at(two, "reuse_criteria"), {"q": "oulu"}).content.decode()
    )
    page = marketer_client.get(at(two, "reuse_criteria_play", turku.pk))
    assert (page.context["trial"].added, page.context["trial"].lines) == (1, 3)
    html = page.content.decode()
    assert "The segment has 2 steps already and 2 lines." in html
    assert "City: Turku" in html
    assert "Cid" in html
    assert SegmentStep.objects.count() == 2


def test_playing_adds_the_steps(
    marketer_client: Client, two: Segment, turku: SavedCriteria, marketer: User
) -> None:
    answer = marketer_client.post(at(two, "reuse_criteria_play", turku.pk), follow=True)
    assert "TURKU was played: +1, −0; the segment has 3 lines now." in answer.content.decode()
    two.refresh_from_db()
    assert names(two) == ["Anna", "Bo", "Cid"]
    turku.refresh_from_db()
    assert turku.last_used_by == marketer
    again = marketer_client.post(at(two, "reuse_criteria_play", turku.pk), follow=True)
    assert "no line came or went" in again.content.decode()
    listed = marketer_client.get(at(two, "reuse_criteria")).content.decode()
    assert "by marketer" in listed


def test_stale_criteria_are_told(
    marketer_client: Client, two: Segment, turku: SavedCriteria
) -> None:
    turku.steps = [{"kind": "add", "criteria": {"mailing_groups": {"group": ["GONE"]}}}]
    turku.save()
    for answer in (
        marketer_client.get(at(two, "reuse_criteria_play", turku.pk)),
        marketer_client.post(at(two, "reuse_criteria_play", turku.pk)),
    ):
        assert answer.status_code == 200
        assert "GONE" in answer.context["refused"]
        assert "disabled" in answer.content.decode()
    assert SegmentStep.objects.count() == 2


def test_only_who_may(
    reader_client: Client, client: Client, two: Segment, turku: SavedCriteria
) -> None:
    closed = [
        at(two, "save_criteria"),
        at(two, "reuse_criteria"),
        at(two, "reuse_criteria_play", turku.pk),
        of(turku, "_edit"),
        of(turku, "_delete"),
        reverse("segments:saved_criteria_import"),
    ]
    seen = [of(turku), of(turku, "_export"), reverse("segments:saved_criteria_list")]
    for url in closed:
        assert reader_client.get(url).status_code == 403
    for url in closed[:1] + closed[2:]:
        assert reader_client.post(url).status_code == 403
    for url in seen:
        assert reader_client.get(url).status_code == 200
    for url in closed + seen:
        assert client.get(url).status_code == 302
    assert of(turku, "_edit") not in reader_client.get(of(turku)).content.decode()
    assert SavedCriteria.objects.count() == 1


def test_unknown_ones(marketer_client: Client, segment: Segment) -> None:
    for name in ("", "_edit", "_delete", "_export"):
        assert (
            marketer_client.get(reverse(f"segments:saved_criteria{name}", args=[99])).status_code
            == 404
        )
    assert marketer_client.get(at(segment, "reuse_criteria_play", 99)).status_code == 404
    url = reverse("segments:save_criteria", args=["NONE"])
    assert marketer_client.get(url).status_code == 404


def test_one_in_words(reader_client: Client, turku: SavedCriteria) -> None:
    html = reader_client.get(of(turku)).content.decode()
    assert "City: Turku" in html
    assert "Add contacts" in html


def test_the_steps_are_edited_as_json(marketer_client: Client, turku: SavedCriteria) -> None:
    page = marketer_client.get(of(turku, "_edit")).content.decode()
    assert "&quot;Turku&quot;" in page
    changed = [STEP, {**STEP, "kind": "reduce"}]
    data = {"code": "both", "description": "x", "steps": json.dumps(changed)}
    answer = marketer_client.post(of(turku, "_edit"), data)
    assert answer["Location"] == of(turku)
    turku.refresh_from_db()
    assert (turku.code, turku.steps) == ("BOTH", changed)


WRONG = [
    ("{", "This is not JSON"),
    ("[]", "Steps are a list of 1 to 100."),
    ("{}", "Steps are a list"),
    ("7", "Steps are a list"),
    ('[{"kind": "magic"}]', "Step 1: there is no kind “magic”."),
    ('[{"kind": []}]', "Step 1: there is no kind"),
    ('[{"kind": "add", "sql": 1}]', "Step 1 has"),
    ('[{"kind": "add", "criteria": {"contact": {"citty": ["x"]}}}]', "citty"),
    ('[{"kind": "add", "criteria": {"mailing_groups": {"group": ["GONE"]}}}]', "GONE"),
    ('[{"kind": "add", "options": {"force": true}}]', "force"),
    ('[{"kind": "sample", "options": {"count": 0, "seed": "x"}}]', "from 1"),
    ('[{"kind": "sample", "options": {"count": 1e400, "seed": "x"}}]', "from 1"),
    ('[{"kind": "sample", "options": {"count": 99999999999999999999, "seed": "x"}}]', "from 1"),
    ('[{"kind": "sample", "options": {"count": 1, "seed": "\\u0000"}}]', "seed"),
    ('[{"kind": "sample", "options": {"count": 1, "seed": "\\ud800"}}]', "seed"),
    ('[{"kind": "paste"}]', "names no contacts"),
    ('[{"kind": "remove_by_hand", "criteria": {"contact": {}}}]', "names no contacts"),
    ('[{"kind": "one_per", "options": {"one_per": []}}]', "One for each"),
    ('[{"kind": "add", "criteria": {"contact": {"name": ["a\\u0000b"]}}}]', ""),
    ('[{"kind": "add", "criteria": {"contact": {"name": ["\\ud800"]}}}]', ""),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_wrong_steps_are_refused_with_their_fault(
    marketer_client: Client, turku: SavedCriteria, text: str, said: str
) -> None:
    data = {"code": "TURKU", "description": "Kept words", "steps": text}
    answer = marketer_client.post(of(turku, "_edit"), data)
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors["steps"])
    assert "Kept words" in answer.content.decode()
    turku.refresh_from_db()
    assert turku.steps == [STEP]
    whole = f'{{"format": "{saved.FORMAT}", "code": "NEW", "steps": {text}}}'
    answer = marketer_client.post(reverse("segments:saved_criteria_import"), {"text": whole})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert SavedCriteria.objects.count() == 1


def test_a_code_is_taken_once(marketer_client: Client, turku: SavedCriteria) -> None:
    other = SavedCriteria.objects.create(code="OULU", steps=[STEP])
    data = {"code": "turku", "steps": json.dumps([STEP])}
    answer = marketer_client.post(of(other, "_edit"), data)
    assert answer.context["form"].errors["code"]


def test_deleting_asks_first(marketer_client: Client, turku: SavedCriteria) -> None:
    page = marketer_client.get(of(turku, "_delete"))
    assert "with its 1 step" in page.content.decode()
    answer = marketer_client.post(of(turku, "_delete"), follow=True)
    assert "was deleted" in answer.content.decode()
    assert not SavedCriteria.objects.exists()


def test_out_as_a_file_and_in_again(marketer_client: Client, turku: SavedCriteria) -> None:
    answer = marketer_client.get(of(turku, "_export"))
    assert answer["Content-Disposition"] == 'attachment; filename="TURKU.json"'
    file = SimpleUploadedFile("x.json", answer.content)
    url = reverse("segments:saved_criteria_import")
    again = marketer_client.post(url, {"file": file})
    assert "There are saved criteria TURKU already" in again.content.decode()
    turku.delete()
    marketer_client.post(url, {"text": answer.content.decode()})
    made = SavedCriteria.objects.get()
    assert (made.code, made.description, made.steps) == ("TURKU", "In Turku", [STEP])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xff\xfe", "not a text in UTF-8"),
        (b"{" * 100_000, "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "not a file of saved criteria"),
        (b"1" * 1_000_001, "too big"),
        (b'{"format": "segmentti-criteria-1", "code": 1, "steps": []}', "are texts"),
        (b'{"format": "segmentti-criteria-1", "code": "\\ud800", "steps": []}', ""),
    ],
)
def test_a_wrong_file_is_refused(marketer_client: Client, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("x.json", content)
    answer = marketer_client.post(reverse("segments:saved_criteria_import"), {"file": file})
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors)
    assert not SavedCriteria.objects.exists()


def test_neither_file_nor_text(marketer_client: Client) -> None:
    url = reverse("segments:saved_criteria_import")
    assert "or paste its text" in marketer_client.post(url, {}).content.decode()


@pytest.mark.parametrize("name", ["saved_criteria_list", "reuse_criteria"])
def test_lists_cost_the_same_for_one_and_for_three(
    marketer_client: Client, segment: Segment, turku: SavedCriteria, manager: User, name: str
) -> None:
    url = at(segment, name) if name == "reuse_criteria" else reverse(f"segments:{name}")
    one = statements(lambda: marketer_client.get(url))
    for code in ("B", "C"):
        SavedCriteria.objects.create(code=code, steps=[STEP], by=manager, last_used_by=manager)
    assert statements(lambda: marketer_client.get(url)) == one


def test_the_navigation_leads_to_them(reader_client: Client) -> None:
    url = reverse("segments:saved_criteria_list")
    assert f'href="{url}"' in reader_client.get(reverse("home")).content.decode()
