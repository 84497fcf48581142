"""What letters say of a contact: the facts as SQL, and the fields made of them."""

import datetime
from typing import Any

import pytest
from django.db.models import F, Value

from crm.models import Campaign, Contact, ContactType, MarketingSetup, Salesperson, Salutation
from interactions import mailmerge, mergefields
from interactions.mergefields.fields import BY_NAME
from interactions.models import InteractionGroup, InteractionLogEntry, InteractionTemplate
from interactions.starter import docx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contact:
    company = Contact.objects.create(type=ContactType.COMPANY, name="Kukkakauppa Onni Oy")
    salutation = Salutation.objects.create(code="MRS")
    salutation.formulas.create(
        language="fi", formal="Hyvä rouva {surname}", informal="Hei {first_name}"
    )
    return Contact.objects.create(
        first_name="Aino",
        surname="Virtanen",
        company=company,
        salutation=salutation,
        address="Katu 1",
        post_code="00100",
        city="Helsinki",
        country="FI",
        email="aino@onni.example",
    )


@pytest.fixture
def entry(person: Contact) -> InteractionLogEntry:
    template = InteractionTemplate.objects.create(
        code="LETTER", group=InteractionGroup.objects.create(code="MAIL")
    )
    return InteractionLogEntry.objects.create(
        contact=person,
        date=datetime.date(2026, 3, 2),
        description="Offer",
        template=template,
        group=template.group,
        language="fi",
        subject="Kevät",
        salesperson=Salesperson.objects.create(code="MM", name="Matti", email="m@our.example"),
        campaign=Campaign.objects.create(description="Spring"),
    )


def facts_of_entries() -> list[dict[str, Any]]:
    expression = mergefields.facts_expression(
        subject=F("subject"), date=F("date"), segment_number=Value("SM1"),
        personal_comment=Value('Kiitos "kaikesta"!\n'),
    )  # fmt: skip
    rows = InteractionLogEntry.objects.order_by("pk")
    return list(rows.annotate(facts=expression).values_list("facts", flat=True))


def test_facts_are_one_flat_json_on_both_databases(entry: InteractionLogEntry) -> None:
    MarketingSetup.objects.create(pk=1, company_name='Me "Oy"', default_country="FI")
    contact, campaign = Contact.objects.get(surname="Virtanen"), Campaign.objects.get()
    assert facts_of_entries() == [
        {
            "number": contact.number,
            "type": "person",
            "name": "Aino Virtanen",
            "first_name": "Aino",
            "middle_name": "",
            "surname": "Virtanen",
            "company_name": "Kukkakauppa Onni Oy",
            "job_title": "",
            "address": "Katu 1",
            "address_2": "",
            "post_code": "00100",
            "city": "Helsinki",
            "country": "FI",
            "phone": "",
            "mobile_phone": "",
            "email": "aino@onni.example",
            "home_page": "",
            "language": "fi",
            "segment_number": "SM1",
            "segment_description": "",
            "date": "2026-03-02",
            "description": "",
            "subject": "Kevät",
            "personal_comment": 'Kiitos "kaikesta"!\n',
            "salutation": {"formal": "Hyvä rouva {surname}", "informal": "Hei {first_name}"},
            "salesperson": {
                "code": "MM",
                "name": "Matti",
                "job_title": "",
                "phone": "",
                "email": "m@our.example",
            },
            "campaign": {"number": campaign.number, "description": "Spring"},
            "our": {
                "company_name": 'Me "Oy"',
                "address": "",
                "address_2": "",
                "post_code": "",
                "city": "",
                "country": "FI",
                "phone": "",
                "email": "",
                "home_page": "",
                "registration_number": "",
                "bank_account": "",
                "language": "",
            },
        }
    ]


def test_what_is_not_there_is_null(entry: InteractionLogEntry) -> None:
    InteractionLogEntry.objects.update(language="sv", salesperson=None, campaign=None)
    (facts,) = facts_of_entries()
    assert (facts["salutation"], facts["salesperson"], facts["campaign"]) == (None, None, None)
    assert mergefields.salutation_missing(facts)
    values = mergefields.values(facts)
    assert values["Salesperson_Name"] == values["Campaign_No"] == ""
    assert values["Formal_Salutation"] == "Bästa Aino Virtanen"


def test_facts_of_contacts_themselves(person: Contact) -> None:
    contacts = Contact.objects.filter(pk=person.pk).annotate(
        line_language=Value("fi"), salesperson_id_of_line=F("salesperson"), none=F("salesperson")
    )
    expression = mergefields.facts_expression(
        "", language="line_language", salesperson="salesperson_id_of_line", campaign="none"
    )
    contact = contacts.annotate(facts=expression).get()
    assert mergefields.values(contact.facts)["Informal_Salutation"] == "Hei Aino"


