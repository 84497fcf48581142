"""A small world for tests of the worksheet: two companies with people, and somebody to leak."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any

import docx
import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import access, sight
from crm.choices import Sees
from crm.models import (
    Contact,
    ContactMailingGroup,
    ContactType,
    MailingGroup,
    MarketingSetup,
    Salesperson,
)
from interactions import documents
from interactions.models import Document, InteractionGroup, InteractionTemplate, TemplateLanguage
from segments.criteria import Criteria
from segments.models import Segment, SegmentLine


@pytest.fixture
def contact(db: None) -> Callable[..., Contact]:
    """Makes a contact; a person, unless told otherwise."""
    counter = itertools.count(1)

    def make(name: str = "", **fields: Any) -> Contact:
        fields.setdefault("number", f"T{next(counter):04}")
        return Contact.objects.create(name=name or f"Contact {fields['number']}", **fields)

    return make


@pytest.fixture
def company(contact: Callable[..., Contact]) -> Callable[..., Contact]:
    """Makes a company with some people."""

    def make(name: str, people: Sequence[str] = (), **fields: Any) -> Contact:
        made = contact(name, type=ContactType.COMPANY, **fields)
        for person in people:
            contact(person, company=made)
        return made

    return make


@pytest.fixture
def gift(db: None) -> MailingGroup:
    """A mailing group."""
    return MailingGroup.objects.create(code="GIFT", description="Gifts")


@pytest.fixture
def in_group() -> Callable[..., None]:
    """Puts contacts into a mailing group."""

    def put(group: MailingGroup, *contacts: Contact) -> None:
        for one in contacts:
            ContactMailingGroup.objects.create(group=group, contact=one)

    return put


@pytest.fixture
def salesperson(db: None) -> Salesperson:
    return Salesperson.objects.create(code="AK", name="Aino Kallio")


@pytest.fixture
def letter(db: None) -> Callable[..., Document]:
    """Stores a Word letter with merge fields typed as text."""

    def make(text: str = "Dear {{ Contact_Name }}, {{ Personal_comment }}") -> Document:
        written, data = docx.Document(), BytesIO()
        written.add_paragraph(text)
        written.save(data)
        return documents.store(data.getvalue(), name="letter.docx", by=None)

    return make


@pytest.fixture
def letter_bytes() -> Callable[[str], bytes]:
    """A Word letter with this text, to be uploaded."""

    def make(text: str) -> bytes:
        written, data = docx.Document(), BytesIO()
        written.add_paragraph(text)
        written.save(data)
        return data.getvalue()

    return make


@pytest.fixture
def template(db: None, letter: Callable[..., Document]) -> InteractionTemplate:
    """A template by hard copy with an English letter."""
    group = InteractionGroup.objects.create(code="LETTERS")
    made = InteractionTemplate.objects.create(
        code="LETTER",
        description="A letter",
        group=group,
        correspondence_type="hard_copy",
        language="en",
        unit_cost="1.20",
        unit_duration=3,
        information_flow="outbound",
        initiated_by="us",
    )
    TemplateLanguage.objects.create(template=made, language="en", subject="News", document=letter())
    return made


@pytest.fixture
def segment(marketer: User, salesperson: Salesperson, template: InteractionTemplate) -> Segment:
    """A segment that lacks nothing but contacts."""
    return Segment.objects.create(
        description="Spring letter", salesperson=salesperson, template=template, by=marketer
    )


def everybody() -> Criteria:
    """No criteria at all."""
    return Criteria({})


def named(*numbers: str) -> Criteria:
    """Contacts by number."""
    return Criteria({"contact": {"number": list(numbers)}})


def names(segment: Segment, at: int | None = None) -> list[str]:
    """The names on the segment, in line order."""
    lines = SegmentLine.objects.present(segment, at).order_by("pk")
    return list(lines.values_list("contact__name", flat=True))


def flip_a_byte(document: Document) -> None:
    """Alters the stored file behind the back of whoever wrote it."""
    with default_storage.open(document.path) as file:
        data = bytearray(file.read())
    data[len(data) // 2] ^= 1
    default_storage.delete(document.path)
    default_storage.save(document.path, ContentFile(bytes(data)))


def statements(work: Callable[[], Any]) -> int:
    """How many SQL statements something costs."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.fixture
def mine(marketer: User, salesperson: Salesperson) -> Salesperson:
    """The marketer's own salesperson, whose the segment is."""
    salesperson.user = marketer
    salesperson.save()
    return salesperson


@pytest.fixture
def people(mine: Salesperson, contact: Callable[..., Contact]) -> dict[str, Contact]:
    """One of one's own, one of somebody else's, one of nobody's."""
    theirs = Salesperson.objects.create(code="THEIRS", name="Somebody Else")
    return {
        "Own": contact("Own", salesperson=mine, email="own@x.example", language="en"),
        "Their": contact("Their", salesperson=theirs, email="their@x.example", language="en"),
        "Free": contact("Free", email="free@x.example", language="en"),
    }


@pytest.fixture
def restricted(marketer: User, people: dict[str, Contact]) -> Iterator[None]:
    """What follows is seen through the marketer's eyes."""
    MarketingSetup.load()
    MarketingSetup.objects.update(sees=Sees.OWN)
    with sight.through(access.sight_of(marketer)):
        yield
