"""The linter: what it finds in letters and subjects, what is refused, and where it is told."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.models import Contact, MarketingSetup
from interactions import documents, linting, mailmerge
from interactions.models import Document, InteractionTemplate
from interactions.starter import docx_of
from interactions.tests.mailmerge.makers import RELS, R, docx, p, unzipped, zipped

pytestmark = pytest.mark.django_db
PATH = "/templates/LETTER/languages/en/"
TRACKED = docx(p() + '<w:p><w:ins w:id="1"><w:r><w:t>more</w:t></w:r></w:ins></w:p>')


def linked(kind: str, target: str, *, external: bool = True) -> bytes:
    """A letter with one relationship."""
    mode = ' TargetMode="External"' if external else ""
    link = f'<Relationship Id="a" Type="{R}/{kind}" Target="{target}"{mode}/>'
    rels = f'<Relationships xmlns="{RELS}">{link}</Relationships>'
    return zipped({**unzipped(docx(p())), "word/_rels/document.xml.rels": rels.encode()})


def field(code: str, *, split: bool = False) -> bytes:
    """A letter with a field of this code, perhaps split as Word does."""
    pieces = [code[:5], code[5:]] if split else [code]
    codes = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return docx(f"<w:p>{mark.format('begin')}{codes}{mark.format('end')}</w:p>")


def found(data: bytes) -> list[tuple[str, str]]:
    findings = linting.of_template(mailmerge.read_template(data))
    return [(finding.severity, finding.text.partition(".")[0]) for finding in findings]


@pytest.mark.parametrize(
    ("data", "severity", "said"),
    [
        (docx_of("«Frist_Name»"), "error", "There is no merge field “Frist_Name”"),
        (docx_of("«Qwxyz»"), "error", "There is no merge field “Qwxyz”"),
        (docx_of("«Fax_No»"), "warning", "The merge field “Fax_No” is always empty here"),
        (TRACKED, "warning", "The document has tracked changes"),
        (linked("image", "//far/x"), "error", "The document takes a picture from “//far/x”"),
        (
            linked("attachedTemplate", "file:///N"),
            "warning",
            "The document takes content from “file:///N”, which the contact may not reach",
        ),
        (
            linked("oleObject", "embeddings/book", external=False),
            "warning",
            "The document carries an embedded file (book)",
        ),
        (
            field(' INCLUDEPICTURE "http://far/x" '),
            "error",
            "The field INCLUDEPICTURE takes content from another file or address",
        ),
        (
            field(' IncludeText "http://far/x" ', split=True),
            "error",
            "The field INCLUDETEXT takes content from another file or address",
        ),
        (
            docx('<w:p><w:fldSimple w:instr="DDEAUTO x"><w:r/></w:fldSimple></w:p>'),
            "error",
            "The field DDEAUTO takes content from another file or address",
        ),
    ],
)
def test_each_finding_in_a_sentence(data: bytes, severity: str, said: str) -> None:
    assert found(data) == [(severity, said)]


@pytest.mark.parametrize(
    "data",
    [
        docx_of("«Formal_Salutation»", "«Personal_comment»"),
        linked("hyperlink", "https://fine.example"),
        field(' HYPERLINK "https://fine.example" '),
        field(" PAGE "),
        docx_of("INCLUDEPICTURE is a word like any other"),
    ],
)
def test_what_is_right_is_not_found(data: bytes) -> None:
    assert found(data) == []


def test_errors_come_first() -> None:
    data = docx_of("«Fax_No»", "«Frist_Name»")
    assert [severity for severity, _text in found(data)] == ["error", "warning"]


@pytest.mark.parametrize(
    "data", [linked("image", "http://far/x.png"), field(' INCLUDEPICTURE "http://far/x.png" ')]
)
def test_nothing_is_fetched_from_elsewhere_whatever_is_ticked(
    template: InteractionTemplate, manager_client: Client, data: bytes
) -> None:
    letter = SimpleUploadedFile("x.docx", data)
    typed = {"subject": "Kept", "letter": letter, "accept_unknown": "on"}
    html = manager_client.post(PATH, typed).content.decode()
    assert "Nothing is ever fetched from elsewhere" in html
    assert 'value="Kept"' in html
    assert Document.objects.count() == 2
    assert template.languages.get(language="en").subject == "Offer"


def test_a_letter_with_macros_is_refused(
    template: InteractionTemplate, manager_client: Client
) -> None:
    data = zipped({**unzipped(docx(p())), "word/vbaProject.bin": b"x"})
    html = manager_client.post(PATH, {"letter": SimpleUploadedFile("x.docx", data)})
    assert "The document contains macros." in html.content.decode()
    assert Document.objects.count() == 2


def test_warnings_stand_on_the_templates_page(
    template: InteractionTemplate, manager_client: Client
) -> None:
    answer = manager_client.post(PATH, {"letter": SimpleUploadedFile("x.docx", TRACKED)})
    assert answer.status_code == 302
    assert "has tracked changes" in manager_client.get("/templates/LETTER/").content.decode()


def stored(*paragraphs: str) -> Document:
    return documents.store(docx_of(*paragraphs), name="x.docx", by=None)


def test_fields_that_no_contact_fills(django_assert_num_queries: Callable[[int], object]) -> None:
    letter = stored("«First_Name»«Mobile_Phone»«Company_Information_Name»", "«Address_2»")
    MarketingSetup.objects.all().delete()
    assert linting.never_filled([letter]) == [
        "“Company_Information_Name” is empty: fill it in the marketing set-up."
    ]
    Contact.objects.create(name="A", first_name="Ann")
    Contact.objects.create(name="B", first_name="")
    MarketingSetup.objects.update_or_create(pk=1, defaults={"company_name": "Us"})
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert linting.never_filled([letter]) == [
            "No contact has a value for “Mobile_Phone_No”: it stays empty in every letter."
        ]
    Contact.objects.filter(name="B").update(mobile_phone="1")
    assert linting.never_filled([letter]) == []
    assert linting.never_filled([]) == []


def rows(html: str) -> list[list[str]]:
    """The table of languages, its cells as words."""
    from lxml import html as reader

    table = reader.fromstring(html).xpath("//table[contains(@class, 'languages')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table]


def test_the_languages_of_a_template_and_of_its_contacts(
    template: InteractionTemplate, manager_client: Client, reader_client: Client
) -> None:
    for language in ("en", "en", "sv", "sv", "sv", "de", ""):
        Contact.objects.create(name="X", language=language)
    template.languages.filter(language="en").update(subject="")
    html = manager_client.get("/templates/LETTER/").content.decode()
    assert rows(html) == [
        ["English default", "yes", "no", "2"],
        ["Finnish no contact has it", "yes", "yes", "0"],
        ["Swedish", "Add… Swedish", "no", "3"],
        ["German", "Add… German", "no", "1"],
    ]
    assert "1 contact has no language." in html
    assert "Add…" not in reader_client.get("/templates/LETTER/").content.decode()
    form = manager_client.get("/templates/LETTER/languages/new/?language=sv").content.decode()
    assert '<option value="sv" selected>' in form


def test_the_languages_cost_the_same_for_one_and_for_three(
    template: InteractionTemplate, reader_client: Client
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for language in ("en", "sv"):
        for _number in range(3):
            Contact.objects.create(name="X", language=language)
        with CaptureQueriesContext(connection) as captured:
            reader_client.get("/templates/LETTER/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
