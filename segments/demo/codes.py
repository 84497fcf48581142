"""The demo's codes: territories, groups, relations, salutations and the questionnaire."""

from crm.models import (
    BusinessRelation,
    Coded,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
    Territory,
)

CODES: dict[type[Coded], dict[str, str]] = {
    Territory: {
        "CAPITAL": "Pääkaupunkiseutu",
        "SOUTH": "Etelä-Suomi",
        "WEST": "Länsi-Suomi",
        "EAST": "Itä-Suomi",
        "NORTH": "Pohjois-Suomi",
        "ABROAD": "Ulkomaat",
    },
    OrganizationalLevel: {
        "CEO": "Toimitusjohtaja",
        "MANAGEMENT": "Johtoryhmä",
        "MANAGER": "Päällikkö",
        "SPECIALIST": "Asiantuntija",
        "TRAINEE": "Harjoittelija",
    },
    MailingGroup: {
        "GIFT": "Joululahjakirje",
        "NEWS": "Uutiskirje",
        "EVENT": "Tapahtumakutsut",
        "CARD": "Joulukortti",
        "CATALOGUE": "Kuvasto postissa",
    },
    IndustryGroup: {
        "CONSTRUCTION": "Rakentaminen",
        "TRADE": "Kauppa",
        "IT": "Tietotekniikka",
        "FOOD": "Elintarvikkeet",
        "TRANSPORT": "Kuljetus",
        "HEALTH": "Terveys",
        "TRAVEL": "Matkailu",
        "PUBLIC": "Julkinen sektori",
    },
    BusinessRelation: {
        "CUSTOMER": "Asiakas",
        "PROSPECT": "Mahdollinen asiakas",
        "VENDOR": "Toimittaja",
        "PARTNER": "Kumppani",
        "PRESS": "Lehdistö",
    },
    JobResponsibility: {
        "PURCHASE": "Osto",
        "MARKETING": "Markkinointi",
        "HR": "Henkilöstö",
        "FINANCE": "Talous",
        "MANAGEMENT": "Johto",
    },
}
# Salutation: description, and its formulas (formal, informal) by language.
SALUTATIONS = {
    "F": (
        "Nainen",
        {
            "fi": ("Hyvä {first_name} {surname}", "Hei {first_name}"),
            "en": ("Dear Ms {surname}", "Dear {first_name}"),
            "sv": ("Bästa {first_name} {surname}", "Hej {first_name}"),
            "de": ("Sehr geehrte Frau {surname}", "Liebe {first_name}"),
        },
    ),
    "M": (
        "Mies",
        {
            "fi": ("Hyvä {first_name} {surname}", "Hei {first_name}"),
            "en": ("Dear Mr {surname}", "Dear {first_name}"),
            "sv": ("Bästa {first_name} {surname}", "Hej {first_name}"),
            "de": ("Sehr geehrter Herr {surname}", "Lieber {first_name}"),
        },
    ),
    "COMPANY": (
        "Yritys",
        {
            "fi": ("Hyvä vastaanottaja", "Hei"),
            "en": ("Dear Sir or Madam", "Hello"),
            "sv": ("Bästa mottagare", "Hej"),
            "de": ("Sehr geehrte Damen und Herren", "Guten Tag"),
        },
    ),
}
QUESTIONS = {
    "Kuinka monta työntekijää yrityksessä on?": (
        ("SIZE-1", "Alle 10"),
        ("SIZE-2", "10–49"),
        ("SIZE-3", "50–249"),
        ("SIZE-4", "250 tai enemmän"),
    ),
    "Milloin liikelahjat tilataan?": (
        ("WHEN-1", "Keväällä"),
        ("WHEN-2", "Syksyllä"),
        ("WHEN-3", "Pitkin vuotta"),
    ),
}
