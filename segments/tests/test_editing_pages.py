"""Editing an earlier step, explaining, drift: what would change is seen before it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from segments import worksheet
from segments.criteria import Criteria
from segments.models import SavedCriteria, Segment
from segments.tests.conftest import named, names, statements


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def built(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """In Turku or Oulu, but not Bo; Dag of Vaasa is out."""
    for number, name, city in (
        ("A", "Anna", "Turku"),
        ("B", "Bo", "Turku"),
        ("C", "Cid", "Oulu"),
        ("D", "Dag", "Vaasa"),
    ):
        contact(name, number=number, city=city)
    turku = Criteria({"contact": {"city": ["Turku"]}})
    worksheet.add_contacts(segment, turku, by=marketer, include_companies=True)
    worksheet.add_contacts(segment, Criteria({"contact": {"city": ["Oulu"]}}), by=marketer)
    worksheet.reduce_contacts(segment, named("B"), by=marketer)
    return segment


def test_the_form_is_filled_in_with_what_the_step_asks(
    marketer_client: Client, built: Segment
) -> None:
    page = marketer_client.get(at(built, "step_edit", 1))
    assert page.context["was"][0] == "City: Turku"
    assert page.context["options"]["include_companies"].value()
    html = page.content.decode()
    assert "Turku" in html
    assert "Accept" not in html
    sheet = marketer_client.get(built.get_absolute_url()).content.decode()
    for step in (1, 2, 3):
        assert at(built, "step_edit", step) in sheet


def test_the_difference_comes_before_it_is_accepted(
    marketer_client: Client, built: Segment
) -> None:
    url, asked = at(built, "step_edit", 1), {"contact-city": "Vaasa"}
    looked = marketer_client.post(url, {**asked, "action": "look"})
    difference = looked.context["difference"]
    assert (difference.added, difference.removed, difference.kept) == (1, 1, 1)
    html = looked.content.decode()
    assert "Dag" in html
    assert "Anna" in html
    assert "Accept" in html
    built.refresh_from_db()
    assert names(built) == ["Anna", "Cid"]
    data = {**asked, "action": "accept", "seen": looked.context["mark"]}
    answer = marketer_client.post(url, data, follow=True)
    assert "Step 1 was changed: +1, −1 contacts." in answer.content.decode()
    built.refresh_from_db()
    assert sorted(names(built)) == ["Cid", "Dag"]
    step = built.steps.get(number=1)
    assert (step.criteria, step.options) == ({"contact": {"city": ["Vaasa"]}}, {})
    assert built.current_step == 3


def test_what_has_not_been_seen_is_not_accepted(marketer_client: Client, built: Segment) -> None:
    url = at(built, "step_edit", 1)
    looked = marketer_client.post(url, {"contact-city": "Vaasa", "action": "look"})
    for seen in ("", "x", looked.context["mark"]):
        data = {"contact-city": "Oulu", "action": "accept", "seen": seen}
        answer = marketer_client.post(url, data)
        assert "look at the difference anew" in answer.context["refused"]
    built.refresh_from_db()
    assert names(built) == ["Anna", "Cid"]


def test_everybody_wants_a_yes(marketer_client: Client, built: Segment) -> None:
    url = at(built, "step_edit", 1)
    looked = marketer_client.post(url, {"action": "look"})
    assert looked.context["difference"].added == 1
    assert "this means everybody" in looked.content.decode()
    data = {"action": "accept", "seen": looked.context["mark"]}
    answer = marketer_client.post(url, data)
    assert "this means everybody" in answer.context["refused"]
    built.refresh_from_db()
    assert names(built) == ["Anna", "Cid"]
    marketer_client.post(url, {**data, "confirm_all": "on"})
    built.refresh_from_db()
    assert sorted(names(built)) == ["Anna", "Cid", "Dag"]


@pytest.mark.parametrize(
    "wrong", [{"contact-number": "NOBODY"}, {"contact-nothing": "x"}, {"contact-name": "a\x00b"}]
)
def test_wrong_criteria_change_nothing(
    marketer_client: Client, built: Segment, wrong: dict[str, str]
) -> None:
    for action in ("look", "accept"):
        answer = marketer_client.post(at(built, "step_edit", 1), {**wrong, "action": action})
        assert answer.status_code == 200
        assert answer.context["errors"]
    assert built.steps.get(number=1).criteria == {"contact": {"city": ["Turku"]}}


def test_stale_later_steps_are_told(
    marketer_client: Client, built: Segment, marketer: User
) -> None:
    built.steps.filter(number=3).update(criteria={"mailing_groups": {"group": ["GONE"]}})
    data = {"contact-city": "Oulu", "action": "look"}
    answer = marketer_client.post(at(built, "step_edit", 1), data)
    assert "GONE" in answer.context["refused"]
    stale = marketer_client.get(at(built, "step_edit", 3))
    assert stale.status_code == 200
    assert "GONE" in str(stale.context["errors"])


def test_steps_that_cannot_be_edited(
    marketer_client: Client, built: Segment, marketer: User
) -> None:
    worksheet.add_contact(built, Contact.objects.get(number="D"), by=marketer)
    assert marketer_client.get(at(built, "step_edit", 4)).status_code == 404
    assert marketer_client.get(at(built, "step_edit", 9)).status_code == 404
    worksheet.go_to_step(built, 1, by=marketer)
    assert marketer_client.get(at(built, "step_edit", 2)).status_code == 404
    sheet = marketer_client.get(built.get_absolute_url()).content.decode()
    assert at(built, "step_edit", 2) not in sheet


def explained(client: Client, segment: Segment, number: str) -> Any:
    return client.get(at(segment, "explain"), {"contact": number})


def test_why_in_and_why_not(reader_client: Client, built: Segment) -> None:
    page = explained(reader_client, built, "A")
    assert page.context["found"].reason == "In since step 1."
    assert "Why is A Anna on it?" in page.content.decode()
    line = built.lines.get(contact__number="A")
    assert at(built, "line", line.pk) in page.content.decode()
    page = explained(reader_client, built, "B")
    assert page.context["found"].reason == "Removed by step 3."
    assert "does not hold:" in page.content.decode()
    assert "City: Turku" in page.content.decode()
    page = explained(reader_client, built, "D")
    assert page.context["found"].reason == "No step has matched the contact."


def test_explaining_wants_a_contact(reader_client: Client, built: Segment) -> None:
    assert reader_client.get(at(built, "explain")).status_code == 200
    for number in ("", "NOBODY", "x\x00"):
        page = explained(reader_client, built, number)
        assert page.status_code == 200
        assert page.context["form"].errors
        assert "found" not in page.context


def test_it_is_linked_from_line_and_card(reader_client: Client, built: Segment) -> None:
    url = f"{at(built, 'explain')}?contact=A"
    line = built.lines.get(contact__number="A")
    for page in (at(built, "line", line.pk), reverse("crm:contact", args=["A"])):
        assert url in reader_client.get(page).content.decode()
    assert at(built, "explain") in reader_client.get(built.get_absolute_url()).content.decode()


def test_explaining_costs_the_same_for_few_and_many_lines(
    reader_client: Client, built: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    one = statements(lambda: explained(reader_client, built, "A"))
    for _number in range(5):
        made = contact(city="Turku")
    worksheet.go_to_step(built, 0, by=marketer)
    for _step in range(3):
        worksheet.go_forward(built, by=marketer)
    assert made.pk
    assert statements(lambda: explained(reader_client, built, "A")) == one


def test_the_page_of_drift_comes_first_and_plays_then(
    marketer_client: Client, built: Segment
) -> None:
    """It asks for itself; without JavaScript one presses Show, which sends `saved`."""
    page = marketer_client.get(at(built, "drift"))
    assert "difference" not in page.context
    assert 'hx-get="?saved=" hx-trigger="load"' in page.content.decode()
    asked = marketer_client.get(at(built, "drift"), {"saved": ""}).content.decode()
    assert 'id="drift"' in asked
    assert 'hx-trigger="load"' not in asked


def test_drift_is_seen_and_done_as_one_step(
    marketer_client: Client, built: Segment, contact: Callable[..., Contact]
) -> None:
    page = marketer_client.get(at(built, "drift"), {"saved": ""})
    assert page.context["difference"].is_none
    assert "Refresh as one step" not in page.content.decode()
    contact("Emil", number="E", city="Turku")
    Contact.objects.filter(number="C").update(city="Vaasa")
    page = marketer_client.get(at(built, "drift"), {"saved": ""})
    difference = page.context["difference"]
    assert (difference.added, difference.removed, difference.kept) == (1, 1, 1)
    assert "Emil" in page.content.decode()
    assert built.steps.count() == 3
    answer = marketer_client.post(at(built, "drift"), follow=True)
    assert "The segment was refreshed: +1, −1 lines." in answer.content.decode()
    built.refresh_from_db()
    assert names(built) == ["Anna", "Emil"]
    again = marketer_client.post(at(built, "drift"), follow=True)
    assert "Nothing has changed" in again.content.decode()


def test_drift_against_saved_criteria(
    marketer_client: Client, built: Segment, marketer: User
) -> None:
    step = {"kind": "add", "criteria": {"contact": {"city": ["Vaasa"]}}, "options": {}}
    SavedCriteria.objects.create(code="VAASA", steps=[step], by=marketer)
    page = marketer_client.get(at(built, "drift"), {"saved": "VAASA"})
    difference = page.context["difference"]
    assert (difference.added, difference.removed) == (1, 2)
    marketer_client.post(at(built, "drift"), {"saved": "VAASA"})
    built.refresh_from_db()
    assert names(built) == ["Dag"]
    for wrong in ("NONE", "x\x00"):
        page = marketer_client.get(at(built, "drift"), {"saved": wrong})
        assert page.status_code == 200
        assert "difference" not in page.context
        answer = marketer_client.post(at(built, "drift"), {"saved": wrong})
        assert answer.status_code == 200


def test_only_who_may(reader_client: Client, client: Client, built: Segment) -> None:
    for url in (at(built, "step_edit", 1), at(built, "drift")):
        assert reader_client.get(url).status_code == 403
        assert reader_client.post(url, {"action": "accept"}).status_code == 403
        assert client.get(url).status_code == 302
    assert client.get(at(built, "explain")).status_code == 302
    sheet = reader_client.get(built.get_absolute_url()).content.decode()
    assert at(built, "step_edit", 1) not in sheet
    assert at(built, "paste") not in sheet
    assert at(built, "export_csv") in sheet


def test_unknown_segment(marketer_client: Client, built: Segment) -> None:
    for name, args in (("step_edit", [1]), ("explain", []), ("drift", [])):
        url = reverse(f"segments:{name}", args=["NONE", *args])
        assert marketer_client.get(url).status_code == 404
