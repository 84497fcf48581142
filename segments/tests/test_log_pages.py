"""Check with its mends, Log, and the follow-up of what was logged."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client, RequestFactory
from django.urls import reverse

from crm import later
from crm.models import Contact, Salesperson
from interactions.models import InteractionLogEntry, InteractionTemplate, LoggedSegment
from segments import log, worksheet
from segments.forms import LogForm
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import names, statements
from segments.views import logging as log_page


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def on_segment(
    segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> Callable[..., Contact]:
    """Puts one more contact on the segment."""

    def put(name: str, **fields: Any) -> Contact:
        made = contact(name, **fields)
        worksheet.add_contact(segment, made, by=marketer, ignore_exclusion=True)
        return made

    return put


def codes(answer: Any) -> dict[str, int]:
    return {one["problem"].code: one["problem"].count for one in answer.context["problems"]}


def test_nothing_is_wrong(reader_client: Client, segment: Segment, on_segment: Any) -> None:
    on_segment("Anna")
    html = reader_client.get(at(segment, "check")).content.decode()
    assert "Nothing is wrong with any line." in html
    assert at(segment, "log") not in html


def test_check_groups_what_is_wrong(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    assert codes(marketer_client.get(at(segment, "check"))) == {"empty": 0}
    on_segment("Anna", correspondence_type="email")
    bo = on_segment("Bo")
    Contact.objects.filter(pk=bo.pk).update(privacy_blocked=True)
    on_segment("Cid", exclude_from_segment=True)
    answer = marketer_client.get(at(segment, "check"))
    assert codes(answer) == {"blocked": 1, "no_address": 1, "excluded": 1}
    html = answer.content.decode()
    assert at(segment, "log") not in html.split('id="help"')[0]
    for code, name in (("blocked", "Bo"), ("no_address", "Anna"), ("excluded", "Cid")):
        assert f"{segment.get_absolute_url()}?problem={code}#lines" in html
        page = marketer_client.get(segment.get_absolute_url(), {"problem": code})
        assert [row.line.contact.name for row in page.context["rows"]] == [name]


def test_a_group_is_taken_out(
    marketer_client: Client, segment: Segment, on_segment: Any, marketer: User
) -> None:
    on_segment("Anna")
    bo = on_segment("Bo")
    Contact.objects.filter(pk=bo.pk).update(privacy_blocked=True)
    url = at(segment, "take_out", "blocked")
    answer = marketer_client.post(url, follow=True)
    assert "1 line was removed. Back brings it again." in answer.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["Anna"]
    assert (
        "No line has this problem any more."
        in marketer_client.post(url, follow=True).content.decode()
    )
    unknown = marketer_client.post(at(segment, "take_out", "nonsense"), follow=True)
    assert "There is no such problem." in unknown.content.decode()
    step = segment.steps.get(number=segment.current_step)
    assert (step.kind, step.words["en"]) == ("mend", ["of contacts that are blocked now"])
    worksheet.go_back(segment, by=marketer)
    assert names(segment) == ["Anna", "Bo"]


def test_the_header_mends_a_group(
    marketer_client: Client,
    segment: Segment,
    on_segment: Any,
    template: InteractionTemplate,
    salesperson: Salesperson,
) -> None:
    on_segment("Anna")
    lacking = {"template": None, "salesperson": None, "description": ""}
    Segment.objects.filter(pk=segment.pk).update(**lacking)
    values = {
        "no_template": ("template", template.pk),
        "no_salesperson": ("salesperson", salesperson.pk),
        "no_description": ("description", "Spring"),
    }
    found = codes(marketer_client.get(at(segment, "check")))
    assert set(values) <= set(found)
    for code, (name, value) in values.items():
        wrong = marketer_client.post(at(segment, "mend", code), {name: ""})
        assert "Fill this in." in wrong.content.decode()
        done = marketer_client.post(at(segment, "mend", code), {name: value})
        assert done["Location"] == at(segment, "check")
    assert codes(marketer_client.get(at(segment, "check"))) == {}
    assert marketer_client.post(at(segment, "mend", "blocked")).status_code == 404


def test_log_says_what_will_happen_and_does_it(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna", correspondence_type="email", email="anna@example.com")
    on_segment("Bo")
    page = marketer_client.get(at(segment, "log"))
    assert page.context["outlook"] == {
        "on_paper": 1, "by_mail": 1, "neither": 0, "letters": 2,
        "mails": 1, "prints": 1, "nothing": 0, "campaign_entries": 0,
    }  # fmt: skip
    assert "Log 2 interactions" in page.content.decode()
    assert not LoggedSegment.objects.exists()
    answer = marketer_client.post(at(segment, "log"), follow=True)
    logged = LoggedSegment.objects.get()
    assert answer.redirect_chain == [(logged.get_absolute_url(), 302)]
    said = [str(message) for message in answer.context["messages"]]
    assert said == [f"Segment {segment.number} was logged: 2 interactions."]
    entries = InteractionLogEntry.objects.order_by("position").values_list(
        "contact__name", "delivery"
    )
    assert list(entries) == [("Anna", ""), ("Bo", "")]
    assert not Segment.objects.exists()


def test_log_with_a_follow_up(marketer_client: Client, segment: Segment, on_segment: Any) -> None:
    on_segment("Anna")
    answer = marketer_client.post(at(segment, "log"), {"follow_up": "on"}, follow=True)
    made = Segment.objects.get()
    assert names(made) == ["Anna"]
    assert made.follows == LoggedSegment.objects.get()
    assert f'The follow-up is <a href="{made.get_absolute_url()}">' in answer.content.decode()


def test_warnings_want_to_be_accepted(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna", correspondence_type="email")
    url = at(segment, "log")
    assert 'name="accept"' in marketer_client.get(url).content.decode()
    for refused in (
        {},
        {"accept": "on"},
        {"accept": "on", "seen": "excluded:1 no_address:2 no_address no_address:x"},
        {"seen": "no_address:1"},
    ):
        answer = marketer_client.post(url, refused)
        assert "Nothing was logged" in answer.context["form"].refused
    assert not LoggedSegment.objects.exists()
    marketer_client.post(url, {"accept": "on", "seen": "no_address:1 "})
    assert LoggedSegment.objects.get().entry_count == 1


def test_more_warnings_than_were_seen_are_asked_again(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna", exclude_from_segment=True)
    url = at(segment, "log")
    page = marketer_client.get(url)
    assert page.context["seen"] == "excluded:1"
    on_segment("Bo", exclude_from_segment=True)
    answer = marketer_client.post(url, {"accept": "on", "seen": "excluded:1"})
    assert "the warnings have changed" in answer.context["form"].refused
    assert answer.context["seen"] == "excluded:2"
    assert not LoggedSegment.objects.exists()
    marketer_client.post(url, {"accept": "on", "seen": "excluded:2"})
    assert LoggedSegment.objects.get().entry_count == 2


def test_sending_queues_what_can_be_delivered(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna")
    url = at(segment, "log")
    assert marketer_client.get(url).context["form"]["send"].value() is True
    answer = marketer_client.post(url, {"send": "on"}, follow=True)
    assert "1 letter waits to be delivered." in answer.content.decode()
    assert InteractionLogEntry.objects.get().delivery == "queued"


def test_what_cannot_be_sent_is_told_at_the_tick(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna", correspondence_type="email")
    url = at(segment, "log")
    tick = {"accept": "on", "seen": "no_address:1"}
    answer = marketer_client.post(url, {"send": "on", **tick})
    assert "log without sending" in answer.context["form"].errors["send"][0]
    assert answer.context["form"]["send"].value()
    assert not LoggedSegment.objects.exists()
    marketer_client.post(url, tick)
    assert InteractionLogEntry.objects.get().delivery == ""


def test_without_a_way_there_is_nothing_to_send(
    marketer_client: Client, segment: Segment, on_segment: Any, template: InteractionTemplate
) -> None:
    on_segment("Anna")
    InteractionTemplate.objects.update(correspondence_type="")
    form = marketer_client.get(at(segment, "log")).context["form"]
    assert (form["send"].value(), form.fields["send"].disabled) == (False, True)
    marketer_client.post(at(segment, "log"), {"send": "on"})
    assert InteractionLogEntry.objects.get().delivery == ""


def test_lines_with_a_problem_are_mended_alone(
    marketer_client: Client, reader_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna", correspondence_type="email")
    on_segment("Bo")
    url, paper = at(segment, "mend", "no_address"), {"correspondence_type": "hard_copy"}
    assert reader_client.post(url, paper).status_code == 403
    for wrong in ({"correspondence_type": ""}, {"correspondence_type": "pigeon"}):
        answer = marketer_client.post(url, {"where": "lines", **wrong})
        assert answer.status_code == 200
        assert not LineOverride.objects.exists()
    assert marketer_client.post(url, {"name": "cost", "cost": "1"}).status_code == 404
    answer = marketer_client.post(url, paper, follow=True)
    assert "1 line says its correspondence type itself now." in answer.content.decode()
    assert codes(answer) == {}
    assert LineOverride.objects.get().line.contact.name == "Anna"


def test_errors_cannot_be_accepted(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    anna = on_segment("Anna")
    Contact.objects.filter(pk=anna.pk).update(privacy_blocked=True)
    answer = marketer_client.post(at(segment, "log"), {"accept": "on", "seen": "blocked"})
    assert "Nothing was logged" in answer.context["form"].refused
    assert codes(answer) == {"blocked": 1}
    assert not LoggedSegment.objects.exists()


def test_a_double_click_logs_once(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna")
    url = at(segment, "log")
    marketer_client.post(url)
    logged = LoggedSegment.objects.get()
    again = marketer_client.post(url, follow=True)
    assert again.redirect_chain == [(logged.get_absolute_url(), 302)]
    assert "has been logged" in again.content.decode()
    assert InteractionLogEntry.objects.count() == 1


def test_who_comes_second_is_led_to_what_the_first_logged(
    rf: RequestFactory, marketer: User, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna")
    logged = log.log_segment(Segment.objects.get(), by=marketer)
    request: Any = rf.post("/")
    request.user, request.session, request.htmx = marketer, {}, False
    request._messages = FallbackStorage(request)
    form = LogForm({"follow_up": "on"}, can_send=False)
    assert form.is_valid()
    answer = log_page._log(request, segment, form)
    assert answer["Location"] == logged.get_absolute_url()
    said = [str(message) for message in request._messages]
    assert said == [f"{segment.number} has been logged already."]
    assert not Segment.objects.exists()


def test_who_may_log(
    client: Client, reader_client: Client, segment: Segment, on_segment: Any
) -> None:
    on_segment("Anna")
    editor = User.objects.create_user("editor")
    rights = ("view_segment", "change_segment")
    editor.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(editor)
    for who in (client, reader_client):
        assert who.get(at(segment, "log")).status_code == 403
        assert who.post(at(segment, "log")).status_code == 403
    assert Segment.objects.exists()


def test_check_costs_the_same_for_one_and_for_many(
    marketer_client: Client, segment: Segment, on_segment: Any
) -> None:
    def cost(name: str) -> int:
        return statements(lambda: marketer_client.get(at(segment, name)))

    on_segment("Anna", correspondence_type="email")
    one = cost("check"), cost("log")
    for _number in range(5):
        on_segment("Bo", correspondence_type="email")
    assert (cost("check"), cost("log")) == one


@pytest.fixture
def logged(segment: Segment, on_segment: Any, marketer: User) -> LoggedSegment:
    """Three contacts written to; one was pleased, one was not, one's entry was cancelled."""
    for name in ("Pleased", "Angry", "Cancelled"):
        on_segment(name)
    made = log.log_segment(segment, by=marketer)
    entries = InteractionLogEntry.objects.filter(logged_segment=made)
    entries.filter(contact__name="Pleased").update(evaluation="positive")
    entries.filter(contact__name="Angry").update(evaluation="negative")
    entries.filter(contact__name="Cancelled").update(cancelled=True, evaluation="positive")
    return made


