"""What a header says and where each value comes from: its own, or the template's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext

from crm.models import Coded
from interactions.models import InteractionTemplate, TemplateLanguage
from segments.models import Segment

# The header strip, and the panel below it; the number is not to be changed.
STRIP = ("description", "salesperson", "date", "campaign")
PANEL = (
    "template",
    "language",
    "subject",
    "correspondence_type",
    "ignore_contact_correspondence_type",
    "information_flow",
    "initiated_by",
    "unit_cost",
    "unit_duration",
    "campaign_target",
    "campaign_response",
    "send_word_as_attachment",
)
FROM_TEMPLATE = (
    "campaign",
    "information_flow",
    "initiated_by",
    "unit_cost",
    "unit_duration",
    "campaign_target",
    "campaign_response",
)


@dataclass(frozen=True)
class Said:
    """One value of the header in words. `source` tells where an inherited one comes from."""

    name: str
    label: str
    text: str
    source: str = ""
    is_own: bool = False


def value_text(field: Any, value: Any) -> str:
    """A field's value as a person reads it; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Decimal):
        return str(formats.number_format(value, field.decimal_places, force_grouping=True))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return row_text(value) if isinstance(value, models.Model) else formats.localize(value)


def row_text(row: models.Model) -> str:
    """A row as it names itself, with its code where that is not said."""
    code = getattr(row, "code", "") if isinstance(row, Coded) else ""
    return f"{code} {row}" if code not in str(row) else str(row)


class Header:
    """A segment's header, with the template's values where it says nothing itself.

    Whoever has read the languages of the template already hands them over.
    """

    def __init__(
        self, segment: Segment, languages: Sequence[TemplateLanguage] | None = None
    ) -> None:
        self.segment = segment
        self.languages = languages

    @property
    def template(self) -> InteractionTemplate | None:
        return self.segment.template

    def strip(self) -> list[Said]:
        """Description, salesperson, date, campaign."""
        return self.said(STRIP)

    def panel(self) -> list[Said]:
        """What the interaction is to be."""
        return self.said(PANEL)

    def said(self, names: Iterable[str]) -> list[Said]:
        """These values, each with its source."""
        return [self.one(name) for name in names]

    def one(self, name: str) -> Said:
        """One value with its source."""
        field = Segment._meta.get_field(name)
        label = capfirst(str(field.verbose_name))  # type: ignore[union-attr]
        own = value_text(field, getattr(self.segment, name))
        if own:
            return Said(name, label, own, is_own=True)
        text, source = self.inherited(name)
        return Said(name, label, text, source)

    def inherited(self, name: str) -> tuple[str, str]:
        """What holds where the header says nothing: the words, and where they come from."""
        if name == "salesperson":
            return gettext("each contact's own"), ""
        if name == "correspondence_type":
            return self._correspondence_type()
        if name == "language":
            return self._language()
        if name == "subject":
            return self._subject, self._source if self._subject else ""
        if name in FROM_TEMPLATE and self.template:
            field = InteractionTemplate._meta.get_field(name)
            text = value_text(field, getattr(self.template, name))
            return text, self._source if text else ""
        return "", ""

    @property
    def _source(self) -> str:
        assert self.template  # only asked where there is one
        return gettext("from template %(code)s") % {"code": self.template.code}

    def _correspondence_type(self) -> tuple[str, str]:
        text = self.template.get_correspondence_type_display() if self.template else ""
        if not text:
            return gettext("each contact's own"), ""
        if self.template and self.template.ignore_contact_correspondence_type:
            return text, self._source
        return text, gettext("%(source)s, unless a contact prefers another") % {
            "source": self._source
        }

    def _language(self) -> tuple[str, str]:
        text = self.template.get_language_display() if self.template else ""
        if not text:
            return gettext("each contact's own"), ""
        return text, gettext("%(source)s, for contacts without a letter in theirs") % {
            "source": self._source
        }

    @cached_property
    def _subject(self) -> str:
        if self.template is None:
            return ""
        language = self.segment.language or self.template.language
        if self.languages is not None:
            wanted = (self.template.pk, language)
            known = {(row.template_id, row.language): row.subject for row in self.languages}
            return known.get(wanted, "")
        rows = self.template.languages.filter(language=language)
        return rows.values_list("subject", flat=True).first() or ""
