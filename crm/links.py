"""The rows that classify a contact, as its card shows them, with a form for one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm import together
from crm.models import (
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    ContactType,
)
from crm.together import Short, saying


class LinkForm(forms.ModelForm):
    """One row between a contact and a set-up table; offers what the contact does not have yet."""

    link_field: ClassVar[str]
    in_order: ClassVar[tuple[str, ...]] = ("code",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields[self.link_field]
        field.queryset = self.offered(field.queryset)
        field.to_field_name = "code"
        field.label = capfirst(str(field.label))
        field.empty_label = _("Choose…")
        field.error_messages["invalid_choice"] = _(
            "That one is not offered, or the contact has it already. Choose one of the list."
        )
        field.widget.attrs["data-choose"] = ""

    @classmethod
    def said(cls, path: str = "") -> Any:
        """What a row says of itself, in SQL; the path leads to the set-up table."""
        return saying(path)

    @property
    def offers(self) -> Short:
        """What it offers, as a list that is read together with others."""
        rows = getattr(self.fields[self.link_field], "queryset")  # noqa: B009 - a field of models
        return Short(rows, self.in_order, "code", self.said())

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Takes what was read for it as its choices."""
        field: Any = self.fields[self.link_field]
        field.choices = [("", field.empty_label), *choices]

    def offered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of these rows that the contact may still be given."""
        had = type(self.instance).objects.filter(contact=self.instance.contact)
        return rows.exclude(pk__in=had.values(self.link_field))


class AnswerForm(LinkForm):
    """One more answer to a profile question (1.20 of the reference)."""

    in_order = ("question__questionnaire", "question__position", "question", "position", "pk")

    @classmethod
    def said(cls, path: str = "") -> Any:
        """The question and the answer."""
        return Concat(f"{path}question__text", Value(" "), f"{path}text", output_field=TextField())

    def offered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Answers to questions for this type of contact; one only, unless several are allowed."""
        contact = self.instance.contact
        answered = contact.profile_answers.filter(answer__question__multiple_answers=False)
        return (
            super()
            .offered(rows)
            .filter(question__questionnaire__contact_type__in=("", contact.type))
            .exclude(question__in=answered.values("answer__question"))
        )


def link_form(model: Any, field: str, form: type[LinkForm] = LinkForm) -> type[LinkForm]:
    """The form that gives a contact one more of something: its field asks for the code."""
    made: Any = forms.modelform_factory(model, form=form, fields=[field])
    made.link_field = field
    return made


@dataclass(frozen=True)
class LinkKind:
    """One kind: its word in addresses, its table, the column that names the other side."""

    key: str
    title: str | Promise
    model: Any
    field: str
    related_name: str
    only_for: ContactType | None = None
    form: type[LinkForm] = LinkForm
    not_for_minors: bool = False

    def suits(self, contact: Contact) -> bool:
        """Whether this contact can have it."""
        if contact.erasure_id or (self.not_for_minors and contact.minor):
            return False
        return self.only_for is None or contact.type == self.only_for

    def permits(self, user: Any, verb: str) -> bool:
        """Whether the user may add or delete such rows."""
        meta = self.model._meta
        return bool(user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"))

    def form_for(self, contact: Contact, data: Any = None) -> LinkForm:
        """The form for one more."""
        form = link_form(self.model, self.field, self.form)
        return form(data, instance=self.model(contact=contact), auto_id=f"{self.key}_%s")

    def rows_of(self, contact: Contact) -> Short:
        """What the contact has, as a list that is read together with others."""
        rows = getattr(contact, self.related_name).all()
        return Short(rows, ("pk",), "pk", self.form.said(f"{self.field}__"))

    def shown(self, contact: Contact, user: Any, refused: Any = None) -> dict[str, Any]:
        """What the card shows but for its rows: title, and the form where the user may add."""
        form = None
        if self.permits(user, "add"):
            same = isinstance(refused, LinkForm) and isinstance(refused.instance, self.model)
            form = refused if same else self.form_for(contact)
        return {
            "key": self.key,
            "title": self.title,
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
        LinkKind(
            "profile",
            _("Profile"),
            ContactProfileAnswer,
            "answer",
            "profile_answers",
            form=AnswerForm,
            not_for_minors=True,
        ),
    )
}


def shown(contact: Contact, user: Any, refused: Any = None) -> list[dict[str, Any]]:
    """What the card shows of every kind that suits the contact; one statement for all of them.

    `refused` is a form that could not be saved, to be shown again.
    """
    kinds = [kind for kind in LINK_KINDS.values() if kind.suits(contact)]
    cards = [kind.shown(contact, user, refused) for kind in kinds]
    forms = [card["form"] for card in cards if card["form"] is not None]
    had = [kind.rows_of(contact) for kind in kinds]
    read = together.read([*had, *(form.offers for form in forms)])
    for card, rows in zip(cards, read, strict=False):
        card["rows"] = rows
    for form, choices in zip(forms, read[len(cards) :], strict=True):
        form.offer(choices)
    return cards
