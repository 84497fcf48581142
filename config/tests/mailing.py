"""A segment as large as one likes, ready to be logged and sent by e-mail."""

from collections.abc import Callable

from django.contrib.auth.models import User

from crm.models import Contact, Salesperson
from interactions import documents
from interactions.models import InteractionGroup, InteractionTemplate
from interactions.starter import docx_of
from segments import worksheet
from segments.criteria import Criteria
from segments.models import Segment


def numbered(number: int) -> str:
    """The e-mail address of the contact of that number."""
    return f"p{number:06}@x.example"


def template_for(
    count: int, by: User, address: Callable[[int], str] = numbered
) -> InteractionTemplate:
    """So many new contacts, each with an address, and a template with a letter that names them."""
    contacts = []
    for number in range(1, count + 1):
        contact = Contact(
            number=f"M{number:06}", name=f"Person {number:06}", email=address(number), language="en"
        )
        contact.prepare()
        contacts.append(contact)
    Contact.objects.bulk_create(contacts, batch_size=1000)
    letter = docx_of("Dear «Contact_Name»,", "your number is «Contact_No».")
    template = InteractionTemplate.objects.create(
        code="MAIL",
        description="E-mail",
        group=InteractionGroup.objects.create(code="MAILS"),
        correspondence_type="email",
        ignore_contact_correspondence_type=True,
        language="en",
    )
    template.languages.create(
        language="en",
        subject="News of today",
        document=documents.store(letter, name="letter.docx", by=by),
    )
    return template


def segment_of(count: int, by: User, address: Callable[[int], str] = numbered) -> Segment:
    """A segment of so many new contacts, ready to be logged and sent."""
    template = template_for(count, by, address)
    segment = Segment.objects.create(
        description="Mailing",
        template=template,
        salesperson=Salesperson.objects.create(code="MM", name="Maija"),
        by=by,
    )
    worksheet.add_contacts(segment, Criteria({}), by=by, confirm_all=True)
    return segment
