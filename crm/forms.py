"""Forms of contacts and campaigns: they clean what was typed, and never act."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm import references
from crm.lookups import without_letters
from crm.models import (
    AlternativeAddress,
    Campaign,
    Contact,
    FormerNumber,
    NumberSeries,
    Salesperson,
    SavedView,
)
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
        former = FormerNumber.objects.filter(number=number)
        if self.series == NumberSeries.CONTACT and former.exists():
            raise ValidationError(_("This number was a contact's that was merged into another."))
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
        self.fields["company"].keep(self.instance.company)  # type: ignore[attr-defined]

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

    def clean_company(self) -> Contact | None:
        """A person's company stays while other records count on it."""
        company: Contact | None = self.cleaned_data["company"]
        changes = self.instance.pk and "company" in self.changed_data
        if changes and (why := references.why_company_stays(self.instance)):
            raise ValidationError(why)
        return company

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
        if cleaned.get("minor"):
            self._clean_minor(cleaned)
        if not cleaned.get("minor"):
            if cleaned.get("parental_consent") and "parental_consent" in self.changed_data:
                self.add_error("parental_consent", _("Only a minor needs a parent's consent."))
            cleaned["parental_consent"] = False
        elif not cleaned.get("parental_consent"):
            if "privacy_blocked" in self.changed_data and not cleaned.get("privacy_blocked"):
                self.add_error(
                    "privacy_blocked", _("A minor without a parent's consent stays blocked.")
                )
        elif "parental_consent" in self.changed_data:
            cleaned["privacy_blocked"] = True

    def _clean_minor(self, cleaned: dict[str, Any]) -> None:
        """A minor is a person, and has no profile (5.3)."""
        if cleaned.get("type") == "company":
            self.add_error("minor", _("Only a person can be a minor."))
        elif self.instance.pk and self.instance.profile_answers.exists():
            self.add_error(
                "minor", _("Minors have no profile. Take the answers off the card first.")
            )


class AddressForm(forms.ModelForm):
    """An alternative address of a contact, for a stretch of days."""

    class Meta:
        model = AlternativeAddress
        fields = (
            *("code", "starts_on", "ends_on", "address", "address_2", "post_code", "city"),
            *("country", "phone", "email"),
        )
        widgets = {"starts_on": date_input(), "ends_on": date_input(), **choosing("country")}


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


class OtherContactForm(forms.Form):
    """Another contact, to be compared with one in hand."""

    other = ContactField(label=_("Contact"))

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        self.contact = contact

    def clean_other(self) -> Contact:
        """Not the contact itself, and one of the same type."""
        other: Contact = self.cleaned_data["other"]
        if other == self.contact:
            raise ValidationError(_("This is the contact itself. Choose another one."))
        if other.type != self.contact.type:
            raise ValidationError(_("A company and a person cannot be the same contact."))
        return other


class BulkForm(forms.Form):
    """The value that many contacts get; some deeds need none."""

    def __init__(self, *args: Any, deed: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if deed.of is not None:
            rows = deed.of.objects.all()
            self.fields["value"] = forms.ModelChoiceField(
                rows.filter(blocked=False) if deed.of is Salesperson else rows,
                to_field_name="code",
                label=capfirst(str(deed.of._meta.verbose_name)),
                widget=forms.Select(attrs={"data-choose": ""}),
            )


class SavedViewForm(forms.ModelForm):
    """A list's address under a name."""

    class Meta:
        model = SavedView
        fields = ("name", "path", "query")
