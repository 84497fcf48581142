"""Forms of the grid: a pasted column, and which columns there are."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from segments import overrides, pasting
from segments.models import LineOverride

MOST_CHARACTERS = 2_000_000


class PasteColumnForm(forms.Form):
    """A column copied from a spreadsheet. `text` is cleaned to its values, top down."""

    name = forms.ChoiceField(
        label=_("Column"),
        choices=lambda: [
            (name, capfirst(str(LineOverride._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]
            for name in overrides.NAMES
            if name != "document"
        ],
    )
    text = forms.CharField(
        label=_("Values"),
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One below the other, as a spreadsheet copies them. "
            "An empty one makes its line inherit again."
        ),
    )

    def clean_text(self) -> list[str]:
        """The values; a last empty one that spreadsheets add is none."""
        values = pasting.cells(self.cleaned_data["text"])
        if not any(values):
            raise ValidationError(_("There is nothing to paste."))
        return values
