"""The registry of merge fields: picker, check, preview and print all read this one list.

Names are captions with underscores, as letters made for other programs have them; what such
letters call differently is an alias. Names are compared without regard to case, as Word does.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.mailmerge.values import Scope, Value, as_text
from interactions.mergefields import words
from interactions.mergefields.facts import Facts
from interactions.mergefields.samples import NOT_OURS, sample_facts
from interactions.mergefields.words import text

Label = str | Promise


@dataclass(frozen=True)
class Field:
    """A merge field: what it is called, what it means, and its value for one letter."""

    name: str
    label: Label
    value: Callable[[Facts, str], Value]
    aliases: tuple[str, ...] = ()
    help: Label = ""
    # Fields that only keep letters of other programs working are not offered to authors.
    listed: bool = True
    # The fact it is, for what is asked in SQL (asking.py); () where it is made of several.
    path: tuple[str, ...] = ()
    # Whether a letter reads well without it: its lack is then nothing to warn of.
    may_lack: bool = False

    def sample(self, language: str) -> Value:
        """What it says in a sample letter of that language."""
        return self.value(sample_facts(language), language)

    def sample_text(self, language: str) -> str:
        """The sample as it stands in the letter: dates as the language writes them."""
        return as_text(self.sample(language), Scope({}, language))


def _fact(
    name: str, label: Label, *path: str, aliases: str = "", help: Label = "", may_lack: bool = False
) -> Field:
    return Field(
        name,
        label,
        lambda facts, _language: text(facts, *path),
        tuple(aliases.split()),
        help,
        path=path,
        may_lack=may_lack,
    )


def _date(facts: Facts, _language: str) -> datetime.date | None:
    written = text(facts, "date")
    return datetime.date.fromisoformat(written) if written else None


def _salutation(name: str, label: Label, formality: str) -> Field:
    return Field(
        f"{name}_Salutation",
        label,
        lambda facts, language: words.salutation(facts, language, formality),
        (f"CALC_{name}_Salutation",),
        _("As the contact's salutation says; without one a plain greeting."),
    )


def _empty(name: str) -> Field:
    return Field(name, _("Always empty"), lambda _facts, _language: "", listed=False)


FIELDS: tuple[Field, ...] = (
    Field(
        "Address_Block",
        _("Address block"),
        words.address_block,
        ("Mail_Address_Block", "Mail_Address", "Mailing_Address", "Contact_Mail_Address"),
        _("Company, person, address, place, and abroad the country: one line each."),
    ),
    _salutation("Formal", _("Formal salutation"), "formal"),
    _salutation("Informal", _("Informal salutation"), "informal"),
    _fact("Contact_No", _("Contact no."), "number", aliases="No No_ Contact_Number"),
    _fact(
        "Contact_Name",
        _("Contact name"),
        "name",
        aliases="Name Contact_Full_Name Full_Name Mail_Name",
    ),
    Field(
        "Company_Name",
        _("Company name"),
        lambda facts, _language: words.company_name(facts),
        ("Contact_Company_Name",),
    ),
    _fact("First_Name", _("First name"), "first_name"),
    _fact("Middle_Name", _("Middle name"), "middle_name", may_lack=True),
    _fact("Surname", _("Surname"), "surname", aliases="Last_Name"),
    _fact("Job_Title", _("Job title"), "job_title"),
    _fact("Address", _("Address"), "address"),
    _fact("Address_2", _("Address 2"), "address_2", may_lack=True),
    _fact("Post_Code", _("Post code"), "post_code", aliases="ZIP_Code Postal_Code"),
    _fact("City", _("City"), "city"),
    Field(
        "Country",
        _("Country"),
        lambda facts, language: words.country_name(text(facts, "country"), language),
        ("Country_Name", "CountryRegion_Name"),
        _("In the letter's language."),
    ),
    _fact(
        "Country_Code",
        _("Country code"),
        "country",
        aliases="CountryRegion_Code Country_Region_Code",
    ),
    _fact("Phone_No", _("Phone no."), "phone", aliases="Phone"),
    _fact("Mobile_Phone_No", _("Mobile phone no."), "mobile_phone", aliases="Mobile_Phone"),
    _fact("E_Mail", _("E-mail"), "email", aliases="Email"),
    _fact("Home_Page", _("Home page"), "home_page"),
    _fact(
        "Personal_comment",
        _("Personal comment"),
        "personal_comment",
        help=_("What is written on the contact's own line of the segment."),
        may_lack=True,
    ),
    _fact("Subject", _("Subject"), "subject"),
    _fact("Description", _("Description"), "description", aliases="Interaction_Description"),
    Field(
        "Date",
        _("Date"),
        _date,
        ("Document_Date", "Interaction_Date"),
        _("As the letter's language writes dates, unless the field has a picture."),
    ),
    *(
        _fact(
            f"Salesperson_{name}",
            label,
            "salesperson",
            fact,
            aliases=f"SalespersonPurchaser_{name} Salesperson_Purchaser_{name} {more}",
        )
        for name, label, fact, more in (
            ("Code", _("Salesperson code"), "code", ""),
            ("Name", _("Salesperson's name"), "name", ""),
            ("Job_Title", _("Salesperson's job title"), "job_title", ""),
            ("Phone_No", _("Salesperson's phone no."), "phone", ""),
            ("E_Mail", _("Salesperson's e-mail"), "email", "Salesperson_Email"),
        )
    ),
    _fact("Segment_No", _("Segment no."), "segment_number", aliases="Segment_Number"),
    _fact("Segment_Description", _("Segment description"), "segment_description"),
    _fact("Campaign_No", _("Campaign no."), "campaign", "number", aliases="Campaign_Number"),
    _fact("Campaign_Description", _("Campaign description"), "campaign", "description"),
    _fact("Language_Code", _("Language code"), "language"),
    *(
        _fact(
            f"Company_Information_{name}",
            label,
            "our",
            fact,
            aliases=aliases,
            may_lack=name == "Address_2",
        )
        for name, label, fact, aliases in (
            ("Name", _("Our company: name"), "company_name", "Our_Company_Name"),
            ("Address", _("Our company: address"), "address", ""),
            ("Address_2", _("Our company: address 2"), "address_2", ""),
            ("Post_Code", _("Our company: post code"), "post_code", "Company_Information_ZIP_Code"),
            ("City", _("Our company: city"), "city", ""),
            (
                "Country_Code",
                _("Our company: country code"),
                "country",
                "Company_Information_CountryRegion_Code Company_Information_Country_Region_Code",
            ),
            ("Phone_No", _("Our company: phone no."), "phone", ""),
            ("E_Mail", _("Our company: e-mail"), "email", "Company_Information_Email"),
            ("Home_Page", _("Our company: home page"), "home_page", ""),
            (
                "Registration_No",
                _("Our company: registration no."),
                "registration_number",
                "Company_Information_VAT_Registration_No",
            ),
            (
                "Bank_Account",
                _("Our company: bank account"),
                "bank_account",
                "Company_Information_Bank_Account_No Company_Information_IBAN",
            ),
        )
    ),
    *map(_empty, NOT_OURS),
)

BY_NAME: dict[str, Field] = {
    name.casefold(): field for field in FIELDS for name in (field.name, *field.aliases)
}


def is_known(name: str) -> bool:
    """Whether a letter may use a field of this name."""
    return name.casefold() in BY_NAME


def named(name: str) -> Field | None:
    """The field of a name or alias."""
    return BY_NAME.get(name.casefold())
