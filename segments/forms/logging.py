"""Forms of Log and of what follows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.choices import Evaluation


class LogForm(forms.Form):
    """What Log is told. Warnings are accepted one by one: `seen` names those that were shown."""

    follow_up = forms.BooleanField(
        label=_("Create a follow-up segment"),
        help_text=_("A new segment with the same contacts, each once, that remembers this one."),
        required=False,
    )
    accept = forms.BooleanField(label=_("Log all the same"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def accepts(self, warnings: set[str]) -> bool:
        """Whether all these warnings were shown and accepted."""
        if not warnings:
            return True
        return self.cleaned_data["accept"] and warnings <= set(self.cleaned_data["seen"].split())


class FollowUpForm(forms.Form):
    """Whom a follow-up is for: everybody, or those whose interaction was evaluated so."""

    evaluations = forms.MultipleChoiceField(
        label=_("Evaluated as"),
        choices=Evaluation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everybody = forms.ChoiceField(
        label=_("For whom"),
        choices=(("all", _("All contacts")), ("some", _("Only those evaluated as ticked below"))),
        initial="all",
        widget=forms.RadioSelect,
    )
    field_order = ("everybody", "evaluations")

    def __init__(self, data: Any = None, *, counts: dict[str, int] | None = None) -> None:
        super().__init__(data)
        known = dict(Evaluation.choices)
        self.fields["evaluations"].choices = [  # type: ignore[attr-defined]
            (value, f"{known[value]} ({count})") for value, count in (counts or {}).items()
        ]

    def clean(self) -> dict[str, Any]:
        """By outcome wants an outcome."""
        cleaned = super().clean() or {}
        if cleaned.get("everybody") == "some" and not cleaned.get("evaluations"):
            self.add_error("evaluations", _("Tick at least one."))
        return cleaned

    @property
    def chosen(self) -> list[str]:
        """The evaluations asked for; none for everybody."""
        some = self.cleaned_data["everybody"] == "some"
        return self.cleaned_data["evaluations"] if some else []
