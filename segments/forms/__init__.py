"""Forms of the worksheet: they clean what was typed, and never act."""

from segments.forms.choosing import OptionsForm
from segments.forms.header import HeaderForm, SegmentForm, header_field_form
from segments.forms.lines import (
    AddToSegmentForm,
    ByHandForm,
    GatherForm,
    LetterForm,
    OwnLetterForm,
    cell_form,
)
from segments.forms.logging import FollowUpForm, LogForm
from segments.forms.pasting import PasteColumnForm

__all__ = [
    "AddToSegmentForm",
    "ByHandForm",
    "FollowUpForm",
    "GatherForm",
    "HeaderForm",
    "LetterForm",
    "LogForm",
    "OptionsForm",
    "OwnLetterForm",
    "PasteColumnForm",
    "SegmentForm",
    "cell_form",
    "header_field_form",
]
