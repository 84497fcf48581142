"""How a date and a number are written in the languages of letters.

Source of the month and day names and of the patterns: Unicode CLDR, the "long" date format (medium
for Finnish, as Finnish letters are dated). Finnish months stand in the partitive after a day.
"""

from __future__ import annotations

from dataclasses import dataclass

NBSP = "\u00a0"


@dataclass(frozen=True)
class Locale:
    """Names are as in running text.

    `date` is a Word date picture. `group` and `decimal` separate digits.
    """

    months: tuple[str, ...]
    days: tuple[str, ...]
    date: str
    group: str
    decimal: str
    partitive: str = ""
    short: int = 3


def _locale(
    months: str, days: str, date: str, group: str, decimal: str, partitive: str = ""
) -> Locale:
    return Locale(tuple(months.split()), tuple(days.split()), date, group, decimal, partitive)


ENGLISH = _locale(
    "January February March April May June July August September October November December",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "d MMMM yyyy",
    ",",
    ".",
)

LOCALES = {
    "en": ENGLISH,
    "en-us": Locale(ENGLISH.months, ENGLISH.days, "MMMM d, yyyy", ",", "."),
    "fi": _locale(
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu "
        "lokakuu marraskuu joulukuu",
        "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
        "d.M.yyyy",
        NBSP,
        ",",
        "ta",
    ),
    "sv": _locale(
        "januari februari mars april maj juni juli augusti september oktober november december",
        "måndag tisdag onsdag torsdag fredag lördag söndag",
        "d MMMM yyyy",
        NBSP,
        ",",
    ),
    "de": _locale(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "d. MMMM yyyy",
        ".",
        ",",
    ),
    "fr": _locale(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "d MMMM yyyy",
        "\u202f",
        ",",
    ),
    "es": _locale(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "lunes martes miércoles jueves viernes sábado domingo",
        "d 'de' MMMM 'de' yyyy",
        ".",
        ",",
    ),
    "it": _locale(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
        "novembre dicembre",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "d MMMM yyyy",
        ".",
        ",",
    ),
    "nl": _locale(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "d MMMM yyyy",
        ".",
        ",",
    ),
    "da": _locale(
        "januar februar marts april maj juni juli august september oktober november december",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "d. MMMM yyyy",
        ".",
        ",",
    ),
    "nb": _locale(
        "januar februar mars april mai juni juli august september oktober november desember",
        "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "d. MMMM yyyy",
        NBSP,
        ",",
    ),
    "et": _locale(
        "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november"
        " detsember",
        "esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev",
        "d. MMMM yyyy",
        NBSP,
        ",",
    ),
}
LOCALES["no"] = LOCALES["nb"]


def locale_of(language: str) -> Locale:
    """The locale of a code such as `fi`, `fi-FI` or `en_US`; English for a language not known."""
    code = language.lower().replace("_", "-")
    return LOCALES.get(code) or LOCALES.get(code.partition("-")[0]) or ENGLISH
