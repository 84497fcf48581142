"""The house that is put under load: contacts, templates with letters, people who may log in."""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import Group, User

from config.bench import data
from crm import integrity
from crm.models import Campaign, Contact, Salesperson
from interactions import documents
from interactions.models import InteractionGroup, InteractionTemplate, TemplateLanguage
from interactions.starter import docx_of
from segments import worksheet
from segments.criteria import Criteria
from segments.models import Segment

PASSWORD = "only-under-load"  # noqa: S105 - of people who exist for an hour
CITIES = 300
# Of the cities: those of the shared segments, the large one, the one to be logged.
SHARED, LARGE, LOGGED = 3, 10, 15
PAPER, MAIL = "PAPER", "MAIL"


def fill(contacts: int) -> None:
    """So many contacts by SQL, with links and log entries, on an empty database."""
    data.fill(contacts)
    _set_up()


def fill_small(contacts: int) -> None:
    """So many contacts as their forms would write them: `check_integrity` finds no fault."""
    made = [_contact(number) for number in range(1, contacts + 1)]
    Contact.objects.bulk_create(made, batch_size=1000)
    Salesperson.objects.create(code="S", name="Salla Seller")
    _set_up()


def _contact(number: int) -> Contact:
    contact = Contact(
        number=f"C{number:07}",
        name=f"Name {number:07}",
        email=f"e{number}@example.com",
        language="fi" if number % 2 == 0 else "en",
        city=f"City {number % CITIES}",
        address=f"Street {number}",
        post_code="00100",
        country="FI",
    )
    contact.prepare()
    return contact


def _set_up() -> None:
    """Letters in both languages, on paper and by e-mail, and a campaign."""
    integrity.move_series_on(integrity.NUMBERED)
    group = InteractionGroup.objects.create(code="LOAD")
    for code, kind in ((PAPER, "hard_copy"), (MAIL, "email")):
        template = InteractionTemplate.objects.create(
            code=code,
            description=code.title(),
            group=group,
            correspondence_type=kind,
            ignore_contact_correspondence_type=True,
            language="en",
        )
        _give_letters(template)
    Campaign.objects.create(description="Load")


def _give_letters(template: InteractionTemplate) -> None:
    for language, greeting in (("en", "Dear"), ("fi", "Hyvä")):
        letter = docx_of(
            "«Address_Block»",
            f"{greeting} «Contact_Name»,",
            "your number is «Contact_No».",
            "«Personal_comment»",
        )
        TemplateLanguage.objects.create(
            template=template,
            language=language,
            subject=f"News ({language})",
            document=documents.store(letter, name="letter.docx", by=None),
        )


def people(count: int) -> list[str]:
    """Names of so many people who may log in; those who are missing are made."""
    password = Argon2PasswordHasher().encode(PASSWORD, "salt-under-load")
    manager = Group.objects.get(name="manager")
    names = [f"load{number}" for number in range(1, count + 1)]
    for name in names:
        user, _made = User.objects.get_or_create(username=name, defaults={"password": password})
        user.groups.add(manager)
    return names


def plan(contacts: int, count: int) -> dict[str, Any]:
    """What so many people are told: numbers of contacts, cities, what a new segment says."""
    template, mail = (InteractionTemplate.objects.get(code=code).pk for code in (PAPER, MAIL))
    seller = Salesperson.objects.get(code="S").pk
    step = max(1, contacts // 1000)
    return {
        "password": PASSWORD,
        "users": people(count),
        "cities": [f"City {number}" for number in range(CITIES)],
        "breadth": max(1, 30 * CITIES // contacts),
        "contacts": [f"C{number:07}" for number in range(1, contacts + 1, step)],
        "header": {"template": template, "salesperson": seller},
        "mail": mail,
        "same_contact": "C0000001",
        "same_template": PAPER,
        "same_campaign": Campaign.objects.earliest("pk").number,
    }


def segments(contacts: int) -> dict[str, Any]:
    """Segments of nobody: some to share, a large one, and one that is to be logged."""
    shared = [_segment("Shared", first, 1 + first) for first in range(1, 1 + SHARED)]
    return {
        "shared": [one.number for one in shared],
        "large": _segment("Large", 20, LARGE).number,
        "to_log": _segment("To be logged", 40, LOGGED).number,
    }


def _segment(description: str, first: int, cities: int) -> Segment:
    """A segment with all of so many cities."""
    segment = Segment.objects.create(
        description=description,
        template=InteractionTemplate.objects.get(code=PAPER),
        salesperson=Salesperson.objects.get(code="S"),
    )
    chosen = [f"City {number}" for number in range(first, first + cities)]
    by = User.objects.earliest("pk")
    worksheet.add_contacts(segment, Criteria({"contact": {"city": chosen}}), by=by)
    return segment
