"""Pages: many entries at once, cancel and restore, comments of one's own, verification."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Campaign
from interactions import proofs
from interactions.models import CampaignEntry, InteractionLogEntry, LogEntryComment, LoggedSegment

pytestmark = pytest.mark.django_db
BULK = "/interactions/bulk/"


@pytest.fixture
def ids(logged: LoggedSegment) -> list[int]:
    """The three entries in their order."""
    return list(logged.entries.order_by("position").values_list("pk", flat=True))


def said(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def apply(client: Client, verb: str, **asked: Any) -> Any:
    """Asks, reads the number that is shown, and does it."""
    page = client.post(BULK, {"verb": verb, **asked})
    assert page.status_code == 200, page
    seen = page.context["count"]
    return client.post(BULK, {"verb": verb, "action": "apply", "seen": seen, **asked}, follow=True)


def evaluations() -> list[str]:
    rows = InteractionLogEntry.objects.order_by("position")
    return list(rows.values_list("evaluation", flat=True))


def test_ticked_entries_are_evaluated(marketer_client: Client, ids: list[int]) -> None:
    page = marketer_client.get("/interactions/").content.decode()
    assert page.count('name="entry"') == 3
    answer = apply(marketer_client, "evaluate", entry=ids[:2], evaluation="positive")
    assert said(answer) == "2 interactions: Positive."
    assert evaluations() == ["positive", "positive", ""]
    apply(marketer_client, "evaluate", entry=[ids[0], "x", 0, "9" * 30], evaluation="")
    assert evaluations() == ["", "positive", ""]


def test_ids_beyond_a_thousand_are_ticked_as_they_are(
    marketer_client: Client, logged: LoggedSegment
) -> None:
    one = logged.entries.order_by("position")[0]
    one.pk, one.document = 1_234_567, None
    one.save(force_insert=True)
    page = marketer_client.get("/interactions/").content.decode()
    ticks = re.findall(r'name="entry" value="([^"]*)"', page)
    assert "1234567" in ticks
    assert apply(marketer_client, "evaluate", entry=ticks, evaluation="positive")
    assert evaluations() == ["positive"] * 4


def test_all_that_the_filters_find(marketer_client: Client, ids: list[int]) -> None:
    query = "search=ann&sort=-date"
    answer = apply(marketer_client, "evaluate", all="1", query=query, evaluation="negative")
    assert evaluations() == ["negative", "", ""]
    assert answer.redirect_chain == [(f"/interactions/?{query}", 302)]
    apply(marketer_client, "evaluate", all="1", evaluation="neutral")
    assert evaluations() == ["neutral"] * 3


@pytest.mark.parametrize("query", ["template=NONE", "nonsense=1", "date_from=yesterday"])
def test_a_mistyped_filter_means_nobody(
    marketer_client: Client, ids: list[int], query: str
) -> None:
    answer = marketer_client.post(
        BULK, {"verb": "cancel", "all": "1", "query": query, "action": "apply", "seen": "3"}
    )
    assert answer["Location"].startswith("/interactions/")
    assert not InteractionLogEntry.objects.filter(cancelled=True).exists()


def test_other_entries_than_were_shown_are_asked_again(
    marketer_client: Client, ids: list[int]
) -> None:
    asked = {"verb": "cancel", "all": "1", "action": "apply", "seen": "2"}
    page = marketer_client.post(BULK, asked)
    assert "there are other interactions by now" in page.content.decode()
    assert not InteractionLogEntry.objects.filter(cancelled=True).exists()
    wrong = {"verb": "evaluate", "entry": ids, "action": "apply", "seen": "3", "evaluation": "x"}
    assert "evaluation" in marketer_client.post(BULK, wrong).context["form"].errors


def test_cancel_restore_and_delete(
    marketer_client: Client, manager_client: Client, ids: list[int]
) -> None:
    answer = apply(marketer_client, "cancel", entry=ids[:2])
    assert said(answer) == "2 interactions were cancelled."
    assert said(apply(marketer_client, "restore", entry=ids)) == "2 interactions were restored."
    apply(marketer_client, "cancel", entry=ids[:1])
    assert marketer_client.post(BULK, {"verb": "delete", "all": "1"}).status_code == 403
    answer = apply(manager_client, "delete", all="1")
    assert said(answer) == "1 cancelled interaction was deleted."
    assert InteractionLogEntry.objects.count() == 2
    nothing = manager_client.post(BULK, {"verb": "delete", "all": "1"}, follow=True)
    assert "Nothing was done" in said(nothing)


def test_who_may_not(
    client: Client, reader_client: Client, marketer_client: Client, ids: list[int]
) -> None:
    for verb in ("evaluate", "cancel", "restore", "delete"):
        assert reader_client.post(BULK, {"verb": verb, "all": "1"}).status_code == 403
    assert marketer_client.post(BULK, {"verb": "burn", "all": "1"}).status_code == 404
    assert marketer_client.get(BULK).status_code == 405
    assert client.post(BULK, {"verb": "cancel"})["Location"].startswith(reverse("login"))
    page = reader_client.get("/interactions/").content.decode()
    assert BULK not in page
    for name in ("entry_cancel", "entry_restore"):
        url = reverse(f"interactions:{name}", args=[ids[0]])
        assert reader_client.post(url).status_code == 403
        assert marketer_client.post(url.replace(str(ids[0]), "0")).status_code == 404


def test_one_entry_is_cancelled_and_held_by_its_segment(
    marketer_client: Client, manager_client: Client, ids: list[int]
) -> None:
    cancel, restore = (
        reverse(f"interactions:entry_{verb}", args=[ids[0]]) for verb in ("cancel", "restore")
    )
    page = marketer_client.get(f"/interactions/{ids[0]}/").content.decode()
    assert cancel in page
    assert "1 interaction was cancelled." in said(marketer_client.post(cancel, follow=True))
    assert "1 interaction was restored." in said(marketer_client.post(restore, follow=True))
    segment = "/logged-segments/SM00001/"
    assert marketer_client.post(f"{segment}cancel/").status_code == 403
    answer = manager_client.post(f"{segment}cancel/", follow=True)
    assert said(answer) == "SM00001 was cancelled. 3 interactions were cancelled."
    answer = marketer_client.post(restore, follow=True)
    assert "It stays cancelled" in said(answer)
    answer = manager_client.post(f"{segment}restore/", follow=True)
    assert said(answer) == "SM00001 was restored. 3 interactions were restored."


def test_a_cancelled_logged_segment_is_deleted(
    marketer_client: Client, manager_client: Client, ids: list[int]
) -> None:
    segment = "/logged-segments/SM00001/"
    answer = manager_client.get(f"{segment}delete/", follow=True)
    assert "Cancel it first" in said(answer)
    manager_client.post(f"{segment}cancel/")
    assert marketer_client.post(f"{segment}delete/").status_code == 403
    assert "3 interactions go for good" in manager_client.get(f"{segment}delete/").content.decode()
    answer = manager_client.post(f"{segment}delete/", follow=True)
    assert said(answer) == "SM00001 was deleted. 3 cancelled interactions were deleted."
    assert not LoggedSegment.objects.exists()
    assert manager_client.post(f"{segment}delete/").status_code == 404


def test_a_campaign_entry_is_cancelled_on_its_campaign(
    marketer_client: Client, manager_client: Client, logged: LoggedSegment
) -> None:
    campaign = Campaign.objects.create(description="Spring")
    entry = CampaignEntry.objects.create(
        campaign=campaign, logged_segment=logged, date="2026-03-02", description="Push"
    )
    logged.entries.update(campaign_entry=entry)
    cancel = f"/campaign-entries/{entry.pk}/cancel/"
    assert cancel in manager_client.get(campaign.get_absolute_url()).content.decode()
    assert marketer_client.post(cancel).status_code == 403
    answer = manager_client.post(cancel, follow=True)
    assert said(answer) == "3 interactions were cancelled."
    restore = cancel.replace("cancel", "restore")
    assert said(manager_client.post(restore, follow=True)) == "3 interactions were restored."
    manager_client.post("/logged-segments/SM00001/cancel/")
    assert "It stays cancelled" in said(manager_client.post(restore, follow=True))
    assert manager_client.post("/campaign-entries/0/cancel/").status_code == 404


def test_comments_of_ones_own(
    marketer_client: Client, manager_client: Client, marketer: User, ids: list[int]
) -> None:
    marketer_client.post(f"/interactions/{ids[0]}/comment/", {"text": "Call back"})
    comment = LogEntryComment.objects.get()
    url = f"/interactions/{ids[0]}/comments/{comment.pk}/"
    assert f"{url}edit/" in marketer_client.get(f"/interactions/{ids[0]}/").content.decode()
    assert f"{url}edit/" not in manager_client.get(f"/interactions/{ids[0]}/").content.decode()
    assert "Call back" in marketer_client.get(f"{url}edit/").content.decode()
    assert "text" in marketer_client.post(f"{url}edit/", {"text": ""}).context["form"].errors
    assert manager_client.post(f"{url}edit/", {"text": "Mine"}).status_code == 403
    assert manager_client.post(f"{url}delete/").status_code == 403
    elsewhere = f"/interactions/{ids[1]}/comments/{comment.pk}/edit/"
    assert marketer_client.get(elsewhere).status_code == 404
    answer = marketer_client.post(f"{url}edit/", {"text": "Called"}, follow=True)
    assert said(answer) == "The comment was saved."
    comment.refresh_from_db()
    assert comment.text == "Called"
    assert said(marketer_client.post(f"{url}delete/", follow=True)) == "The comment was deleted."
    assert not LogEntryComment.objects.exists()


def test_verification_on_the_page(
    marketer_client: Client, reader_client: Client, logged: LoggedSegment, ids: list[int]
) -> None:
    proofs.prove(logged)
    url = "/logged-segments/SM00001/verify/"
    assert url in marketer_client.get(logged.get_absolute_url()).content.decode()
    assert url not in reader_client.get(logged.get_absolute_url()).content.decode()
    assert reader_client.post(url).status_code == 403
    page = marketer_client.post(url)
    assert page.context["verdict"].letters == 3
    assert "All is as it was logged." in page.content.decode()
    logged.entries.filter(position=2).update(cost=9)
    text = marketer_client.post(url).content.decode()
    assert "Something is not as it was:" in text
    assert "Interaction 2 of SM00001" in text
    LoggedSegment.objects.update(entry_count=1001)
    assert "verify_log --segment SM00001" in marketer_client.post(url).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(
    marketer_client: Client, ids: list[int], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20) as three:
        marketer_client.get("/interactions/")
    InteractionLogEntry.objects.exclude(pk=ids[0]).delete()
    with django_assert_max_num_queries(20) as one:
        marketer_client.get("/interactions/")
    assert len(one) == len(three)
