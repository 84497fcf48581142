"""What an installation needs before its first letter, and how far it is."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Campaign,
    Contact,
    MarketingSetup,
    NumberSeries,
    Salesperson,
    SalutationFormula,
)
from interactions.models import InteractionLogEntry, InteractionTemplate, LoggedSegment
from segments.models import Segment

# Tables that the demo fills and that nobody's own data may be in before.
DEMO_TABLES: tuple[Any, ...] = (
    *(Contact, Campaign, InteractionTemplate, InteractionLogEntry, LoggedSegment, Segment),
)


@dataclass(frozen=True)
class Step:
    """One thing to do: its name in the facts, its words, why, and the view where it is done."""

    name: str
    label: Promise
    why: Promise
    view: str
    anchor: str = ""


SET_UP = (
    Step(
        "company",
        _("Say who you are"),
        _("Letters and envelopes name your company. The same page holds defaults for contacts."),
        "crm:marketing_setup",
    ),
    Step(
        "series",
        _("Look over the number series"),
        _("How contacts, segments and campaigns are numbered; save the page once."),
        "crm:marketing_setup",
        "#series",
    ),
    Step(
        "users",
        _("Let your people in"),
        _("A user for each, in one of the groups reader, marketer, manager and admin."),
        "admin:auth_user_changelist",
    ),
    Step(
        "salespeople",
        _("Name the salespeople"),
        _("They answer for contacts and sign letters; each may be a user."),
        "admin:crm_salesperson_changelist",
    ),
    Step(
        "salutations",
        _("Write the salutations"),
        _("One formula for each language that you write in."),
        "admin:crm_salutation_changelist",
    ),
    Step(
        "contacts",
        _("Bring in the contacts"),
        _("From a file, or by hand to begin with."),
        "crm:contacts",
    ),
    Step(
        "template",
        _("Make the first template"),
        _("With a letter in Word; a starter letter is there to download."),
        "interactions:templates",
    ),
    Step(
        "segment",
        _("Build the first segment"),
        _("Choose contacts and a template, check, and log it."),
        "segments:segments",
    ),
)
# For whoever cannot set up: what is done in the site itself; and what hides the guide on Home.
OF_EVERYBODY = ("contacts", "template", "segment")


def facts(user: User) -> dict[str, bool]:
    """What is there, by the names of the steps, and `empty`; one statement."""
    there: dict[str, Any] = {
        "company": MarketingSetup.objects.exclude(company_name=""),
        "users": User.objects.filter(is_active=True, groups__isnull=False).exclude(pk=user.pk),
        "salespeople": Salesperson.objects.all(),
        "salutations": SalutationFormula.objects.all(),
        "contacts": Contact.objects.all(),
        "template": InteractionTemplate.objects.all(),
        "draft": Segment.objects.all(),
        "logged": LoggedSegment.objects.all(),
        "entries": InteractionLogEntry.objects.all(),
        "campaigns": Campaign.objects.all(),
        **{
            f"series_{code}": NumberSeries.objects.filter(code=code)
            for code in NumberSeries.DEFAULTS
        },
    }
    asked = {name: Exists(rows.order_by()) for name, rows in there.items()}
    found: dict[str, Any] = dict(User.objects.filter(pk=user.pk).values(**asked).get())
    found["series"] = all(found.pop(f"series_{code}") for code in NumberSeries.DEFAULTS)
    found["segment"] = found["draft"] or found["logged"]
    own = ("contacts", "template", "draft", "logged", "entries", "campaigns")
    return found | {"empty": not any(found[name] for name in own)}


def is_ready(found: dict[str, bool]) -> bool:
    """Whether Home need not tell any more how to begin."""
    return all(found[name] for name in OF_EVERYBODY)
