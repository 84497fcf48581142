"""Pages of the log: entries, and the segments they came from."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Campaign, Contact
from crm.panels import Action
from interactions import letters, panels
from interactions.models import (
    CampaignEntry,
    Document,
    InteractionLogEntry,
    LogEntryComment,
    LoggedSegment,
)
from interactions.tests.conftest import log
from interactions.tests.test_template_pages import downloaded, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(logged: LoggedSegment) -> InteractionLogEntry:
    return InteractionLogEntry.objects.get(position=1)


PAGES = (
    "/interactions/",
    "/interactions/{pk}/",
    "/interactions/{pk}/letter/",
    "/logged-segments/",
    "/logged-segments/SM00001/",
    "/logged-segments/SM00001/letters/",
    "/logged-segments/SM00001/combined/",
    "/logged-segments/SM00001/print/",
)


@pytest.mark.parametrize("path", PAGES)
def test_readers_see_it_and_strangers_and_outsiders_do_not(
    entry: InteractionLogEntry, reader: Any, reader_client: Client, client: Client, path: str
) -> None:
    path = path.format(pk=entry.pk)
    answer: Any = reader_client.get(path)
    assert answer.status_code == 200
    assert downloaded(answer) if answer.streaming else answer.content
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))
    reader.groups.clear()
    assert reader_client.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/interactions/0/",
        "/interactions/99999999999999999999999/",
        "/interactions/0/letter/",
        "/logged-segments/NONE/",
        "/logged-segments/NONE/letters/",
        "/logged-segments/NONE/combined/",
        "/logged-segments/NONE/print/",
    ],
)
def test_what_is_not_there_is_not_found(
    entry: InteractionLogEntry, reader_client: Client, path: str
) -> None:
    page(reader_client, path, 404)


@pytest.mark.parametrize("path", ["/interactions/", "/logged-segments/SM00001/", "{contact}"])
def test_three_rows_cost_as_many_queries_as_one(
    logged: LoggedSegment, reader_client: Client, path: str
) -> None:
    contact = Contact.objects.get(surname="Smith")
    path = path.format(contact=contact.get_absolute_url())
    InteractionLogEntry.objects.exclude(contact=contact).update(postponed=True)
    counts = []
    for postponed in (True, False):
        InteractionLogEntry.objects.exclude(contact=contact).update(
            postponed=postponed, contact=Contact.objects.get(surname="Laine")
        )
        if not postponed:
            InteractionLogEntry.objects.update(contact=contact)
        reader_client.get(path)
        with CaptureQueriesContext(connection) as queries:
            page(reader_client, path)
        assert not any("merge_values" in query["sql"] for query in queries)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def shown(text: str) -> list[str]:
    """Which of the three persons a page names."""
    return [name for name in ("Ann", "Beth", "Cilla") if name in text]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ann", "Beth"]),
        ("?segment=SM00001", ["Ann", "Beth"]),
        ("?segment=NONE", []),
        ("?search=ann+SMITH", ["Ann"]),
        ("?template=LETTER&cancelled=true", ["Beth"]),
        ("?cancelled=false", ["Ann"]),
        ("?evaluation=positive", ["Ann"]),
        ("?evaluation=shiny", []),
        ("?date_from=2026-03-03", []),
        ("?date_from=2026-03-02&date_to=2026-03-02", ["Ann", "Beth"]),
        ("?delivery=failed", []),
        ("?information_flow=outbound&group=MAIL", ["Ann", "Beth"]),
        ("?sort=-date&page=7", ["Ann", "Beth"]),
    ],
)
def test_entries_are_filtered_and_postponed_ones_never_shown(
    logged: LoggedSegment, reader_client: Client, query: str, names: list[str]
) -> None:
    InteractionLogEntry.objects.filter(position=1).update(evaluation="positive")
    InteractionLogEntry.objects.filter(position=2).update(cancelled=True)
    InteractionLogEntry.objects.filter(position=3).update(postponed=True)
    assert shown(page(reader_client, f"/interactions/{query}")) == names


def test_entries_of_a_contact_and_of_a_company(
    logged: LoggedSegment, reader_client: Client
) -> None:
    ann = Contact.objects.get(surname="Smith")
    company = Contact.objects.get(name="Blooms & Co")
    stranger = Contact.objects.create(name="Stranger")
    log(logged, stranger, 4, "en")
    assert shown(page(reader_client, f"/interactions/?contact={ann.number}")) == ["Ann"]
    text = page(reader_client, f"/interactions/?company={company.number}")
    assert shown(text) == ["Ann", "Beth", "Cilla"]
    assert "Stranger" not in text


def test_an_entry_shows_its_letter_escaped(
    entry: InteractionLogEntry, reader_client: Client
) -> None:
    text = page(reader_client, f"/interactions/{entry.pk}/")
    assert "Dear Ms Smith,\nWe offer.\nComment &lt;1&gt; for Ann" in text
    beth = InteractionLogEntry.objects.get(position=2)
    assert "<b>" not in page(reader_client, f"/interactions/{beth.pk}/")
    assert "Add the comment" not in text


def test_an_entry_of_a_deleted_contact_is_shown(
    entry: InteractionLogEntry, reader_client: Client
) -> None:
    InteractionLogEntry.objects.update(contact=None, salesperson=None)
    assert "The contact was deleted." in page(reader_client, f"/interactions/{entry.pk}/")
    assert "deleted" in page(reader_client, "/interactions/")
    page(reader_client, "/logged-segments/SM00001/")


def test_a_letter_is_downloaded_as_it_was_logged(
    entry: InteractionLogEntry, reader_client: Client
) -> None:
    answer = reader_client.get(f"/interactions/{entry.pk}/letter/")
    name, data = letters.letter(entry)
    assert downloaded(answer) == data
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    InteractionLogEntry.objects.update(document=None)
    page(reader_client, f"/interactions/{entry.pk}/letter/", 404)


def test_all_letters_are_downloaded(logged: LoggedSegment, reader_client: Client) -> None:
    for path, name, count in (("letters", "SM00001.zip", 4), ("combined", "SM00001.zip", 2)):
        answer = reader_client.get(f"/logged-segments/SM00001/{path}/")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        archive = zipfile.ZipFile(io.BytesIO(downloaded(answer)))
        assert len(archive.namelist()) == count


def test_the_page_says_who_is_left_out_of_the_downloads(
    entry: InteractionLogEntry, reader_client: Client
) -> None:
    path = "/logged-segments/SM00001/"
    assert "left out of the downloads" not in page(reader_client, path)
    people = Contact.objects.exclude(company=None)
    people.filter(surname="Smith").update(privacy_blocked=True)
    assert "1 letter is left out of the downloads: its contact is" in page(reader_client, path)
    assert downloaded(reader_client.get(f"/interactions/{entry.pk}/letter/"))  # the record stays
    people.update(privacy_blocked=True)
    text = page(reader_client, path)
    assert "3 letters are left out of the downloads: their contacts are blocked now." in text
    assert f"{path}combined/" not in text
    assert f"{path}letters/" not in text


def test_the_button_says_whether_it_is_one_file(
    logged: LoggedSegment, reader_client: Client
) -> None:
    one, several = "Letters in one file", "Letters, one file a language (zip)"
    text = page(reader_client, "/logged-segments/SM00001/")
    assert (one in text, several in text) == (False, True)
    InteractionLogEntry.objects.filter(language="fi").delete()
    text = page(reader_client, "/logged-segments/SM00001/")
    assert (one in text, several in text) == (True, False)


def test_lost_letters_are_said_and_not_half_sent(
    entry: InteractionLogEntry, reader_client: Client
) -> None:
    for document in Document.objects.all():
        default_storage.delete(document.path)
    for path in ("letters", "combined"):
        text = page(reader_client, f"/logged-segments/SM00001/{path}/", 409)
        assert "is missing from the storage" in text
    assert "is missing" in page(reader_client, f"/interactions/{entry.pk}/letter/", 409)
    assert "is missing" in page(reader_client, f"/interactions/{entry.pk}/")
    InteractionLogEntry.objects.update(document=None)
    assert "no letters" in page(reader_client, "/logged-segments/SM00001/letters/", 409)


def test_marketers_evaluate(
    entry: InteractionLogEntry, reader_client: Client, marketer_client: Client
) -> None:
    path = f"/interactions/{entry.pk}/evaluate/"
    facts = entry.merge_values
    assert reader_client.post(path, {"evaluation": "positive"}).status_code == 403
    assert marketer_client.get(path).status_code == 405
    answer = marketer_client.post(path, {"evaluation": "positive"})
    assert (answer.status_code, answer["Location"]) == (302, f"/interactions/{entry.pk}/")
    entry.refresh_from_db()
    assert (entry.evaluation, entry.merge_values) == ("positive", facts)
    assert "not one of the available choices" in page(marketer_client, path, evaluation="shiny")
    marketer_client.post(path, {"evaluation": ""})
    evaluations = InteractionLogEntry.objects.values_list("evaluation", flat=True)
    assert list(evaluations) == ["", "", ""]
    assert marketer_client.post("/interactions/0/evaluate/", {}).status_code == 404


def test_marketers_comment(
    entry: InteractionLogEntry, marketer: Any, reader_client: Client, marketer_client: Client
) -> None:
    path = f"/interactions/{entry.pk}/comment/"
    assert reader_client.post(path, {"text": "Mine"}).status_code == 403
    assert marketer_client.post(path, {"text": "Called <back>"}).status_code == 302
    assert LogEntryComment.objects.values_list("entry", "text", "by").get() == (
        entry.pk,
        "Called <back>",
        marketer.pk,
    )
    assert "Called &lt;back&gt;" in page(reader_client, f"/interactions/{entry.pk}/")
    assert "This field is required" in page(marketer_client, path, text="  ")
    assert "at most 2000 characters" in page(marketer_client, path, text="x" * 2001)
    assert LogEntryComment.objects.count() == 1


def test_a_logged_segment_shows_header_and_trail_as_they_were(
    logged: LoggedSegment, reader_client: Client
) -> None:
    InteractionLogEntry.objects.filter(position=1).update(evaluation="positive", cost=2)
    InteractionLogEntry.objects.filter(position=2).update(delivery="failed", delivery_error="Full")
    InteractionLogEntry.objects.filter(position=3).update(cancelled=True)
    text = " ".join(page(reader_client, "/logged-segments/SM00001/").split())
    for words in (
        "Everybody in London",
        "+4",
        "One contact",
        "−1",
        "<dt>Salesperson</dt><dd>Matti",
    ):
        assert words in text, words
    base = "/interactions/?segment=SM00001"
    assert f'<a href="{base}&amp;cancelled=false">2</a>' in text
    assert f'<a href="{base}&amp;cancelled=true">1</a>' in text
    assert f'Failed <a href="{base}&amp;cancelled=false&amp;delivery=failed">1</a>' in text
    assert f'Positive <a href="{base}&amp;cancelled=false&amp;evaluation=positive">1</a>' in text
    reader_client.cookies["django_language"] = "fi"
    assert "Kaikki Lontoossa" in page(reader_client, "/logged-segments/SM00001/")


def test_the_floor_above_adds_to_a_logged_segment(
    logged: LoggedSegment, reader_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(request: HttpRequest, subject: LoggedSegment) -> Action:
        return Action(f"/follow/{subject.segment_number}/", "Follow up")

    monkeypatch.setattr(panels.logged_segment_actions, "entries", {"follow": (1, follow)})
    text = page(reader_client, "/logged-segments/SM00001/")
    assert '<a class="btn btn-outline" href="/follow/SM00001/">' in text


def test_logged_segments_are_listed_and_found(logged: LoggedSegment, reader_client: Client) -> None:
    LoggedSegment.objects.create(segment_number="SM00002", description="Autumn", cancelled=True)
    text = page(reader_client, "/logged-segments/?search=spring")
    assert "SM00001" in text
    assert "SM00002" not in text
    text = page(reader_client, "/logged-segments/?cancelled=true")
    assert "SM00002" in text
    assert "SM00001" not in text
    assert "/logged-segments/SM00002/" in page(reader_client, "/search/?q=autumn")


def test_a_contacts_card_has_its_timeline(logged: LoggedSegment, reader_client: Client) -> None:
    ann = Contact.objects.get(surname="Smith")
    InteractionLogEntry.objects.filter(contact=ann).update(description="Only for Ann")
    InteractionLogEntry.objects.exclude(contact=ann).update(description="Not for Ann")
    own = page(reader_client, ann.get_absolute_url())
    assert "Only for Ann" in own
    assert "Not for Ann" not in own
    company = page(reader_client, Contact.objects.get(name="Blooms & Co").get_absolute_url())
    assert ("Only for Ann" in company, "Not for Ann" in company) == (True, True)


def test_a_campaigns_card_lists_what_was_said(logged: LoggedSegment, reader_client: Client) -> None:
    campaign = Campaign.objects.create(description="Spring")
    CampaignEntry.objects.create(
        campaign=campaign,
        logged_segment=logged,
        description="First push",
        date=datetime.date(2026, 3, 2),
        segment_number="SM00001",
    )
    text = page(reader_client, campaign.get_absolute_url())
    assert "First push" in text
    assert "/logged-segments/SM00001/" in text


def test_searches_fold_finnish_letters(logged: LoggedSegment, reader_client: Client) -> None:
    LoggedSegment.objects.create(segment_number="SM00003", description="Äidit ja isät")
    for path in ("/logged-segments/?search=äidit", "/search/?q=ÄIDIT"):
        assert "SM00003" in page(reader_client, path)
