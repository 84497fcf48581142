"""Forms of the verbs that need no criteria: a list, a sample, one of each, groups, one value."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.models import MailingGroup
from crm.widgets import ContactField
from segments import overrides
from segments.models import LineOverride, SavedCriteria


class PasteForm(forms.Form):
    """Numbers and e-mail addresses in any mixture."""

    text = forms.CharField(
        label=_("Contact numbers or e-mail addresses"),
        help_text=_("One to a line, or separated by blanks, tabs, commas or semicolons."),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
        error_messages={"required": _("Paste contact numbers or e-mail addresses.")},
    )
    ignore_exclusion = forms.BooleanField(
        label=_("Also contacts that are excluded from segments"),
        help_text=_("Blocked contacts stay out all the same."),
        required=False,
    )


class SampleForm(forms.Form):
    """How many shall stay, and the seed that makes a sample the same again."""

    count = forms.IntegerField(
        label=_("Keep so many lines"), min_value=1, max_value=100_000_000, required=False
    )
    percent = forms.FloatField(
        label=_("or so many per cent"),
        required=False,
        min_value=0.001,
        max_value=99.999,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=40,
        required=False,
        help_text=_("The same seed on the same contacts chooses the same ones. Empty: a new one."),
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two sizes."""
        cleaned = super().clean() or {}
        sizes = [cleaned.get(name) for name in ("count", "percent")]
        if not self.errors and sizes.count(None) != 1:
            raise forms.ValidationError(_("Give either a number of lines or a percentage."))
        return cleaned

    def clean_seed(self) -> str:
        """A text that can be read aloud."""
        seed = str(self.cleaned_data["seed"])
        if not seed.isprintable():
            raise forms.ValidationError(_("Use letters and digits."))
        return seed


class OnePerForm(forms.Form):
    """What the lines that stay shall differ in."""

    what = forms.ChoiceField(
        label=_("Keep one line for each"),
        choices=[
            ("company", _("company")),
            ("email", _("e-mail address")),
            ("address", _("postal address")),
        ],
        initial="company",
        widget=forms.RadioSelect,
        help_text=_("The first in order stays. Lines that lack the value all stay."),
    )


class ReuseLoggedForm(forms.Form):
    """Whether contacts that are excluded come too."""

    ignore_exclusion = forms.BooleanField(
        label=_("Also contacts that are excluded from segments"),
        help_text=_("Blocked contacts stay out all the same."),
        required=False,
    )


class MailingGroupForm(forms.Form):
    """A mailing group, and whether it shall hold these contacts alone."""

    group = forms.ModelChoiceField(
        MailingGroup.objects.order_by("code"),
        to_field_name="code",
        label=_("Mailing group"),
        widget=forms.Select(attrs={"data-choose": ""}),
    )
    replace = forms.BooleanField(required=False)


class ExplainForm(forms.Form):
    """The contact to be explained."""

    contact = ContactField(label=_("Contact"))


class DriftForm(forms.Form):
    """What shall be played: the trail itself, or saved criteria in its place."""

    saved = forms.ModelChoiceField(
        SavedCriteria.objects.order_by("code"),
        to_field_name="code",
        required=False,
        label=_("Play"),
        empty_label=_("the trail of this segment"),
    )


class FieldForm(forms.Form):
    """Which value many lines shall say; letters are given to one line at a time."""

    name = forms.ChoiceField(
        label=_("Field"),
        choices=lambda: [
            (name, capfirst(str(LineOverride._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]
            for name in overrides.NAMES
            if name != "document"
        ],
    )
