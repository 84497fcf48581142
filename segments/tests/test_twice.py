"""Two people at once, and one who clicks twice: nothing is lost, nothing is done again."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from interactions.models import LoggedSegment
from segments import log, replay, worksheet
from segments.criteria import Criteria
from segments.models import SavedCriteria, Segment
from segments.tests.conftest import everybody, named, names

MEANWHILE = "Somebody changed the segment meanwhile, or you clicked twice: look again."


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def four(contact: Callable[..., Contact]) -> None:
    """Four contacts in Turku."""
    for number in "ABCD":
        contact(f"Name {number}", number=number, city="Turku")


def main_form(answer: Any) -> dict[str, str]:
    """What the form of the page's main part would post."""
    page: Any = lxml.html.fromstring(answer.content.decode())
    (form,) = page.xpath("//main//form[@method='post']")
    return dict(form.form_values())


def last_form(answer: Any) -> dict[str, str]:
    """What the last form of the page's main part would post."""
    page: Any = lxml.html.fromstring(answer.content.decode())
    return dict(page.xpath("//main//form[@method='post']")[-1].form_values())


def test_the_whole_header_writes_only_what_its_user_changed(
    marketer_client: Client, segment: Segment
) -> None:
    segment.campaign_target = True
    segment.unit_cost = "1.50"
    segment.save()
    url = reverse("segments:segment_edit", args=[segment.number])
    data = main_form(marketer_client.get(url))
    Segment.objects.update(
        description="By A", unit_cost="2.50", campaign_target=None, template=None
    )
    answer = marketer_client.post(url, {**data, "subject": "By B"})
    assert answer.status_code == 302
    segment.refresh_from_db()
    assert (segment.description, segment.subject) == ("By A", "By B")
    assert (str(segment.unit_cost), segment.campaign_target) == ("2.50", None)
    assert segment.template is None


def test_a_wrong_value_keeps_what_was_shown(marketer_client: Client, segment: Segment) -> None:
    url = reverse("segments:segment_edit", args=[segment.number])
    data = main_form(marketer_client.get(url))
    Segment.objects.update(description="By A")
    again = marketer_client.post(url, {**data, "subject": "By B", "unit_cost": "x"})
    assert again.status_code == 200
    marketer_client.post(url, {**main_form(again), "unit_cost": ""})
    segment.refresh_from_db()
    assert (segment.description, segment.subject) == ("By A", "By B")


def test_one_field_writes_only_what_its_user_changed(
    marketer_client: Client, segment: Segment
) -> None:
    url = at(segment, "header_field", "description")
    data = main_form(marketer_client.get(url))
    Segment.objects.update(description="By A")
    marketer_client.post(url, data)
    segment.refresh_from_db()
    assert segment.description == "By A"


def test_whoever_posts_without_what_was_shown_is_compared_with_what_is(
    marketer_client: Client, segment: Segment
) -> None:
    marketer_client.post(at(segment, "header_field", "description"), {"description": ""})
    segment.refresh_from_db()
    assert segment.description == ""


@pytest.mark.usefixtures("four")
def test_choosing_clicked_twice(marketer_client: Client, segment: Segment) -> None:
    url = at(segment, "add")
    asked = {"contact-city": "Turku", "allow_existing": "on"}
    data = main_form(marketer_client.post(url, {**asked, "action": "preview"}))
    data["action"] = "apply"
    assert marketer_client.post(url, data).status_code == 302
    again = marketer_client.post(url, data)
    assert MEANWHILE in again.content.decode()
    segment.refresh_from_db()
    assert (len(names(segment)), segment.current_step) == (4, 1)
    assert marketer_client.post(url, {**main_form(again), "action": "apply"}).status_code == 302
    assert marketer_client.post(url, {**asked, "action": "apply"}).status_code == 302
    segment.refresh_from_db()
    assert (len(names(segment)), segment.current_step) == (12, 3)


@pytest.mark.parametrize(
    ("verb", "typed"),
    [("sample", {"percent": "50"}), ("one_per", {"what": "company"}), ("paste", {"text": "D"})],
)
@pytest.mark.usefixtures("four")
def test_verbs_clicked_twice(
    marketer_client: Client, segment: Segment, marketer: User, verb: str, typed: dict[str, str]
) -> None:
    worksheet.add_contacts(segment, named("A", "B", "C"), by=marketer)
    Contact.objects.filter(number__in="AB").update(
        company=Contact.objects.create(name="House", number="H", type="company")
    )
    url = at(segment, verb)
    data = {**main_form(marketer_client.post(url, typed)), "action": "apply"}
    assert marketer_client.post(url, data).status_code == 302
    segment.refresh_from_db()
    after = names(segment)
    again = marketer_client.post(url, data)
    assert again.status_code == 200
    assert MEANWHILE in again.content.decode()
    segment.refresh_from_db()
    assert (names(segment), segment.current_step) == (after, 2)


