"""Contacts from a file, on pages: given, mapped, tried, imported; who may, what is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm import work
from crm.importing import running
from crm.models import (
    Contact,
    ContactImport,
    ContactMailingGroup,
    FormerNumber,
    Job,
    MailingGroup,
    MarketingSetup,
    RefusedRow,
    Salesperson,
    Salutation,
)

pytestmark = pytest.mark.django_db
PAGE = "/contacts/import/"


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def set_up(db: None) -> None:
    Salesperson.objects.create(code="AK", name="Aino Korhonen")
    Salesperson.objects.create(code="OLD", name="Olli", blocked=True)
    MailingGroup.objects.create(code="GIFT")
    MailingGroup.objects.create(code="NEWS")


def give(client: Client, content: bytes | str, name: str = "new.csv", **more: Any) -> Any:
    data = content.encode() if isinstance(content, str) else content
    upload = SimpleUploadedFile(name, data)
    return client.post(PAGE, {"file": upload, "encoding": "auto", **more})


def given() -> ContactImport:
    return ContactImport.objects.latest("pk")


def chosen(one: ContactImport, **more: Any) -> dict[str, Any]:
    """What the mapping page would send when nothing is changed on it."""
    columns = {f"column_{place}": field for place, field in enumerate(one.mapping)}
    return {**columns, "identify": "number", "empty": "leave", **more}


def tried(client: Client, content: bytes | str, **more: Any) -> ContactImport:
    """A file as far as its trial."""
    assert give(client, content).status_code == 302
    one = given()
    answer = client.post(f"{PAGE}{one.pk}/", chosen(one, **more))
    assert answer.status_code == 302, answer.context["form"].errors
    return given()


def imported(client: Client, content: bytes | str, **more: Any) -> ContactImport:
    """A file imported to its end."""
    one = tried(client, content, **more)
    client.post(f"{PAGE}{one.pk}/start/")
    while work.run_next(heartbeat=False):
        pass
    return given()


def counts(one: ContactImport) -> tuple[int, int, int, int]:
    said = one.report["counts"]
    new, changed, unchanged, refused = (
        said.get(key, 0) for key in ("new", "changed", "unchanged", "refused")
    )
    return new, changed, unchanged, refused


def refusals(one: ContactImport) -> dict[int, tuple[str, str]]:
    return {row.line: (row.columns, row.reasons) for row in one.refused.all()}


def workbook(*rows: Any) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


FINNISH = """\
Nro;Tyyppi;Nimi;Sähköposti;Postinumero;Postitusryhmät
A1;yritys;Åkerlund Oy;a@b.fi;00100;NEWS
"""


@pytest.mark.parametrize(
    "content",
    [
        FINNISH.encode("cp1252"),
        FINNISH.encode("utf-8-sig"),
        FINNISH.encode("utf-8"),
        FINNISH.encode("utf-16"),
        FINNISH.replace(";", "\t").replace("\n", "\r\n").encode("cp1252"),
        FINNISH.replace(";", ",").encode("utf-8"),
        workbook(*(line.split(";") for line in FINNISH.splitlines())),
    ],
    ids=["excel", "utf-8 with mark", "utf-8", "utf-16", "tabs", "commas", "xlsx"],
)
def test_files_as_people_have_them(manager_client: Client, content: bytes) -> None:
    one = imported(manager_client, content)
    assert one.mapping == ["number", "type", "name", "email", "post_code", "mailing_groups"]
    assert counts(one) == (1, 0, 0, 0), refusals(one)
    made = Contact.objects.get()
    assert (made.name, made.type, made.post_code) == ("Åkerlund Oy", "company", "00100")
    assert [str(link) for link in made.mailing_groups.all()] == ["NEWS"]
    assert made.changed_by == one.user


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "The file is empty."),
        (b"%PDF-1.7 letters", "This is not a CSV file."),
        (b"\xd0\xcf\x11\xe0 old workbook", "This is not a CSV file."),
        (b"\x01\x00\x02\x00" * 50, "This is not a text file."),
        (b"PK\x03\x04 broken", "This workbook cannot be read."),
        (zipped(word__document=b"<a/>"), "This is not a CSV file."),
        (zipped(**{"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), "has macros"),
        (zipped(**{"xl/workbook.xml": ENTITIES}), "This workbook cannot be read."),
        (zipped(**{"xl/workbook.xml": b"<a/>"}), "This workbook cannot be read."),
        (b"name;phone\n", "no row below"),
        (";".join(f"c{n}" for n in range(201)).encode() + b"\n1", "more than 200 columns"),
    ],
)
def test_what_is_no_table_is_refused_at_the_file(
    manager_client: Client, content: bytes, said: str
) -> None:
    answer = give(manager_client, content, "named.csv")
    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors["file"])
    assert not ContactImport.objects.exists()


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 100_000), ("MOST_PARTS", 3)])
def test_a_workbook_that_unpacks_to_too_much_is_refused(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(f"crm.importing.workbook.{limit}", most)
    parts = {f"part{number}.xml": b"0" * 50_000 for number in range(3)}
    bomb = zipped(**{"xl/workbook.xml": b"<a/>"}, **parts)
    assert len(bomb) < 2000
    answer = give(manager_client, bomb)
    assert "unpacks to too much" in " ".join(answer.context["form"].errors["file"])


def test_a_workbook_of_too_many_cells_is_refused_by_the_trial(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(manager_client, workbook(["number", "name"], *(["A", "B"] for _row in range(300))))
    monkeypatch.setattr("crm.importing.workbook.MOST_CELLS", 400)
    monkeypatch.setattr("crm.views.importing.AT_ONCE", 10**6)
    answer = manager_client.post(f"{PAGE}{given().pk}/", chosen(given()))
    assert "too long to be read here" in answer.content.decode()
    assert given().trial is None


def test_a_file_that_is_too_large_is_refused(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.uploads.MOST_MEGABYTES", 0)
    answer = give(manager_client, "name\nA")
    assert "larger than 0 MB" in " ".join(answer.context["form"].errors["file"])


def test_a_trial_writes_no_contact_and_says_what_it_would_do(manager_client: Client) -> None:
    Contact.objects.create(number="A1", name="Aino Aho", city="Oulu", email="aino@example.com")
    Contact.objects.create(number="A2", name="Same", city="Turku")
    before = list(Contact.objects.order_by("pk").values())
    one = tried(
        manager_client,
        "number;name;city;email\nA1;Aino Aho;Vaasa;\nA2;Same;Turku;\nA3;Uusi;;\n"
        "A4;Aino Aho;;AINO@example.com\nA5;Bad;;nonsense\n",
    )
    assert list(Contact.objects.order_by("pk").values()) == before
    assert counts(one) == (2, 1, 1, 1)
    shown = unescape(manager_client.get(f"{PAGE}{one.pk}/report/").content.decode())
    assert "Nothing was written: this was a trial." in shown
    assert '<del class="quiet">Oulu</del> → <ins>Vaasa</ins>' in shown
    assert refusals(one) == {6: ("email", "nonsense is not an e-mail address.")}
    assert [row["others"] for row in one.report["alike"]] == [
        [{"number": "A1", "name": "Aino Aho"}]
    ]
    assert "Import 3 rows" in shown


def test_what_was_chosen_is_remembered_by_headings_and_by_heading(
    manager_client: Client, admin_client: Client
) -> None:
    head = "Asno;Firma;Muistio"
    one = tried(manager_client, f"{head}\n1;Salo Oy;x", column_0="number", column_1="name")
    assert one.mapping == ["number", "name", ""]
    give(manager_client, f"{head}\n2;Aho Oy;y")
    assert (given().mapping, given().options["empty"]) == (["number", "name", ""], "leave")
    give(manager_client, "Kaupunki;Firma\nOulu;Aho Oy")
    assert given().mapping == ["city", "name"]
    give(admin_client, f"{head}\n2;Aho Oy;y")
    assert given().mapping == ["", "", ""]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"column_1": "number"}, "column_1"),
        ({"column_0": "robot"}, "column_0"),
        ({"identify": "email"}, "identify"),
        ({"identify": "magic"}, "identify"),
        ({"empty": ""}, "empty"),
        ({"identify": "new", "column_1": "city"}, "__all__"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_said_at_its_field(
    manager_client: Client, more: dict[str, str], field: str
) -> None:
    give(manager_client, "number;name\nA1;One")
    answer = manager_client.post(f"{PAGE}{given().pk}/", chosen(given(), **more))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert given().trial is None


def test_a_contact_is_known_by_what_was_chosen(manager_client: Client) -> None:
    for number in ("A1", "A2", "A3"):
        address = "twins@example.com" if number != "A1" else "Aino@Example.com"
        Contact.objects.create(number=number, name=number, email=address)
    rows = "email;name\naino@example.com;Aino\ntwins@example.com;Twin\nnew@example.com;New\n;None\n"
    one = imported(manager_client, rows, identify="email")
    assert counts(one) == (2, 1, 0, 1)
    assert refusals(one)[3][1] == "Several contacts fit this row: give its number."
    assert Contact.objects.get(number="A1").name == "Aino"
    always = imported(manager_client, "number;name\nA1;Other\n;Aino\n", identify="new")
    assert counts(always) == (1, 0, 0, 1)
    assert refusals(always)[2][1] == "There is a contact with this number already."


def test_an_empty_cell_leaves_or_empties(manager_client: Client) -> None:
    Contact.objects.create(number="A1", name="One", phone="040 1")
    assert counts(imported(manager_client, "number;phone\nA1;")) == (0, 0, 1, 0)
    assert Contact.objects.get().phone == "040 1"
    assert counts(imported(manager_client, "number;phone\nA1;", empty="clear")) == (0, 1, 0, 0)
    assert Contact.objects.get().phone == ""


def test_what_looks_like_a_stored_contact_can_be_refused(manager_client: Client) -> None:
    Contact.objects.create(number="A1", name="Aino Aho", email="aino@example.com")
    rows = "name;email\nAino Aho;aino@example.com\nOlli Oja;olli@example.com\n"
    one = imported(manager_client, rows, identify="new", leave_similar="on")
    assert counts(one) == (1, 0, 0, 1)
    assert "looks like A1 Aino Aho" in refusals(one)[2][1]


REFUSED = [
    ("number;phone\nP1;soita", "phone", "A phone number has no letters."),
    ("number;type\nP1;company", "type", "cannot be changed by a file"),
    ("number;type\nY1;person", "type", "cannot be changed by a file"),
    ("number;company\nP1;Y9", "company", "There is no company with the number Y9."),
    ("number;company\nP1;P2", "company", "P2 is not a company."),
    ("number;company\nY1;Y2", "company", "Only a person can belong to a company."),
    ("number;job_title\nY1;Boss", "job_title", "Only a person has this."),
    ("number;minor\nY1;yes", "minor", "Only a person can be a minor."),
    ("number;minor\nP3;yes", "minor", "Minors have no profile."),
    ("number;parental_consent\nP1;yes", "parental_consent", "Only a minor needs"),
    ("number;privacy_blocked\nP4;no", "privacy_blocked", "stays blocked"),
    ("number;salesperson\nP1;OLD", "salesperson", "OLD is blocked"),
    ("number;salesperson\nP1;XX", "salesperson", "Unknown salesperson: XX."),
    ("number;mailing_groups\nP1;GIFT|OLD", "mailing_groups", "Unknown mailing group: OLD."),
    ("number;name\nF1;Former", "number", "merged into another"),
    ("number;name\nA-;x\nA-;y", "number", "is already on line 2."),
    ("number;email;name\nX9;p1@example.com;One", "number", "its number stays"),
]


@pytest.fixture
def people() -> None:
    """Contacts about which the form of a contact would have something to say."""
    from crm.models import ProfileAnswer, ProfileQuestion, ProfileQuestionnaire

    companies = [Contact.objects.create(number=n, name=n, type="company") for n in ("Y1", "Y2")]
    first = Contact.objects.create(
        number="P1", name="One", company=companies[0], email="p1@example.com"
    )
    Contact.objects.create(number="P2", name="Two")
    third = Contact.objects.create(number="P3", name="Three")
    Contact.objects.create(number="P4", name="Four", minor=True, privacy_blocked=True)
    FormerNumber.objects.create(number="F1", contact=first)
    questions = ProfileQuestionnaire.objects.create(code="Q")
    question = ProfileQuestion.objects.create(questionnaire=questions, text="Coffee?")
    third.profile_answers.create(answer=ProfileAnswer.objects.create(question=question, code="Y"))


@pytest.mark.parametrize(("rows", "column", "reason"), REFUSED)
def test_what_the_form_refuses_is_refused_of_a_row(
    manager_client: Client, people: None, rows: str, column: str, reason: str
) -> None:
    before = list(Contact.objects.order_by("pk").values())
    identify = "email" if rows.startswith("number;email") else "number"
    one = tried(manager_client, rows, identify=identify)
    line = max(refusals(one))
    assert refusals(one)[line][0] == column
    assert reason in refusals(one)[line][1]
    done = imported(manager_client, rows, identify=identify)
    assert refusals(done) == refusals(one)
    if "\nA-" not in rows:
        assert list(Contact.objects.order_by("pk").values()) == before


def test_numbers_only_by_the_series(manager_client: Client) -> None:
    from crm.models import NumberSeries

    NumberSeries.objects.update_or_create(code="CONTACT", defaults={"manual_allowed": False})
    one = imported(manager_client, "number;name\nA1;One\n;Two")
    assert counts(one) == (1, 0, 0, 1)
    assert "numbered by the series" in refusals(one)[2][1]


def test_a_minor_of_a_file_is_blocked_and_consent_blocks(manager_client: Client) -> None:
    imported(manager_client, "number;name;minor;parental_consent\nM1;A;yes;no\nM2;B;yes;yes\n")
    assert set(Contact.objects.values_list("minor", "privacy_blocked")) == {(True, True)}


def test_people_have_their_companys_values_and_follow_it(manager_client: Client) -> None:
    seller = Salesperson.objects.get(code="AK")
    head = "number;type;name;company;salesperson;city;language\n"
    imported(manager_client, f"{head}P1;person;Own;Y1;;Oulu;\nY1;company;Oy;;AK;Turku;fi\n")
    own = Contact.objects.get(number="P1")
    assert (own.salesperson, own.city, own.language) == (seller, "Oulu", "fi")
    Contact.objects.create(number="P2", name="Follower", company=own.company, city="Turku")
    one = imported(manager_client, "number;city;name\nY1;Vaasa;Uusi Oy\n")
    assert one.report["counts"]["followed"] == 1
    found = dict(Contact.objects.values_list("number", "city"))
    assert found == {"Y1": "Vaasa", "P1": "Oulu", "P2": "Vaasa"}
    assert all("uusi oy" in text for text in Contact.objects.values_list("search_text", flat=True))


def test_new_contacts_have_the_defaults_of_the_set_up(manager_client: Client) -> None:
    setup = MarketingSetup.load()
    setup.default_language, setup.default_country = "sv", "FI"
    setup.save()
    imported(manager_client, "number;name;country\nA1;One;\nA2;Two;SE\n")
    found = {one.number: (one.language, str(one.country)) for one in Contact.objects.all()}
    assert found == {"A1": ("sv", ""), "A2": ("sv", "SE")}


def test_new_contacts_are_greeted_as_the_set_up_says_unless_the_file_tells(
    manager_client: Client,
) -> None:
    dear, firm = (Salutation.objects.create(code=code) for code in ("DEAR", "FIRM"))
    setup = MarketingSetup.load()
    setup.default_person_salutation, setup.default_company_salutation = dear, firm
    setup.save()
    imported(manager_client, "number;type;name\nA1;person;One\nA2;company;Two\n")
    imported(manager_client, "number;type;name;salutation\nA3;person;Three;\nA4;person;Four;FIRM\n")
    found = dict(Contact.objects.values_list("number", "salutation__code"))
    assert found == {"A1": "DEAR", "A2": "FIRM", "A3": None, "A4": "FIRM"}


def test_a_second_click_starts_no_second_import(manager_client: Client) -> None:
    one = tried(manager_client, "number;name\nA1;One")
    for _click in range(2):
        assert manager_client.post(f"{PAGE}{one.pk}/start/").status_code == 302
    assert Job.objects.filter(kind="import.contacts").count() == 1
    answer = manager_client.post(f"{PAGE}{one.pk}/", chosen(one, column_1=""))
    assert answer.status_code == 302
    assert given().mapping == ["number", "name"]


def test_what_was_not_tried_is_not_imported(manager_client: Client) -> None:
    give(manager_client, "number;name\nA1;One")
    manager_client.post(f"{PAGE}{given().pk}/start/")
    assert not Job.objects.exists()


class Killed(BaseException):
    """The end of a worker, in the middle of its work."""


def test_killed_in_the_middle_and_taken_up_again_each_row_goes_in_once(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.importing.operation.CHUNK", 4)
    rows = "".join(f";Person {n};GIFT\n" for n in range(30)) + ";;\n;x;NO\n"
    one = tried(manager_client, f"number;name;mailing_groups\n{rows}", identify="new")
    manager_client.post(f"{PAGE}{one.pk}/start/")
    job, handle, calls = given().job, running.handle, []
    assert job is not None

    def dying(drafts: Any, plan: Any) -> int:
        calls.append(len(drafts))
        done = handle(drafts, plan)
        if len(calls) == 4:
            raise Killed
        return done

    monkeypatch.setattr(running, "handle", dying)
    with pytest.raises(Killed):
        work.run_next(heartbeat=False)
    assert Contact.objects.count() == 12
    Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00:00Z")
    assert work.run_next(heartbeat=False)
    assert sorted(Contact.objects.values_list("name", flat=True)) == sorted(
        f"Person {n}" for n in range(30)
    )
    assert ContactMailingGroup.objects.count() == 30
    assert counts(given()) == (30, 0, 0, 1)
    assert len(refusals(given())) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 31, 31)


def test_a_large_file_is_tried_by_a_job(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.views.importing.AT_ONCE", 10)
    one = tried(manager_client, "number;name\nA1;One\nA2;\n")
    assert one.trial is None
    page = manager_client.get(f"{PAGE}{one.pk}/report/").content.decode()
    assert "Cancel the job" in page
    work.run_next(heartbeat=False)
    assert counts(given()) == (1, 0, 0, 1)
    assert not Contact.objects.exists()


def test_chosen_anew_the_first_trial_says_nothing_any_more(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.views.importing.AT_ONCE", 10)
    one = tried(manager_client, "number;name;city\nA1;One;Oulu\n")
    manager_client.post(f"{PAGE}{one.pk}/", chosen(one, column_2=""))
    states = list(Job.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "queued"]
    work.run_next(heartbeat=False)
    assert given().mapping == ["number", "name", ""]
    assert counts(given()) == (1, 0, 0, 0)


def test_the_refused_rows_come_with_what_is_wrong_and_without_formulas(
    manager_client: Client,
) -> None:
    one = tried(manager_client, 'number;name;email\nA1;=HYPERLINK("x");bad\nA2;Fine;\nA3;@SUM;bad')
    answer = manager_client.get(f"{PAGE}{one.pk}/refused.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines() == [
        "Line,Why,number,name,email",
        '2,bad is not an e-mail address.,A1,"\'=HYPERLINK(""x"")",bad',
        "4,bad is not an e-mail address.,A3,'@SUM,bad",
    ]


def test_what_was_exported_comes_in_as_it_was(manager_client: Client) -> None:
    imported(manager_client, "number;name;phone\nA1;One;'+358 40 1")
    assert Contact.objects.get().phone == "+358 40 1"


def test_who_may(
    client: Client, reader_client: Client, marketer_client: Client, manager_client: Client
) -> None:
    one = tried(manager_client, "number;name\nA1;One")
    at = f"{PAGE}{one.pk}/"
    for person in (reader_client, marketer_client):
        for address in (PAGE, at, f"{at}report/", f"{at}refused.csv"):
            assert person.get(address).status_code == 403
        for address in (PAGE, at, f"{at}start/", f"{at}delete/"):
            assert person.post(address).status_code == 403
    assert client.get(PAGE).status_code == 302
    assert not Job.objects.exists()


def test_nobody_sees_the_file_of_another(manager_client: Client, admin_client: Client) -> None:
    one = tried(manager_client, "number;name\nA1;Secret")
    at = f"{PAGE}{one.pk}/"
    for address in (at, f"{at}report/", f"{at}refused.csv", f"{PAGE}999999/report/"):
        assert admin_client.get(address).status_code == 404
    for address in (at, f"{at}start/", f"{at}delete/"):
        assert admin_client.post(address).status_code == 404
    assert "new.csv" not in admin_client.get(PAGE).content.decode()


def test_deleted_and_tidied_only_numbers_stay(manager_client: Client, settings: Any) -> None:
    from crm.importing import keeping

    one = imported(manager_client, "number;name;email\nA1;One;\nA2;Two;bad")
    path = one.file.path
    settings.JOB_FILE_DAYS = 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.db.transaction.on_commit", lambda function: function())
        keeping.tidy()
    one.refresh_from_db()
    assert (bool(one.file), one.sample, Path(path).exists()) == (False, [], False)
    assert not RefusedRow.objects.exists()
    assert counts(one) == (1, 0, 0, 1)
    assert "A2" not in json.dumps(one.trial)
    assert manager_client.get(f"{PAGE}{one.pk}/report/").status_code == 200
    assert manager_client.get(f"{PAGE}{one.pk}/refused.csv").status_code == 404
    untried = tried(manager_client, "number;name\nA3;Three")
    manager_client.post(f"{PAGE}{untried.pk}/delete/")
    assert not ContactImport.objects.filter(pk=untried.pk).exists()


def test_nothing_of_a_file_becomes_markup(manager_client: Client) -> None:
    one = tried(manager_client, "number;name;<b>x\nA1;<script>1</script>;<i>\nA2;;<i>")
    for page in (f"{PAGE}{one.pk}/", f"{PAGE}{one.pk}/report/"):
        shown = manager_client.get(page).content.decode()
        assert "<script>1" not in shown
        assert "<i>" not in shown
        assert "<b>x" not in shown


@pytest.fixture
def rows_of() -> Callable[[int, int], str]:
    def rows(start: int, many: int) -> str:
        head = "number;type;name;company;salesperson;email;city;mailing_groups\n"
        companies = [
            f"Y{n};company;Oy {n} {many};;AK;y{n}@example.com;Oulu {many};GIFT"
            for n in range(start, start + many)
        ]
        people = [
            f"P{n};person;Person {n} {many};Y{n};;p{n}@example.com;;GIFT|NEWS"
            for n in range(start, start + many)
        ]
        wrong = [f"W{n};person;;;;;;" for n in range(start, start + many)]
        return head + "\n".join([*companies, *people, *wrong])

    return rows


@pytest.mark.parametrize("changing", [False, True], ids=["new", "changed"])
def test_a_chunk_takes_as_many_statements_for_300_rows_as_for_30(
    manager_client: Client, rows_of: Callable[[int, int], str], changing: bool
) -> None:
    imported(manager_client, "number;name\nA0;Makes the series and the set-up\n")
    found = []
    for start, many in ((1000, 15), (5000, 150)):
        if changing:
            imported(manager_client, rows_of(start, many).replace("Oulu", "Turku"))
        one = tried(manager_client, rows_of(start, many))
        manager_client.post(f"{PAGE}{one.pk}/start/")
        with CaptureQueriesContext(connection) as captured:
            work.run_next(heartbeat=False)
        expected = (0, many, many, many) if changing else (2 * many, 0, 0, many)
        assert counts(given()) == expected
        found.append(len(captured))
    # Companies are one chunk, of 15 or of 150 rows; the others one of 30 or of 300.
    assert found[0] == found[1]