def follow_up_url(logged: LoggedSegment) -> str:
    return reverse("segments:follow_up", args=[logged.segment_number])


def test_a_follow_up_for_all(marketer_client: Client, logged: LoggedSegment) -> None:
    page = marketer_client.get(follow_up_url(logged))
    assert page.context["found"].evaluations == {"positive": 1, "negative": 1}
    assert "the 2 contacts that were written to" in page.content.decode()
    answer = marketer_client.post(follow_up_url(logged), {"everybody": "all"}, follow=True)
    made = Segment.objects.get()
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert f"follows {logged.segment_number} with 2 lines." in answer.content.decode()
    assert sorted(names(made)) == ["Angry", "Pleased"]
    assert logged.get_absolute_url() in answer.content.decode()


def test_a_follow_up_by_outcome(marketer_client: Client, logged: LoggedSegment) -> None:
    url = follow_up_url(logged)
    for wrong, field in (
        ({"everybody": "some"}, "evaluations"),
        ({"everybody": "some", "evaluations": ["nonsense"]}, "evaluations"),
        ({"everybody": "all", "evaluations": ["negative"]}, "everybody"),
        ({}, "everybody"),
    ):
        assert field in marketer_client.post(url, wrong).context["form"].errors
    assert not Segment.objects.exists()
    marketer_client.post(url, {"everybody": "some", "evaluations": ["negative"]})
    assert names(Segment.objects.get()) == ["Angry"]


