"""How much two contacts look like the same one: a score from 0 to 100, and why.

A shared e-mail address, phone number or street address lowers what the names must have in common;
the fuzzy comparison of names is rapidfuzz's. People of one company share its telephone and its
address, so none of these is enough alone.
"""

import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from crm.lookups import phone_numbers

# From this score on two contacts are shown to people as possible duplicates.
ENOUGH = 80
# What is shared, and how much the names must be alike for it to count, of a hundred.
NAME_NEEDED = {"email": 60, "phone": 80, "address": 84, "company": 90}
COLUMNS = (
    *("pk", "type", "name", "first_name", "surname", "company_id", "email", "phone"),
    *("mobile_phone", "address", "post_code", "city"),
)
_LEGAL_FORMS = re.compile(r"\b(oyj?|ab|ky|tmi|ry|gmbh|ltd|inc|as|oü|llc|plc)\b\.?")


@dataclass(frozen=True)
class Likeness:
    """A score, and what is shared: "name", "email", "phone", "address", "company"."""

    score: int
    reasons: tuple[str, ...]


def likeness(one: Any, other: Any) -> Likeness:
    """How alike two contacts are (or rows with COLUMNS); 0 where they are of different types."""
    if one.type != other.type:
        return Likeness(0, ())
    names = fuzz.token_sort_ratio(_name(one), _name(other))
    shared = [what for what, same in SHARED.items() if same(one, other)]
    fitting = [what for what in shared if names >= NAME_NEEDED[what]]
    if not fitting:
        # The same name alone says little, and nothing where each has an address of its own.
        differ = (one.email and other.email) or one.post_code != other.post_code
        return Likeness(0 if differ or names < 95 else ENOUGH, ("name",))
    score = min(100, round(names * 0.6 + 28 + 6 * len(fitting)))
    return Likeness(max(score, ENOUGH), ("name", *fitting) if names >= 90 else tuple(fitting))


def _name(contact: Any) -> str:
    """A name to compare: small letters, a company's without its legal form."""
    name = contact.name.casefold()
    return _LEGAL_FORMS.sub("", name).strip() or name if contact.type == "company" else name


def _same_email(one: Any, other: Any) -> bool:
    return bool(one.email) and one.email.casefold() == other.email.casefold()


def _numbers(contact: Any) -> set[str]:
    """The phone numbers of a contact, each as it is dialled within a country and from abroad."""
    phones = (contact.phone, contact.mobile_phone)
    return {number for phone in phones for number in phone_numbers(phone)}


def _same_phone(one: Any, other: Any) -> bool:
    return any(len(number) > 6 for number in _numbers(one) & _numbers(other))


def _same_address(one: Any, other: Any) -> bool:
    if not one.address or not other.address or one.post_code != other.post_code:
        return False
    return fuzz.ratio(one.address.casefold(), other.address.casefold()) >= 88


def _same_company(one: Any, other: Any) -> bool:
    return one.company_id is not None and one.company_id == other.company_id


SHARED = {
    "email": _same_email,
    "phone": _same_phone,
    "address": _same_address,
    "company": _same_company,
}
