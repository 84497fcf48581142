"""A task for everybody on a segment."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Salesperson
from crm.widgets import date_input


class TasksForm(forms.Form):
    """What is to be done, by when, by whom."""

    description = forms.CharField(label=_("Description"), max_length=200)
    due = forms.DateField(label=_("Due"), widget=date_input(), initial=timezone.localdate)
    salesperson = forms.ModelChoiceField(
        Salesperson.objects.filter(blocked=False),
        label=_("Salesperson"),
        required=False,
        empty_label=_("As each line says"),
        widget=forms.Select(attrs={"data-choose": ""}),
    )

    @property
    def asked(self) -> dict[str, Any]:
        """As the operation takes it."""
        return dict(self.cleaned_data)
