"""Hostile files in every upload form: a sentence at the field, what was typed kept, nothing stored,
in bounded memory and time.
"""

import re
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import Contact, ContactType
from interactions.models import Document, InteractionLogEntry, InteractionTemplate
from interactions.tests.mailmerge.hostile import HOSTILE

pytestmark = pytest.mark.django_db
MEMORY, SECONDS = 250 * 2**20, 20  # not a measure of speed: it ends, also on a busy machine
ERRORS = re.compile(r'<div class="field-errors">(.*?)</div>', re.S)


def stored(folder: Path) -> list[str]:
    return [str(each) for each in folder.rglob("*") if each.is_file()]


def answer_to(post: Callable[[], Any]) -> str:
    """The page that answers, in bounded time and memory."""
    tracemalloc.start()
    start = time.process_time()
    answer = post()
    seconds, (_now, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 200
    assert (seconds < SECONDS, peak < MEMORY) == (True, True)
    return str(answer.content.decode())


@pytest.mark.parametrize("name", HOSTILE)
def test_the_letter_of_a_template(
    template: InteractionTemplate, manager_client: Client, settings: Any, name: str
) -> None:
    make, word = HOSTILE[name]
    letter = SimpleUploadedFile("../../letter.docx", make())
    before = (Document.objects.count(), stored(settings.MEDIA_ROOT))
    typed = {"language": "sv", "subject": "As typed", "letter": letter}
    path = "/templates/LETTER/languages/new/"
    html = answer_to(lambda: manager_client.post(path, typed))
    (error,) = ERRORS.findall(html)
    assert word in error
    assert 'value="As typed"' in html
    assert '<option value="sv" selected>' in html
    assert (Document.objects.count(), stored(settings.MEDIA_ROOT)) == before
    assert not template.languages.filter(language="sv").exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_the_letter_of_an_interaction(
    template: InteractionTemplate, marketer_client: Client, settings: Any, name: str
) -> None:
    make, word = HOSTILE[name]
    Contact.objects.create(type=ContactType.COMPANY, name="House", number="H1")
    before = (Document.objects.count(), stored(settings.MEDIA_ROOT))
    letter = SimpleUploadedFile("letter.docx", make())
    typed = {
        "contact": "H1", "template": template.pk, "date": "2026-05-04", "successful": "on",
        "description": "As typed", "action": "log", "once": "abc", "letter": letter,
    }  # fmt: skip
    url = reverse("interactions:create")
    html = answer_to(lambda: marketer_client.post(url, typed))
    assert any(word in error for error in ERRORS.findall(html))
    assert 'value="As typed"' in html
    assert (Document.objects.count(), stored(settings.MEDIA_ROOT)) == before
    assert not InteractionLogEntry.objects.exists()
