"""Forms of lines: one value of one line, a contact by hand, letters."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.languages import LANGUAGES
from crm.widgets import ContactField
from interactions import linting, mailmerge
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


def cell_form(name: str) -> type[InheritingForm]:
    """The form of one value of a line."""
    made: Any = forms.modelform_factory(LineOverride, form=_CellForm, fields=[name])
    return made


class ByHandForm(forms.Form):
    """A contact to be added by hand."""

    contact = ContactField(label=_("Contact"))
    ignore_exclusion = forms.BooleanField(
        label=_("ignore exclusion"),
        required=False,
        help_text=_("Also a contact that is excluded from segments."),
    )


class _UploadForm(forms.Form):
    """A Word letter to be uploaded; one with doubtful merge fields only with the tick.

    `letter` is cleaned to the file, read from its beginning again.
    """

    letter = forms.FileField(
        label=_("Word document"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": _("Choose a .docx file.")},
    )

    # Whether there is something to say of the letter's merge fields.
    is_doubtful = False
    # What else there is to say of a letter that is taken.
    warnings: tuple[str, ...] = ()

    def visible_fields(self) -> list[forms.BoundField]:
        """The tick is offered only for a letter that needs it; made once, it stays."""
        fields = super().visible_fields()
        wanted = self.is_doubtful or self["accept_fields"].value()
        return [one for one in fields if one.name != "accept_fields" or wanted]

    def clean_letter(self) -> UploadedFile:
        """Not bigger than any letter is, a Word document, and its merge fields are meant so."""
        file: UploadedFile = self.cleaned_data["letter"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than 10 MB. Make its pictures smaller.")
            )
        try:
            template = mailmerge.read_template(file.read())
        except mailmerge.DocumentError as error:
            raise forms.ValidationError(str(error)) from error
        if refused := linting.refusals(template):
            raise forms.ValidationError(refused)
        self._refuse_doubtful(self.doubts(template.fields))
        self.warnings = linting.warnings(template)
        file.seek(0)
        return file

    def doubts(self, fields: tuple[str, ...]) -> list[str]:
        """What there is to say of a letter with these merge fields, in sentences."""
        raise NotImplementedError

    def _refuse_doubtful(self, doubts: list[str]) -> None:
        self.is_doubtful = bool(doubts)
        if doubts and not self.data.get(self.add_prefix("accept_fields")):
            tick = _("Correct the letter and choose it again, or tick below that it is meant so.")
            raise forms.ValidationError([*doubts, str(tick)])


class OwnLetterForm(_UploadForm):
    """A line's own letter, sent without merging: merge fields in it are most often a mistake."""

    accept_fields = forms.BooleanField(
        label=_("Send the letter as it is, its merge fields unfilled"), required=False
    )

    def doubts(self, fields: tuple[str, ...]) -> list[str]:
        """Nobody fills any of them."""
        if not fields:
            return []
        return [gettext("This letter is sent as it is: its merge fields stay unfilled.")]


class LetterForm(_UploadForm):
    """The segment's own letter in one language; unknown fields are most often misspelt."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    accept_fields = forms.BooleanField(
        label=_("Use the letter although it has unknown merge fields; they stay empty"),
        required=False,
    )
    field_order = ("language", "letter", "accept_fields")

    def doubts(self, fields: tuple[str, ...]) -> list[str]:
        """Those that nobody fills, each with the name that may be meant."""
        return linting.unknown(fields)


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


class GatherForm(forms.Form):
    """The open segment that many contacts shall come onto."""

    segment = forms.ModelChoiceField(
        Segment.objects.all(),
        to_field_name="number",
        label=_("Segment"),
        widget=forms.Select(attrs={"data-choose": ""}),
    )
