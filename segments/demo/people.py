"""The demo's companies, their people, and private persons."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from crm.choices import CorrespondenceType
from crm.models import (
    Contact,
    ContactType,
    NumberSeries,
    OrganizationalLevel,
    Salutation,
    Territory,
)
from segments.demo.tables import Setting
from segments.demo.words import COUNTRIES, FINLAND, JOB_TITLES, TRADES, WORDS, Country

COMPANIES = 0.22
PRIVATE = 0.12
CREATED_IN_SLICES = 40
_WEIGHTS = [country.weight for country in COUNTRIES]
_BY_CODE = {country.code: country for country in COUNTRIES}
_PREFERENCES = (
    *[""] * 11,
    *[CorrespondenceType.EMAIL] * 6,
    *[CorrespondenceType.HARD_COPY] * 3,
)


def make_contacts(count: int, chance: Random, setting: Setting, day: date) -> list[Contact]:
    """Companies first, then people, most of them at a company; as many as asked."""
    numbers = list(NumberSeries.take_many(NumberSeries.CONTACT, count, Contact))
    company_count = max(1, round(count * COMPANIES)) if count else 0
    companies = [_company(number, chance, setting) for number in numbers[:company_count]]
    Contact.objects.bulk_create(companies, batch_size=1000)
    people = []
    for number in numbers[company_count:]:
        employer = None if chance.random() < PRIVATE else _employer(companies, chance)
        people.append(_person(number, employer, chance, setting))
    Contact.objects.bulk_create(people, batch_size=1000)
    _spread_creation(companies, day)
    _spread_creation(people, day)
    return companies + people


def _employer(companies: Sequence[Contact], chance: Random) -> Contact:
    """Some companies have many people, most a few."""
    return companies[int(len(companies) * chance.random() ** 1.7)]


def _company(number: str, chance: Random, setting: Setting) -> Contact:
    country = chance.choices(COUNTRIES, _WEIGHTS)[0]
    contact = _contact(number, ContactType.COMPANY, country, chance, setting)
    contact.name = chance.choice(country.companies).format(
        word=chance.choice(WORDS),
        trade=chance.choice(TRADES),
        surname=chance.choice(country.surnames),
        surname2=chance.choice(country.surnames),
        town=contact.city,
    )
    contact.salutation = setting.row(Salutation, "COMPANY")
    domain = _ascii(contact.name.rsplit(" ", 1)[0]).replace(" ", "-").replace("&", "ja")
    if chance.random() > 0.1:
        contact.home_page = f"https://www.{domain}.example/"
    if chance.random() > 0.12:
        contact.email = f"info@{domain}.example"
    contact.prepare()
    return contact


def _person(number: str, employer: Contact | None, chance: Random, setting: Setting) -> Contact:
    country = _BY_CODE[str(employer.country)] if employer else FINLAND
    contact = _contact(number, ContactType.PERSON, country, chance, setting)
    is_woman = chance.random() < 0.52
    first_names = country.women if is_woman else country.men
    contact.first_name, contact.surname = (
        chance.choice(first_names),
        chance.choice(country.surnames),
    )
    if chance.random() < 0.08:
        contact.middle_name = chance.choice(first_names)
    contact.salutation = setting.row(Salutation, "F" if is_woman else "M")
    if employer is not None:
        _employ(contact, employer, chance, setting)
    elif chance.random() < 0.05:
        contact.minor, contact.parental_consent = True, chance.random() < 0.5
        contact.privacy_blocked = not contact.parental_consent
    if chance.random() > 0.12:
        contact.email = _email(contact, employer, chance)
    contact.prepare()
    return contact


def _employ(contact: Contact, employer: Contact, chance: Random, setting: Setting) -> None:
    """At work one is reached at the company's address, by the company's salesperson."""
    contact.company = employer
    contact.job_title, level = chance.choice(JOB_TITLES)
    contact.organizational_level = setting.row(OrganizationalLevel, level)
    for field in ("address", "post_code", "city", "territory", "salesperson"):
        setattr(contact, field, getattr(employer, field))


def _contact(
    number: str, kind: ContactType, country: Country, chance: Random, setting: Setting
) -> Contact:
    """What companies and people have alike."""
    town = chance.choice(country.towns)
    languages, weights = zip(*country.languages, strict=True)
    contact = Contact(
        number=number,
        type=kind,
        city=town.name,
        country=country.code,
        territory=setting.row(Territory, town.territory),
        language=chance.choices(languages, weights)[0],
        salesperson=chance.choice(setting.salespeople),
        correspondence_type=chance.choice(_PREFERENCES),
        phone=country.phone.format(chance.randrange(10_000)),
        exclude_from_segment=chance.random() < 0.02,
        privacy_blocked=chance.random() < 0.007,
    )
    if chance.random() > 0.03:
        contact.address, contact.post_code = _address(country, town.post_code, chance)
    if kind == ContactType.PERSON and chance.random() < 0.6:
        contact.mobile_phone = f"+358 50 000 {chance.randrange(10_000):04d}"
    if chance.random() < 0.3:
        contact.external_id = f"ERP-{number}"
    return contact


def _address(country: Country, prefix: str, chance: Random) -> tuple[str, str]:
    """A street with a house number, and a post code of that town."""
    street, house = chance.choice(country.streets), chance.randrange(1, 90)
    if country.number_first:
        return f"{house} {street}", f"{prefix} {chance.randrange(1, 10)}AB"
    # In Finland the last digit says what kind of address it is: 0 is a street.
    last = "0" if country is FINLAND else f"{chance.randrange(100)}"
    return f"{street} {house}", f"{prefix}{last.zfill(country.post_code_digits - len(prefix))}"


def _email(contact: Contact, employer: Contact | None, chance: Random) -> str:
    """At the company's domain, or at one that nobody owns."""
    domain = "posti.example"
    if employer is not None and employer.email:
        domain = employer.email.partition("@")[2]
    local = f"{_ascii(contact.first_name)}.{_ascii(contact.surname)}".replace(" ", ".")
    return f"{local}{chance.choice(('', '', str(chance.randrange(2, 99))))}@{domain}"


def _ascii(text: str) -> str:
    """Small letters without marks, as in e-mail addresses; signs are dropped."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore")
    return "".join(c for c in plain.decode().lower() if c.isalnum() or c in " -&")


def _spread_creation(contacts: Sequence[Contact], day: date) -> None:
    """The contacts came over four years, not all at once; one update for each slice of them."""
    size = max(1, len(contacts) // CREATED_IN_SLICES)
    for start in range(0, len(contacts), size):
        age = 1 + (1460 * (len(contacts) - start)) // (len(contacts) + 1)
        moment = timezone.make_aware(datetime.combine(day - timedelta(days=age), time(10, 30)))
        keys = [contact.pk for contact in contacts[start : start + size]]
        Contact.objects.filter(pk__gte=keys[0], pk__lte=keys[-1]).update(created_at=moment)
