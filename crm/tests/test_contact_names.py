"""What is computed of a contact's name is stored whenever the name is, and always fits."""

import pytest

from crm.models import Contact

pytestmark = pytest.mark.django_db


def test_a_name_that_grows_when_it_is_folded() -> None:
    made = Contact.objects.create(name="ß" * 150, number="A", type="company")
    made.refresh_from_db()
    assert (made.name, made.search_name) == ("ß" * 150, "s" * 200)


def test_saving_the_name_alone_is_found_by_it() -> None:
    made = Contact.objects.create(name="Old", number="A", type="company")
    made.name = "New"
    made.save(update_fields=["name"])
    made.refresh_from_db()
    assert (made.name, made.search_name) == ("New", "new")
