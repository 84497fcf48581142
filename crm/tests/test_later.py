"""Pages of much come before their numbers, and are asked for them then."""

from typing import Any

import pytest
from django.test import RequestFactory

from crm import later
from crm.models import Contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "asked", "is_coming"),
    [
        (later.AT_ONCE, {}, False),
        (later.AT_ONCE + 1, {}, True),
        (later.AT_ONCE + 1, {"query": "counted=1"}, False),
        (later.AT_ONCE + 1, {"headers": {"X-Counted": "1"}}, False),
        (later.AT_ONCE + 1, {"method": "POST"}, False),
        (later.AT_ONCE + 1, {"query": "page=2"}, True),
    ],
)
def test_much_comes_later_unless_it_is_asked_for(
    rows: int, asked: dict[str, Any], is_coming: bool
) -> None:
    given = {"method": "GET", "query": "", "headers": {}} | asked
    request = RequestFactory().generic(
        given["method"], f"/?{given['query']}", headers=given["headers"]
    )
    assert later.is_coming(request, rows) is is_coming


def test_no_more_rows_are_read_than_tells_that_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Contact.objects.bulk_create(Contact(number=f"C{n}", name="C", type="person") for n in range(5))
    assert later.up_to(Contact.objects.all()) == 5
    monkeypatch.setattr(later, "AT_ONCE", 2)
    assert later.up_to(Contact.objects.all()) == 3
