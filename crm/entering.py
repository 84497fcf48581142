"""Forms of privacy: what a contact said of a channel, and why a person is erased."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import mentions
from crm.models import Consent, ConsentSource, ConsentState, Contact
from crm.widgets import date_input

# Sources that only the program itself has.
NOT_TYPED = (ConsentSource.LINK, ConsentSource.IMPORT)


class ConsentForm(forms.ModelForm):
    """What a contact said of a channel, how we know of it, and when."""

    date = forms.DateField(label=_("Date"), widget=date_input())

    class Meta:
        model = Consent
        fields = ("channel", "state", "source", "date", "words")
        widgets = {"state": forms.RadioSelect}
        help_texts: ClassVar[dict[str, Any]] = {
            "state": _("“Nothing said” takes back what was written down by mistake."),
            "words": _("What was said, or where the paper is kept."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("date", timezone.localdate())
        state: Any = self.fields["state"]
        state.choices = ConsentState.choices  # no empty one among the buttons
        source: Any = self.fields["source"]
        typed = [one for one in ConsentSource.choices if one[0] not in NOT_TYPED]
        source.choices = [("", "---------"), *typed]

    def clean_date(self) -> datetime.date:
        """Nobody has said anything tomorrow."""
        date: datetime.date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return date


class ErasureForm(forms.Form):
    """Why a person is erased; it is kept, and so must not name the person."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It is kept, without the name: for example “asked for it on 3 May”."),
    )
    sure = forms.BooleanField(label=_("Yes, erase this person"))

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        self.contact = contact

    def clean_reason(self) -> str:
        """Without the person's name, address or number."""
        reason = str(self.cleaned_data["reason"])
        if mentions.found_in(reason, mentions.terms([self.contact])):
            raise ValidationError(_("The reason is kept: do not name the person in it."))
        return reason
