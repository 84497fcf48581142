"""A segment as it was: header and trail as data and in words, for the logged segment to keep."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import formats, translation

from segments.models import Segment

KEPT = (
    "number",
    "description",
    "date",
    "salesperson",
    "campaign",
    "campaign_target",
    "campaign_response",
    "template",
    "language",
    "subject",
    "correspondence_type",
    "ignore_contact_correspondence_type",
    "information_flow",
    "initiated_by",
    "unit_cost",
    "unit_duration",
    "send_word_as_attachment",
)


def header_as_it_is(segment: Segment) -> dict[str, Any]:
    """The header: {name: {value, label: {language: text}, text: {language: text}}}, those set.

    `value` is a code or number as people write it; label and text stand in every language.
    """
    return {
        name: {
            "value": _code(getattr(segment, name)),
            "label": _in_languages(lambda name=name: _label(name)),
            "text": _in_languages(lambda name=name: _text(segment, name)),
        }
        for name in KEPT
        if getattr(segment, name) not in (None, "")
    }


def trail_as_it_is(segment: Segment) -> list[dict[str, Any]]:
    """The steps up to where the segment stands, with criteria as data and in words."""
    steps = segment.steps.filter(number__lte=segment.current_step).select_related("by")
    return [
        {
            "number": step.number,
            "kind": step.kind,
            "kind_words": _in_languages(step.get_kind_display),
            "criteria": step.criteria,
            "options": step.options,
            "words": step.words,
            "added": step.added,
            "removed": step.removed,
            "lines_after": step.lines_after,
            "by": step.by.get_username() if step.by else "",
            "at": step.at.isoformat(),
        }
        for step in steps.order_by("number")
    ]


def _label(name: str) -> str:
    field: Any = Segment._meta.get_field(name)
    return str(field.verbose_name)


def _in_languages(said: Any) -> dict[str, str]:
    """What a function says in each language of ours."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = str(said())
    return texts


def _code(value: Any) -> Any:
    """A row's code or number, a flag as it is, anything else as text."""
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or getattr(value, "number", str(value))
    return value if isinstance(value, bool) else str(value)


def _text(segment: Segment, name: str) -> str:
    """A header's value as a person reads it."""
    display = getattr(segment, f"get_{name}_display", None)
    value = display() if display else getattr(segment, name)
    return str(value) if isinstance(value, models.Model) else formats.localize(value)
