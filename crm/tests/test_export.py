"""Taking lists along: every list page, what its cells say, who may, long ones by a job."""

import csv
import io
import re
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import exporting, work
from crm.models import Contact, Job, JobFile
from crm.sortkey import KEY_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def table(answer: Any) -> list[list[str]]:
    """An exported CSV as rows."""
    assert answer.status_code == 200, answer.get("Location")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def export(client: Client, address: str, kind: str = "csv") -> Any:
    return client.post(address, {"format": kind})


@pytest.fixture
def people() -> list[Contact]:
    house = Contact.objects.create(number="Y1", name="=Salo Oy", type="company", city="Turku")
    return [
        house,
        Contact.objects.create(
            number="P1", name="Aino", company=house, phone="+358 40 1", city="Oulu", country="FI"
        ),
        Contact.objects.create(number="P2", name="Blocked", minor=True, city="Oulu"),
    ]


def test_what_the_filters_find_with_the_columns_chosen(
    reader_client: Client, people: list[Contact]
) -> None:
    address = "/contacts/?city=Oulu&columns=phone&columns=country&columns=created_at&sort=-number"
    head, *rows = table(export(reader_client, address))
    assert head[:5] == ["Number", "Name", "Country", "Phone", "Created"]
    assert head[5:] == ["Blocked", "Excluded"]
    # Formulas are defused, and dates are dates.
    assert [row[:4] for row in rows] == [
        ["P2", "Blocked", "", ""],
        ["P1", "Aino", "Finland", "'+358 40 1"],
    ]
    assert [row[5] for row in rows] == ["yes", "no"]
    assert date.fromisoformat(rows[0][4][:10]) == people[2].created_at.date()


def test_a_workbook_has_types_and_no_formulas(reader_client: Client, people: list[Contact]) -> None:
    answer = export(reader_client, "/contacts/?columns=created_at&sort=number", "xlsx")
    assert answer["Content-Type"] == exporting.TYPES["xlsx"]
    assert re.search(r'filename="contacts-\d{4}-\d\d-\d\d\.xlsx"', answer["Content-Disposition"])
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    names = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value for cell in names} == {"=Salo Oy", "Aino", "Blocked"}
    assert {cell.data_type for cell in names} == {"s"}
    assert sheet["C2"].is_date


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/contacts/", ""),
        ("/contacts/", "pdf"),
        ("/contacts/?nonsense=1", "csv"),
        ("/contacts/?type=robot", "csv"),
    ],
)
def test_what_is_not_understood_exports_nothing(
    reader_client: Client, people: list[Contact], address: str, kind: str
) -> None:
    answer = reader_client.post(address, {"format": kind}, follow=True)
    assert "Nothing was exported" in answer.content.decode()


def test_an_export_wants_the_forms_token(reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert export(client, "/contacts/").status_code == 403


def test_one_sees_only_ones_own_jobs_in_a_file(
    reader_client: Client, reader: User, manager: User
) -> None:
    for user in (reader, manager):
        Job.objects.create(kind=f"of {user.username}", user=user)
    head, *rows = table(export(reader_client, "/jobs/"))
    assert "By" not in head
    assert [row[0] for row in rows] == ["of reader"]


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.exporting.AT_ONCE", 2)


def finished(job: Job) -> Job:
    assert work.run_next(heartbeat=False)
    job.refresh_from_db()
    return job


@pytest.mark.usefixtures("short_lists")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_is_written_by_a_job(
    reader_client: Client, people: list[Contact], kind: str
) -> None:
    answer = export(reader_client, "/contacts/?sort=-number&page=1", kind)
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert finished(job).state == "done"
    page = reader_client.get(job.get_absolute_url()).content.decode()
    assert "3 rows were written. The file is kept for 7 days." in page
    assert 'href="/contacts/?sort=-number">Back to the list' in page
    file = reader_client.get(JobFile.objects.get().get_absolute_url()).getvalue()
    if kind == "csv":
        at_once = ["Y1", "P2", "P1"]
        rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == at_once
        assert rows[1][1] == "'=Salo Oy"
    else:
        assert openpyxl.load_workbook(io.BytesIO(file)).active["A2"].value == "Y1"  # type: ignore[index]


@pytest.mark.usefixtures("short_lists")
def test_a_second_click_finds_the_job_of_the_first(
    reader_client: Client, people: list[Contact]
) -> None:
    first, second = (export(reader_client, "/contacts/")["Location"] for _click in range(2))
    other = export(reader_client, "/contacts/", "xlsx")["Location"]
    assert first == second != other
    assert Job.objects.count() == 2


@pytest.mark.usefixtures("short_lists")
def test_the_file_is_for_its_user_alone(
    reader_client: Client, manager_client: Client, people: list[Contact]
) -> None:
    export(reader_client, "/contacts/")
    job = finished(Job.objects.get())
    file = JobFile.objects.get().get_absolute_url()
    assert reader_client.get(file).getvalue()
    assert manager_client.get(job.get_absolute_url()).status_code == 200
    assert file not in manager_client.get(job.get_absolute_url()).content.decode()
    assert manager_client.get(file).status_code == 404


@pytest.mark.usefixtures("short_lists")
@pytest.mark.parametrize("lost", ["right", "login", "user"])
def test_a_right_that_was_lost_meanwhile_is_asked_again(
    reader_client: Client, reader: User, people: list[Contact], lost: str
) -> None:
    export(reader_client, "/contacts/")
    if lost == "right":
        reader.groups.clear()
    elif lost == "login":
        User.objects.filter(pk=reader.pk).update(is_active=False)
    else:
        reader.delete()
    job = finished(Job.objects.get())
    assert (job.state, job.error) == ("failed", "You may not see this list any more.")
    assert not JobFile.objects.exists()


def many(count: int) -> None:
    """Contacts enough to be counted."""
    Contact.objects.bulk_create(
        Contact(
            number=f"N{n}", name=f"Name {n}", search_name="x", search_text="x",
            sort_key=n.to_bytes(KEY_BYTES, "big"),
        )
        for n in range(count)
    )  # fmt: skip


def test_more_rows_take_as_many_statements_and_no_more_memory(reader_client: Client) -> None:
    found = []
    for count in (400, 4800):
        Contact.objects.all().delete()
        many(count)
        export(reader_client, "/contacts/").getvalue()
        answer = export(reader_client, "/contacts/")
        with CaptureQueriesContext(connection) as captured:
            tracemalloc.start()
            written = sum(len(piece) for piece in answer.streaming_content)
            found.append((len(captured), tracemalloc.get_traced_memory()[1], written))
            tracemalloc.stop()
    (few, small, short), (more, large, long) = found
    assert few == more
    assert long > 11 * short
    assert large < 3 * small + 20_000_000
