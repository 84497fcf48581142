"""A letter as the e-mail that it becomes, on a page of ours: of a line, and of a template."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from interactions import documents, mailed
from interactions.models import Document
from segments import overrides, worksheet
from segments.models import Segment, SegmentLine
from segments.tests.conftest import everybody

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f00050001ff89993d1d0000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def line(segment: Segment, contact: Callable[..., Contact], marketer: User) -> SegmentLine:
    """A line that goes by e-mail."""
    contact("Ann", language="en", correspondence_type="email", email="ann@example.com")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return SegmentLine.objects.get()


def mail_of(line: SegmentLine) -> str:
    return reverse("segments:line_mail", args=[line.segment.number, line.pk])


def own_letter(line: SegmentLine, by: User, *, heading: str = "", picture: bool = False) -> None:
    """A letter of the line's own."""
    made = docx.Document()
    if heading:
        made.add_heading(heading, level=1)
    made.add_paragraph("<script>alert(1)</script>")
    if picture:
        made.add_picture(io.BytesIO(PIXEL))
    out = io.BytesIO()
    made.save(out)
    document = documents.store(out.getvalue(), name="own.docx", by=by)
    overrides.set_value(line.segment, line, "document", document, by=by)


def test_a_line_as_an_email(reader_client: Client, line: SegmentLine) -> None:
    page = reader_client.get(mail_of(line)).content.decode()
    assert "ann@example.com" in page
    assert "Dear Ann" in page.partition("mail-body")[2]
    assert "This line does not go by e-mail" not in page
    panel = reader_client.get(reverse("segments:line", args=[line.segment.number, line.pk]))
    assert mail_of(line) in panel.content.decode()


def test_one_that_goes_on_paper_or_as_an_attachment_says_so(
    reader_client: Client, line: SegmentLine
) -> None:
    Contact.objects.update(correspondence_type="hard_copy")
    Segment.objects.update(send_word_as_attachment=True)
    page = reader_client.get(mail_of(line)).content.decode()
    assert "This line does not go by e-mail; it would look like this." in page
    assert "Please see the attached letter." in page


def test_what_a_letter_says_cannot_run_and_its_pictures_are_its_own(
    marketer_client: Client, marketer: User, line: SegmentLine
) -> None:
    own_letter(line, marketer, heading="Spring", picture=True)
    answer = marketer_client.get(mail_of(line))
    page = answer.content.decode()
    body = page.partition("mail-body")[2]
    assert "&lt;script&gt;alert(1)" in body
    assert "<h2>Spring</h2>" in body
    assert 'src="data:image/png;base64,' in body
    assert "cid:" not in body
    assert page.count("<h1>") == 1
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_lost_letter_is_told(marketer_client: Client, marketer: User, line: SegmentLine) -> None:
    own_letter(line, marketer)
    default_storage.delete(Document.objects.get(name="own.docx").path)
    answer = marketer_client.get(mail_of(line))
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)


def test_a_template_as_an_email(reader_client: Client, line: SegmentLine) -> None:
    template = line.segment.template
    assert template is not None
    at = reverse("interactions:template_mail", args=[template.code, "en"])
    page = reader_client.get(at).content.decode()
    assert "mail-body" in page
    assert "«" not in page
    preview = reverse("interactions:template_preview", args=[template.code, "en"])
    assert at in reader_client.get(preview).content.decode()


def test_refused_and_unknown(client: Client, reader_client: Client, line: SegmentLine) -> None:
    number = line.segment.number
    assert client.get(mail_of(line)).status_code == 302
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(mail_of(line)).status_code == 403
    assert reader_client.get(mail_of(line).replace(f"/{line.pk}/", "/999/")).status_code == 404
    assert reader_client.post(mail_of(line)).status_code == 405
    template = line.segment.template
    assert template is not None
    for place in (["NOBODY", "en"], [template.code, "sv"]):
        at = reverse("interactions:template_mail", args=place)
        assert reader_client.get(at).status_code == 404, number
        assert client.get(at).status_code == 403


def test_headings_stand_below_the_pages_own() -> None:
    made = docx.Document()
    for level in (1, 2, 3):
        made.add_heading(f"Level {level}", level=level)
    out = io.BytesIO()
    made.save(out)
    assert mailed.body(out.getvalue()) == "".join(f"<h2>Level {n}</h2>" for n in (1, 2, 3))
