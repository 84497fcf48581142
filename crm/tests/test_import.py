"""Contacts from a CSV file: what goes in, what is refused and why."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.importing import FileRefused, Report, import_contacts
from crm.models import (
    Contact,
    ContactMailingGroup,
    ContactType,
    MailingGroup,
    NumberSeries,
    OrganizationalLevel,
    Salesperson,
    Salutation,
    Territory,
)

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of these lines."""

    def _write(*lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "contacts.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return _write


@pytest.fixture(autouse=True)
def set_up(db: None) -> None:
    Territory.objects.create(code="NORTH")
    Salesperson.objects.create(code="AK", name="Aino Korhonen")
    OrganizationalLevel.objects.create(code="CEO")
    Salutation.objects.create(code="F")
    for code in ("GIFT", "NEWS"):
        MailingGroup.objects.create(code=code)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.read, report.created, report.updated, report.rejected


def reasons(report: Report) -> dict[int, str]:
    return {one.line: " ".join(one.reasons) for one in report.rejections}


def test_a_row_becomes_a_contact_with_all_it_says(write: Write) -> None:
    Contact.objects.create(number="Y1", name="Mäkelä Oy", type=ContactType.COMPANY)
    path = write(
        "number;type;first name;middle_name;Surname;Company no.;Job Title;organizational level;"
        "salutation;address;address 2;post code;city;country;territory;language;salesperson;"
        "phone;mobile phone;E-mail;home page;correspondence type;exclude;external id;"
        "mailing groups;minor",
        "P1;person;Liisa; Maria ;Mäkelä;Y1;Ostaja;ceo;f;Kauppakatu  1;C 5;00100;Helsinki;Finland;"
        "north;FI;ak;09 123;040 1;liisa@example.com;www.example.com;Email;yes;X-1;gift | NEWS;1",
    )
    assert counts(import_contacts(path)) == (1, 1, 0, 0)
    liisa = Contact.objects.get(number="P1")
    fields = [
        "type",
        "name",
        "job_title",
        "address",
        "address_2",
        "post_code",
        "city",
        "language",
        "phone",
        "mobile_phone",
        "email",
        "home_page",
        "correspondence_type",
        "exclude_from_segment",
        "external_id",
        "minor",
        "privacy_blocked",
    ]
    assert {name: getattr(liisa, name) for name in fields} == {
        "type": "person",
        "name": "Liisa Maria Mäkelä",
        "job_title": "Ostaja",
        "address": "Kauppakatu 1",
        "address_2": "C 5",
        "post_code": "00100",
        "city": "Helsinki",
        "language": "fi",
        "phone": "09 123",
        "mobile_phone": "040 1",
        "email": "liisa@example.com",
        "home_page": "https://www.example.com",
        "correspondence_type": "email",
        "exclude_from_segment": True,
        "external_id": "X-1",
        "minor": True,
        "privacy_blocked": True,
    }
    links = ["company", "organizational_level", "salutation", "territory", "salesperson"]
    found = [str(getattr(liisa, name)) for name in links]
    assert found == ["Y1 Mäkelä Oy", "CEO", "F", "NORTH", "Aino Korhonen"]
    assert str(liisa.country) == "FI"
    assert sorted(str(link) for link in liisa.mailing_groups.all()) == ["GIFT", "NEWS"]
    assert "mäkelä oy" in liisa.search_text


def test_finnish_headers_tabs_and_a_byte_order_mark(write: Write) -> None:
    path = write(
        "Nro\tTyyppi\tNimi\tSähköposti\tPostitusryhmät",
        "1\tYritys\tÅkerlund Oy\tinfo@example.fi\tNEWS",
        encoding="utf-8-sig",
    )
    assert counts(import_contacts(path)) == (1, 1, 0, 0)
    company = Contact.objects.get()
    assert (company.number, company.type, company.name) == ("1", "company", "Åkerlund Oy")


def test_an_employer_may_come_later_in_the_file(write: Write) -> None:
    path = write("number,type,name,company", "P1,person,Olli Salo,Y1", "Y1,company,Salo Oy,")
    assert counts(import_contacts(path)) == (2, 2, 0, 0)
    assert str(Contact.objects.get(number="P1").company) == "Y1 Salo Oy"


def test_bad_rows_are_named_with_every_reason_and_good_ones_go_in(write: Write) -> None:
    Contact.objects.create(number="P0", name="Otso Hirvi")
    Contact.objects.create(number="Y0", name="Hirvi Oy", type=ContactType.COMPANY)
    path = write(
        "number,type,name,company,territory,email,mailing groups",
        "A1,person,Good One,,NORTH,good@example.com,GIFT",
        "A2,person,Two Wrongs,,EAST,wrong@,GIFT|OLD",
        "A1,person,Duplicate,,,,",
        "A4,robot,Bad Type,,,,",
        "A5,person,,,,,",
        "A6,person,No Such Employer,Y9,,,",
        "A7,person,Employer Is A Person,P0,,,",
        "A8,company,Company With Employer,Y0,,,",
        "A9,person,Few Cells",
        f"A10,person,{'x' * 201},,,,",
        "A11,person,Nul\0Character,,,,",
        'A12,person,"Never closed,,,,',
        "A13,person,After It,,,,",
        "A 14,person,Blank In Number,,,,",
        "Y0,person,Changes Type,,,,",
        ",,,,,,",
        "A16,person,Employer Was Refused,A8,,,",
    )
    report = import_contacts(path)
    assert reasons(report) == {
        3: "Unknown territory: EAST. wrong@ is not an e-mail address. Unknown mailing group: OLD.",
        4: "Number A1 is already on line 2.",
        5: "Unknown type: robot.",
        6: "The name is missing.",
        7: "There is no company with the number Y9.",
        8: "P0 is not a company.",
        9: "Only a person can belong to a company.",
        10: "The row has 3 cells; the header has 7.",
        11: "Name is longer than 200 characters.",
        12: "The row contains a NUL character.",
        13: "The quotation marks of this row do not match.",
        15: "Use letters, digits, dots, hyphens and underscores; not “A 14”.",
        16: "The type of a contact that exists cannot be changed by a file.",
        18: "There is no company with the number A8.",
    }
    assert counts(report) == (16, 2, 0, 14)
    assert set(Contact.objects.values_list("number", flat=True)) == {"P0", "Y0", "A1", "A13"}


def test_one_row_of_broken_bytes_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(
        "number,name\nA1,Järvi\n".encode() + "A2,Järvi\n".encode("latin-1") + b"A3,Lampi\n"
    )
    report = import_contacts(path)
    assert reasons(report) == {3: "The row is not readable as UTF-8."}
    assert counts(import_contacts(path, encoding="latin-1")) == (3, 1, 2, 0)
    assert Contact.objects.get(number="A2").name == "Järvi"


def test_a_second_run_updates_whoever_says_so(write: Write) -> None:
    lines = (
        "number,external id,name,type,email,company",
        "A1,,By Number,person,,",
        ",X1,By External ID,person,,",
        ",,By Name,person,name@example.com,A5",
        ",,By Name,person,,",
        "A5,,Employer,company,,",
    )
    assert counts(import_contacts(write(*lines))) == (5, 5, 0, 0)
    before = list(Contact.objects.order_by("pk").values_list("pk", "number", "name", "created_at"))
    assert counts(import_contacts(write(*lines))) == (5, 0, 5, 0)
    after = list(Contact.objects.order_by("pk").values_list("pk", "number", "name", "created_at"))
    assert after == before


def test_only_columns_of_the_file_are_written(write: Write) -> None:
    contact = Contact.objects.create(
        number="A1", first_name="Olli", surname="Salo", phone="1", email="o@example.com"
    )
    import_contacts(write("number,phone", "A1,"))
    contact.refresh_from_db()
    assert (contact.phone, contact.email, contact.name) == ("", "o@example.com", "Olli Salo")
    import_contacts(write("number,name", "A1,Olga Salo"))
    contact.refresh_from_db()
    assert (contact.name, contact.full_name) == ("Olga Salo", "")


def test_people_follow_their_renamed_company(write: Write) -> None:
    company = Contact.objects.create(number="Y1", name="Vanha Oy", type=ContactType.COMPANY)
    person = Contact.objects.create(number="P1", name="Olli Salo", company=company)
    import_contacts(write("number,name,type", "Y1,Uusi Oy,company"))
    stored = Contact.objects.get(pk=person.pk)
    key, words = bytes(stored.sort_key), stored.search_text
    stored.prepare()
    assert (key, words) == (stored.sort_key, stored.search_text)
    assert "uusi oy" in words


def test_mailing_groups_are_those_of_the_row(write: Write) -> None:
    other = Contact.objects.create(number="A2", name="Other")
    other.mailing_groups.create(group=MailingGroup.objects.get(code="GIFT"))
    path = write("number,name,mailing groups", "A1,One,GIFT|GIFT")
    import_contacts(path)
    import_contacts(write("number,mailing groups", "A1,NEWS"))
    links = ContactMailingGroup.objects.values_list("contact__number", "group__code")
    assert sorted(links) == [("A1", "NEWS"), ("A2", "GIFT")]


def test_typed_numbers_are_not_given_out_again(write: Write) -> None:
    path = write("number,name", "C000001,Typed", "C000003,Typed", ",One", ",Two")
    assert counts(import_contacts(path)) == (4, 4, 0, 0)
    given = Contact.objects.filter(name__in=("One", "Two")).order_by("name")
    assert list(given.values_list("number", flat=True)) == ["C000002", "C000004"]
    assert Contact.objects.create(name="By hand").number == "C000005"
    NumberSeries.objects.update(manual_allowed=False)
    report = import_contacts(write("number,name", "C000099,Typed"))
    assert reasons(report) == {
        2: "There is no contact C000099, and new ones are numbered by the series."
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"PK\x03\x04 workbook", "This workbook cannot be read."),
        (b"%PDF-1.7", "This is not a CSV file. If it is a workbook"),
        (bytes(range(256)) + b"\0" * 20, "This is not a text file."),
        (b"<html><body>hello</body></html>", "Unknown columns: <html>"),
        (b"number,name,shoe size\n", "Unknown columns: shoe size. Known are: number, type"),
        (b"number,name,Nimi\n", "Columns that occur twice: name."),
        (b"phone,city\n1,Oulu\n", "The file has no column that says who"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refusal:
        import_contacts(path)
    assert str(refusal.value).startswith(sentence)
    assert not Contact.objects.exists()


def test_no_file_a_folder_and_an_unknown_encoding(tmp_path: Path, write: Write) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_contacts", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="is a folder"):
        call_command("import_contacts", str(tmp_path), "--reasons", str(tmp_path / "r.csv"))
    with pytest.raises(CommandError, match="Unknown encoding: klingon"):
        call_command("import_contacts", str(write("name", "A")), "--encoding", "klingon")
    path = str(write("name", "A"))
    with pytest.raises(CommandError, match="would overwrite"):
        call_command("import_contacts", path, "--reasons", path)


def test_a_trial_writes_nothing(write: Write) -> None:
    report = import_contacts(write("name", "One", ""), dry_run=True)
    assert counts(report) == (1, 1, 0, 0)
    assert not Contact.objects.exists()


def test_unknown_columns_are_ignored_when_asked(write: Write) -> None:
    path = write("name,shoe size", "One,43")
    assert counts(import_contacts(path, ignore_unknown=True)) == (1, 1, 0, 0)


def test_more_rows_do_not_take_more_statements(
    write: Write,
) -> None:
    header = "number,name,type,company,mailing groups"
    with CaptureQueriesContext(connection) as few:
        import_contacts(write(header, "Y1,Yksi Oy,company,,GIFT", "P1,Person,person,Y1,NEWS"))
    rows = [f"Y{n},Yritys,company,,GIFT" for n in range(2, 17)]
    rows += [f"P{n},Person,person,Y{n},NEWS" for n in range(2, 17)]
    with CaptureQueriesContext(connection) as many:
        import_contacts(write(header, *rows))
    assert len(many) <= len(few)


BAD = {
    17: ("email", "wrong"),
    29: ("territory", "WEST"),
    31: ("number", "N3"),
    43: ("name", ""),
    59: ("company", "N99999"),
    61: ("name", "\udcff\udcfe"),
}


def big_file(path: Path) -> set[int]:
    """10,000 rows, 37 of them bad; returns the bad lines."""
    bad = {}
    for index in range(37):
        start, cell = list(BAD.items())[index % len(BAD)]
        bad[start + 260 * index] = cell
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        writer = csv.DictWriter(
            stream, ("number", "type", "name", "company", "territory", "email", "mailing groups")
        )
        writer.writeheader()
        for line in range(2, 10_002):
            is_company = line % 10 == 0
            row = {
                "number": f"N{line}",
                "type": "company" if is_company else "person",
                "name": f"Yritys {line} Oy" if is_company else f"Ääni Öberg {line}",
                "company": "" if is_company else f"N{min(line - line % 10 + 10, 10_000)}",
                "territory": "NORTH",
                "email": f"n{line}@example.com",
                "mailing groups": "GIFT|NEWS" if line % 3 else "",
            }
            if line in bad:
                row[bad[line][0]] = bad[line][1]
            writer.writerow(row)
    return set(bad)


def test_ten_thousand_rows_with_thirty_seven_bad_ones(tmp_path: Path) -> None:
    path, target = tmp_path / "big.csv", tmp_path / "reasons.csv"
    bad = big_file(path)
    assert len(bad) == 37
    for expected in (
        "10000 read = 9963 created + 0 updated + 37 rejected.\n",
        "10000 read = 0 created + 9963 updated + 37 rejected.\n",
    ):
        out = StringIO()
        call_command("import_contacts", str(path), reasons=target, stdout=out, stderr=StringIO())
        assert out.getvalue() == expected
        with target.open(encoding="utf-8-sig", newline="") as stream:
            rejected = list(csv.DictReader(stream))
        assert {int(row["line"]) for row in rejected} == bad
        assert all(row["reasons"] for row in rejected)
    assert Contact.objects.count() == 9963
    assert Contact.objects.filter(type="person", company=None).count() == 0
