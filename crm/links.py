"""The rows that classify a contact, as its card shows them, with a form for one more."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.forms import LinkForm, link_form
from crm.models import (
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactType,
)


@dataclass(frozen=True)
class LinkKind:
    """One kind: its word in addresses, its table, the column that names the other side."""

    key: str
    title: str | Promise
    model: Any
    field: str
    related_name: str
    only_for: ContactType | None = None

    def suits(self, contact: Contact) -> bool:
        """Whether contacts of this type can have it."""
        return self.only_for is None or contact.type == self.only_for

    def permits(self, user: Any, verb: str) -> bool:
        """Whether the user may add or delete such rows."""
        meta = self.model._meta
        return bool(user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"))

    def form_for(self, contact: Contact, data: Any = None) -> LinkForm:
        """The form for one more."""
        form = link_form(self.model, self.field)
        instance = self.model(contact=contact)
        return form(data, instance=instance, auto_id=f"{self.key}_%s")  # type: ignore[return-value]

    def shown(self, contact: Contact, user: Any, refused: Any = None) -> dict[str, Any]:
        """What the card shows: title, rows, and the form where the user may add."""
        form = None
        if self.permits(user, "add"):
            same = isinstance(refused, LinkForm) and isinstance(refused.instance, self.model)
            form = refused if same else self.form_for(contact)
        return {
            "key": self.key,
            "title": self.title,
            "rows": getattr(contact, self.related_name).select_related(self.field).order_by("pk"),
            "form": form,
            "may_remove": self.permits(user, "delete"),
        }


LINK_KINDS = {
    kind.key: kind
    for kind in (
        LinkKind(
            "mailing-groups", _("Mailing groups"), ContactMailingGroup, "group", "mailing_groups"
        ),
        LinkKind(
            "industry-groups",
            _("Industry groups"),
            ContactIndustryGroup,
            "group",
            "industry_groups",
            ContactType.COMPANY,
        ),
        LinkKind(
            "business-relations",
            _("Business relations"),
            ContactBusinessRelation,
            "relation",
            "business_relations",
            ContactType.COMPANY,
        ),
        LinkKind(
            "job-responsibilities",
            _("Job responsibilities"),
            ContactJobResponsibility,
            "responsibility",
            "job_responsibilities",
            ContactType.PERSON,
        ),
    )
}
