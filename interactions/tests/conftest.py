"""What tests of this app share: a storage of their own, a template, a logged segment."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from crm.models import Contact, ContactType, Salutation
from interactions import documents, mergefields
from interactions.models import (
    Delivery,
    Document,
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
)
from interactions.starter import docx_of

LETTER = docx_of(
    "«Address_Block»", "«Date»", "«Formal_Salutation»,", "We offer.", "«Personal_comment»"
)


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def template(db: None) -> InteractionTemplate:
    """A template with a letter in English and in Finnish."""
    template = InteractionTemplate.objects.create(
        code="LETTER",
        description="Offer letter",
        group=InteractionGroup.objects.create(code="MAIL", description="Mailings"),
        language="en",
    )
    finnish = docx_of("«Address_Block»", "«Formal_Salutation»!", "«Personal_comment»", "Tarjous.")
    for language, subject, data in (("en", "Offer", LETTER), ("fi", "Tarjous", finnish)):
        document = documents.store(data, name=f"{language}.docx", by=None)
        template.languages.create(language=language, subject=subject, document=document)
    return template


@pytest.fixture
def logged(template: InteractionTemplate) -> LoggedSegment:
    """A logged segment of three persons: two written to in English, one in Finnish."""
    logged = LoggedSegment.objects.create(
        segment_number="SM00001", description="Spring", entry_count=3, header=HEADER, trail=TRAIL
    )
    company = Contact.objects.create(type=ContactType.COMPANY, name="Blooms & Co")
    salutation = Salutation.objects.create(code="MS")
    salutation.formulas.create(language="en", formal="Dear Ms {surname}", informal="Hi")
    for position, (first, last, language) in enumerate(PEOPLE, 1):
        contact = Contact.objects.create(
            first_name=first, surname=last, company=company, salutation=salutation,
            address=f"{position} High Street", city="London", country="GB", language=language,
        )  # fmt: skip
        log(logged, contact, position, language)
    return logged


@pytest.fixture(autouse=True)
def _quick_mail(settings: Any) -> None:
    settings.MAILS_PER_SECOND = 0
    settings.MAIL_BACKOFF = 0
    settings.SITE_URL = "https://crm.example"


@pytest.fixture
def queued(logged: LoggedSegment) -> LoggedSegment:
    """The three letters, by e-mail, waiting."""
    for contact in Contact.objects.filter(type="person"):
        Contact.objects.filter(pk=contact.pk).update(email=f"{contact.first_name}@example.com")
    logged.entries.update(correspondence_type="email", delivery=Delivery.QUEUED)
    return logged


PEOPLE = (("Ann", "Smith", "en"), ("Beth", "Jones <b>", "en"), ("Cilla", "Laine", "fi"))
HEADER = {
    "salesperson": {
        "value": "MM",
        "label": {"en": "Salesperson", "fi": "Myyjä"},
        "text": {"en": "Matti", "fi": "Matti"},
    }
}
TRAIL = [
    {
        "number": 1,
        "kind": "add",
        "kind_words": {"en": "Add contacts", "fi": "Lisää kontakteja"},
        "words": {"en": ["Everybody in London"], "fi": ["Kaikki Lontoossa"]},
        "added": 4,
        "removed": 0,
        "lines_after": 4,
        "by": "marketer",
        "at": "2026-03-01T10:00:00+00:00",
    },
    {
        "number": 2,
        "kind": "remove_by_hand",
        "kind_words": {"en": "Remove by hand", "fi": "Poista käsin"},
        "words": {"en": ["One contact"], "fi": ["Yksi kontakti"]},
        "added": 0,
        "removed": 1,
        "lines_after": 3,
        "by": "marketer",
        "at": "2026-03-01T10:05:00+00:00",
    },
]


def log(
    logged: LoggedSegment, contact: Contact, position: int, language: str, **values: Any
) -> InteractionLogEntry:
    """One entry as Log writes it, with the letter of the template's language."""
    template = InteractionTemplate.objects.get()
    letter = template.languages.get(language=language)
    entry = InteractionLogEntry.objects.create(**{
        "logged_segment": logged,
        "segment_number": logged.segment_number,
        "contact": contact,
        "position": position,
        "date": datetime.date(2026, 3, 2),
        "description": "Spring offer",
        "template": template,
        "group": template.group,
        "language": language,
        "subject": letter.subject,
        "document": letter.document,
        "information_flow": "outbound",
        **values,
    })  # fmt: skip
    return set_facts(entry, f"Comment <{position}> for {contact.first_name}")


def set_facts(entry: InteractionLogEntry, comment: str) -> InteractionLogEntry:
    """The facts of the entry's contact as they are now."""
    from django.db.models import F, Value

    facts = mergefields.facts_expression(date=F("date"), personal_comment=Value(comment))
    rows = InteractionLogEntry.objects.annotate(facts=facts)
    entry.merge_values = rows.values_list("facts", flat=True).get(pk=entry.pk)
    entry.save()
    return entry


def own_letter(text: str) -> Document:
    """A stored letter of somebody's own."""
    return documents.store(docx_of(text), name="own.docx", by=None)
