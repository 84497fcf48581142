"""The names that a column of a file may go by: headings, in English and in Finnish."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Contact

# Other names of the columns, beside the field's own name and its label in English and Finnish.
ALSO = {
    "number": "no., contact no., contact number, nro, kontaktin nro, numero, "
    "customer no., customer number, asiakasnro, asiakasnumero",
    "type": "contact type, tyyppi",
    "name": "nimi",
    "first_name": "given name, etunimi",
    "middle_name": "toinen nimi",
    "surname": "last name, family name, sukunimi",
    "company": "company no., company number, employer, employer no., employer number, yritys, "
    "yrityksen nro, yrityksen numero, työnantaja, työnantajan nro",
    "job_title": "title, tehtävänimike, ammattinimike",
    "organizational_level": "organizational level code, organisaatiotaso",
    "salutation": "salutation code, puhuttelu",
    "address": "street, street address, osoite, katuosoite",
    "address_2": "osoite 2",
    "post_code": "postal code, postcode, zip, zip code, postinumero, postinro",
    "city": "town, kaupunki, postitoimipaikka, paikkakunta",
    "country": "country code, country/region code, maa, maakoodi",
    "territory": "territory code, alue, myyntialue, alueen koodi",
    "language": "language code, kieli, kielikoodi",
    "salesperson": "salesperson code, myyjä, myyjän koodi",
    "phone": "phone no., phone number, telephone, puhelin, puhelinnumero, puh",
    "mobile_phone": "mobile, mobile phone no., cell phone, matkapuhelin, gsm, kännykkä",
    "email": "mail, e-mail address, sähköposti, s-posti, sähköpostiosoite",
    "home_page": "website, web site, url, kotisivu, kotisivut",
    "correspondence_type": "correspondence, yhteydenpidon tyyppi",
    "exclude_from_segment": "exclude, exclude from segment, jätä pois segmenteistä",
    "privacy_blocked": "tietosuojaesto",
    "minor": "alaikäinen",
    "parental_consent": "parental consent received, huoltajan suostumus",
    "external_id": "ulkoinen tunnus",
    "mailing_groups": "mailing group, mailing group codes, postitusryhmät, postitusryhmä",
}


def known_names() -> dict[str, str]:
    """Every name a column may go by, folded (see fold), with the field it means."""
    names: dict[str, str] = {}
    for field, also in ALSO.items():
        own = [field, *also.split(", ")]
        if field != "mailing_groups":
            for language in ("en", "fi"):
                with override(language):
                    own.append(str(field_of(field).verbose_name))
        for name in own:
            names.setdefault(fold(name), field)
    return names


def fold(header: str) -> str:
    """A header without case, blanks, underscores and signs: "E-mail" and "e_mail" are the same."""
    return "".join(character for character in header.casefold() if character.isalnum())


def field_of(name: str) -> "models.Field[Any, Any]":
    """The field of a contact by its name."""
    return cast("models.Field[Any, Any]", Contact._meta.get_field(name))


def label_of(name: str) -> str:
    """What a field is called on our pages."""
    if name == "mailing_groups":
        return _("Mailing groups (codes)")
    field = field_of(name)
    label = capfirst(str(field.verbose_name))
    if name == "company":
        return _("%(field)s (number)") % {"field": label}
    return _("%(field)s (code)") % {"field": label} if field.is_relation else label


def guess(header: Sequence[str]) -> list[str]:
    """The field that each heading seems to mean, each field once; "" where it says nothing."""
    names, taken = known_names(), set[str]()
    guessed = []
    for heading in header:
        field = names.get(fold(heading), "")
        guessed.append("" if field in taken else field)
        taken.add(field)
    return guessed
