"""What a column of the file means: the names it goes by, and how a cell becomes a value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django_countries import countries

from crm.choices import CorrespondenceType
from crm.importing.headings import ALSO, field_of, fold, known_names
from crm.importing.rows import FileRefused
from crm.languages import LANGUAGES
from crm.lookups import without_letters
from crm.models import (
    ContactType,
    MailingGroup,
    OrganizationalLevel,
    Salesperson,
    Salutation,
    Territory,
    validate_number,
)

_WORDS: dict[str, dict[str, Any]] = {
    "type": {
        "company": ContactType.COMPANY,
        "yritys": ContactType.COMPANY,
        "person": ContactType.PERSON,
        "henkilö": ContactType.PERSON,
    },
    "correspondence_type": {
        "hardcopy": CorrespondenceType.HARD_COPY,
        "paperituloste": CorrespondenceType.HARD_COPY,
        "email": CorrespondenceType.EMAIL,
        "sähköposti": CorrespondenceType.EMAIL,
    },
}
_YES_NO = dict.fromkeys(("yes", "true", "1", "x", "kyllä"), True) | dict.fromkeys(
    ("", "no", "false", "0", "ei"), False
)
CODED = {
    "organizational_level": OrganizationalLevel,
    "salutation": Salutation,
    "territory": Territory,
    "salesperson": Salesperson,
}
_LANGUAGE_CODES = {code for code, _name in LANGUAGES}
_is_url = URLValidator(schemes=("http", "https"))


class BadCell(ValueError):
    """A cell that cannot be what its column says; the text is the reason, in words."""


@dataclass(frozen=True)
class Column:
    """One column: the contact's attribute it sets, and what makes a value of a cell."""

    field: str
    read: Callable[[str], Any]


def columns_of(header: Sequence[str], *, ignore_unknown: bool = False) -> list[Column | None]:
    """The column of each header, None for those to be ignored."""
    names = known_names()
    fields = [names.get(fold(one)) for one in header]
    unknown = [one or "?" for one, field in zip(header, fields, strict=True) if field is None]
    if unknown and not ignore_unknown:
        raise FileRefused(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown)[:300], "known": ", ".join(ALSO)}
        )
    found = [field for field in fields if field]
    twice = sorted({field for field in found if found.count(field) > 1})
    if twice:
        raise FileRefused(_("Columns that occur twice: %(names)s.") % {"names": ", ".join(twice)})
    if not {"number", "external_id", "name", "first_name", "surname"} & set(found):
        raise FileRefused(_("The file has no column that says who: name, number or external_id."))
    return columns_for(fields)


def columns_for(fields: Sequence[str | None]) -> list[Column | None]:
    """The columns of a file that mean these fields, one for each heading; none is left out."""
    return [Column(field, _reader(field)) if field else None for field in fields]


def _reader(field: str) -> Callable[[str], Any]:
    """What makes a value of a cell; codes are looked up once for the whole file."""
    if field in _OWN_READERS:
        return _OWN_READERS[field]
    if field == "mailing_groups":
        return _many(_coded(MailingGroup.objects.in_bulk(field_name="code"), _("mailing group")))
    described = field_of(field)
    label = str(described.verbose_name)
    if field in CODED:
        return _coded(CODED[field]._default_manager.in_bulk(field_name="code"), label)
    if described.get_internal_type() == "BooleanField":
        return _word(_YES_NO, label)
    if field in _WORDS:
        return _word({"": "", **_WORDS[field]}, label)
    return _text(described.max_length or 0, label, _CHECKS.get(field))


def _text(limit: int, label: str, check: Callable[[str], str] | None) -> Callable[[str], str]:
    def read(cell: str) -> str:
        value = check(cell) if check and cell else cell
        if len(value) > limit:
            raise BadCell(
                _("%(label)s is longer than %(limit)d characters.")
                % {"label": label.capitalize(), "limit": limit}
            )
        return value

    return read


def _coded(known: Mapping[str, Any], label: str) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if not cell:
            return None
        if (found := known.get(cell.upper())) is None:
            raise BadCell(_unknown(label, cell))
        return found

    return read


def _many(read_one: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda cell: [read_one(code) for code in re.split(r"\s*\|\s*", cell) if code]


def _word(words: Mapping[str, Any], label: str) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if (value := words.get(fold(cell))) is None:
            raise BadCell(_unknown(label, cell))
        return value

    return read


def _unknown(label: str, cell: str) -> str:
    return _("Unknown %(label)s: %(value)s.") % {"label": label, "value": cell[:60]}


def _number(cell: str) -> str:
    try:
        validate_number(cell)
    except ValidationError as error:
        raise BadCell(" ".join(error.messages)) from error
    return cell


def _email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError as error:
        raise BadCell(_("%(value)s is not an e-mail address.") % {"value": cell[:60]}) from error
    return cell


def _phone(cell: str) -> str:
    try:
        return without_letters(cell)
    except ValidationError as error:
        raise BadCell(f"{cell[:60]}: {' '.join(error.messages)}") from error


def _home_page(cell: str) -> str:
    address = cell if "://" in cell else f"https://{cell}"
    try:
        _is_url(address)
    except ValidationError as error:
        raise BadCell(_("%(value)s is not a web address.") % {"value": cell[:60]}) from error
    return address


def _language(cell: str) -> str:
    code = cell.lower().replace("_", "-")
    code = code if code in _LANGUAGE_CODES else code.split("-")[0]
    if code and code not in _LANGUAGE_CODES:
        raise BadCell(_unknown(_("language"), cell))
    return code


@lru_cache(maxsize=1000)
def _country(cell: str) -> str:
    """A country by its ISO code, or by its name in English or Finnish."""
    code = countries.alpha2(cell.upper()) if len(cell) in (0, 2, 3) else ""
    code = code or countries.by_name(cell, language="en") or countries.by_name(cell, language="fi")
    if cell and not code:
        raise BadCell(_unknown(_("country"), cell))
    return str(code)


_OWN_READERS: dict[str, Callable[[str], Any]] = {
    "company": str,
    "country": _country,
    "language": _language,
}
_CHECKS = {
    "number": _number,
    "email": _email,
    "home_page": _home_page,
    "phone": _phone,
    "mobile_phone": _phone,
}
