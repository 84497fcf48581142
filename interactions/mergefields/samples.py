"""A sample contact in Finnish and in English, for previews and for the list of merge fields."""

from typing import Any

from interactions.mergefields.facts import Facts

_OUR = {
    "company_name": "Malli Oy",
    "address": "Esimerkkikatu 1",
    "address_2": "",
    "post_code": "00100",
    "city": "Helsinki",
    "country": "FI",
    "phone": "+358 9 000 0000",
    "email": "info@malli.example",
    "home_page": "https://malli.example",
    "registration_number": "0000000-0",
    "bank_account": "FI00 0000 0000 0000 00",
    "language": "en",
}

SAMPLE: dict[str, dict[str, Any]] = {
    "fi": {
        "number": "C000123",
        "type": "person",
        "name": "Maija Meikäläinen",
        "first_name": "Maija",
        "middle_name": "",
        "surname": "Meikäläinen",
        "company_name": "Esimerkki Oy",
        "job_title": "Toimitusjohtaja",
        "address": "Mallitie 2 A 3",
        "address_2": "PL 10",
        "post_code": "33100",
        "city": "Tampere",
        "country": "FI",
        "phone": "+358 3 000 0000",
        "mobile_phone": "+358 50 000 0000",
        "email": "maija@esimerkki.example",
        "home_page": "https://esimerkki.example",
        "language": "fi",
        "segment_number": "SM00012",
        "segment_description": "Kevään tarjous",
        "date": "2026-03-02",
        "description": "Tarjouskirje",
        "subject": "Kevään tarjous teille",
        "personal_comment": "Kiitos viime viikon tapaamisesta!",
        "salutation": {"formal": "Hyvä Maija Meikäläinen", "informal": "Hei Maija"},
        "salesperson": {
            "code": "MM",
            "name": "Matti Myyjä",
            "job_title": "Myyntipäällikkö",
            "phone": "+358 40 000 0000",
            "email": "matti@malli.example",
        },
        "campaign": {"number": "CP0003", "description": "Kevät"},
        "our": {**_OUR, "language": "fi"},
    },
    "en": {
        "number": "C000456",
        "type": "person",
        "name": "Jane Q. Sample",
        "first_name": "Jane",
        "middle_name": "Q.",
        "surname": "Sample",
        "company_name": "Example Ltd",
        "job_title": "Managing Director",
        "address": "1 Sample Street",
        "address_2": "Unit 2",
        "post_code": "EX1 2MP",
        "city": "Exeter",
        "country": "GB",
        "phone": "+44 1632 960000",
        "mobile_phone": "+44 7700 900000",
        "email": "jane@example.com",
        "home_page": "https://example.com",
        "language": "en",
        "segment_number": "SM00012",
        "segment_description": "Spring offer",
        "date": "2026-03-02",
        "description": "Offer letter",
        "subject": "Our spring offer for you",
        "personal_comment": "Thank you for meeting us last week!",
        "salutation": {"formal": "Dear Ms Sample", "informal": "Hello Jane"},
        "salesperson": {
            "code": "JS",
            "name": "John Seller",
            "job_title": "Sales Manager",
            "phone": "+358 40 000 0001",
            "email": "john@malli.example",
        },
        "campaign": {"number": "CP0003", "description": "Spring"},
        "our": _OUR,
    },
}


def sample_facts(language: str) -> Facts:
    """The sample of a language; in a language without one the English contact, written to in it."""
    return SAMPLE.get(language) or {**SAMPLE["en"], "language": language or "en"}
