"""The options of a step, in plain language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from segments.models import StepKind


class OptionsForm(forms.Form):
    """What a step may be told besides its criteria; only what its kind of step knows."""

    allow_existing = forms.BooleanField(
        label=_("Also contacts that are on the segment already"),
        help_text=_("They get one more line."),
        required=False,
    )
    expand_companies = forms.BooleanField(
        label=_("With everybody at their companies"),
        help_text=_("The company and all its people, for each contact that matches."),
        required=False,
    )
    include_companies = forms.BooleanField(
        label=_("With their companies"),
        help_text=_("The employer of each person that matches."),
        required=False,
    )
    ignore_exclusion = forms.BooleanField(
        label=_("Also contacts that are excluded from segments"),
        help_text=_("Blocked contacts stay out all the same."),
        required=False,
    )
    entire_companies = forms.BooleanField(
        label=_("Entire companies"),
        help_text=_("If one contact matches, its company and all its people count as matching."),
        required=False,
    )
    confirm_all = forms.BooleanField(required=False)

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        adds = kind == StepKind.ADD
        unknown = ("entire_companies",) if adds else ADDING
        for name in unknown:
            del self.fields[name]

    @property
    def options(self) -> dict[str, bool]:
        """The step's options as its operation takes them."""
        return {name: on for name, on in self.cleaned_data.items() if name != "confirm_all"}


ADDING = ("allow_existing", "expand_companies", "include_companies", "ignore_exclusion")
