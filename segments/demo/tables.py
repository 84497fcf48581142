"""The demo's users and set-up tables."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group, User

from crm.models import (
    Campaign,
    CampaignStatus,
    MarketingSetup,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
    Salesperson,
    Salutation,
    SalutationFormula,
    Territory,
)
from segments.demo.codes import CODES, QUESTIONS, SALUTATIONS

PASSWORD = "segmentti"  # noqa: S105 - the demo's, printed on the first page
# User name: first name, surname, job title, code as a salesperson.
USERS = {
    "reader": ("Riitta", "Lukkarinen", "Harjoittelija", ""),
    "marketer": ("Aino", "Korhonen", "Markkinoija", "AK"),
    "manager": ("Veikko", "Laine", "Markkinointipäällikkö", "VL"),
    "admin": ("Sari", "Niemi", "Järjestelmävastaava", "SN"),
}
OTHER_SALESPEOPLE = {
    "JH": ("Jari Hakala", "Myyjä"),
    "KT": ("Katri Toivonen", "Myyjä"),
    "ML": ("Mika Lindqvist", "Försäljare"),
    "OP": ("Outi Peltonen", "Avainasiakaspäällikkö"),
    "TS": ("Timo Savolainen", "Myyjä (eläkkeellä)"),
}


@dataclass(frozen=True)
class Setting:
    """The rows of the set-up tables that contacts point at, by code."""

    rows: dict[type[Any], dict[str, Any]]
    salespeople: list[Salesperson]
    gifts: Campaign
    fair: Campaign

    def row(self, table: type[Any], code: str) -> Any:
        return self.rows[table][code]


def make_users(*, open_doors: bool) -> None:
    """One user for each role, with the password everybody knows, or one that nobody has."""
    for name, (first_name, surname, _title, _code) in USERS.items():
        user, made = User.objects.get_or_create(
            username=name,
            defaults={
                "first_name": first_name,
                "last_name": surname,
                "email": f"{name}@lumilahja.example",
                "is_staff": name == "admin",
                "is_superuser": name == "admin",
            },
        )
        if made:
            user.set_password(PASSWORD if open_doors else None)
            user.save()
            user.groups.add(Group.objects.get(name=name))


def make_tables(day: date) -> Setting:
    """Everything that is set up before the first contact."""
    rows: dict[type[Any], dict[str, Any]] = {}
    for table, codes in CODES.items():
        for code, description in codes.items():
            table._default_manager.get_or_create(code=code, defaults={"description": description})
        rows[table] = table._default_manager.in_bulk(field_name="code")
    rows[Salutation] = _make_salutations()
    salespeople = _make_salespeople()
    _make_questionnaire()
    _make_marketing_setup(rows[Territory]["CAPITAL"], salespeople[0])
    gifts = Campaign.objects.create(
        description="Joululahjat",
        status=CampaignStatus.ACTIVE,
        starting_date=day - timedelta(days=60),
        ending_date=day + timedelta(days=60),
        salesperson=salespeople[0],
    )
    fair = Campaign.objects.create(
        description="Kevään lahjamessut",
        status=CampaignStatus.PLANNED,
        starting_date=day + timedelta(days=90),
        salesperson=salespeople[1],
    )
    return Setting(rows, salespeople, gifts, fair)


def _make_salutations() -> dict[str, Salutation]:
    for code, (description, formulas) in SALUTATIONS.items():
        salutation, _made = Salutation.objects.get_or_create(
            code=code, defaults={"description": description}
        )
        for language, (formal, informal) in formulas.items():
            SalutationFormula.objects.get_or_create(
                salutation=salutation,
                language=language,
                defaults={"formal": formal, "informal": informal},
            )
    return Salutation.objects.in_bulk(field_name="code")


def _make_salespeople() -> list[Salesperson]:
    """The demo's users among them; the last has left and is blocked, so none gets it."""
    for name, (first_name, surname, title, code) in USERS.items():
        if code:
            Salesperson.objects.get_or_create(
                code=code,
                defaults={
                    "name": f"{first_name} {surname}",
                    "job_title": title,
                    "phone": "+358 9 000 1000",
                    "email": f"{first_name}.{surname}@lumilahja.example".lower(),
                    "user": User.objects.filter(username=name, salesperson=None).first(),
                },
            )
    for code, (full_name, title) in OTHER_SALESPEOPLE.items():
        Salesperson.objects.get_or_create(
            code=code,
            defaults={
                "name": full_name,
                "job_title": title,
                "phone": "+358 9 000 1001",
                "email": f"{full_name.replace(' ', '.').lower()}@lumilahja.example",
                "blocked": code == "TS",
            },
        )
    return list(Salesperson.objects.filter(blocked=False).order_by("code"))


def _make_questionnaire() -> None:
    questionnaire, _made = ProfileQuestionnaire.objects.get_or_create(
        code="GIFTS", defaults={"description": "Liikelahjat"}
    )
    for place, (text, answers) in enumerate(QUESTIONS.items(), start=1):
        question, _made = ProfileQuestion.objects.get_or_create(
            questionnaire=questionnaire, position=place, defaults={"text": text}
        )
        for position, (code, answer) in enumerate(answers, start=1):
            ProfileAnswer.objects.get_or_create(
                code=code,
                defaults={"question": question, "position": position, "text": answer},
            )


def _make_marketing_setup(territory: Territory, salesperson: Salesperson) -> None:
    """Who we are, unless somebody has said so already."""
    setup = MarketingSetup.load()
    if setup.company_name:
        return
    setup.company_name = "Lumilahja Oy"
    setup.address, setup.post_code, setup.city = "Tehtaankatu 12", "00140", "Helsinki"
    setup.country, setup.default_country = "FI", "FI"
    setup.phone, setup.email = "+358 9 000 1000", "info@lumilahja.example"
    setup.home_page = "https://lumilahja.example/"
    setup.registration_number, setup.bank_account = "0000000-0", "FI00 0000 0000 0000 00"
    setup.default_language = "fi"
    setup.default_territory, setup.default_salesperson = territory, salesperson
    setup.save()
