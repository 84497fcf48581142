"""The lines as CSV and XLSX; one value for many lines."""

import csv
import io
import tracemalloc
from typing import Any

import openpyxl
import pytest

from crm import tables
from segments import bulk, export, worksheet
from segments.models import LineOverride, Segment, SegmentLine
from segments.tests.conftest import everybody, named, names, statements


@pytest.fixture
def filled(segment: Segment, company: Any, contact: Any, marketer: Any) -> Segment:
    """A company with =Evil, who has a comment."""
    firm = company("Firm")
    contact("=Evil()", company=firm, number="E1", phone="+358 40", email="evil@firm.fi")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    line = SegmentLine.objects.get(contact__number="E1")
    LineOverride.objects.create(line=line, personal_comment="@SUM(1)", cost="7.50")
    return segment


def test_columns_are_those_of_the_reference() -> None:
    """36 of the contact, then the line's."""
    assert len(export.CONTACT) == 36
    assert export.head()[:3] == ["No.", "External ID", "Name"]
    assert export.head()[35:37] == ["Salutation Code", "Line: Description"]


def test_csv_says_what_lines_say_and_runs_nothing(filled: Segment) -> None:
    data = b"".join(tables.csv_lines(export.head(), export.rows(filled)))
    read = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    firm, evil = read
    assert read.fieldnames == export.head()
    assert (firm["Name"], firm["Line: Cost"], firm["Line: Description"]) == (
        "Firm",
        "1.20",
        "Spring letter",
    )
    assert (evil["Name"], evil["Phone No."], evil["Line: Personal Comment"]) == (
        "'=Evil()",
        "'+358 40",
        "'@SUM(1)",
    )
    assert (evil["Company Name"], evil["Line: Cost"]) == ("Firm", "7.50")
    assert (evil["Line: Interaction Template Code"], evil["Line: Salesperson Code"]) == (
        "LETTER",
        "AK",
    )


def test_xlsx_has_texts_not_formulas(filled: Segment) -> None:
    with tables.xlsx_file(export.head(), export.rows(filled)) as file:
        sheet = openpyxl.load_workbook(file).active
        assert sheet is not None
        cells = [list(row) for row in sheet.iter_rows()]
    assert [cell.value for cell in cells[0]] == export.head()
    assert (cells[2][2].value, cells[2][2].data_type) == ("=Evil()", "s")
    assert cells[2][export.head().index("Line: Cost")].value == 7.5


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r1"])
def test_dangerous_cells_are_defused(value: str) -> None:
    assert tables.defused(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Oy Ab", "a=b", "1-2"])
def test_others_are_left_alone(value: str) -> None:
    assert tables.defused(value) == value


def test_memory_does_not_grow_with_rows() -> None:
    """Ten times the rows, about the same memory at the peak."""

    def peak(count: int) -> int:
        tracemalloc.start()
        for _chunk in tables.csv_lines(["a"], (["x" * 100] for _index in range(count))):
            pass
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(50_000) < 1.5 * peak(5_000)


class TestBulk:
    """One value for many lines."""

    def test_ticked_lines_and_all(self, filled: Segment, marketer: Any) -> None:
        ticked = SegmentLine.objects.filter(contact__number="E1")
        assert bulk.set_many(filled, "subject", "For you", by=marketer, lines=ticked) == 1
        assert bulk.set_many(filled, "subject", "For all", by=marketer) == 2
        rows = LineOverride.objects.order_by("pk").values_list("subject", "personal_comment")
        assert list(rows) == [("For all", ""), ("For all", "@SUM(1)")]

    def test_taking_back_drops_what_says_nothing(self, filled: Segment, marketer: Any) -> None:
        bulk.set_many(filled, "subject", "For all", by=marketer)
        assert bulk.set_many(filled, "subject", "", by=marketer) == 2
        assert [one.personal_comment for one in LineOverride.objects.all()] == ["@SUM(1)"]

    def test_lines_of_others_and_undone_ones_are_left_alone(
        self, filled: Segment, contact: Any, marketer: Any
    ) -> None:
        other = Segment.objects.create(number="O")
        worksheet.add_contacts(other, named("E1"), by=marketer)
        worksheet.reduce_contacts(filled, named("E1"), by=marketer)
        assert bulk.set_many(filled, "cost", 5, by=marketer, lines=SegmentLine.objects.all()) == 1
        assert not LineOverride.objects.filter(line__segment=other).exists()
        assert names(filled) == ["Firm"]

    def test_refuses_other_names(self, filled: Segment, marketer: Any) -> None:
        with pytest.raises(ValueError, match="segment"):
            bulk.set_many(filled, "segment", 1, by=marketer)

    def test_statements_do_not_grow(self, contact: Any, marketer: Any) -> None:
        costs = []
        for count in (1, 30):
            segment = Segment.objects.create(number=f"S{count}")
            numbers = [contact().number for _index in range(count)]
            worksheet.add_contacts(segment, named(*numbers), by=marketer)
            costs.append(
                statements(lambda: bulk.set_many(segment, "cost", 5, by=marketer))  # noqa: B023
            )
        assert costs[0] == costs[1]
