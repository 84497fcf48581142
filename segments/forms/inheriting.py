"""What forms of the header and of lines share: an empty value means "inherit", and says so."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.models import Salesperson
from crm.widgets import date_input
from interactions import linting


def salespeople(current: int | None) -> QuerySet[Salesperson]:
    """Those who can be chosen: not blocked, and the one who is chosen already."""
    found = Salesperson.objects.filter(blocked=False)
    return found | Salesperson.objects.filter(pk=current) if current else found


class InheritingForm(forms.ModelForm):
    """A form in which nothing chosen means "inherit".

    `inherited` maps names to what holds then, in words; it stands greyed in the empty control.
    """

    def __init__(self, *args: Any, inherited: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.inherited = inherited or {}
        for name, field in self.fields.items():
            self._prepare(name, field)

    def _prepare(self, name: str, field: Any) -> None:
        empty = self._empty(name)
        if isinstance(field, forms.DateField):
            field.widget = date_input()
        elif isinstance(field, forms.NullBooleanField):
            answers = [("unknown", empty), ("true", _("Yes")), ("false", _("No"))]
            field.widget.choices = answers
        elif isinstance(field, forms.ModelChoiceField):
            field.empty_label = empty
        elif isinstance(field, forms.TypedChoiceField):
            choices: Any = field.choices
            field.choices = [(value, label if value else empty) for value, label in choices]
        elif name in self.inherited:
            field.widget.attrs["placeholder"] = self.inherited[name]
        if name == "salesperson":
            field.queryset = salespeople(self.instance.salesperson_id)

    def _empty(self, name: str) -> str:
        """What the empty choice says."""
        return self.inherited.get(name, "—")

    def clean_subject(self) -> str:
        """Merge fields in it are known, and of the kind that a subject can have."""
        subject: str = self.cleaned_data["subject"]
        if faults := linting.of_subject(subject):
            raise forms.ValidationError(faults)
        return subject
