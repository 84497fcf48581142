"""A company and a person of it, for tests that want no more."""

import pytest

from crm.models import Contact


@pytest.fixture
def company(db: None) -> Contact:
    return Contact.objects.create(type="company", name="Betoni Oy", city="Turku", language="fi")


@pytest.fixture
def person(company: Contact) -> Contact:
    return Contact.objects.create(first_name="Maija", surname="Öhman", company=company)
