"""Addresses made without Django's resolver are those that it makes."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils.html import conditional_escape

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


@pytest.mark.parametrize("number", NUMBERS)
def test_the_tag_is_as_djangos(number: str) -> None:
    """In a page: escaped, kept under a name, and with what only Django's own tag takes."""
    asked = {"number": number, "none": ""}

    def drawn(source: str) -> str:
        return Template(source).render(Context(asked))

    address = conditional_escape(reverse("crm:contact", args=[number]))
    assert drawn('{% url "crm:contact" number %}') == address
    assert drawn('{% url "crm:contact" number as there %}<{{ there }}>') == f"<{address}>"
    assert drawn('{% url "crm:contact" number=number %}') == address
    assert drawn('{% url "admin:index" %}') == reverse("admin:index")
    with pytest.raises(NoReverseMatch):
        drawn('{% url "crm:contact" none %}')
    with pytest.raises(NoReverseMatch):
        drawn('{% url "crm:no_such_page" number %}')
    assert drawn('{% url "crm:contact" none as there %}<{{ there }}>') == "<>"
