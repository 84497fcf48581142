"""Own letters whose merge fields nobody fills: refused, until it is said that they are meant."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from interactions.models import Document
from segments import worksheet
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import everybody

pytestmark = pytest.mark.django_db
Letter = Callable[[str], bytes]
ACCEPT = 'name="accept_fields"'


@pytest.fixture
def letters_url(segment: Segment) -> str:
    return reverse("segments:letters", args=[segment.number])


@pytest.fixture
def line_url(segment: Segment, marketer: User, company: Callable[..., Contact]) -> str:
    """The address to which the letter of a segment's only line is sent."""
    company("House")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    line = SegmentLine.objects.present(segment).get()
    return reverse("segments:line_letter", args=[segment.number, line.pk])


def upload(client: Client, url: str, data: bytes, **typed: str) -> str:
    """The page that answers; "" where it leads on."""
    letter = ContentFile(data, name="own.docx")
    answer = client.post(url, {"letter": letter, **typed})
    return answer.content.decode() if answer.status_code == 200 else ""


def test_unknown_fields_of_the_segments_letter_are_refused_until_accepted(
    marketer_client: Client, letters_url: str, letter_bytes: Letter
) -> None:
    assert ACCEPT not in marketer_client.get(letters_url).content.decode()
    data, before = letter_bytes("Dear {{ Contact_Nam }}"), Document.objects.count()
    html = upload(marketer_client, letters_url, data, language="fi")
    assert "There is no merge field “Contact_Nam”. Did you mean “Contact_Name”?" in html
    assert "tick below that it is meant so" in html
    assert ACCEPT in html
    assert '<option value="fi" selected>' in html
    assert not SegmentDocument.objects.exists()
    assert Document.objects.count() == before
    typed = {"language": "fi", "accept_fields": "on"}
    assert upload(marketer_client, letters_url, data, **typed) == ""
    stored = SegmentDocument.objects.get().document
    assert (stored.size, stored.merge_fields) == (len(data), ["Contact_Nam"])


def test_the_tick_stays_where_something_else_is_wrong(
    marketer_client: Client, letters_url: str, letter_bytes: Letter
) -> None:
    typed = {"language": "xx", "accept_fields": "on"}
    html = upload(marketer_client, letters_url, letter_bytes("{{ Nonsense }}"), **typed)
    assert ACCEPT in html
    assert not SegmentDocument.objects.exists()


def test_known_fields_of_the_segments_letter_need_no_tick(
    marketer_client: Client, letters_url: str, letter_bytes: Letter
) -> None:
    data = letter_bytes("Dear {{ Contact_Name }}")
    assert upload(marketer_client, letters_url, data, language="fi") == ""
    assert SegmentDocument.objects.count() == 1


@pytest.mark.parametrize("name", ["Contact_Name", "Nonsense"])
def test_any_field_of_a_lines_letter_stays_unfilled(
    marketer_client: Client, line_url: str, letter_bytes: Letter, name: str
) -> None:
    data = letter_bytes(f"Dear {{{{ {name} }}}}")
    html = upload(marketer_client, line_url, data)
    assert "This letter is sent as it is: its merge fields stay unfilled." in html
    assert ACCEPT in html
    assert not LineOverride.objects.exists()
    assert upload(marketer_client, line_url, data, accept_fields="on") == ""
    document = LineOverride.objects.get().document
    assert document is not None
    assert (document.size, document.merge_fields) == (len(data), [name])


def test_a_lines_letter_without_fields_needs_no_tick(
    marketer_client: Client, line_url: str, letter_bytes: Letter
) -> None:
    assert upload(marketer_client, line_url, letter_bytes("Only you")) == ""
    assert LineOverride.objects.count() == 1
