"""What must hold and the database cannot hold by itself: found, named, and mended where it can be.

Each app lists its rules in its own integrity.py; `manage.py check_integrity` asks them all. A rule
finds what breaks it by a fixed number of statements where the database can tell, and by reading row
by row only where something has to be computed (names, hashes of files). Nothing here is called by a
page: it is for operators, after a crash, a restore or a change made by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import audit, consents, erasures, references
from crm.models import (
    Campaign,
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactType,
    NumberSeries,
)
from crm.models.contact import COMPUTED

# So many of what was found are named; the rest is counted.
EXAMPLES = 10


@dataclass(frozen=True)
class Found:
    """What breaks a rule: how many, and the names of the first."""

    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One thing that must hold. `repair` returns how many it mended; None: a person decides."""

    code: str
    label: Promise
    find: Callable[[], Found]
    repair: Callable[[], int] | None = None


def among(rows: QuerySet[Any], name: str) -> Found:
    """These rows, named by a field of theirs."""
    named = rows.order_by("pk").values_list(name, flat=True)[:EXAMPLES]
    return Found(rows.count(), tuple(str(one) for one in named))


def listed(names: Iterable[str]) -> Found:
    """These names."""
    every = list(names)
    return Found(len(every), tuple(every[:EXAMPLES]))


# -- contacts ----------------------------------------------------------------------------------


def _stale_names() -> Iterable[Contact]:
    """Contacts whose computed columns differ from what their names give now, put right in hand."""
    for contact in Contact.whole.select_related("company").order_by("pk").iterator(2000):
        before = _computed(contact)
        contact.prepare()
        if _computed(contact) != before:
            yield contact


def _computed(contact: Contact) -> list[Any]:
    values = [getattr(contact, name) for name in COMPUTED]
    return [bytes(one) if isinstance(one, bytes | memoryview) else one for one in values]


@transaction.atomic
def _prepare_names() -> int:
    stale = list(_stale_names())
    Contact.whole.bulk_update(stale, list(COMPUTED), batch_size=500)
    return len(stale)


def _wrong_employers() -> QuerySet[Any]:
    return Contact.whole.filter(company__isnull=False).exclude(company__type=ContactType.COMPANY)


@transaction.atomic
def _leave_wrong_employers() -> int:
    people = list(_wrong_employers().values_list("pk", flat=True))
    count = _wrong_employers().update(company=None)
    references.company_changed(people)
    return count


def _open_minors() -> QuerySet[Any]:
    return Contact.whole.filter(minor=True, parental_consent=False, privacy_blocked=False)


ONLY_FOR: dict[Any, ContactType] = {
    ContactIndustryGroup: ContactType.COMPANY,
    ContactBusinessRelation: ContactType.COMPANY,
    ContactJobResponsibility: ContactType.PERSON,
}


def _misplaced() -> Found:
    """Industries and relations of persons, responsibilities of companies."""
    count, names = 0, []
    for model, kind in ONLY_FOR.items():
        found = among(model.objects.exclude(contact__type=kind), "contact__number")
        count += found.count
        names += [f"{model._meta.verbose_name}: {name}" for name in found.examples]
    return Found(count, tuple(names[:EXAMPLES]))


# -- number series -----------------------------------------------------------------------------

NUMBERED: dict[str, Any] = {NumberSeries.CONTACT: Contact, NumberSeries.CAMPAIGN: Campaign}


def behind(code: str, model: Any) -> int:
    """How far a series lies behind the highest number in use that it could have written itself.

    It would pass over them one by one. 0 where it is not behind.
    """
    series = NumberSeries.objects.filter(code=code).first()
    if series is None:
        return 0
    width = len(series.prefix) + series.digits
    same_shape = model.objects.filter(
        number__regex=rf"^{_quoted(series.prefix)}[0-9]{{{series.digits}}}$"
    )
    highest = same_shape.aggregate(highest=Max("number"))["highest"]
    if highest is None or len(highest) != width:
        return 0
    return max(0, int(highest[len(series.prefix) :]) - series.last_number)


def _quoted(prefix: str) -> str:
    """A prefix as a pattern that both databases read alike."""
    return "".join(f"[{letter}]" if letter.isalnum() else f"\\{letter}" for letter in prefix)


def series_behind(numbered: dict[str, Any]) -> Found:
    """The series that lie behind."""
    return listed(code for code, model in numbered.items() if behind(code, model))


@transaction.atomic
def move_series_on(numbered: dict[str, Any]) -> int:
    """Moves each series that lies behind to the highest number in use."""
    moved = 0
    for code, model in numbered.items():
        NumberSeries.objects.select_for_update().filter(code=code).first()
        step = behind(code, model)
        if step:
            rows = NumberSeries.objects.filter(code=code)
            moved += rows.update(last_number=F("last_number") + step)
    return moved


def _install_audit() -> int:
    count = len(audit.missing())
    audit.install()
    return count


RULES: tuple[Rule, ...] = (
    Rule(
        "audit_triggers",
        _("triggers of the history of changes that are not there or altered"),
        lambda: listed(audit.missing()),
        _install_audit,
    ),
    Rule(
        "contact_names",
        _("contacts whose stored sort key or search text is not that of their name"),
        lambda: listed(contact.number for contact in _stale_names()),
        _prepare_names,
    ),
    Rule(
        "contact_employer",
        _("persons whose company is not a company"),
        lambda: among(_wrong_employers(), "number"),
        _leave_wrong_employers,
    ),
    Rule(
        "contact_minor",
        _("minors without a parent's consent who are not marked as privacy blocked"),
        lambda: among(_open_minors(), "number"),
        lambda: _open_minors().update(privacy_blocked=True),
    ),
    Rule(
        "contact_opt_out",
        _("contacts whose opt-out from e-mail is not that of their history"),
        lambda: among(consents.out_of_step(), "number"),
        consents.mend,
    ),
    Rule(
        "contact_classification",
        _("industries or relations of persons, or responsibilities of companies"),
        _misplaced,
    ),
    Rule(
        "erasure_chain",
        _("erasures that are not what was written"),
        lambda: listed(str(one) for one in erasures.broken()),
    ),
    Rule(
        "series_behind",
        _("number series that lie behind the numbers in use"),
        lambda: series_behind(NUMBERED),
        lambda: move_series_on(NUMBERED),
    ),
)