@pytest.fixture
def ways_in(segment: Segment, marketer: User) -> dict[str, str]:
    """The pages that bring in A to D: from another segment, a logged one, saved criteria."""
    other = Segment.objects.create(description="Other")
    worksheet.add_contacts(other, named("A", "B", "C", "D"), by=marketer)
    saved = worksheet.save_criteria(other, code="FOUR", by=marketer, numbers=[1])
    pages = {
        "combine": at(segment, "combine_open", other.number),
        "criteria": at(segment, "reuse_criteria_play", saved.pk),
        "drift": f"{at(segment, 'drift')}?saved=FOUR",
    }
    gone = Segment.objects.create(
        number="GONE",
        description="Gone",
        template=segment.template,
        salesperson=segment.salesperson,
    )
    worksheet.add_contacts(gone, named("A", "B", "C", "D"), by=marketer)
    logged = log.log_segment(gone, by=marketer)
    return {**pages, "logged": at(segment, "reuse_logged_play", logged.segment_number)}


@pytest.mark.parametrize(
    ("way", "pressed"),
    [
        ("combine", {"kind": "add"}),
        ("criteria", {}),
        ("drift", {}),
        ("logged", {"action": "apply"}),
    ],
)
@pytest.mark.usefixtures("four")
def test_ways_in_clicked_twice(
    marketer_client: Client,
    marketer: User,
    segment: Segment,
    ways_in: dict[str, str],
    way: str,
    pressed: dict[str, str],
) -> None:
    """Somebody takes a line out between the clicks: the second one does not bring it back."""
    data = {**last_form(marketer_client.get(ways_in[way])), **pressed}
    assert marketer_client.post(ways_in[way], data).status_code == 302
    segment.refresh_from_db()
    assert (len(names(segment)), segment.current_step) == (4, 1)
    worksheet.reduce_contacts(segment, named("A"), by=marketer)
    again = marketer_client.post(ways_in[way], data)
    assert again.status_code == 200
    assert MEANWHILE in again.content.decode()
    segment.refresh_from_db()
    assert (len(names(segment)), segment.current_step) == (3, 2)


@pytest.mark.parametrize("way", ["criteria", "drift"])
@pytest.mark.django_db(transaction=True)
def test_a_look_that_takes_too_long_writes_nothing_and_can_still_be_done(
    marketer_client: Client, marketer: User, segment: Segment, settings: Any, way: str
) -> None:
    """PostgreSQL's least limit is a millisecond for each statement: so many lines take longer."""
    Contact.objects.bulk_create(
        Contact(number=f"M{index}", name="Many", city="Turku") for index in range(3000)
    )
    saved = SavedCriteria.objects.create(
        code="MANY",
        steps=[{"kind": "add", "criteria": {"contact": {"city": ["Turku"]}}, "options": {}}],
    )
    # Of so many the page comes first, and asks for its numbers then.
    urls = {"criteria": f"{at(segment, 'reuse_criteria_play', saved.pk)}?counted=1"}
    url = urls.get(way) or f"{at(segment, 'drift')}?saved=MANY"
    settings.PREVIEW_SECONDS = 0
    answer = marketer_client.get(url)
    assert answer.status_code == 200
    assert "takes longer than 0 seconds" in answer.content.decode()
    segment.refresh_from_db()
    assert (names(segment), segment.current_step) == ([], 0)
    assert not Segment.objects.filter(number__startswith="~").exists()
    assert marketer_client.post(url, last_form(answer)).status_code == 302
    segment.refresh_from_db()
    assert (len(names(segment)), segment.current_step) == (3000, 1)


def test_a_place_that_is_none_is_refused(marketer_client: Client, segment: Segment) -> None:
    data = {"contact-city": "Turku", "action": "apply", "at": "9" * 5000}
    answer = marketer_client.post(at(segment, "add"), data)
    assert MEANWHILE in answer.content.decode()


@pytest.mark.usefixtures("four")
def test_a_follow_up_clicked_twice(
    marketer_client: Client, segment: Segment, marketer: User
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    logged: LoggedSegment = log.log_segment(segment, by=marketer)
    url = reverse("segments:follow_up", args=[logged.segment_number])
    data = main_form(marketer_client.get(url))
    first = marketer_client.post(url, data)
    second = marketer_client.post(url, data)
    assert Segment.objects.count() == 1
    assert first["Location"] == second["Location"] == Segment.objects.get().get_absolute_url()
    marketer_client.post(url, main_form(marketer_client.get(url)))
    assert Segment.objects.count() == 2
    Segment.objects.all().delete()
    assert marketer_client.post(url, data).status_code == 302  # what it made is gone: once more
    assert Segment.objects.count() == 1


@pytest.mark.usefixtures("four")
def test_an_edit_of_a_step_sees_that_another_step_was_edited(
    marketer_client: Client, segment: Segment, marketer: User
) -> None:
    worksheet.add_contacts(segment, named("A", "B"), by=marketer)
    worksheet.reduce_contacts(segment, named("A"), by=marketer)
    url = at(segment, "step_edit", 1)
    asked = {"contact-number": "A, B, C"}
    looked = marketer_client.post(url, {**asked, "action": "look"})
    replay.edit_step(segment, 2, Criteria({"contact": {"number": ["C"]}}), by=marketer)
    data = {**asked, "action": "accept", "seen": looked.context["mark"]}
    answer = marketer_client.post(url, data)
    assert "look at the difference anew" in answer.context["refused"]
    segment.refresh_from_db()
    assert names(segment) == ["Name A", "Name B"]
