"""Coverage before Log: per language and per merge field, each a link to just those lines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact, MarketingSetup, Salesperson, Salutation
from interactions.models import Document, InteractionTemplate, TemplateLanguage
from segments import header, log, overrides, worksheet
from segments.models import Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import everybody, named, names, statements

pytestmark = pytest.mark.django_db
Letter = Callable[..., Document]


@pytest.fixture
def people(segment: Segment, contact: Callable[..., Contact], marketer: User) -> Segment:
    """Two Germans, a Swede, and one who has no language."""
    for name, language in (("Ada", "de"), ("Bea", "de"), ("Cia", "sv"), ("Dan", "")):
        contact(name, language=language)
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def found(segment: Segment) -> dict[str, int]:
    return {problem.code: problem.count for problem in log.check(segment)}


def with_problem(segment: Segment, code: str) -> list[str]:
    return [line.contact.name for line in log.problem_lines(segment, code)]


def line_of(name: str) -> SegmentLine:
    return SegmentLine.objects.get(contact__name=name)


def using(template: InteractionTemplate, document: Document) -> None:
    TemplateLanguage.objects.filter(template=template).update(document=document)


class TestLanguages:
    """Lines that get a letter in another language, or none."""

    def test_by_language(self, people: Segment) -> None:
        assert found(people) == {"no_letter_de": 2, "no_letter_sv": 1}
        assert with_problem(people, "no_letter_de") == ["Ada", "Bea"]
        assert with_problem(people, "no_letter_sv") == ["Cia"]
        assert with_problem(people, "no_letter_fi") == with_problem(people, "no_letter_xx") == []
        assert [(one.severity, one.sentence) for one in log.check(people)] == [
            ("warning", "2 lines without a letter in German."),
            ("warning", "1 line without a letter in Swedish."),
        ]

    def test_a_letter_covers_it(self, people: Segment, letter: Letter, marketer: User) -> None:
        SegmentDocument.objects.create(segment=people, language="de", document=letter())
        assert found(people) == {"no_letter_sv": 1}
        assert people.template is not None
        people.template.languages.create(language="sv", document=letter("Hej"))
        assert found(people) == {}

    def test_what_lines_say_themselves(
        self, people: Segment, letter: Letter, marketer: User
    ) -> None:
        overrides.set_value(people, line_of("Ada"), "language", "en", by=marketer)
        overrides.set_value(people, line_of("Bea"), "document", letter("Bea"), by=marketer)
        overrides.set_value(people, line_of("Dan"), "language", "fr", by=marketer)
        assert found(people) == {"no_document": 1, "no_letter_fr": 1, "no_letter_sv": 1}
        assert with_problem(people, "no_letter_fr") == ["Dan"]

    def test_a_template_of_one_line_has_its_own_letters(
        self, people: Segment, letter: Letter, marketer: User
    ) -> None:
        assert people.template is not None
        other = InteractionTemplate.objects.create(code="OTHER", group=people.template.group)
        other.languages.create(language="de", document=letter("Deutsch"))
        overrides.set_value(people, line_of("Ada"), "template", other, by=marketer)
        Segment.objects.update(correspondence_type="hard_copy")
        people.refresh_from_db()
        assert with_problem(people, "no_letter_de") == ["Bea"]


class TestFields:
    """What the letter in force names, and a line has not."""

    @pytest.fixture
    def pair(self, segment: Segment, contact: Callable[..., Contact], marketer: User) -> Segment:
        """One who has everything, and one who has nothing but a name."""
        ms = Salutation.objects.create(code="MS")
        ms.formulas.create(language="en", formal="Dear Ms {surname}", informal="Hi {first_name}")
        house = contact("House", type="company")
        full = dict.fromkeys(
            ["job_title", "address", "post_code", "city", "phone", "mobile_phone", "home_page"], "x"
        )
        contact(first_name="Full", surname="Full", company=house, salutation=ms, language="en",
                country="FI", email="f@x.example", **full)  # fmt: skip
        contact("Bare")
        persons = named(*Contact.objects.filter(type="person").values_list("number", flat=True))
        worksheet.add_contacts(segment, persons, by=marketer)
        return segment

    @pytest.mark.parametrize(
        "field",
        [
            "First_Name", "Last_Name", "Job_Title", "Address", "ZIP_Code", "City", "Country_Code",
            "Phone_No", "Mobile_Phone", "E_Mail", "Home_Page", "Address_Block", "Company_Name",
            "Formal_Salutation", "CALC_Informal_Salutation", "Country",
        ],
    )  # fmt: skip
    def test_of_the_contact(self, pair: Segment, letter: Letter, field: str) -> None:
        assert pair.template is not None
        using(pair.template, letter(f"{{{{ {field} }}}}"))
        (problem,) = log.check(pair)
        assert (problem.severity, problem.count) == ("warning", 1)
        assert with_problem(pair, problem.code) == ["Bare"]

    @pytest.mark.parametrize("field", ["Contact_Name", "Personal_comment", "Address_2", "Date"])
    def test_what_nobody_lacks(self, pair: Segment, letter: Letter, field: str) -> None:
        assert pair.template is not None
        using(pair.template, letter(f"{{{{ {field} }}}}"))
        assert found(pair) == {}

    def test_a_formula_without_its_name_part_is_none(self, pair: Segment, letter: Letter) -> None:
        assert pair.template is not None
        using(pair.template, letter("{{ Formal_Salutation }}{{ Informal_Salutation }}"))
        Contact.objects.filter(name="Full Full").update(surname="")
        assert found(pair) == {"lacks_Formal_Salutation": 2, "lacks_Informal_Salutation": 1}

    def test_a_company_needs_no_salutation(
        self, segment: Segment, letter: Letter, company: Any, marketer: User
    ) -> None:
        assert segment.template is not None
        using(segment.template, letter("{{ Formal_Salutation }}{{ Company_Name }}"))
        company("House")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        assert found(segment) == {}

    def test_of_others(self, pair: Segment, letter: Letter, marketer: User) -> None:
        assert pair.template is not None
        fields = (
            "Salesperson_Phone_No Salesperson_Name Campaign_Description Company_Information_City"
        )
        using(pair.template, letter("".join(f"{{{{ {name} }}}}" for name in fields.split())))
        assert found(pair) == {
            "lacks_Salesperson_Phone_No": 2,
            "lacks_Campaign_Description": 2,
            "lacks_Company_Information_City": 2,
        }
        other = Salesperson.objects.create(code="B", name="B", phone="1")
        bare = line_of("Bare")
        overrides.set_value(pair, bare, "salesperson", other, by=marketer)
        MarketingSetup.objects.update_or_create(pk=1, defaults={"city": "Oulu"})
        assert found(pair) == {"lacks_Salesperson_Phone_No": 1, "lacks_Campaign_Description": 2}
        assert with_problem(pair, "lacks_Salesperson_Phone_No") == ["Full Full"]

    def test_of_the_line(self, pair: Segment, letter: Letter) -> None:
        assert pair.template is not None
        using(pair.template, letter("{{ Subject }}{{ Segment_Description }}{{ Language_Code }}"))
        TemplateLanguage.objects.update(subject="{Salesperson_Name}")
        assert found(pair) == {}
        TemplateLanguage.objects.update(subject="")
        assert found(pair) == {"lacks_Subject": 2}

    def test_only_of_the_letter_in_force(
        self, pair: Segment, letter: Letter, marketer: User
    ) -> None:
        assert pair.template is not None
        using(pair.template, letter("{{ First_Name }}"))
        assert found(pair) == {"lacks_First_Name": 1}
        overrides.set_value(pair, line_of("Bare"), "document", letter("Bare"), by=marketer)
        assert found(pair) == {}
        overrides.set_value(pair, line_of("Bare"), "document", None, by=marketer)
        SegmentDocument.objects.create(segment=pair, language="en", document=letter("All"))
        assert found(pair) == {}

    def test_a_comment_that_nobody_will_read(
        self, pair: Segment, letter: Letter, marketer: User
    ) -> None:
        assert pair.template is not None
        for name in ("Bare", "Full Full"):
            overrides.set_value(pair, line_of(name), "personal_comment", "Hi", by=marketer)
        assert found(pair) == {}
        overrides.set_value(pair, line_of("Bare"), "document", letter("Bare"), by=marketer)
        assert found(pair) == {"comment_unseen": 1}
        assert with_problem(pair, "comment_unseen") == ["Bare"]
        using(pair.template, letter("No comment"))
        assert found(pair) == {"comment_unseen": 2}


def test_statements_do_not_grow_with_lines_or_languages(
    segment: Segment, contact: Callable[..., Contact], marketer: User, letter: Letter
) -> None:
    assert segment.template is not None
    using(segment.template, letter("{{ Formal_Salutation }}{{ City }}{{ Salesperson_Name }}"))
    counts = []
    for number, languages in ((1, "d"), (30, "dsfn")):
        codes = {"d": "de", "s": "sv", "f": "fr", "n": "nl"}
        made = [
            contact(language=codes[languages[index % len(languages)]]).number
            for index in range(number)
        ]
        worksheet.add_contacts(segment, named(*made), by=marketer)
        counts.append(statements(lambda: log.check(segment)))
    assert counts[0] == counts[1]


def test_check_leads_to_the_lines_and_to_a_letter(
    people: Segment, marketer_client: Client, reader_client: Client, letter_bytes: Any
) -> None:
    url = reverse("segments:check", args=[people.number])
    html = marketer_client.get(url).content.decode()
    lines = f"{people.get_absolute_url()}?problem=no_letter_de"
    upload = reverse("segments:letters", args=[people.number]) + "?language=de"
    assert lines in html
    assert upload in html
    assert upload not in reader_client.get(url).content.decode()
    grid = marketer_client.get(lines).content.decode()
    assert ("Ada" in grid, "Cia" in grid) == (True, False)
    assert '<option value="de" selected>' in marketer_client.get(upload).content.decode()


def test_the_lines_are_taken_out_by_one_step_with_its_reason(
    people: Segment, marketer_client: Client, marketer: User
) -> None:
    marketer_client.post(reverse("segments:take_out", args=[people.number, "no_letter_de"]))
    people.refresh_from_db()
    assert names(people) == ["Cia", "Dan"]
    step = people.steps.get(number=2)
    assert "without a letter in German" in step.words["en"]
    header.change(people, {"description": "New"}, by=marketer)
    logged_with = log.log_segment(people, by=marketer)
    assert logged_with.entry_count == 2
