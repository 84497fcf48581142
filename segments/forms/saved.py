"""Forms of saved criteria: which steps to save, the steps themselves as text, a file to import."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from segments import saved, trail
from segments.criteria_data import MOST_BYTES, parse
from segments.models import SavedCriteria, Segment
from segments.trail import WorksheetError


class SaveCriteriaForm(forms.Form):
    """A code, and the steps that shall be kept under it: those made by hand only when ticked."""

    code = forms.CharField(label=_("Code"), max_length=40)
    description = forms.CharField(label=_("Description"), max_length=100, required=False)
    steps = forms.MultipleChoiceField(
        label=_("Steps"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Steps made by hand name single contacts; they are kept only when ticked."),
        error_messages={"required": _("There is no step to save. Choose at least one.")},
    )

    def __init__(self, data: Any, segment: Segment) -> None:
        super().__init__(data)
        steps = segment.steps.filter(number__lte=segment.current_step).order_by("number")
        offered = list(steps.exclude(kind__in=saved.NEVER_SAVED).defer("criteria"))
        field: Any = self.fields["steps"]
        field.choices = [(str(step.number), _sentence(step)) for step in offered]
        field.initial = [str(step.number) for step in offered if step.kind not in saved.BY_HAND]

    def clean_code(self) -> str:
        """As it is stored; refused where it is taken."""
        code = _code(self.cleaned_data["code"])
        if SavedCriteria.objects.filter(code=code).exists():
            message = _("There are saved criteria %(code)s already. Choose another code.")
            raise forms.ValidationError(message, params={"code": code})
        return code

    @property
    def numbers(self) -> list[int]:
        """The steps ticked."""
        return [int(number) for number in self.cleaned_data["steps"]]


def _code(typed: str) -> str:
    """A code as it is stored; refused where it has grown too long by that."""
    code = typed.strip().upper()
    if len(code) > saved.LONGEST_CODE:
        message = _("Ensure this value has at most %(most)d characters.")
        raise forms.ValidationError(message, params={"most": saved.LONGEST_CODE})
    return code


def _sentence(step: Any) -> str:
    said = "; ".join(trail.sentences(step.words))
    kind = step.get_kind_display()
    return f"{step.number}. {kind}: {said}" if said else f"{step.number}. {kind}"


class StepsField(forms.CharField):
    """Steps as JSON text, checked as strictly as those that a page makes."""

    widget = forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "code"})

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as it was typed."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> Any:
        """The list of steps."""
        content, fault = parse(super().clean(value))
        try:
            if fault is not None:
                raise WorksheetError(fault)
            saved.read_steps(content)
        except WorksheetError as error:
            raise forms.ValidationError(str(error)) from error
        return content


class SavedCriteriaForm(forms.ModelForm):
    """Another name, other words, other steps."""

    steps = StepsField(
        label=_("Steps"),
        help_text=_("A list of steps in JSON, each with “kind”, “criteria” and “options”."),
    )

    class Meta:
        model = SavedCriteria
        fields = ("code", "description", "steps")

    def clean_code(self) -> str:
        """As it is stored."""
        return _code(self.cleaned_data["code"])


class ImportCriteriaForm(forms.Form):
    """Saved criteria from a file or from pasted text; what is wrong in it, the operation tells."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is too big: at most a million characters."))
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not a text in UTF-8.")) from error

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned["file"]) == bool(cleaned["text"]):
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        return cleaned

    @property
    def content(self) -> str:
        """The text to be read."""
        return str(self.cleaned_data["file"] or self.cleaned_data["text"])
