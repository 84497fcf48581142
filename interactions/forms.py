"""Forms of templates, their letters, and the log: they clean what was typed and never act."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from crm.choices import CorrespondenceType, Evaluation
from crm.languages import LANGUAGES
from interactions import delivery, letters, linting, mailmerge
from interactions.models import (
    Delivery,
    InteractionLogEntry,
    InteractionTemplate,
    LogEntryComment,
    TemplateLanguage,
)

LONGEST_COMMENT = 2000
# The code is part of the page's address.
CODE = RegexValidator(r"^(?!\.+$)[^/\\?#]+$", _("A code cannot contain / \\ ? # or be dots only."))


class TemplateForm(forms.ModelForm):
    """An interaction template."""

    fieldsets = (
        (_("Template"), "code description group language"),
        (
            _("Interaction"),
            "correspondence_type ignore_contact_correspondence_type information_flow initiated_by "
            "unit_cost unit_duration for_calls",
        ),
        (_("Campaign"), "campaign campaign_target campaign_response"),
    )

    class Meta:
        model = InteractionTemplate
        fields = (
            "code",
            "description",
            "group",
            "language",
            "correspondence_type",
            "ignore_contact_correspondence_type",
            "information_flow",
            "initiated_by",
            "unit_cost",
            "unit_duration",
            "for_calls",
            "campaign",
            "campaign_target",
            "campaign_response",
        )
        help_texts: ClassVar[dict[str, Any]] = {
            "language": _("For contacts in whose language there is no letter."),
            "ignore_contact_correspondence_type": _(
                "The template's correspondence type holds even where a contact prefers another."
            ),
            "unit_cost": _("Of one interaction."),
        }
        widgets: ClassVar[dict[str, Any]] = {"campaign": forms.Select(attrs={"data-choose": True})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].validators.append(CODE)
        if self.instance.pk is None:
            self.initial.setdefault("correspondence_type", CorrespondenceType.EMAIL)


class LanguageForm(forms.ModelForm):
    """A template's subject and letter in one language.

    `letter` is cleaned to (name, bytes), or None where no file was chosen; the letter has been read
    and its merge fields are known, or `accept_unknown` is ticked.
    """

    letter = forms.FileField(
        label=_("Letter"),
        required=False,
        allow_empty_file=True,
        help_text=_("A Word document (.docx) with merge fields, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    accept_unknown = forms.BooleanField(
        label=_("Use the letter although it has unknown merge fields; they stay empty"),
        required=False,
    )
    remove_letter = forms.BooleanField(label=_("Take the present letter away"), required=False)

    class Meta:
        model = TemplateLanguage
        fields = ("language", "subject")
        help_texts: ClassVar[dict[str, Any]] = {
            "subject": _("It may have merge fields: Dear {{ First_Name }}"),
        }

    field_order = ("language", "subject", "letter", "accept_unknown", "remove_letter")

    def __init__(self, *args: Any, template: InteractionTemplate, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.template = template
        # Offered only after a letter was refused for them.
        self.has_unknown = False
        if self.instance.document is None:
            del self.fields["remove_letter"]
        if self.instance.pk:
            del self.fields["language"]
        else:
            self._offer_new_languages(template)

    def _offer_new_languages(self, template: InteractionTemplate) -> None:
        """Those the template has not; its own default first."""
        taken = set(template.languages.values_list("language", flat=True))
        free = [("", "---------"), *((code, name) for code, name in LANGUAGES if code not in taken)]
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=free)
        if template.language not in taken:
            self.initial.setdefault("language", template.language)

    def clean_letter(self) -> tuple[str, bytes] | None:
        """The file, read; what is wrong with it is said next to the field."""
        file: UploadedFile | None = self.cleaned_data["letter"]
        if not file:
            return None
        try:
            data = file.read(mailmerge.DEFAULT.max_bytes + 1)
            template = mailmerge.read_template(data)
        except mailmerge.DocumentError as error:
            raise ValidationError(str(error)) from error
        if refused := linting.refusals(template):
            raise ValidationError(refused)
        self._refuse_unknown(template.fields)
        return file.name or "", data

    def clean_subject(self) -> str:
        """Merge fields in it are known, and of the kind that a subject can have."""
        subject: str = self.cleaned_data["subject"]
        if faults := linting.of_subject(subject):
            raise ValidationError(faults)
        return subject

    def _refuse_unknown(self, fields: tuple[str, ...]) -> None:
        """Unknown fields are most often misspelt: refused, until it is said that they are meant."""
        unknown = linting.unknown(fields)
        self.has_unknown = bool(unknown)
        if unknown and not self.data.get(self.add_prefix("accept_unknown")):
            tick = _("Correct the letter and choose it again, or tick below that it is meant so.")
            raise ValidationError([*unknown, str(tick)])

    def clean(self) -> dict[str, Any]:
        """A new letter takes the old one's place: then there is nothing to take away."""
        cleaned = super().clean() or {}
        if cleaned.get("letter") and cleaned.get("remove_letter"):
            self.add_error("remove_letter", _("Choose a new letter or take it away, not both."))
        return cleaned


