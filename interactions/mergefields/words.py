"""Words made of facts: the address block, the salutation, the country, in the letter's language."""

import re
from collections.abc import Mapping
from functools import lru_cache

from django.utils import translation
from django_countries import countries

from crm.models import ContactType, SalutationFormula
from interactions.mergefields.facts import Facts

NAME_PART = re.compile(r"\{(" + "|".join(SalutationFormula.NAME_PARTS) + r")\}")
# A formula that names one of these stands only where the contact has it; a middle name may lack.
MAY_LACK = {"middle_name"}
# Where the post code follows the city (Universal Postal Union, addressing by country).
CITY_FIRST = frozenset(
    ["AU", "BD", "CA", "GB", "GG", "IE", "IM", "IN", "JE", "NZ", "PK", "SG", "TH", "US", "ZA"]
)
FALLBACKS = {
    "fi": {"formal": "Hyvä {}", "informal": "Hei {}", "nobody": "Hyvä vastaanottaja"},
    "en": {"formal": "Dear {}", "informal": "Hello {}", "nobody": "Dear Sir or Madam"},
}


def language_of(facts: Facts) -> str:
    """The language a letter is written in: its own, else our default, else English."""
    return facts.get("language") or (facts.get("our") or {}).get("language") or "en"


def is_company(facts: Facts) -> bool:
    """Whether the letter goes to a company as such."""
    return facts.get("type") == ContactType.COMPANY


def text(facts: Facts, *path: str) -> str:
    """A fact as text, "" where it or what it belongs to is not there."""
    value: object = facts
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)


def company_name(facts: Facts) -> str:
    """The employer's name, or the company's own."""
    return text(facts, "name") if is_company(facts) else text(facts, "company_name")


def salutation(facts: Facts, language: str, formality: str) -> str:
    """The contact's formula with its name in it; without one a plain greeting in the language.

    A formula that names a part which the contact lacks would end in the air ("Dear Mr"), so the
    plain greeting stands in for it too.
    """
    formula = text(facts, "salutation", formality)
    needed = set(NAME_PART.findall(formula)) - MAY_LACK
    if formula and all(text(facts, part) for part in needed):
        filled = NAME_PART.sub(lambda found: text(facts, found[1]), formula)
        return " ".join(filled.split())
    return _fallback(facts, language, formality)


def _fallback(facts: Facts, language: str, formality: str) -> str:
    words = FALLBACKS.get(language.partition("-")[0], FALLBACKS["en"])
    name = text(facts, "name")
    if formality == "informal":
        name = text(facts, "first_name") or name
    return words["nobody"] if is_company(facts) or not name else words[formality].format(name)


@lru_cache(maxsize=4096)
def country_name(code: str, language: str) -> str:
    """A country's name in a language, "" for no country."""
    with translation.override(language):
        return str(countries.name(code)) if code else ""


def address_block(facts: Facts, language: str) -> str:
    """The lines of an envelope: company, person, street, place; abroad the country in capitals."""
    person = "" if is_company(facts) else text(facts, "name")
    lines = (
        company_name(facts),
        person,
        text(facts, "address"),
        text(facts, "address_2"),
        place(facts),
        _country_abroad(facts, language),
    )
    return "\n".join(line.strip() for line in lines if line.strip())


def our_address(ours: Facts) -> str:
    """Our own name and address as a sender says it, from `our_facts`."""
    lines = (
        text(ours, "company_name"),
        text(ours, "address"),
        text(ours, "address_2"),
        place(ours),
    )
    return "\n".join(line.strip() for line in lines if line.strip())


def place(facts: Facts) -> str:
    """Post code and city in the order of the country."""
    parts = [text(facts, "post_code"), text(facts, "city")]
    if text(facts, "country") in CITY_FIRST:
        parts.reverse()
    return " ".join(filter(None, parts))


def _country_abroad(facts: Facts, language: str) -> str:
    code = text(facts, "country")
    return "" if code == text(facts, "our", "country") else country_name(code, language).upper()