def test_who_has_a_salutation_is_asked_in_the_database(person: Contact) -> None:
    contacts = Contact.objects.annotate(
        spoken=Value("fi"), greeted=mergefields.has_salutation("", language="spoken")
    )
    assert dict(contacts.values_list("name", "greeted")) == {
        "Aino Virtanen": True,
        "Kukkakauppa Onni Oy": False,
    }


def test_a_fact_that_is_none_of_a_line_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        mergefields.facts_expression(colour=Value("red"))


def test_a_stored_letter_can_be_inserted_from_a_select(entry: InteractionLogEntry) -> None:
    InteractionLogEntry.objects.update(merge_values=facts_of_entries()[0])
    entry.refresh_from_db()
    assert mergefields.values(entry.merge_values)["Date"] == datetime.date(2026, 3, 2)


def facts(sample: str = "fi", **changes: Any) -> dict[str, Any]:
    return {**mergefields.SAMPLE[sample], **changes}


@pytest.mark.parametrize(
    ("changes", "formal", "informal"),
    [
        ({}, "Hyvä Maija Meikäläinen", "Hei Maija"),
        ({"salutation": None}, "Hyvä Maija Meikäläinen", "Hei Maija"),
        ({"salutation": None, "first_name": ""}, "Hyvä Maija Meikäläinen", "Hei Maija Meikäläinen"),
        ({"salutation": None, "language": "en"}, "Dear Maija Meikäläinen", "Hello Maija"),
        ({"salutation": None, "language": "sv"}, "Bästa Maija Meikäläinen", "Hej Maija"),
        ({"salutation": None, "language": "de"}, "Guten Tag Maija Meikäläinen", "Hallo Maija"),
        ({"salutation": None, "language": "it"}, "Dear Maija Meikäläinen", "Hello Maija"),
        ({"salutation": None, "type": "company"}, "Hyvä vastaanottaja", "Hyvä vastaanottaja"),
        (
            {"salutation": None, "type": "company", "language": "en"},
            "Dear Sir or Madam",
            "Dear Sir or Madam",
        ),
        (
            {"salutation": {"formal": "Hyvä {first_name} {middle_name} {surname}"}},
            "Hyvä Maija Meikäläinen",
            "Hei Maija",
        ),
        # A formula that would end in the air gives way; one that is no name part stays as typed.
        (
            {
                "salutation": {"formal": "Hyvä rouva {surname}", "informal": "{x} {name.y}"},
                "surname": "",
            },
            "Hyvä Maija Meikäläinen",
            "{x} {name.y}",
        ),
    ],
)  # fmt: skip
def test_salutations(changes: dict[str, Any], formal: str, informal: str) -> None:
    values = mergefields.values(facts(**changes))
    assert (values["Formal_Salutation"], values["Informal_Salutation"]) == (formal, informal)


@pytest.mark.parametrize(
    ("language", "changes", "lines"),
    [
        ("fi", {}, "Esimerkki Oy|Maija Meikäläinen|Mallitie 2 A 3|PL 10|33100 Tampere"),
        (
            "fi",
            {"country": "SE", "address_2": ""},
            "Esimerkki Oy|Maija Meikäläinen|Mallitie 2 A 3|33100 Tampere|RUOTSI",
        ),
        (
            "fi",
            {"country": "", "company_name": None, "post_code": ""},
            "Maija Meikäläinen|Mallitie 2 A 3|PL 10|Tampere",
        ),
        (
            "en",
            {},
            "Example Ltd|Jane Q. Sample|1 Sample Street|Unit 2|Exeter EX1 2MP|UNITED KINGDOM",
        ),
        ("fi", {"type": "company", "name": "Firma Oy", "address": "", "address_2": ""},
         "Firma Oy|33100 Tampere"),
    ],
)  # fmt: skip
def test_address_blocks(language: str, changes: dict[str, Any], lines: str) -> None:
    block = mergefields.values(facts(language, **changes))["Mail_Address_Block"]
    assert str(block).split("\n") == lines.split("|")


def test_countries_are_named_in_the_letters_language() -> None:
    assert mergefields.values(facts(country="DE"))["Country"] == "Saksa"
    assert mergefields.values(facts(country="DE", language="en"))["Country"] == "Germany"
    assert mergefields.values(facts(country="DE"))["CountryRegion_Code"] == "DE"


def test_the_language_falls_back_to_ours_and_then_to_english() -> None:
    ours = facts(language="")
    assert mergefields.values(ours).language == "fi"
    assert mergefields.values({**ours, "our": {}}).language == "en"


def test_control_characters_of_pasted_texts_are_left_out() -> None:
    values = mergefields.values(facts(personal_comment="one\x0btwo\x00\x1f <&> ]]> 😀\tthree"))
    assert values["Personal_comment"] == "one\ntwo <&> ]]> 😀\tthree"


