"""Forms of Log and of what follows it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.choices import Evaluation
from segments.checking import Problem


class LogForm(forms.Form):
    """What Log is told. `seen` names the warnings that were shown, each with its count."""

    send = forms.BooleanField(
        label=_("Send: e-mails are queued, letters wait to be printed"), required=False
    )
    follow_up = forms.BooleanField(
        label=_("Create a follow-up segment"),
        help_text=_("A new segment with the same contacts, each once, that remembers this one."),
        required=False,
    )
    accept = forms.BooleanField(label=_("Log all the same"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # What kept it from being logged, for the head of the page.
    refused: Any = ""

    def __init__(self, data: Any = None, *, can_send: bool) -> None:
        super().__init__(data, initial={"send": can_send})
        self.fields["send"].disabled = not can_send
        if not can_send:
            self.fields["send"].help_text = _("No line says a correspondence type.")

    @property
    def accepted(self) -> dict[str, int]:
        """The warnings that were shown and accepted, by their counts."""
        if not self.cleaned_data["accept"]:
            return {}
        pairs = (one.partition(":") for one in self.cleaned_data["seen"].split())
        return {code: int(count) for code, _colon, count in pairs if count.isdecimal()}

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Says that errors stand in the way; at the tick, where only sending is kept up."""
        self.refused = _("Nothing was logged. Mend what is marked below.")
        if all(one.of_sending for one in problems if one.is_error):
            self.add_error("send", _("Not all can be delivered. Mend it, or log without sending."))

    def refuse_doubts(self) -> None:
        """Says that the warnings were not accepted, or are others by now."""
        self.refused = _("Nothing was logged. Read the warnings and tick that you accept them.")
        if self.cleaned_data["accept"]:
            self.refused = _("Nothing was logged: the warnings have changed. Read them again.")


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
