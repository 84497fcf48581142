"""Lines with a problem, searched: what is shown is what is meant."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from segments import bulk, log, worksheet
from segments.models import LineOverride, Segment
from segments.tests.conftest import everybody, names


@pytest.fixture
def blocked(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """Anna and Bo, blocked since they came; Cid is not."""
    for name in ("Anna", "Bo", "Cid"):
        contact(name)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    Contact.objects.exclude(name="Cid").update(privacy_blocked=True)
    return segment


def test_a_search_among_the_lines_with_a_problem_is_heard(
    marketer_client: Client, blocked: Segment
) -> None:
    url = reverse("segments:lines_remove", args=[blocked.number])
    answer = marketer_client.post(url, {"all": "1", "problem": "blocked", "search": "anna"})
    assert answer.status_code == 302
    blocked.refresh_from_db()
    assert names(blocked) == ["Bo", "Cid"]
    marketer_client.post(url, {"all": "1", "problem": "blocked"})
    blocked.refresh_from_db()
    assert names(blocked) == ["Cid"]


def test_a_mistyped_search_among_them_means_nobody(
    marketer_client: Client, blocked: Segment
) -> None:
    url = reverse("segments:lines_remove", args=[blocked.number])
    marketer_client.post(url, {"all": "1", "problem": "blocked", "search": "a\x00"})
    blocked.refresh_from_db()
    assert names(blocked) == ["Anna", "Bo", "Cid"]


def test_the_last_value_taken_back_ends_the_problem(segment: Segment, marketer: User) -> None:
    """The lines no longer have the problem then, but their empty overrides go all the same."""
    Contact.objects.create(name="Ann", number="ANN")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    segment.correspondence_type = "hard_copy"
    segment.ignore_contact_correspondence_type = True
    segment.save()
    bulk.set_many(segment, "correspondence_type", "email", by=marketer)
    lines = log.problem_lines(segment, "no_address")
    assert lines.count() == 1
    assert bulk.set_many(segment, "correspondence_type", "", by=marketer, lines=lines) == 1
    assert log.problem_lines(segment, "no_address").count() == 0
    assert not LineOverride.objects.exists()