def test_every_field_has_a_label_and_a_value_for_no_facts_at_all() -> None:
    empty = mergefields.values({})
    for field in mergefields.FIELDS:
        assert str(field.label)
        assert empty[field.name] in ("", None, "Dear Sir or Madam")
        said = field.sample("en") or field.name == "Company_Information_Address_2"
        assert bool(said) == field.listed, field.name


def test_no_two_fields_share_a_name() -> None:
    names = [name for field in mergefields.FIELDS for name in (field.name, *field.aliases)]
    assert len(BY_NAME) == len(names) == len(mergefields.values({}))


# What letters made for the reference product name (section 2.18 of its description, and captions of
# its tables with underscores), and what stands in them for the Finnish sample.
OF_OTHERS = {
    "Entry_No": "",
    "Mail_Address": "Esimerkki Oy\nMaija Meikäläinen\nMallitie 2 A 3\nPL 10\n33100 Tampere",
    "No": "C000123",
    "Name": "Maija Meikäläinen",
    "Name_2": "",
    "Company_Name": "Esimerkki Oy",
    "First_Name": "Maija",
    "Middle_Name": "",
    "Surname": "Meikäläinen",
    "Address": "Mallitie 2 A 3",
    "Address_2": "PL 10",
    "Post_Code": "33100",
    "ZIP_Code": "33100",
    "City": "Tampere",
    "County": "",
    "State": "",
    "CountryRegion_Code": "FI",
    "Country_Region_Code": "FI",
    "CountryRegion_Name": "Suomi",
    "Phone_No": "+358 3 000 0000",
    "Mobile_Phone_No": "+358 50 000 0000",
    "Telex_No": "",
    "Fax_No": "",
    "Pager": "",
    "E_Mail": "maija@esimerkki.example",
    "VAT_Registration_No": "",
    "Home_Page": "https://esimerkki.example",
    "Job_Title": "Toimitusjohtaja",
    "CALC_Formal_Salutation": "Hyvä Maija Meikäläinen",
    "CALC_Informal_Salutation": "Hei Maija",
    "Salesperson_Code": "MM",
    "SalespersonPurchaser_Name": "Matti Myyjä",
    "Salesperson_Job_Title": "Myyntipäällikkö",
    "Salesperson_Phone_No": "+358 40 000 0000",
    "SalespersonPurchaser_E_Mail": "matti@malli.example",
    "Document_Date": datetime.date(2026, 3, 2),
    "Campaign_No": "CP0003",
    "Segment_No": "SM00012",
    "Description": "Tarjouskirje",
    "Subject": "Kevään tarjous teille",
    "Language_Code": "fi",
    "Company_Information_Name": "Malli Oy",
    "Company_Information_Name_2": "",
    "Company_Information_Address": "Esimerkkikatu 1",
    "Company_Information_Address_2": "",
    "Company_Information_Post_Code": "00100",
    "Company_Information_ZIP_Code": "00100",
    "Company_Information_City": "Helsinki",
    "Company_Information_County": "",
    "Company_Information_State": "",
    "Company_Information_CountryRegion_Code": "FI",
    "Company_Information_Phone_No": "+358 9 000 0000",
    "Company_Information_Fax_No": "",
    "Company_Information_E_Mail": "info@malli.example",
    "Company_Information_Home_Page": "https://malli.example",
    "Company_Information_VAT_Registration_No": "0000000-0",
    "Company_Information_Bank_Name": "",
    "Company_Information_Bank_Branch_No": "",
    "Company_Information_Bank_Account_No": "FI00 0000 0000 0000 00",
    "Company_Information_IBAN": "FI00 0000 0000 0000 00",
    "Company_Information_SWIFT_Code": "",
    "Company_Information_Giro_No": "",
}


@pytest.mark.parametrize(("name", "said"), OF_OTHERS.items())
def test_letters_of_the_reference_merge_unchanged(name: str, said: Any) -> None:
    values = mergefields.values(facts())
    assert mergefields.is_known(name)
    assert values[name] == values[name.upper()] == said


def test_dates_are_written_as_the_letter_speaks() -> None:
    """The date is a date in every letter, and each language writes it in its own way."""
    document = mailmerge.read_template(docx_of("«Document_Date»"))
    shown = {
        language: document.text(mergefields.values(facts(language=language)), language=language)
        for language in ("fi", "en", "sv", "de")
    }
    assert shown == {
        "fi": "2.3.2026",
        "en": "2 March 2026",
        "sv": "2 mars 2026",
        "de": "2. März 2026",
    }


def test_names_of_other_programs_are_aliases() -> None:
    values = mergefields.values(facts())
    assert values["CALC_Formal_Salutation"] == values["Formal_Salutation"]
    assert values["zip_code"] == "33100"
    assert values["State"] == ""
    with pytest.raises(KeyError):
        values["Shoe_Size"]
