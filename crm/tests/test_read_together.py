"""Several short lists by one statement: each whole, in its own order, and nothing of another's."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_filters import FilterSet

from crm.codes import CodesField, read_together
from crm.filters import CodesFilter
from crm.models import Campaign, MailingGroup, Salesperson, Territory
from crm.together import Short, read, saying

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tables() -> None:
    for code, description in (("B", "Second"), ("A", "First"), ("C", "")):
        Territory.objects.create(code=code, description=description)
    MailingGroup.objects.create(code="A", description="A group of the same code")
    Salesperson.objects.create(code="S", name="Seller")
    for number in ("CP1", "CP2"):
        Campaign.objects.create(number=number, description=f"Push {number}")


def test_each_list_in_its_order() -> None:
    lists = [
        Short(Territory.objects.all(), ("code",), "code", saying()),
        Short(MailingGroup.objects.none(), ("code",), "code", saying()),
        Short(Campaign.objects.all(), ("-number",), "number", "description"),
    ]
    with CaptureQueriesContext(connection) as asked:
        found = read(lists)
    assert found == [
        [("A", "First"), ("B", "Second"), ("C", "C")],
        [],
        [("CP2", "Push CP2"), ("CP1", "Push CP1")],
    ]
    assert len(asked) == 1
    assert read(lists[:1]) == found[:1]
    assert read([]) == []


def test_fields_offer_the_same_as_when_each_asks_for_itself() -> None:
    fields: list[Any] = [
        CodesField(model=Territory),
        CodesField(model=MailingGroup),
        CodesField(model=Salesperson),
        CodesField(model=Campaign, code="number"),
        CodesField(model=Territory),
    ]
    alone = [list(field.choices) for field in fields]
    with CaptureQueriesContext(connection) as asked:
        read_together(fields)
        together = [list(field.choices) for field in fields]
    assert together == alone
    assert [list(field.widget.choices) for field in fields] == alone
    assert len(asked) == 1


def _fields() -> list[Any]:
    """Those of every filter of ours that offers codes."""
    kinds = [*FilterSet.__subclasses__()]
    for kind in kinds:
        kinds += kind.__subclasses__()
    filters = (one for kind in kinds for one in getattr(kind, "base_filters", {}).values())
    return [one.field for one in filters if isinstance(one, CodesFilter)]


def test_a_code_is_said_as_its_row_says_itself() -> None:
    """So that a list of codes needs no rows: a model that says itself in another way is seen."""
    models = {field.model: field for field in _fields()}
    assert len(models) > 8
    for model, field in models.items():
        for text in ("Words", "Words of ONE", ""):
            row = model(**{field.code: "ONE", field.saying: text})
            said = str(row).strip() or "ONE"
            field.offer([("ONE", text)])
            assert list(field.choices) == [("ONE", said if "ONE" in said else f"{said} (ONE)")]
