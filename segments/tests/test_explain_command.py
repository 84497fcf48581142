"""`manage.py explain_contact`."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from segments import worksheet
from segments.models import Segment
from segments.tests.conftest import named


@pytest.fixture
def on_it(segment: Segment, contact: Any, marketer: Any) -> Any:
    """Ann, who is on the segment."""
    ann = contact("Ann", number="C1")
    worksheet.add_contacts(segment, named("C1"), by=marketer)
    return ann


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("explain_contact", *arguments, stdout=out)
    return out.getvalue()


def test_says_which_step_and_condition(segment: Segment, on_it: Any) -> None:
    assert said(segment.number, "C1") == (
        "C1 Ann: In since step 1.\n1. Add contacts: Matches today.\n   [x] Number: C1\n"
    )


def test_json(segment: Segment, on_it: Any) -> None:
    told = json.loads(said(segment.number, "C1", "--json"))
    assert (told["is_in"], told["reason"]) == (True, "In since step 1.")
    assert told["steps"][0]["conditions"] == [{"sentence": "Number: C1", "holds": True}]


def test_unknown_numbers_are_refused(segment: Segment, on_it: Any) -> None:
    with pytest.raises(CommandError, match="no open segment X"):
        said("X", "C1")
    with pytest.raises(CommandError, match="no contact X"):
        said(segment.number, "X")
