"""Forms of single interactions, calls, targets and tasks: they clean what was typed, never act."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Salesperson
from crm.widgets import ContactField, choosing, date_input
from interactions import mailmerge
from interactions.calls import Number
from interactions.creating import Extra
from interactions.models import InteractionLogEntry, Task

LONGEST = 2000
OTHER = "other"


def next_minute() -> datetime.time:
    """Now, rounded up to the minute."""
    now = timezone.localtime()
    return (
        (now + datetime.timedelta(seconds=-now.second % 60)).time().replace(second=0, microsecond=0)
    )


class EntryForm(forms.ModelForm):
    """What single interactions and calls share. An empty value is inherited (inheriting.py)."""

    date = forms.DateField(label=_("Date"), widget=date_input())
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    result = forms.CharField(
        label=_("Result"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In words; it becomes a comment on the interaction."),
    )
    successful = forms.BooleanField(
        label=_("Successful"),
        required=False,
        help_text=_("Without the tick it is an attempt that failed."),
    )
    cost = forms.DecimalField(
        label=_("Cost"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    duration = forms.IntegerField(
        label=_("Duration (min)"), required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = Q(blocked=False) | Q(pk=self.instance.salesperson_id)
        salesperson: Any = self.fields["salesperson"]
        salesperson.queryset = Salesperson.objects.filter(wanted)
        salesperson.required = False
        self.fields["description"].required = False
        for name in ("campaign_target", "campaign_response"):
            self.fields[name] = _flag(self.fields[name].label)
        if not self.instance.pk:
            now = {"date": timezone.localdate(), "time": next_minute(), "successful": True}
            self.initial.update(
                {name: at for name, at in now.items() if not self.initial.get(name)}
            )

    def clean(self) -> dict[str, Any]:
        """Whether it was successful is kept the other way round."""
        cleaned = super().clean() or {}
        self.instance.attempt_failed = not cleaned.get("successful")
        return cleaned


def _flag(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or what the template says."""
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", _("As the template")), ("True", _("Yes")), ("False", _("No"))],
        coerce=lambda value: value == "True",
        empty_value=None,
    )