class EvaluationForm(forms.Form):
    """How an interaction went."""

    evaluation = forms.ChoiceField(
        label=_("Evaluation"),
        required=False,
        choices=[("", _("Not evaluated")), *Evaluation.choices],
    )


class CommentForm(forms.ModelForm):
    """A remark on an entry of the log."""

    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = LogEntryComment
        fields = ("text",)


class PrintForm(forms.Form):
    """What of a logged segment to print, as which file, in which order."""

    kind = forms.ChoiceField(label=_("What"), choices=letters.Kind)
    file_format = forms.ChoiceField(label=_("File"), choices=letters.Format)
    order = forms.ChoiceField(label=_("Order"), choices=letters.Order)


class AgainForm(forms.Form):
    """How a letter is sent again: with which values, and which way."""

    values = forms.ChoiceField(
        label=_("With which values"),
        choices=(
            ("same", _("As they were logged")),
            ("today", _("With what is known of the contacts today, as new interactions")),
        ),
        initial="same",
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("How"),
        required=False,
        choices=(("", _("As the interaction says")), *CorrespondenceType.choices),
        widget=forms.RadioSelect,
    )

    @property
    def send(self) -> Callable[..., int]:
        """The operation that was chosen."""
        return delivery.refresh if self.cleaned_data["values"] == "today" else delivery.resend


class ResendForm(AgainForm):
    """Which of a logged segment's letters to send again, with which values, and which way."""

    states = forms.MultipleChoiceField(label=_("Which"), widget=forms.CheckboxSelectMultiple)
    field_order = ("states", "values", "way")

    def __init__(self, data: Any = None, *, counts: dict[str, int]) -> None:
        super().__init__(data)
        labels = {**dict(Delivery.choices), delivery.UNSENT: _("Not sent until now")}
        states: Any = self.fields["states"]
        states.choices = [
            (state, f"{labels[state]} ({counts[state]})")
            for state in (*delivery.RESENDABLE, delivery.UNSENT)
            if counts.get(state)
        ]
        # Where there is one answer only, it is ticked already.
        if len(states.choices) == 1:
            states.initial = [states.choices[0][0]]


class ResendEntryForm(AgainForm):
    """How the letter of one entry is sent again; refused where its contact cannot be reached so."""

    def __init__(self, data: Any = None, *, entry: InteractionLogEntry) -> None:
        super().__init__(data)
        self.entry = entry
        way: Any = self.fields["way"]
        own, *others = way.choices
        if said := entry.get_correspondence_type_display():
            own = ("", _("As the interaction says: %s") % said)
        way.choices = [own, *others] if said else others

    def clean_way(self) -> str:
        """The way; what keeps the letter from going that way is said here."""
        way = str(self.cleaned_data["way"])
        if why := delivery.why_not(self.entry, way):
            raise ValidationError(why)
        return way
