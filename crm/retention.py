"""Retention: what is older than the marketing set-up says is deleted, kind by kind.

Each kind is a rule; an app adds its own in `ready()`: `retention.rules.append(Rule(...))`. What the
set-up leaves empty is kept for good. Whoever is on an open segment, or has a task to be done, is
never taken for inactive: `in_use` holds conditions on a contact, `happened` functions of a day.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import erasing, work
from crm.models import Consent, Contact, ContactType, Job, JobFile, MarketingSetup, Purchase
from crm.sql import delete_rows

# Contacts erased in one transaction: others wait for it, and their names are looked for together.
CHUNK = 25
REASON = "Retention: nothing happened since %s."


@dataclass(frozen=True)
class Rule:
    """One kind of thing: how many are from before a day, and what deletes them.

    `setting` names the column of the set-up with the months; empty: the program says itself.
    """

    code: str
    label: Promise
    setting: str
    count: Callable[[datetime.date], int]
    run: Callable[[datetime.date, User | None], int]


@dataclass(frozen=True)
class Done:
    """What a rule found and deleted; `before` is None where everything is kept."""

    rule: Rule
    before: datetime.date | None
    found: int = 0
    deleted: int = 0


def retain(*, by: User | None = None, dry_run: bool = False) -> Iterator[Done]:
    """Applies the rules one after the other; with `dry_run` it only counts."""
    for rule in rules:
        before = _day(rule)
        if before is None:
            yield Done(rule, None)
            continue
        found = rule.count(before)
        deleted = rule.run(before, by) if found and not dry_run else 0
        yield Done(rule, before, found, deleted)


def _day(rule: Rule) -> datetime.date | None:
    """What is from before this day is not kept."""
    today = timezone.localdate()
    if not rule.setting:
        return today - relativedelta(days=settings.JOB_FILE_DAYS)
    months: int | None = getattr(MarketingSetup.load(), rule.setting)
    return today - relativedelta(months=months) if months else None


# -- persons ---------------------------------------------------------------------------------------

in_use: list[Any] = []
happened: list[Callable[[datetime.date], Any]] = [
    lambda day: Exists(Purchase.objects.filter(contact=OuterRef("pk"), posting_date__gte=day)),
    lambda day: Exists(Consent.objects.filter(contact=OuterRef("pk"), date__gte=day)),
]


def inactive(before: datetime.date) -> QuerySet[Contact]:
    """Persons from before a day with whom nothing happened since, and who are not in use."""
    spared = Q(pk__in=())
    for condition in (*in_use, *(one(before) for one in happened)):
        spared |= Q(condition)
    persons = Contact.whole.filter(
        type=ContactType.PERSON, erasure=None, created_at__date__lt=before
    )
    return persons.exclude(spared).order_by("pk")


def _erase_inactive(before: datetime.date, by: User | None) -> int:
    """Erases them in small transactions, where the set-up says so; else they are only counted."""
    if not MarketingSetup.load().erase_inactive:
        return 0
    erased = 0
    while chunk := list(inactive(before)[:CHUNK]):
        erasing.erase(chunk, by=by, reason=REASON % before.isoformat())
        erased += len(chunk)
    return erased


# -- the rules of this floor -----------------------------------------------------------------------


def _old_consents(before: datetime.date) -> QuerySet[Consent]:
    """What was overruled: what holds now is never deleted."""
    return Consent.objects.filter(is_current=False, date__lt=before)


def _old_files(before: datetime.date) -> QuerySet[JobFile]:
    ended = Job.objects.ended().filter(ended_at__date__lt=before)
    return JobFile.objects.filter(job__in=ended.order_by())


rules: list[Rule] = [
    Rule(
        "consents",
        _("Consents and opt-outs that hold no more"),
        "keep_consents",
        lambda day: _old_consents(day).count(),
        lambda day, _by: delete_rows(_old_consents(day).order_by()),
    ),
    Rule(
        "job_files",
        _("Files of jobs"),
        "",
        lambda day: _old_files(day).count(),
        lambda day, _by: work.delete_all(_old_files(day)),
    ),
    Rule(
        "inactive",
        _("Persons with whom nothing happened"),
        "keep_inactive",
        lambda day: inactive(day).count(),
        _erase_inactive,
    ),
]