class InteractionForm(EntryForm):
    """One interaction with one contact, on one page.

    `letter` is cleaned to (name, bytes) of a Word document that can be read, or None.
    """

    fieldsets: ClassVar[list[tuple[Any, str]]] = [
        (_("With whom, and what"), "contact template description"),
        (
            _("More"),
            "salesperson language date time correspondence_type information_flow initiated_by",
        ),
        (_("Letter"), "subject personal_comment letter drop_letter"),
        (_("Campaign"), "campaign campaign_target campaign_response"),
        (_("How it went"), "result evaluation successful cost duration"),
        (_("Delivery"), "send"),
    ]
    contact = ContactField(label=_("Contact"))
    personal_comment = forms.CharField(
        label=_("Personal comment"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the letter where it has the field Personal_comment."),
    )
    letter = forms.FileField(
        label=_("Own letter"),
        required=False,
        allow_empty_file=True,
        help_text=_("A Word document (.docx) in place of the template's; it is sent as it is."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    drop_letter = forms.BooleanField(label=_("Take the own letter away"), required=False)
    send = forms.BooleanField(label=_("Send the letter once this is logged"), required=False)

    class Meta:
        model = InteractionLogEntry
        fields = (
            *("contact", "template", "description", "salesperson", "language", "date", "time"),
            *("correspondence_type", "information_flow", "initiated_by", "subject"),
            *("campaign", "campaign_target", "campaign_response"),
            *("evaluation", "cost", "duration"),
        )
        widgets = choosing("template", "salesperson", "campaign")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.own_document:
            del self.fields["drop_letter"]

    def clean_letter(self) -> tuple[str, bytes] | None:
        """The file, read; what is wrong with it is said next to the field."""
        file: UploadedFile | None = self.cleaned_data["letter"]
        if not file:
            return None
        try:
            data = file.read(mailmerge.DEFAULT.max_bytes + 1)
            mailmerge.read_template(data)
        except mailmerge.DocumentError as error:
            raise ValidationError(str(error)) from error
        return file.name or "", data

    @property
    def extra(self) -> Extra:
        """What was typed beside the entry's own values."""
        names = ("letter", "drop_letter", "personal_comment", "result", "send")
        cleaned = self.cleaned_data
        return Extra(**{name: cleaned[name] for name in names if cleaned.get(name)})


class CallForm(EntryForm):
    """A phone call and its result, for one contact whose numbers are known."""

    fieldsets: ClassVar[list[tuple[Any, str]]] = [
        (_("Call"), "number other_number template description"),
        (_("How it went"), "result evaluation successful take_out"),
        (_("More"), "salesperson date time initiated_by cost duration"),
        (_("Campaign"), "campaign campaign_target campaign_response"),
    ]
    number = forms.ChoiceField(label=_("Number"), widget=forms.RadioSelect)
    other_number = forms.CharField(label=_("Another number"), required=False, max_length=50)
    take_out = forms.BooleanField(
        label=_("Take the line out of the segment"),
        required=False,
        initial=True,
        help_text=_("If the call was successful; Back brings the line again."),
    )

    class Meta:
        model = InteractionLogEntry
        fields = (
            *("template", "description", "salesperson", "date", "time", "initiated_by"),
            *("campaign", "campaign_target", "campaign_response"),
            *("evaluation", "cost", "duration"),
        )
        widgets = choosing("template", "salesperson", "campaign")

    def __init__(
        self, *args: Any, numbers: Sequence[Number], from_line: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        known = [(one.number, f"{one.label}: {one.number}") for one in numbers]
        number: Any = self.fields["number"]
        number.choices = [*known, (OTHER, _("Another number"))]
        self.initial.setdefault("number", numbers[0].number if numbers else OTHER)
        if not from_line:
            del self.fields["take_out"]

    def clean(self) -> dict[str, Any]:
        """The number that was called; another one has to be typed."""
        cleaned = super().clean()
        number = cleaned.get("number", "")
        other = cleaned.get("other_number") or ""
        if number == OTHER and not other.strip():
            self.add_error("other_number", _("Type the number."))
        if any(sign.isalpha() for sign in other):
            self.add_error("other_number", _("A phone number has no letters."))
        self.instance.via = other if number == OTHER else number
        return cleaned


class TargetForm(forms.Form):
    """One more target of a campaign."""

    contact = ContactField(label=_("Company, or person without one"))


class TaskForm(forms.ModelForm):
    """A task; the contact is known."""

    due = forms.DateField(label=_("Due"), widget=date_input())

    class Meta:
        model = Task
        fields: tuple[str, ...] = ("description", "due", "salesperson")
        widgets = choosing("salesperson")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = Q(blocked=False) | Q(pk=self.instance.salesperson_id)
        self.fields["salesperson"].queryset = Salesperson.objects.filter(wanted)  # type: ignore[attr-defined]
        self.initial.setdefault("due", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Nothing new is begun with a blocked contact (5.3 of the reference)."""
        cleaned = super().clean() or {}
        known = self.instance.contact if self.instance.contact_id else None
        contact: Contact | None = cleaned.get("contact") or known
        if contact is not None and contact.is_blocked and not self.instance.pk:
            said = _("%(contact)s is blocked: nothing new is begun with this contact.")
            self.add_error(
                "contact" if "contact" in self.fields else None,
                ValidationError(said, params={"contact": contact}),
            )
        return cleaned


class NewTaskForm(TaskForm):
    """A task whose contact is still to be named."""

    contact = ContactField(label=_("Contact"))

    class Meta(TaskForm.Meta):
        fields = ("contact", "description", "due", "salesperson")
