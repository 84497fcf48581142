"""The facts a letter is made of: one SQL expression that yields them all as JSON.

Facts are raw: texts as they are stored, codes, ISO dates. What they become in a letter (an address
block, a salutation, the name of a country) is said by the fields. An entry of the log keeps its
facts, so that its letter can be made again when the contact has long moved.

Flat: number, type, name, first_name, middle_name, surname, company_name, job_title, address,
address_2, post_code, city, country, phone, mobile_phone, email, home_page (the contact's),
language, segment_number, segment_description, date, description, subject, personal_comment (the
line's). Nested, null where there is none: salutation {formal, informal}, salesperson {code, name,
job_title, phone, email}, campaign {number, description}; and `our`, the facts of `our_facts`.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Exists,
    Expression,
    F,
    Func,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from crm import addresses
from crm.models import Campaign, MarketingSetup, Salesperson, SalutationFormula

Facts = Mapping[str, Any]

OF_CONTACT = [
    "number",
    "type",
    "name",
    "first_name",
    "middle_name",
    "surname",
    "job_title",
    "address",
    "address_2",
    "post_code",
    "city",
    "country",
    "phone",
    "mobile_phone",
    "email",
    "home_page",
]
OF_LINE = [
    "segment_number",
    "segment_description",
    "date",
    "description",
    "subject",
    "personal_comment",
]
OF_SALESPERSON = ["code", "name", "job_title", "phone", "email"]
OF_US = [
    "company_name",
    "address",
    "address_2",
    "post_code",
    "city",
    "country",
    "phone",
    "email",
    "home_page",
    "registration_number",
    "bank_account",
]


class _Json(Func):
    """A value that is JSON already: nested as it is, not quoted as a text."""

    function = "JSON"  # of SQLite, which forgets on the way out of a subquery that a text is JSON
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::jsonb", **context)


def facts_expression(
    prefix: str = "contact__",
    *,
    language: str = "language",
    salesperson: str = "salesperson",
    campaign: str = "campaign",
    our: Facts | None = None,
    **line: Expression | F,
) -> Expression:
    """One expression for all facts of a row; the same on SQLite and PostgreSQL.

    `prefix` leads from the row to its contact ("" where the row is the contact). `language`,
    `salesperson` and `campaign` are names of columns or annotations of the row: a language code,
    and two ids (null: none). The address is the one that holds on the line's `date`, by default
    today's. `line` says the facts of OF_LINE, "" by default. `our` is what
    `our_facts` gives; left out, it is read now.
    """
    if unknown := set(line) - set(OF_LINE):
        raise TypeError(f"not facts of a line: {', '.join(sorted(unknown))}")
    spoken: dict[str, Any] = {name: F(prefix + name) for name in OF_CONTACT}
    spoken |= {"company_name": F(f"{prefix}company__name"), "language": F(language)}
    spoken |= {name: line.get(name, Value("")) for name in OF_LINE}
    formulas = salutation_formulas(prefix, language=language)
    spoken |= {
        "salutation": _nested(formulas, ("formal", "informal")),
        "salesperson": _nested(_row(Salesperson, salesperson), OF_SALESPERSON),
        "campaign": _nested(_row(Campaign, campaign), ("number", "description")),
        "our": _Json(Value(dict(our_facts() if our is None else our), JSONField())),
    }
    return addresses.overlay(JSONObject(**spoken), prefix, line.get("date", timezone.localdate()))


def salutation_formulas(
    prefix: str = "contact__", *, language: str = "language"
) -> QuerySet[SalutationFormula]:
    """The formula of a row's contact in a language of the row, to be used in a subquery."""
    return SalutationFormula.objects.filter(
        salutation=OuterRef(f"{prefix}salutation"), language=OuterRef(language)
    ).order_by()


def has_salutation(prefix: str = "contact__", *, language: str = "language") -> Exists:
    """Whether a row's contact has a salutation in words of that language (else: the fallback)."""
    return Exists(salutation_formulas(prefix, language=language))


def salutation_missing(facts: Facts) -> bool:
    """Whether these facts have no salutation formula, so that the fallback is written."""
    return facts.get("salutation") is None


def our_facts() -> dict[str, str]:
    """What letters say of our own company: the set-up as it is now."""
    setup = MarketingSetup.load()
    facts = {name: str(getattr(setup, name)) for name in OF_US}
    facts["country"] = str(setup.country or setup.default_country)
    return facts | {"language": setup.default_language}


def _row(model: Any, name: str) -> QuerySet[Any]:
    return model.objects.filter(pk=OuterRef(name)).order_by()


def _nested(rows: QuerySet[Any], names: Any) -> _Json:
    """The one row of a small table as an object, null where there is none."""
    return _Json(Subquery(rows.values(facts=JSONObject(**{name: name for name in names}))[:1]))