def test_a_follow_up_of_the_failed_and_of_the_silent(
    marketer_client: Client, logged: LoggedSegment, template: InteractionTemplate
) -> None:
    url = follow_up_url(logged)
    assert "failed" in marketer_client.post(url, {"everybody": "failed"}).content.decode()
    assert not Segment.objects.exists()
    entries = InteractionLogEntry.objects.filter(logged_segment=logged)
    entries.filter(contact__name="Angry").update(delivery="failed", evaluation="")
    found = marketer_client.get(url).context["found"]
    assert (found.contacts, found.failed, found.silent) == (2, 1, 1)
    marketer_client.post(url, {"everybody": "failed"})
    assert names(Segment.objects.get()) == ["Angry"]
    marketer_client.post(url, {"everybody": "silent"})
    assert [names(one) for one in Segment.objects.order_by("pk")] == [["Angry"], ["Angry"]]
    answer = entries.get(contact__name="Angry")
    answer.pk, answer.information_flow, answer.logged_segment = None, "inbound", None
    answer.save()
    assert marketer_client.get(url).context["found"].silent == 0


def test_who_may_follow_up(
    reader_client: Client, marketer_client: Client, logged: LoggedSegment
) -> None:
    page = logged.get_absolute_url()
    assert follow_up_url(logged) in marketer_client.get(page).content.decode()
    assert follow_up_url(logged) not in reader_client.get(page).content.decode()
    assert reader_client.get(follow_up_url(logged)).status_code == 403
    assert reader_client.post(follow_up_url(logged), {"everybody": "all"}).status_code == 403
    unknown = reverse("segments:follow_up", args=["NONE"])
    assert marketer_client.get(unknown).status_code == 404
    assert not Segment.objects.exists()
    assert SegmentLine.objects.count() == 0


