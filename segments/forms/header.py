"""Forms of the header: a short one to begin with, all of it, and one field at a time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.widgets import choosing
from segments.forms.inheriting import InheritingForm
from segments.inheritance import PANEL, STRIP
from segments.models import Segment

LISTS = choosing("salesperson", "template", "campaign")


class SegmentForm(InheritingForm):
    """A new segment: what it is about; the rest is said on the worksheet."""

    class Meta:
        model = Segment
        fields = ("description", "date", "salesperson", "template", "campaign")
        widgets = LISTS
        help_texts = {
            "description": _("What this is about; the letters and the log carry it."),
            "salesperson": _("Left empty, each contact's own salesperson answers."),
            "template": _("What is to be said. It can be chosen later."),
        }


class HeaderForm(InheritingForm):
    """The whole header, for the page without JavaScript."""

    fieldsets = (
        (_("Segment"), " ".join(STRIP)),
        (_("Interaction"), " ".join(PANEL[:7])),
        (_("Cost and campaign"), " ".join(PANEL[7:])),
    )

    class Meta:
        model = Segment
        fields = (*STRIP, *PANEL)
        widgets = LISTS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            # Compared with what was shown, which the form sends along, not with what is by now;
            # whoever sends it not along is compared with what is.
            field.show_hidden_initial = (
                not self.is_bound or self.add_initial_prefix(name) in self.data
            )

    @property
    def changes(self) -> dict[str, Any]:
        """What this form's user changed, and nothing else: others may be at work on the rest."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def overtaken(self, stored: dict[str, Any]) -> list[str]:
        """The fields that this form would write over though they are not any more what it showed.

        From then on the form shows what is stored: sent again, it means it.
        """
        found = [
            name
            for name, wanted in self.changes.items()
            if self.fields[name].show_hidden_initial and self._shown(name) != stored[name] != wanted
        ]
        data: Any = self.data
        self.data = data = data.copy()
        for name in found:
            field: Any = self.fields[name]
            data[self.add_initial_prefix(name)] = field.prepare_value(stored[name])
        return found

    def _shown(self, name: str) -> Any:
        """What the form showed of a field, as it sends it along."""
        field: Any = self.fields[name]
        sent = field.hidden_widget().value_from_datadict(
            self.data, self.files, self.add_initial_prefix(name)
        )
        return field.to_python(sent)


def header_field_form(name: str) -> type[HeaderForm]:
    """The form of one field of the header, drawn in place: plain lists, which keys can work."""
    widgets: Any = {name: forms.Select} if Segment._meta.get_field(name).is_relation else {}
    made: Any = forms.modelform_factory(Segment, form=_FieldForm, fields=[name], widgets=widgets)
    return made


class _FieldForm(HeaderForm):
    """One field, with the focus in it."""

    fieldsets = ()  # type: ignore[assignment]

    class Meta(HeaderForm.Meta):
        fields = ()  # type: ignore[assignment]
        widgets = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["autofocus"] = True
