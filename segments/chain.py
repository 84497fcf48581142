"""The chain line -> segment -> template, said in SQL: the tools that effective.py is made with.

The small tables (the templates in use, their languages, the segment's documents) are read once, by
a fixed number of statements, and become constants of the expressions: a line costs no look-ups.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    F,
    IntegerField,
    Q,
    TextField,
    Value,
)

from interactions import mergefields
from interactions.models import Document, InteractionTemplate, TemplateLanguage
from segments.fallback import ID, constant, switch, text, value
from segments.models import LineOverride, Segment

# The header calls some of them by another name.
HEADER_NAMES = {"cost": "unit_cost", "duration": "unit_duration"}


OUTPUT: dict[str, Any] = {
    "template_id": ID,
    "salesperson_id": ID,
    "campaign_id": ID,
    "date": DateField(),
    "unit_cost": DecimalField(max_digits=10, decimal_places=2),
    "unit_duration": IntegerField(),
    "campaign_target": BooleanField(),
    "campaign_response": BooleanField(),
    "send_word_as_attachment": BooleanField(),
}


class Chain:
    """The chain of one segment. Reads the small tables when it is made."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        overriding = LineOverride.objects.filter(line__segment=segment, template__isnull=False)
        wanted = Q(pk__in=overriding.values("template"))
        if segment.template_id:
            wanted |= Q(pk=segment.template_id)
        templates = InteractionTemplate.objects.filter(wanted).select_related("campaign")
        self.templates = {row.pk: row for row in templates}
        written = TemplateLanguage.objects.filter(template__in=list(self.templates))
        self.languages = list(written.select_related("document").order_by("pk"))
        self.letters = list(segment.documents.select_related("document"))
        self.own_documents = {row.language: row.document_id for row in self.letters}

    @property
    def template(self) -> InteractionTemplate | None:
        """The template of the header."""
        return self.templates.get(self.segment.template_id or 0)

    @property
    def only_template(self) -> InteractionTemplate | None:
        """The template of every line, where it is the header's and no line says another."""
        return self.template if len(self.templates) == 1 else None

    @property
    def documents(self) -> dict[int, Document]:
        """The letters of the segment and of its templates, by id."""
        own = {row.document.pk: row.document for row in self.letters}
        return own | {row.document.pk: row.document for row in self.languages if row.document}

    @property
    def header_language(self) -> str:
        """The language that the header's subject is written in."""
        return self.segment.language or (self.template.language if self.template else "")

    @cached_property
    def our(self) -> mergefields.Facts:
        """What letters say of our own company."""
        return mergefields.our_facts()

    @property
    def row(self) -> mergefields.Row:
        """Where a line has what its letter says, once it carries says_<name> for these names."""
        return mergefields.Row(
            prefix="contact__",
            language="says_language",
            salesperson="says_salesperson_id",
            campaign="says_campaign_id",
            line={
                "segment_number": Value(self.segment.number),
                "segment_description": Value(self.segment.description),
                "date": F("says_date"),
                "description": F("says_description"),
                "subject": F("says_subject"),
                "personal_comment": F("says_personal_comment"),
            },
            our=lambda: self.our,
        )

    @cached_property
    def subjects(self) -> list[str]:
        """The subjects with a brace that a line may have: merge fields may stand in them."""
        own = LineOverride.objects.filter(line__segment=self.segment, subject__contains="{")
        theirs = [self.segment.subject, *(row.subject for row in self.languages)]
        every = [*theirs, *own.values_list("subject", flat=True).distinct()]
        return [subject for subject in every if "{" in subject]

    def of_segment(self, name: str) -> Any:
        """The header's value; the segment is one, so it is a constant and needs no join."""
        return constant(getattr(self.segment, name), OUTPUT.get(name, TextField()))

    def of_template(self, name: str) -> Any:
        """The value of the template that the line has in force."""
        output = OUTPUT.get(name, TextField())
        if self.only_template:
            return constant(getattr(self.only_template, name), output)
        said = {pk: getattr(row, name) for pk, row in self.templates.items()}
        return switch("says_template_id", said, output)

    def in_languages(self, name: str) -> dict[int, dict[str, Any]]:
        """What each template says in each of its languages, where it says something."""
        said: dict[int, dict[str, Any]] = {pk: {} for pk in self.templates}
        for row in self.languages:
            if there := getattr(row, name):
                said[row.template_id][row.language] = there
        return said

    def of_language(self, name: str, ours: Mapping[str, Any], output: Any) -> Any:
        """What the segment says in the line's language, else the line's template."""
        theirs = self.in_languages(name)
        if self.only_template:
            return switch("says_language", theirs[self.only_template.pk] | dict(ours), output)
        said = {pk: switch("says_language", rows, output) for pk, rows in theirs.items()}
        return switch("says_language", ours, output, switch("says_template_id", said, output))

    def first_text(self, name: str) -> Any:
        """Line, else segment, else template: texts."""
        return text(f"override__{name}", self.of_segment(name), self.of_template(name))

    def first_value(self, name: str, last: Any) -> Any:
        """Line, else segment, else template, else `last`: numbers, flags and days."""
        above = HEADER_NAMES.get(name, name)
        output = OUTPUT[above]
        header, template = self.of_segment(above), self.of_template(above)
        return value(output, f"override__{name}", header, template, constant(last, output))
