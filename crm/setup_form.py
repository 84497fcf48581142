"""The forms of the marketing set-up: who we are, what new contacts begin with, how numbers run."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.models import MarketingSetup, NumberSeries, Salesperson
from crm.models.setup import NUMBER_PATTERN

LONGEST_NUMBER = 20


class SetupForm(forms.ModelForm):
    """The one row about ourselves."""

    fieldsets: ClassVar[list[tuple[Any, str]]] = [
        (
            _("Our company"),
            "company_name address address_2 post_code city country phone email home_page "
            "registration_number bank_account",
        ),
        (
            _("Defaults for new contacts"),
            "default_language default_country default_territory default_salesperson "
            "default_correspondence_type default_person_salutation default_company_salutation",
        ),
        (
            _("How many months things are kept"),
            "keep_cancelled keep_packs keep_consents keep_inactive erase_inactive",
        ),
        (_("Who sees what"), "sees"),
        (
            _("What people have from their company"),
            "inherit_salesperson inherit_territory inherit_country inherit_language "
            "inherit_address",
        ),
    ]
    home_page = forms.URLField(required=False, assume_scheme="https", label=_("home page"))

    class Meta:
        model = MarketingSetup
        exclude: ClassVar[list[str]] = []
        help_texts: ClassVar[dict[str, Any]] = {
            "company_name": _(
                "As letters name it (merge field Our_Company_Name), and the sender on envelopes."
            ),
            "address": _("Printed as the sender on envelopes."),
            "country": _("Addresses within this country are printed without it."),
            "email": _("As letters name it. The sender of e-mails is set on the server."),
            "registration_number": _("As it stands at the foot of your letters."),
            "bank_account": _("For letters that ask for money."),
            "default_language": _(
                "The language a new contact reads. Letters in it are chosen before all others."
            ),
            "default_salesperson": _(
                "For new contacts, and for segments of users who are no salesperson."
            ),
            "default_correspondence_type": _(
                "How new contacts want to hear from you. Empty: as the template says."
            ),
            "default_person_salutation": _("For new people who are given no salutation."),
            "keep_cancelled": _(
                "Deleted by the nightly “manage.py retain” when older. Empty: kept for good."
            ),
            "inherit_salesperson": _("Who answers for a company answers for its people."),
            "inherit_language": _("Turn this off where people of one company read different ones."),
            "inherit_address": _("Street, post code and city, together."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sellers = Salesperson.objects.filter(blocked=False)
        if self.instance.default_salesperson_id:
            sellers |= Salesperson.objects.filter(pk=self.instance.default_salesperson_id)
        self.fields["default_salesperson"].queryset = sellers  # type: ignore[attr-defined]


class SeriesForm(forms.ModelForm):
    """How one kind of record is numbered."""

    class Meta:
        model = NumberSeries
        fields = ("prefix", "digits", "last_number", "manual_allowed")
        help_texts: ClassVar[dict[str, Any]] = {
            "digits": _("Padded with zeros to so many."),
            "last_number": _("The next number is one more. Numbers in use are passed over."),
        }

    LABELS: ClassVar[dict[str, Any]] = {
        NumberSeries.CONTACT: _("Contacts"),
        NumberSeries.SEGMENT: _("Segments"),
        NumberSeries.CAMPAIGN: _("Campaigns"),
    }

    @property
    def label(self) -> Any:
        """What is numbered."""
        return self.LABELS[self.instance.code]

    @property
    def next_number(self) -> str:
        """The number that the stored series would give next."""
        return self.instance.written(self.instance.last_number + 1)

    def clean_prefix(self) -> str:
        """A number stands in addresses of pages, so its prefix may hold only what these may."""
        prefix: str = self.cleaned_data["prefix"]
        if prefix and not NUMBER_PATTERN.fullmatch(prefix):
            raise ValidationError(_("Use letters, digits, dots, hyphens and underscores."))
        return prefix

    def clean(self) -> dict[str, Any]:
        """The whole number has room in its column."""
        cleaned = super().clean() or {}
        digits, room = cleaned.get("digits"), LONGEST_NUMBER - len(cleaned.get("prefix", ""))
        if digits is not None and not 1 <= digits <= room:
            self.add_error(
                "digits", _("At least one, and with the prefix at most twenty characters.")
            )
        return cleaned


def series_forms(data: Any = None) -> list[SeriesForm]:
    """A form for each series, also for one from which no number was taken yet."""
    stored = {series.code: series for series in NumberSeries.objects.all()}
    return [
        SeriesForm(
            data,
            instance=stored.get(code) or NumberSeries(code=code, prefix=prefix, digits=digits),
            prefix=code.lower(),
        )
        for code, (prefix, digits) in NumberSeries.DEFAULTS.items()
    ]
