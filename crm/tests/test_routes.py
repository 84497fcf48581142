"""Addresses made without Django's resolver are those that it makes."""

import pytest
from django.urls import reverse, set_script_prefix

from crm.routes import route

# A letter beyond ASCII, what a path means, what Python's templates mean.
NUMBERS = ("C000001", "Ä 1", "50%", "a?b#c", "{0}", "a&b=c;d+e", "a~b:c@d")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_route_is_what_django_makes(number: str) -> None:
    assert route("crm:contact", number) == reverse("crm:contact", args=[number])


def test_of_two_arguments() -> None:
    for pk in (1, 7_777_770, 7_777_771):
        assert route("crm:job_file", pk, 3) == reverse("crm:job_file", args=[pk, 3])


def test_a_slash_never_leads_elsewhere() -> None:
    assert route("crm:contact", "../jobs") == route("crm:contact", "x").replace("x", "..%2Fjobs")


def test_below_a_path(request: pytest.FixtureRequest) -> None:
    """Where the site stands below a path of the server, also after it was asked elsewhere."""
    assert route("crm:contact", "C1") == "/contacts/C1/"
    request.addfinalizer(lambda: set_script_prefix("/"))
    set_script_prefix("/marketing/")
    assert route("crm:contact", "C1") == "/marketing/contacts/C1/"
