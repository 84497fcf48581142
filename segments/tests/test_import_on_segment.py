"""A file cannot move a person to another company while the person is on an open segment."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.importing import import_contacts
from crm.models import Contact
from segments import worksheet
from segments.models import Segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses() -> list[Contact]:
    return [Contact.objects.create(number=n, name=n, type="company") for n in ("Y1", "Y2")]


def people(house: Contact, many: int) -> list[Contact]:
    names = (f"P{many}-{number}" for number in range(many))
    return [Contact.objects.create(number=name, name=name, company=house) for name in names]


def moving(folder: Path, contacts: list[Contact]) -> Path:
    """A file that moves these to the other company."""
    path = folder / "moves.csv"
    path.write_text("number;company\n" + "".join(f"{one.number};Y2\n" for one in contacts))
    return path


def test_the_company_stays_while_the_contact_is_on_a_segment(
    houses: list[Contact], marketer: User, tmp_path: Path
) -> None:
    held, free = people(houses[0], 2)
    segment = Segment.objects.create(number="S1", by=marketer)
    worksheet.add_contact(segment, held, by=marketer)
    report = import_contacts(moving(tmp_path, [held, free]))
    assert [(one.line, one.fields) for one in report.rejections] == [(2, ["company"])]
    assert "on an open segment: S1" in report.rejections[0].reasons[0]
    found = dict(Contact.objects.filter(type="person").values_list("number", "company__number"))
    assert found == {held.number: "Y1", free.number: "Y2"}


def test_it_is_asked_of_many_by_as_many_statements(
    houses: list[Contact], marketer: User, tmp_path: Path
) -> None:
    segment = Segment.objects.create(number="S1", by=marketer)
    import_contacts(moving(tmp_path, people(houses[0], 1)))  # makes the series and the set-up
    found = []
    for many in (2, 40):
        held = people(houses[0], many)
        for one in held[: many // 2]:
            worksheet.add_contact(segment, one, by=marketer)
        with CaptureQueriesContext(connection) as captured:
            report = import_contacts(moving(tmp_path, held))
        assert (report.rejected, report.updated) == (many // 2, many // 2)
        found.append(len(captured))
    assert found[0] == found[1]