def test_without_evaluations_there_is_nothing_to_choose(
    marketer_client: Client, segment: Segment, on_segment: Any, marketer: User
) -> None:
    on_segment("Anna")
    made = log.log_segment(segment, by=marketer)
    html = marketer_client.get(follow_up_url(made)).content.decode()
    assert "No interaction has been evaluated yet" in html
    marketer_client.post(follow_up_url(made), {"everybody": "all"})
    assert names(Segment.objects.get()) == ["Anna"]


def test_a_logged_segment_is_reused_from_its_page(
    marketer_client: Client, logged: LoggedSegment, marketer: User
) -> None:
    """Its page leads to the open segments, and these to the page that adds its contacts."""
    page = reverse("segments:reuse", args=[logged.segment_number])
    assert page in marketer_client.get(logged.get_absolute_url()).content.decode()
    assert not marketer_client.get(page).context["groups"][0].hits
    chosen = Segment.objects.create(description="To be filled", by=marketer)
    Segment.objects.create(description="Another", by=marketer)
    (hit,) = marketer_client.get(page, {"q": "filled"}).context["groups"][0].hits
    assert hit.number == chosen.number
    before = marketer_client.get(hit.url)
    assert before.context["preview"].new == 2
    marketer_client.post(hit.url, {"action": "apply", "at": "0"})
    chosen.refresh_from_db()
    assert names(chosen) == ["Angry", "Pleased"]
    assert marketer_client.get(page, {"q": "\x00"}).status_code == 200


def test_who_may_reuse(
    reader_client: Client, client: Client, marketer_client: Client, logged: LoggedSegment
) -> None:
    page = reverse("segments:reuse", args=[logged.segment_number])
    assert reader_client.get(page).status_code == 403
    assert page not in reader_client.get(logged.get_absolute_url()).content.decode()
    assert client.get(page).status_code == 302
    assert marketer_client.get(reverse("segments:reuse", args=["NONE"])).status_code == 404
    assert marketer_client.post(page).status_code == 405


@pytest.mark.parametrize("name", ["check", "log"])
def test_of_many_lines_the_page_comes_first(
    marketer_client: Client,
    segment: Segment,
    on_segment: Any,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_segment("Anna", exclude_from_segment=True)
    monkeypatch.setattr(later, "AT_ONCE", 0)
    first = marketer_client.get(at(segment, name))
    html = first.content.decode()
    assert "problems" not in first.context
    assert 'aria-busy="true"' in html
    assert 'href="?counted=1"' in html
    for then in (
        marketer_client.get(at(segment, name), {"counted": "1"}),
        marketer_client.get(at(segment, name), HTTP_X_COUNTED="1"),
    ):
        assert codes(then) == {"excluded": 1}
        assert "aria-busy" not in then.content.decode()


def test_log_of_many_lines_logs(
    marketer_client: Client, segment: Segment, on_segment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_segment("Anna")
    monkeypatch.setattr(later, "AT_ONCE", 0)
    marketer_client.post(at(segment, "log"), {})
    assert LoggedSegment.objects.get().entry_count == 1


def test_what_became_of_many_entries_comes_after_their_page(
    marketer_client: Client,
    segment: Segment,
    on_segment: Any,
    marketer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_segment("Anna")
    logged = log.log_segment(segment, by=marketer)
    monkeypatch.setattr(later, "AT_ONCE", 0)
    first = marketer_client.get(logged.get_absolute_url())
    assert "counts" not in first.context
    assert "Anna" not in first.content.decode()
    for then in (
        marketer_client.get(logged.get_absolute_url(), {"counted": "1"}),
        marketer_client.get(logged.get_absolute_url(), HTTP_X_COUNTED="1"),
    ):
        assert then.context["counts"].counted == 1
        assert "Anna" in then.content.decode()
        assert "aria-busy" not in then.content.decode()
