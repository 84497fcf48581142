"""The four roles, as groups with Django's own permissions, made again after every migration.

| may                                              | reader | marketer | manager | admin |
|--------------------------------------------------|--------|----------|---------|-------|
| see contacts, segments, templates, the log       | yes    | yes      | yes     | yes   |
| change contacts; build and log segments          |        | yes      | yes     | yes   |
| log single interactions and calls; keep tasks    |        | yes      | yes     | yes   |
| write down consents and opt-outs                  |        | yes      | yes     | yes   |
| evaluate, comment and cancel log entries         |        | yes      | yes     | yes   |
| cancel logged segments; delete what is cancelled |        |          | yes     | yes   |
| keep templates, documents and campaigns          |        |          | yes     | yes   |
| import contacts and purchases                    |        |          | yes     | yes   |
| search the history of all changes                |        |          | yes     | yes   |
| delete contacts; export a person's data, erase   |        |          | yes     | yes   |
| see, cancel and retry the jobs of others         |        |          | yes     | yes   |
| see everybody's, where others see only their own |        |          | yes     | yes   |
| set-up tables, users (Django admin)              |        |          |         | yes   |
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

APPS = ("crm", "interactions", "segments")
# The table above in a sentence each, for whoever hands out roles.
WORDS = {
    "reader": _("Sees everything, changes nothing."),
    "marketer": _(
        "Besides: changes contacts, builds and logs segments, logs single interactions, keeps "
        "tasks, evaluates and cancels entries of the log."
    ),
    "manager": _(
        "Besides: keeps templates and campaigns, imports purchases, deletes contacts, cancels "
        "logged segments and deletes what is cancelled, sees the jobs of others."
    ),
    "admin": _("Everything: the set-up tables, and users with their roles."),
}
KEPT_BY_MARKETERS = {
    "crm": (
        "contact alternativeaddress duplicatepair contactmailinggroup contactindustrygroup "
        "contactbusinessrelation contactjobresponsibility contactprofileanswer"
    ),
    "interactions": "logentrycomment task",
    "segments": "segment segmentdocument segmentline lineoverride segmentstep savedcriteria",
}
# What only managers may do with contacts; the last also where the set-up restricts who sees what.
OF_MANAGERS = ("delete_contact", "export_contact", "erase_contact", "see_everything")
KEPT_BY_MANAGERS = {
    "crm": "campaign contactimport job purchase",
    "interactions": "interactiontemplate templatelanguage document campaignentry campaigntarget",
}


def make_roles(**_signal: Any) -> None:
    """Gives each role's group exactly the permissions of the table above."""
    see = Q(content_type__app_label__in=APPS, codename__startswith="view_")
    see &= ~Q(codename="view_auditentry")
    marketer = (
        see
        | (_on(KEPT_BY_MARKETERS) & ~_named(*OF_MANAGERS))
        | _named("add_interactionlogentry", "change_interactionlogentry", "add_loggedsegment")
        | _named("add_consent")
    )
    manager = (
        marketer
        | _on(KEPT_BY_MANAGERS)
        | _named(
            "view_auditentry",
            *OF_MANAGERS,
            "change_loggedsegment",
            "delete_loggedsegment",
            "delete_interactionlogentry",
        )
    )
    everything = Q(content_type__app_label__in=(*APPS, "auth"))
    for name, wanted in (
        ("reader", see),
        ("marketer", marketer),
        ("manager", manager),
        ("admin", everything),
    ):
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(wanted))


def _on(tables: dict[str, str]) -> Q:
    """Every permission on these tables."""
    wanted = Q(pk__in=())
    for app, models in tables.items():
        wanted |= Q(content_type__app_label=app, content_type__model__in=models.split())
    return wanted


def _named(*codenames: str) -> Q:
    return Q(content_type__app_label__in=APPS, codename__in=codenames)
