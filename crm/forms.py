"""Forms of contacts and campaigns: they clean what was typed, and never act."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.models import AlternativeAddress, Campaign, Contact, NumberSeries, Salesperson
from crm.widgets import ContactField, choosing, date_input

PERSON_FIELDS = "first_name middle_name surname company job_title organizational_level"


class NumberedForm(forms.ModelForm):
    """A form of a record that takes its number from a series; a number stays once it is given."""

    series: ClassVar[str]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["number"].disabled = True
            self.fields["number"].help_text = ""
        salespeople = Salesperson.objects.filter(blocked=False)
        if self.instance.salesperson_id:
            salespeople |= Salesperson.objects.filter(pk=self.instance.salesperson_id)
        self.fields["salesperson"].queryset = salespeople  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """A typed number is allowed by the series."""
        number = str(self.cleaned_data["number"])
        if not number or self.fields["number"].disabled:
            return number
        if NumberSeries.objects.filter(code=self.series, manual_allowed=False).exists():
            raise ValidationError(_("Leave this empty: the number is given when you save."))
        return number


class ContactForm(NumberedForm):
    """A company or a person, with the rules of sections 1.18 and 5.3 of the reference."""

    series = NumberSeries.CONTACT
    fieldsets: ClassVar[list[tuple[Any, str]]] = [
        (_("Who"), "type number name salutation language"),
        (_("If it is a person"), PERSON_FIELDS),
        (_("Address"), "address address_2 post_code city country"),
        (
            _("How to reach"),
            "email email_opt_out phone mobile_phone home_page correspondence_type",
        ),
        (_("Ours"), "salesperson territory external_id"),
        (_("Consent"), "exclude_from_segment privacy_blocked minor parental_consent"),
    ]
    company = ContactField(required=False, companies=True, label=_("Company"))
    home_page = forms.URLField(required=False, assume_scheme="https", label=_("Home page"))

    class Meta:
        model = Contact
        fields = (
            *("type", "number", "name", "salutation", "language", *PERSON_FIELDS.split()),
            *("address", "address_2", "post_code", "city", "country", "territory", "salesperson"),
            *("email", "email_opt_out", "phone", "mobile_phone", "home_page"),
            *("correspondence_type", "external_id"),
            *("exclude_from_segment", "privacy_blocked", "minor", "parental_consent"),
        )
        widgets = choosing("country", "language", "salesperson", "territory")
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("A person's name is put together from its parts below."),
            "exclude_from_segment": _("Add leaves this contact out unless told to ignore this."),
            "privacy_blocked": _("Enters no segment, and is never written to."),
            "parental_consent": _(
                "When this changes, the privacy block is set; take it off by hand afterwards."
            ),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = False

    def clean_phone(self) -> str:
        """A phone number has no letters."""
        return without_letters(self.cleaned_data["phone"])

    def clean_mobile_phone(self) -> str:
        """A phone number has no letters."""
        return without_letters(self.cleaned_data["mobile_phone"])

    def clean_type(self) -> str:
        """A contact's type stays once other records name it, for they hold for one type only."""
        kind = str(self.cleaned_data["type"])
        if self.instance.pk and kind != self.initial["type"] and (names := self._named_by):
            raise ValidationError(
                _("The type cannot change any more, because of these: %(names)s."),
                params={"names": ", ".join(names)},
            )
        return kind

    @cached_property
    def _named_by(self) -> list[str]:
        """Which kinds of records name this contact; those of higher floors too, unnamed here."""
        relations = self.instance._meta.related_objects
        found = (
            relation.related_model
            for relation in relations
            if relation.related_model._base_manager.filter(
                **{relation.field.name: self.instance}
            ).exists()
        )
        return sorted({str(model._meta.verbose_name_plural) for model in found})

    def clean(self) -> dict[str, Any]:
        """The rules over several fields."""
        cleaned = super().clean() or {}
        is_company = cleaned.get("type") == "company"
        parts = ("name",) if is_company else ("name", "first_name", "middle_name", "surname")
        if "name" not in self.errors and not any(cleaned.get(part) for part in parts):
            self.add_error("name", _("Type a name."))
        for field in PERSON_FIELDS.split() if is_company else ():
            if cleaned.get(field):
                self.add_error(field, _("Only a person has this. Empty it, or change the type."))
        self._clean_consent(cleaned)
        return cleaned

    def _clean_consent(self, cleaned: dict[str, Any]) -> None:
        """Consent is a minor's; its change blocks; without it a minor stays blocked (5.3)."""
        if not cleaned.get("minor"):
            cleaned["parental_consent"] = False
        elif not cleaned.get("parental_consent"):
            if "privacy_blocked" in self.changed_data and not cleaned.get("privacy_blocked"):
                self.add_error(
                    "privacy_blocked", _("A minor without a parent's consent stays blocked.")
                )
        elif "parental_consent" in self.changed_data:
            cleaned["privacy_blocked"] = True


def without_letters(phone: str) -> str:
    """A phone number as typed; refuses letters."""
    if any(character.isalpha() for character in phone):
        raise ValidationError(_("A phone number has no letters."))
    return phone


class AddressForm(forms.ModelForm):
    """An alternative address of a contact, for a stretch of days."""

    class Meta:
        model = AlternativeAddress
        fields = (
            *("code", "starts_on", "ends_on", "address", "address_2", "post_code", "city"),
            *("country", "phone", "email"),
        )
        widgets = {"starts_on": date_input(), "ends_on": date_input(), **choosing("country")}

    def clean(self) -> dict[str, Any]:
        """One address a first day: the newest one that has begun is the one in use."""
        cleaned = super().clean() or {}
        others = self.instance.contact.alternative_addresses.exclude(pk=self.instance.pk)
        if others.filter(starts_on=cleaned.get("starts_on")).exists():
            self.add_error("starts_on", _("Another address of this contact begins on this day."))
        return cleaned


class CampaignForm(NumberedForm):
    """A campaign."""

    series = NumberSeries.CAMPAIGN

    class Meta:
        model = Campaign
        fields = (
            *("number", "description", "status", "starting_date", "ending_date"),
            "salesperson",
        )
        widgets = {
            "starting_date": date_input(),
            "ending_date": date_input(),
            **choosing("salesperson"),
        }


class LinkForm(forms.ModelForm):
    """One row between a contact and a set-up table; offers what the contact does not have yet."""

    link_field: ClassVar[str]

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

    def offered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of these rows that the contact may still be given."""
        had = type(self.instance).objects.filter(contact=self.instance.contact)
        return rows.exclude(pk__in=had.values(self.link_field))


class AnswerForm(LinkForm):
    """One more answer to a profile question (1.20 of the reference)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields[self.link_field]
        field.label_from_instance = lambda answer: f"{answer.question.text} {answer.text}"

    def offered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Answers to questions for this type of contact; one only, unless several are allowed."""
        contact = self.instance.contact
        answered = contact.profile_answers.filter(answer__question__multiple_answers=False)
        return (
            super()
            .offered(rows)
            .filter(question__questionnaire__contact_type__in=("", contact.type))
            .exclude(question__in=answered.values("answer__question"))
            .select_related("question")
        )


def link_form(model: Any, field: str, form: type[LinkForm] = LinkForm) -> type[LinkForm]:
    """The form that gives a contact one more of something: its field asks for the code."""
    made: Any = forms.modelform_factory(model, form=form, fields=[field])
    made.link_field = field
    return made
