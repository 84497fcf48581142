"""Add, Keep only, Remove: what they would do, and doing it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm import later
from crm.models import Contact, MailingGroup
from crm.paging import LongPaginator
from segments import worksheet
from segments.models import Segment, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, names, statements

HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def at(segment: Segment, verb: str, *args: str) -> str:
    return reverse(f"segments:{verb}", args=[segment.number, *args])


def numbers(answer: Any) -> dict[str, int]:
    return {one["part"]: one["count"] for one in answer.context["numbers"]}


@pytest.fixture
def world(
    segment: Segment,
    marketer: User,
    contact: Callable[..., Contact],
    gift: MailingGroup,
    in_group: Callable[..., None],
) -> None:
    """In the group: one new, one already in, one excluded, one blocked; and somebody outside."""
    new = contact("New Nina", number="NEW")
    already = contact("Already Al", number="AL")
    excluded = contact("Excluded Eve", number="EVE", exclude_from_segment=True)
    blocked = contact("Blocked Bob", number="BOB", privacy_blocked=True)
    contact("Outside Otto", number="OTTO")
    in_group(gift, new, already, excluded, blocked)
    worksheet.add_contact(segment, already, by=marketer)


GIFT = {"mailing_groups-group": "GIFT"}


@pytest.mark.usefixtures("world")
def test_the_reconciliation_adds_up(marketer_client: Client, segment: Segment) -> None:
    answer = marketer_client.post(at(segment, "add"), GIFT, **HTMX)
    assert numbers(answer) == {"matched": 4, "new": 1, "already": 1, "excluded": 1, "blocked": 1}
    html = answer.content.decode()
    assert "<html" not in html
    assert "is in a mailing group" in html
    assert "New Nina" in html
    assert "Outside Otto" not in html
    assert SegmentStep.objects.count() == 1
    answer = marketer_client.post(at(segment, "add"), {**GIFT, "ignore_exclusion": "on"}, **HTMX)
    assert numbers(answer) == {"matched": 4, "new": 2, "already": 1, "excluded": 0, "blocked": 1}


@pytest.mark.usefixtures("world")
def test_every_number_leads_to_its_contacts(marketer_client: Client, segment: Segment) -> None:
    answer = marketer_client.get(at(segment, "add"), GIFT)
    found = {}
    for one in answer.context["numbers"]:
        page = marketer_client.get(one["url"])
        found[one["part"]] = [contact.number for contact in page.context["page_obj"]]
        assert page.context["back_url"] in page.content.decode()
    assert found == {
        "matched": ["AL", "BOB", "EVE", "NEW"],
        "new": ["NEW"],
        "already": ["AL"],
        "excluded": ["EVE"],
        "blocked": ["BOB"],
    }
    again = marketer_client.get(page.context["back_url"])
    assert numbers(again) == numbers(answer)


@pytest.mark.usefixtures("world")
def test_keep_and_remove_lead_to_their_contacts(
    marketer_client: Client, segment: Segment, marketer: User
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    kept, gone = ["AL", "NEW"], ["OTTO"]
    for verb, removed, left in (("keep", gone, kept), ("remove", kept, gone)):
        answer = marketer_client.get(at(segment, verb), GIFT)
        assert numbers(answer) == {"removed": len(removed), "kept": len(left)}
        for part, wanted in (("removed", removed), ("kept", left)):
            page = marketer_client.get(at(segment, f"{verb}_part", part), GIFT)
            assert [contact.number for contact in page.context["page_obj"]] == wanted
    assert marketer_client.get(at(segment, "add_part", "removed")).status_code == 404
    assert marketer_client.get(at(segment, "keep_part", "new")).status_code == 404


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("entire", [{}, {"entire_companies": "on"}])
def test_nothing_asked_means_everybody_on_it(
    marketer_client: Client, segment: Segment, marketer: User, entire: dict[str, str]
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    everyone = ["AL", "NEW", "OTTO"]
    for verb, removed, kept in (("keep", [], everyone), ("remove", everyone, [])):
        answer = marketer_client.post(at(segment, verb), entire, **HTMX)
        assert numbers(answer) == {"removed": len(removed), "kept": len(kept)}
        for part, wanted in (("removed", removed), ("kept", kept)):
            page = marketer_client.get(at(segment, f"{verb}_part", part), entire)
            assert [contact.number for contact in page.context["page_obj"]] == wanted
    assert worksheet.refine_contacts(segment, everybody(), by=marketer, confirm_all=True) is None
    assert worksheet.reduce_contacts(segment, everybody(), by=marketer, confirm_all=True)
    assert names(segment) == []


@pytest.mark.usefixtures("world")
def test_a_long_part_is_counted_up_to_a_cap(
    marketer_client: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LongPaginator, "CAP", 2)
    page = marketer_client.get(at(segment, "add_part", "matched"))
    assert re.search(r"2 contacts\s*\+", page.content.decode())
    short = marketer_client.get(at(segment, "add_part", "blocked"))
    assert re.search(r"1 contact\s*<", short.content.decode())


@pytest.mark.usefixtures("world")
def test_add_adds(marketer_client: Client, segment: Segment) -> None:
    answer = marketer_client.post(at(segment, "add"), {**GIFT, "action": "apply"}, follow=True)
    assert answer.redirect_chain == [(segment.get_absolute_url(), 302)]
    assert "1 line was added." in answer.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["Already Al", "New Nina"]
    assert segment.steps.get(number=2).criteria == {"mailing_groups": {"group": ["GIFT"]}}
    answer = marketer_client.post(at(segment, "add"), {**GIFT, "action": "apply"})
    assert "Nothing would change" in answer.context["refused"]


@pytest.mark.usefixtures("world")
def test_keep_keeps_and_remove_removes(
    marketer_client: Client, segment: Segment, marketer: User
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    marketer_client.post(at(segment, "keep"), {**GIFT, "action": "apply"})
    segment.refresh_from_db()
    assert names(segment) == ["Already Al", "New Nina"]
    data = {"contact-number": "NEW", "action": "apply"}
    answer = marketer_client.post(at(segment, "remove"), data, follow=True)
    assert "1 line was removed. Back brings it again." in answer.content.decode()
    segment.refresh_from_db()
    assert names(segment) == ["Already Al"]
    none = {"mailing_groups-match": "none", "action": "apply"}
    answer = marketer_client.post(at(segment, "keep"), none, follow=True)
    segment.refresh_from_db()
    assert names(segment) == []


@pytest.mark.usefixtures("world")
def test_everybody_wants_a_yes(marketer_client: Client, segment: Segment) -> None:
    page = marketer_client.get(at(segment, "add"))
    assert numbers(page)["new"] == 2
    assert "this adds all 2 contacts" in page.content.decode()
    answer = marketer_client.post(at(segment, "add"), {"action": "apply"})
    assert "this means everybody" in answer.context["refused"]
    assert SegmentLine.objects.count() == 1
    marketer_client.post(at(segment, "add"), {"action": "apply", "confirm_all": "on"})
    assert SegmentLine.objects.count() == 3


@pytest.mark.usefixtures("world")
def test_a_preview_does_nothing(marketer_client: Client, segment: Segment) -> None:
    for data in ({**GIFT, "action": "preview"}, GIFT):
        answer = marketer_client.post(at(segment, "add"), data)
        assert numbers(answer)["new"] == 1
        assert "GIFT" in answer.content.decode()
    answer = marketer_client.post(at(segment, "add"), {**GIFT, "action": "apply"}, **HTMX)
    assert numbers(answer)["new"] == 1
    assert SegmentStep.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact-number": "NOBODY"},
        {"contact-created_from": "soon"},
        {"contact-created_from": "2026-05-01", "contact-created_to": "2026-01-01"},
        {"mailing_groups-group": "NONE"},
        {"purchases-minimum_amount": "-1"},
        {"contact-name": "a\x00b"},
        {"contact-country": "XX"},
    ],
)
@pytest.mark.usefixtures("world")
def test_a_wrong_form_is_told_at_the_field(
    marketer_client: Client, segment: Segment, wrong: dict[str, str]
) -> None:
    typed = {**wrong, "contact-city": "Kept words", "action": "apply"}
    answer = marketer_client.post(at(segment, "add"), typed)
    assert answer.status_code == 200
    assert answer.context["errors"]
    html = answer.content.decode()
    assert 'class="field-errors"' in html
    assert "Kept words" in html
    assert "disabled" in html
    part = marketer_client.post(at(segment, "add"), typed, **HTMX)
    assert part.context["errors"] == answer.context["errors"]
    away = marketer_client.get(at(segment, "add_part", "new"), wrong)
    assert away["Location"] == segment.get_absolute_url()
    assert SegmentStep.objects.count() == 1


@pytest.mark.usefixtures("world")
def test_a_question_too_long_for_an_address_has_no_links(
    marketer_client: Client, segment: Segment
) -> None:
    many = ", ".join(f"City number {number}" for number in range(400))
    answer = marketer_client.post(at(segment, "add"), {"contact-city": many}, **HTMX)
    assert answer.context["has_links"] is False
    assert at(segment, "add_part", "matched") not in answer.content.decode()


@pytest.mark.usefixtures("world")
def test_only_who_may_change_chooses(
    reader_client: Client, client: Client, segment: Segment
) -> None:
    for verb in ("add", "keep", "remove"):
        assert reader_client.get(at(segment, verb)).status_code == 403
        assert reader_client.post(at(segment, verb), {"action": "apply"}).status_code == 403
        assert reader_client.get(at(segment, f"{verb}_part", "kept")).status_code == 403
        assert client.get(at(segment, verb)).status_code == 302
    assert SegmentStep.objects.count() == 1


def test_unknown_segment(marketer_client: Client) -> None:
    for verb in ("add", "keep", "remove"):
        assert marketer_client.get(reverse(f"segments:{verb}", args=["NONE"])).status_code == 404


def test_a_part_costs_the_same_for_one_and_for_many(
    marketer_client: Client, segment: Segment, company: Callable[..., Contact]
) -> None:
    url = at(segment, "add_part", "matched")
    company("House 0", ["Anna"])
    one = statements(lambda: marketer_client.get(url))
    for number in range(1, 4):
        company(f"House {number}", ["Bo", "Cid"])
    assert statements(lambda: marketer_client.get(url)) == one


@pytest.mark.usefixtures("world")
def test_a_preview_that_takes_too_long_gives_way(
    marketer_client: Client,
    segment: Segment,
    settings: Any,
    postgres: bool,
) -> None:
    if postgres:
        pytest.skip("a millisecond, the least it knows, may be enough there; see crm's own test")
    Contact.objects.bulk_create(Contact(number=f"M{n}", name="Many") for n in range(400))
    settings.PREVIEW_SECONDS = 0
    answer = marketer_client.post(at(segment, "add"), {}, **HTMX)
    html = answer.content.decode()
    assert "it can still be done" in html
    assert "I mean it" in html
    assert "disabled" not in html
    marketer_client.post(at(segment, "add"), {"action": "apply", "confirm_all": "on"})
    assert SegmentLine.objects.count() == 403


def test_contacts_of_a_list_go_to_the_page_that_adds(
    marketer_client: Any, reader_client: Any, segment: Any, contact: Any
) -> None:
    ann, ben = contact("Ann", city="Oulu"), contact("Ben", city="Turku")
    url = "/contacts/bulk/segment/?city=Oulu&page=2"
    assert reader_client.post(url, {"all": 1}).status_code == 403
    assert marketer_client.post(url, {})["Location"] == "/contacts/?city=Oulu&page=2"
    assert b"See who would be added" in marketer_client.post(url, {"contact": [ann.number]}).content
    ticked = {"contact": [ann.number, ben.number], "segment": segment.number}
    add = f"/segments/{segment.number}/add/"
    answer = marketer_client.post(url, ticked)
    assert answer["Location"] == f"{add}?contact-number={ann.number}%2C{ben.number}"
    assert marketer_client.get(answer["Location"]).context["preview"].new == 2
    answer = marketer_client.post(url, {"all": 1, "segment": segment.number})
    assert answer["Location"] == f"{add}?contact-city=Oulu"
    wrong = marketer_client.post(url, {"all": 1, "segment": "NOSUCH"})
    assert list(wrong.context["form"].errors) == ["segment"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("verb", ["add", "keep", "remove"])
def test_of_many_the_form_comes_first_and_asks_then(
    marketer_client: Client, segment: Segment, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 0)
    first = marketer_client.get(at(segment, verb), GIFT)
    html = first.content.decode()
    assert 'id="found" aria-live="polite" aria-busy="true"' in html
    assert "numbers" not in first.context
    assert "Nina" not in html
    asked = {**GIFT, "action": "preview"}
    for then in (
        marketer_client.post(at(segment, verb), asked, **HTMX),
        marketer_client.post(at(segment, verb), asked),
    ):
        assert sum(numbers(then).values())
        assert "aria-busy" not in then.content.decode()
    assert SegmentStep.objects.count() == 1


@pytest.mark.usefixtures("world")
def test_of_many_everybody_is_confirmed_though_nothing_is_counted_yet(
    marketer_client: Client, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "AT_ONCE", 0)
    html = marketer_client.get(at(segment, "add")).content.decode()
    assert "this means everybody" in html
    marketer_client.post(at(segment, "add"), {"action": "apply"})
    assert SegmentStep.objects.count() == 1
