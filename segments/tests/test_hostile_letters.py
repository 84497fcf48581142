"""Hostile files as a segment's or a line's own letter: a sentence, nothing stored."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact
from interactions.models import Document
from interactions.tests.mailmerge.hostile import HOSTILE
from segments import worksheet
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import everybody

pytestmark = pytest.mark.django_db
ERRORS = re.compile(r'<div class="field-errors">(.*?)</div>', re.S)


@pytest.fixture
def urls(segment: Segment, marketer: User, company: Callable[..., Contact]) -> list[str]:
    """Where the segment's letter and that of its only line are sent."""
    company("House")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    line = SegmentLine.objects.present(segment).get()
    return [
        reverse("segments:letters", args=[segment.number]),
        reverse("segments:line_letter", args=[segment.number, line.pk]),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_at_the_field(marketer_client: Client, urls: list[str], name: str) -> None:
    make, word = HOSTILE[name]
    data, before = make(), Document.objects.count()
    for url in urls:
        letter = SimpleUploadedFile("own.docx", data)
        answer = marketer_client.post(url, {"letter": letter, "language": "fi"})
        assert answer.status_code == 200
        assert any(word in error for error in ERRORS.findall(answer.content.decode()))
    assert Document.objects.count() == before
    assert not SegmentDocument.objects.exists()
    assert not LineOverride.objects.exists()
