"""Forms of lines: one value of one line, a contact by hand, letters."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.languages import LANGUAGES
from crm.widgets import ContactField
from segments.forms.inheriting import InheritingForm
from segments.models import LineOverride, Segment

MOST_BYTES = 10 * 1024 * 1024


class _CellForm(InheritingForm):
    """One value of one line; left empty, the line inherits it."""

    class Meta:
        model = LineOverride
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["autofocus"] = True


def cell_form(name: str) -> type[forms.ModelForm]:
    """The form of one value of a line."""
    return forms.modelform_factory(LineOverride, form=_CellForm, fields=[name])


class ByHandForm(forms.Form):
    """A contact to be added by hand."""

    contact = ContactField(label=_("Contact"))
    ignore_exclusion = forms.BooleanField(
        label=_("ignore exclusion"),
        required=False,
        help_text=_("Also a contact that is excluded from segments."),
    )


class OwnLetterForm(forms.Form):
    """A Word letter of one's own. What is wrong inside it, the operation tells."""

    letter = forms.FileField(
        label=_("Word document"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": _("Choose a .docx file.")},
    )

    def clean_letter(self) -> UploadedFile:
        """Not bigger than any letter is."""
        file: UploadedFile = self.cleaned_data["letter"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than 10 MB. Make its pictures smaller.")
            )
        return file


class LetterForm(OwnLetterForm):
    """The segment's own letter in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    field_order = ("language", "letter")


class AddToSegmentForm(forms.Form):
    """The open segment that a contact shall come onto."""

    segment = forms.ModelChoiceField(
        Segment.objects.all(),
        to_field_name="number",
        label=_("Segment"),
        widget=forms.Select(attrs={"data-choose": ""}),
    )
    ignore_exclusion = forms.BooleanField(
        label=_("ignore exclusion"),
        required=False,
        help_text=_("Also a contact that is excluded from segments."),
    )
