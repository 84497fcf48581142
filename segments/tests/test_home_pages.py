"""Home, and what this floor adds to contact cards and to the search."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Contact, Salesperson
from crm.sight import Sight, through
from interactions.models import InteractionLogEntry, InteractionTemplate
from segments import log, worksheet
from segments.models import Segment, SegmentLine
from segments.tests.conftest import everybody, names, statements
from segments.views import home
from segments.views.home import next_step, weeks

HOME = reverse("home")


def add_url(contact: Contact) -> str:
    return reverse("segments:add_to_segment", args=[contact.number])


def test_an_empty_installation_tells_the_first_steps(marketer_client: Client) -> None:
    html = marketer_client.get(HOME).content.decode()
    assert "To your first letter" in html
    assert "You have no open segment." in html
    assert "Nothing has been logged yet." in html


def test_home_shows_ones_own_segments_and_what_is_next(
    marketer_client: Client,
    marketer: User,
    manager: User,
    segment: Segment,
    contact: Callable[..., Contact],
) -> None:
    Segment.objects.create(description="Hers", by=manager)
    mine = Salesperson.objects.create(code="ME", name="Me", user=marketer)
    Segment.objects.create(description="I answer for it", by=manager, salesperson=mine)
    contact("Anna")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    page = marketer_client.get(HOME)
    found = [(one.description, one.lines_now, one.next_step) for one in page.context["segments"]]
    assert found == [
        ("Spring letter", 1, "Check and log"),
        ("I answer for it", 0, "Choose contacts"),
    ]
    assert page.context["others"] == 1
    assert "Hers" not in page.content.decode()


def test_what_is_next(segment: Segment) -> None:
    for lines, template, description, wanted in (
        (0, None, "", "Choose contacts"),
        (1, None, "", "Choose a template"),
        (1, segment.template, "", "Describe it"),
        (1, segment.template, "Spring", "Check and log"),
    ):
        segment.lines_now = lines  # type: ignore[attr-defined]
        segment.template, segment.description = template, description
        assert next_step(segment) == wanted


def test_home_tells_what_was_logged_and_what_needs_care(
    reader_client: Client, marketer: User, segment: Segment, contact: Callable[..., Contact]
) -> None:
    contact("Anna", correspondence_type="email")
    contact("Bo", correspondence_type="email", email="bo@example.com")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    InteractionLogEntry.objects.filter(contact__name="Bo").update(delivery="failed")
    page = reader_client.get(HOME)
    care = {one.words: (one.count, one.url) for one in page.context["care"]}
    assert [count for count, _url in care.values()] == [1, 1]
    assert set(care) == {"contact who wants e-mail and has no address", "delivery that failed"}
    for _count, url in care.values():
        assert reader_client.get(url).status_code == 200
        assert len(reader_client.get(url).context["rows"]) == 1
    assert [one.segment_number for one in page.context["logged"]] == [segment.number]
    assert "To your first letter" not in page.content.decode()
    assert reverse("segments:segment_create") not in page.content.decode()


def test_home_tells_how_many_letters_are_on_their_way(
    reader_client: Client, marketer: User, segment: Segment, contact: Callable[..., Contact]
) -> None:
    for name in ("Anna", "Bo", "Cia", "Dan", "Eva"):
        contact(name)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    logged = log.log_segment(segment, by=marketer)
    for name, state in (("Anna", "queued"), ("Bo", "in_progress"), ("Cia", "delivered")):
        InteractionLogEntry.objects.filter(contact__name=name).update(delivery=state)
    InteractionLogEntry.objects.filter(contact__name="Dan").update(
        delivery="queued", cancelled=True
    )
    found = reader_client.get(HOME).context["logged"]
    assert [(one.segment_number, one.waiting) for one in found] == [(logged.segment_number, 2)]


def test_weeks_count_what_counts(
    marketer: User, segment: Segment, contact: Callable[..., Contact]
) -> None:
    assert weeks(timezone.localdate()) == []
    for _number in range(4):
        contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    wednesday = datetime.date(2026, 7, 15)
    days = [wednesday, wednesday - datetime.timedelta(weeks=1), wednesday, wednesday]
    for entry, day in zip(InteractionLogEntry.objects.order_by("pk"), days, strict=True):
        InteractionLogEntry.objects.filter(pk=entry.pk).update(date=day)
    InteractionLogEntry.objects.filter(pk=entry.pk).update(cancelled=True)
    found = weeks(wednesday)
    assert [week.count for week in found] == [0] * 10 + [1, 2]
    assert [str(week.monday) for week in found[-2:]] == ["2026-07-06", "2026-07-13"]
    assert [week.height for week in found[-2:]] == [28, 56]


def test_many_interactions_of_past_weeks_are_counted_once_in_a_while(
    marketer: User, segment: Segment, contact: Callable[..., Contact], monkeypatch: Any
) -> None:
    """Not those of this week; and not for one who sees but some, nor from what such a one sees."""
    monkeypatch.setattr(home, "MANY", 1)
    cache.clear()
    for _number in range(4):
        contact(salesperson=segment.salesperson)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    log.log_segment(segment, by=marketer)
    wednesday = datetime.date(2026, 7, 15)
    before = wednesday - datetime.timedelta(weeks=1)
    entries = InteractionLogEntry.objects.order_by("pk")
    entries.update(date=before)

    def said() -> list[int]:
        return [week.count for week in weeks(wednesday)][-2:]

    with through(Sight(list)):
        assert said() == []
    assert said() == [4, 0]
    entries.filter(pk=entries[0].pk).update(date=wednesday)
    entries.filter(pk=entries[1].pk).update(cancelled=True)
    assert said() == [4, 1]
    with through(Sight(lambda: list(Salesperson.objects.values_list("pk", flat=True)))):
        assert said() == [2, 1]
    cache.clear()
    assert said() == [2, 1]


def test_home_costs_the_same_for_one_and_for_three(
    marketer_client: Client, marketer: User, segment: Segment, template: InteractionTemplate
) -> None:
    one = statements(lambda: marketer_client.get(HOME))
    for _number in range(2):
        Segment.objects.create(by=marketer, template=template)
    assert statements(lambda: marketer_client.get(HOME)) == one


def test_home_hides_what_one_may_not_see(
    client: Client, segment: Segment, django_user_model: type[User]
) -> None:
    client.force_login(django_user_model.objects.create_user("nobody"))
    page = client.get(HOME)
    assert page.status_code == 200
    assert "Spring letter" not in page.content.decode()
    assert not {"segments", "logged", "care", "weeks"} & set(page.context.keys())


def test_a_card_tells_its_open_segments(
    reader_client: Client, marketer: User, segment: Segment, contact: Callable[..., Contact]
) -> None:
    anna, bo = contact("Anna"), contact("Bo")
    other = Segment.objects.create(description="Undone letter", by=marketer)
    worksheet.add_contact(segment, anna, by=marketer)
    worksheet.add_contact(other, anna, by=marketer)
    worksheet.go_back(other, by=marketer)
    html = reader_client.get(anna.get_absolute_url()).content.decode()
    assert "Spring letter" in html
    assert "Undone letter" not in html
    assert add_url(anna) not in html
    assert "Spring letter" not in reader_client.get(bo.get_absolute_url()).content.decode()


def test_a_contact_comes_onto_a_segment_from_its_card(
    marketer_client: Client, segment: Segment, contact: Callable[..., Contact]
) -> None:
    anna = contact("Anna")
    assert add_url(anna) in marketer_client.get(anna.get_absolute_url()).content.decode()
    assert segment.number in marketer_client.get(add_url(anna)).content.decode()
    answer = marketer_client.post(add_url(anna), {"segment": segment.number}, follow=True)
    assert answer.redirect_chain == [(segment.get_absolute_url(), 302)]
    assert f"{anna} was added." in answer.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["Anna"]
    again = marketer_client.post(add_url(anna), {"segment": segment.number})
    assert "on the segment already" in str(again.context["form"].errors["segment"])


@pytest.mark.parametrize(
    ("fields", "data", "words"),
    [
        ({"exclude_from_segment": True}, {}, "is excluded from segments"),
        ({"privacy_blocked": True}, {"ignore_exclusion": "on"}, "is blocked"),
        ({"minor": True}, {"ignore_exclusion": "on"}, "is blocked"),
        ({}, {"segment": "NONE"}, "Select a valid choice"),
        ({}, {"segment": ""}, "required"),
    ],
)
def test_from_the_card_refused(
    marketer_client: Client,
    segment: Segment,
    contact: Callable[..., Contact],
    fields: dict[str, bool],
    data: dict[str, str],
    words: str,
) -> None:
    anna = contact("Anna", **fields)
    answer = marketer_client.post(add_url(anna), {"segment": segment.number, **data})
    assert words in str(answer.context["form"].errors["segment"])
    assert not SegmentLine.objects.exists()


def test_who_may_add_from_the_card(
    reader_client: Client, marketer_client: Client, client: Client, contact: Callable[..., Contact]
) -> None:
    anna = contact("Anna")
    assert reader_client.get(add_url(anna)).status_code == 403
    assert reader_client.post(add_url(anna)).status_code == 403
    assert client.get(add_url(anna)).status_code == 302
    unknown = reverse("segments:add_to_segment", args=["NONE"])
    assert marketer_client.get(unknown).status_code == 404


def test_the_search_finds_open_segments(
    reader_client: Client, client: Client, segment: Segment, django_user_model: type[User]
) -> None:
    for words in ("spring", segment.number.lower(), "LETTER spr"):
        html = reader_client.get(reverse("search"), {"q": words}).content.decode()
        assert segment.get_absolute_url() in html
    html = reader_client.get(reverse("search"), {"q": "autumn"}).content.decode()
    assert segment.get_absolute_url() not in html
    client.force_login(django_user_model.objects.create_user("nobody"))
    html = client.get(reverse("search"), {"q": "spring"}).content.decode()
    assert segment.get_absolute_url() not in html
