"""Purchases from a CSV file: what goes in, what is updated, what is refused and why."""

import csv
import datetime
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.importing import FileRefused
from crm.importing.purchases import Report, import_purchases
from crm.models import Contact, Purchase

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]
HEAD = "contact;item;posting_date;amount"
PAGE = "/purchases/import/"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of these lines."""

    def _write(*lines: str) -> Path:
        path = tmp_path / "purchases.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return _write


@pytest.fixture(autouse=True)
def contacts(db: None) -> None:
    Contact.objects.create(number="C1", name="One", external_id="E1")
    Contact.objects.create(number="C2", name="Two", external_id="E2")
    Contact.objects.create(number="C3", name="Three", external_id="E2")


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.read, report.created, report.updated, report.rejected


def reasons(report: Report) -> dict[int, str]:
    return {one.line: " ".join(one.reasons) for one in report.rejections}


def test_a_row_becomes_a_purchase_with_all_it_says(write: Write) -> None:
    path = write(
        "Asiakas;Nimike;Kategoria;Päivä;Määrä;Summa;Ulkoinen tunnus",
        "C1;Muki;Keittiö;4.5.2026;1 000,5;-12,30;X-1",
    )
    report = import_purchases(path)
    assert counts(report) == (1, 1, 0, 0)
    assert report.new_items == ["Muki"]
    made = Purchase.objects.get()
    assert (made.contact.number, made.item, made.item_category) == ("C1", "Muki", "Keittiö")
    assert made.posting_date == datetime.date(2026, 5, 4)
    assert (made.quantity, made.amount) == (Decimal("1000.5"), Decimal("-12.30"))
    assert made.external_id == "X-1"


def test_a_second_run_updates_by_external_id(write: Write) -> None:
    head = f"{HEAD};external_id"
    import_purchases(write(head, "C1;A;2026-05-04;1;X1", "C1;A;2026-05-04;1;X2"))
    first = Purchase.objects.get(external_id="X1").pk
    report = import_purchases(write(head, "C2;B;2026-05-05;2.50;X1", "C2;B;2026-05-05;2;X3"))
    assert counts(report) == (2, 1, 1, 0)
    changed = Purchase.objects.get(external_id="X1")
    assert (changed.pk, changed.contact.number, changed.item) == (first, "C2", "B")
    assert changed.amount == Decimal("2.50")
    untouched = Purchase.objects.get(external_id="X2")
    assert (untouched.contact.number, untouched.item) == ("C1", "A")


def test_the_same_purchase_again_is_refused(write: Write) -> None:
    lines = (HEAD, "C1;A;2026-05-04;1", "C1;A;2026-05-04;2", "C1;A;4.5.2026;1,00")
    first = import_purchases(write(*lines))
    assert (counts(first), list(reasons(first))) == ((3, 2, 0, 1), [4])
    assert counts(import_purchases(write(*lines))) == (3, 0, 0, 3)
    twice = f"{HEAD};external_id"
    report = import_purchases(write(twice, "C1;B;2026-05-04;1;X", "C1;B;2026-05-04;1;X"))
    assert (counts(report), list(reasons(report))) == ((2, 1, 0, 1), [3])


def test_who_bought_may_be_said_by_external_id(write: Write) -> None:
    head = "contact_external_id,item,posting_date,amount"
    report = import_purchases(
        write(
            head, "E1,A,2026-05-04,1", "E2,A,2026-05-04,1", "E3,A,2026-05-04,1", ",A,2026-05-04,1"
        )
    )
    assert Purchase.objects.get().contact.number == "C1"
    said = reasons(report)
    assert list(said) == [3, 4, 5]
    assert ("Several" in said[3], "no contact E3" in said[4]) == (True, True)


@pytest.mark.parametrize(
    "row",
    [
        "NOBODY;A;2026-05-04;1",
        ";A;2026-05-04;1",
        "C1;;2026-05-04;1",
        f"C1;{'x' * 51};2026-05-04;1",
        "C1;A;;1",
        "C1;A;31.2.2026;1",
        "C1;A;2026-05-04;",
        "C1;A;2026-05-04;much",
        "C1;A;2026-05-04;1e5",
        "C1;A;2026-05-04;NaN",
        "C1;A;2026-05-04;999999999999999",
        "C1;A;2026-05-04;٣",
        "C1;A;2026-05-04",
    ],
)
def test_a_bad_row_is_named_and_its_neighbours_go_in(write: Write, row: str) -> None:
    report = import_purchases(write(HEAD, "C1;A;2026-05-04;1", row, "C2;A;2026-05-04;1"))
    assert (counts(report), list(reasons(report))) == ((3, 2, 0, 1), [3])
    assert reasons(report)[3]
    assert Purchase.objects.count() == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("",),
        ("contact;item;posting_date;amount;shoe size", "C1;A;2026-05-04;1;44"),
        ("contact;item;posting_date", "C1;A;2026-05-04"),
        ("item;posting_date;amount", "A;2026-05-04;1"),
        ("contact;asiakas;item;posting_date;amount", "C1;C1;A;2026-05-04;1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(write: Write, lines: tuple[str, ...]) -> None:
    with pytest.raises(FileRefused):
        import_purchases(write(*lines))
    assert not Purchase.objects.exists()


def test_a_trial_writes_nothing(write: Write) -> None:
    report = import_purchases(write(HEAD, "C1;A;2026-05-04;1"), dry_run=True)
    assert counts(report) == (1, 1, 0, 0)
    assert not Purchase.objects.exists()


def test_the_statements_grow_with_batches_only(write: Write) -> None:
    """SQLite takes some hundred rows a statement, PostgreSQL a thousand."""
    found = []
    for many in (1, 300):
        rows = [f"C1;A{many};2026-05-04;{n};{many}-{n}" for n in range(many)]
        rows += [f"C2;B{many};2026-05-04;{n};" for n in range(many)]
        with CaptureQueriesContext(connection) as captured:
            import_purchases(write(f"{HEAD};external_id", *rows))
        found.append(len(captured))
    assert found[1] - found[0] <= 600 // 100
    assert Purchase.objects.count() == 602


def test_the_command_reports_and_keeps_the_reasons(write: Write) -> None:
    path = write(HEAD, "C1;A;2026-05-04;1", "NOBODY;=A;2026-05-04;1")
    out, err = StringIO(), StringIO()
    call_command("import_purchases", str(path), stdout=out, stderr=err)
    assert "2 read = 1 created + 0 updated + 1 rejected." in out.getvalue()
    assert "Line 3" in err.getvalue()
    kept = path.with_name("purchases.csv.rejected.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(StringIO(kept)))
    assert rows[1][:3] == ["3", "NOBODY", "'=A"]
    for wrong in (["--delimiter", "xx"], ["--reasons", str(path)], ["--encoding", "klingon"]):
        with pytest.raises(CommandError):
            call_command("import_purchases", str(path), *wrong)


def upload(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("p.csv", "\n".join(lines).encode())


def test_the_page_tries_first_and_then_writes(manager_client: Client) -> None:
    rows = (HEAD, "C1;A;2026-05-04;1", "NOBODY;<b>;2026-05-04;1")
    shown = manager_client.post(PAGE, {"file": upload(*rows), "dry_run": "on"})
    assert "There is no contact NOBODY." in shown.content.decode()
    assert "&lt;b&gt;" in shown.content.decode()
    assert not Purchase.objects.exists()
    assert manager_client.post(PAGE, {"file": upload(*rows)}).status_code == 200
    assert manager_client.post(PAGE, {"file": upload(HEAD, "C2;A;2026-05-04;1")}).status_code == 302
    assert Purchase.objects.count() == 2


@pytest.mark.parametrize("data", [{}, {"file": SimpleUploadedFile("p.csv", b"PK\x03\x04zip")}])
def test_the_page_says_what_is_wrong_with_the_file(
    manager_client: Client, data: dict[str, Any]
) -> None:
    shown = manager_client.post(PAGE, data)
    assert list(shown.context["form"].errors) == ["file"]


def test_who_may_import(client: Client, reader_client: Client, marketer_client: Client) -> None:
    for person in (reader_client, marketer_client):
        assert person.get(PAGE).status_code == 403
        assert person.post(PAGE, {"file": upload(HEAD)}).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_who_may_import_finds_the_page_from_the_contacts(
    manager_client: Client, marketer_client: Client
) -> None:
    link = f'href="{PAGE}"'
    assert link in manager_client.get("/contacts/").content.decode()
    assert link not in marketer_client.get("/contacts/").content.decode()
