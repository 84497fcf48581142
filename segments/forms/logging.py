"""Forms of Log and of what follows it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.choices import Evaluation
from interactions.models import Delivery
from interactions.statistics import Outcomes
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
    """Whom a follow-up is for: everybody, or those for whom the interaction ended so."""

    evaluations = forms.MultipleChoiceField(
        label=_("Evaluated as"),
        choices=Evaluation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everybody = forms.ChoiceField(label=_("For whom"), initial="all", widget=forms.RadioSelect)
    field_order = ("everybody", "evaluations")

    def __init__(self, data: Any = None, *, found: Outcomes | None = None) -> None:
        """`found` says how many contacts there are for each outcome."""
        super().__init__(data)
        found = found or Outcomes(0, {}, 0, 0)
        known = dict(Evaluation.choices)
        self._choices("evaluations").choices = [
            (value, f"{known[value]} ({count})") for value, count in found.evaluations.items()
        ]
        self._choices("everybody").choices = list(self._whom(found))
        if not found.evaluations:
            del self.fields["evaluations"]

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _whom(self, found: Outcomes) -> Iterator[tuple[str, str]]:
        """The choices that there is somebody for, with how many."""
        yield "all", gettext("All contacts (%(count)s)") % {"count": found.contacts}
        if found.evaluations:
            yield "some", gettext("Only those evaluated as ticked below")
        if found.failed:
            said = gettext("Only those whose delivery failed (%(count)s)")
            yield "failed", said % {"count": found.failed}
        if 0 < found.silent < found.contacts:
            said = gettext("Only those of whom nothing was heard: not evaluated (%(count)s)")
            yield "silent", said % {"count": found.silent}

    def clean(self) -> dict[str, Any]:
        """By evaluation wants an evaluation; what is ticked must not be passed over."""
        cleaned = super().clean() or {}
        if cleaned.get("evaluations") and cleaned.get("everybody") not in (None, "some"):
            said = _("Evaluations are ticked: choose “Only those evaluated”, or untick them.")
            self.add_error("everybody", said)
        lacks = not cleaned.get("evaluations") and "evaluations" not in self.errors
        if cleaned.get("everybody") == "some" and lacks:
            self.add_error("evaluations", _("Tick at least one."))
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """What log.create_follow_up is told; nothing for everybody."""
        outcomes: dict[str, dict[str, Any]] = {
            "some": {"evaluations": self.cleaned_data.get("evaluations", [])},
            "failed": {"deliveries": [Delivery.FAILED]},
            "silent": {"unanswered": True},
        }
        return outcomes.get(self.cleaned_data["everybody"], {})
