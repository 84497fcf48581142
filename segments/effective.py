"""What a line says: the chain line -> segment -> template as SQL expressions, in one place.

Page, check, log and merge all read lines through `EffectiveLines`. Section 5 of the product's
design is the source of each rule. An empty text or a null means "inherit". The small tables (the
templates in use, their languages, the segment's documents) are read once, by a fixed number of
statements, and become constants of the expressions: a line costs no look-ups.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from crm.choices import CorrespondenceType
from interactions import mergefields
from interactions.models import InteractionTemplate, TemplateLanguage
from segments.models import LineOverride, Segment, SegmentLine

# What a line can say, in the order of the interaction panel; annotated as says_<name>.
NAMES = (
    "template_id",
    "description",
    "salesperson_id",
    "language",
    "subject",
    "document_id",
    "correspondence_type",
    "information_flow",
    "initiated_by",
    "date",
    "cost",
    "duration",
    "campaign_id",
    "campaign_target",
    "campaign_response",
    "send_word_as_attachment",
    "evaluation",
    "personal_comment",
)
# The header calls some of them by another name.
HEADER_NAMES = {"cost": "unit_cost", "duration": "unit_duration"}


_ID = BigIntegerField()


def _text(*expressions: Any) -> Coalesce:
    """The first text that is not empty, else ""."""
    empty = Value("")
    filled = [NullIf(_path(one), empty) for one in expressions]
    return Coalesce(*filled, empty, output_field=TextField())


def _constant(value: Any, output: Any) -> Any:
    """A constant that says its type: PostgreSQL takes an untyped null for a text."""
    typed = Value(value, output_field=output)
    return typed if isinstance(output, TextField) else Cast(typed, output)


def _path(expression: Any) -> Any:
    return F(expression) if isinstance(expression, str) else expression


class EffectiveLines:
    """The lines of one segment with what they say. Reads the small tables when it is made."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        overriding = LineOverride.objects.filter(line__segment=segment, template__isnull=False)
        wanted = Q(pk__in=overriding.values("template"))
        if segment.template_id:
            wanted |= Q(pk=segment.template_id)
        self.templates = {row.pk: row for row in InteractionTemplate.objects.filter(wanted)}
        self.languages = list(
            TemplateLanguage.objects.filter(template__in=list(self.templates)).order_by("pk")
        )
        self.own_documents = dict(segment.documents.values_list("language", "document"))

    @property
    def template(self) -> InteractionTemplate | None:
        """The template of the header."""
        return self.templates.get(self.segment.template_id or 0)

    @property
    def header_language(self) -> str:
        """The language that the header's subject is written in."""
        return self.segment.language or (self.template.language if self.template else "")

    def lines(self, *names: str, at: int | None = None) -> QuerySet[SegmentLine]:
        """The lines present, in order, with says_<name> for each name (by default for all)."""
        present = SegmentLine.objects.present(self.segment, at).order_by("pk")
        return self.annotate(present, names or NAMES)

    def annotate(self, lines: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
        """Adds says_<name>; later ones build on says_template_id and says_language."""
        wanted = set(names)
        if wanted & {"subject", "document_id"}:
            wanted.add("language")
        ordered = ["template_id", *(name for name in NAMES if name in wanted - {"template_id"})]
        for name in ordered:
            lines = lines.annotate(**{f"says_{name}": getattr(self, name)})
        return lines

    def with_facts(self, lines: QuerySet[Any]) -> QuerySet[Any]:
        """Adds `facts`: what the letter of a line is made of. The lines carry all of NAMES."""
        return lines.annotate(
            facts=mergefields.facts_expression(
                "contact__",
                language="says_language",
                salesperson="says_salesperson_id",
                campaign="says_campaign_id",
                segment_number=Value(self.segment.number),
                segment_description=Value(self.segment.description),
                date=F("says_date"),
                description=F("says_description"),
                subject=F("says_subject"),
                personal_comment=F("says_personal_comment"),
            )
        )

    # -- one expression a value ----------------------------------------------------------------

    def _of_segment(self, name: str) -> Any:
        """The header's value; the segment is one, so it is a constant and needs no join."""
        return _constant(getattr(self.segment, name), _OUTPUT.get(name, TextField()))

    def _of_template(self, name: str) -> Case:
        """The value of the template that the line has in force."""
        output = _OUTPUT.get(name, TextField())
        cases = [
            When(says_template_id=pk, then=_constant(getattr(row, name), output))
            for pk, row in self.templates.items()
        ]
        return Case(*cases, default=_constant(None, output), output_field=output)

    def _chain(self, name: str) -> Coalesce:
        """Line, else segment, else template: texts."""
        return _text(f"override__{name}", self._of_segment(name), self._of_template(name))

    def _chain_value(self, name: str, last: Any) -> Coalesce:
        """Line, else segment, else template, else `last`: numbers, flags and days."""
        above = HEADER_NAMES.get(name, name)
        output = _OUTPUT[above]
        return Coalesce(
            F(f"override__{name}"),
            self._of_segment(above),
            self._of_template(above),
            _constant(last, output),
            output_field=output,
        )

    @cached_property
    def template_id(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(
            F("override__template_id"), self._of_segment("template_id"), output_field=_ID
        )

    @cached_property
    def description(self) -> Coalesce:
        """Line, else segment."""
        return _text("override__description", self._of_segment("description"))

    @cached_property
    def salesperson_id(self) -> Coalesce:
        """Line, else segment, else contact."""
        return Coalesce(
            F("override__salesperson_id"),
            self._of_segment("salesperson_id"),
            F("contact__salesperson_id"),
            output_field=_ID,
        )

    @cached_property
    def language(self) -> Coalesce:
        """Line; else the contact's where there is a letter in it; else segment; else template."""
        there = Q(contact__language__in=list(self.own_documents))
        for template in self.templates:
            written = [row.language for row in self._written(template)]
            there |= Q(says_template_id=template, contact__language__in=written)
        contact = Case(When(there, then=F("contact__language")), output_field=TextField())
        above = self._of_segment("language"), self._of_template("language")
        return _text("override__language", contact, *above)

    def _written(self, template: int) -> list[TemplateLanguage]:
        return [row for row in self.languages if row.template_id == template and row.document_id]

    @cached_property
    def document_id(self) -> Coalesce:
        """The line's own; else the segment's in that language; else the template's."""
        ours = [
            When(says_language=language, then=Value(document))
            for language, document in self.own_documents.items()
        ]
        theirs = [
            When(says_template_id=row.template_id, says_language=row.language, then=row.document_id)
            for row in self.languages
            if row.document_id
        ]
        return Coalesce(
            F("override__document_id"),
            Case(*ours, *theirs, default=_constant(None, _ID), output_field=_ID),
            output_field=_ID,
        )

    @cached_property
    def subject(self) -> Coalesce:
        """The line's own; else the segment's in its language; else the template's; else any."""
        theirs = [
            When(
                says_template_id=row.template_id,
                says_language=row.language,
                then=Value(row.subject),
            )
            for row in self.languages
            if row.subject
        ]
        header = Value(self.segment.subject)
        ours = When(says_language=self.header_language, then=header)
        in_language = Case(ours, default=Value(""), output_field=TextField())
        of_template = Case(*theirs, default=Value(""), output_field=TextField())
        return _text("override__subject", in_language, of_template, header)

    @cached_property
    def correspondence_type(self) -> Coalesce:
        """Line; a segment that ignores preferences; a template likewise or without any; contact."""
        own = self.segment.correspondence_type
        forced = Value(own if self.segment.ignore_contact_correspondence_type else "")
        of_template = Value(own) if own else self._of_template("correspondence_type")
        ignoring = [
            pk for pk, row in self.templates.items() if row.ignore_contact_correspondence_type
        ]
        preferred = Q(contact__correspondence_type="") | Q(says_template_id__in=ignoring)
        above = Case(When(preferred, then=of_template), output_field=TextField())
        return _text("override__correspondence_type", forced, above, "contact__correspondence_type")

    @cached_property
    def information_flow(self) -> Coalesce:
        """Line, else segment, else template."""
        return self._chain("information_flow")

    @cached_property
    def initiated_by(self) -> Coalesce:
        """Line, else segment, else template."""
        return self._chain("initiated_by")

    @cached_property
    def date(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(F("override__date"), self._of_segment("date"), output_field=DateField())

    @cached_property
    def cost(self) -> Coalesce:
        """Line, else the segment's unit cost, else the template's."""
        return self._chain_value("cost", 0)

    @cached_property
    def duration(self) -> Coalesce:
        """Line, else the segment's unit duration, else the template's; minutes."""
        return self._chain_value("duration", 0)

    @cached_property
    def campaign_id(self) -> Coalesce:
        """Line, else segment, else template."""
        return Coalesce(
            F("override__campaign_id"),
            self._of_segment("campaign_id"),
            self._of_template("campaign_id"),
            output_field=_ID,
        )

    @cached_property
    def campaign_target(self) -> Coalesce:
        """Line, else segment, else template."""
        return self._chain_value("campaign_target", False)

    @cached_property
    def campaign_response(self) -> Coalesce:
        """Line, else segment, else template."""
        return self._chain_value("campaign_response", False)

    @cached_property
    def send_word_as_attachment(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(
            F("override__send_word_as_attachment"),
            self._of_segment("send_word_as_attachment"),
            output_field=BooleanField(),
        )

    @cached_property
    def evaluation(self) -> Coalesce:
        """The line's."""
        return _text("override__evaluation")

    @cached_property
    def personal_comment(self) -> Coalesce:
        """The line's."""
        return _text("override__personal_comment")


_OUTPUT: dict[str, Any] = {
    "template_id": _ID,
    "salesperson_id": _ID,
    "campaign_id": _ID,
    "date": DateField(),
    "unit_cost": DecimalField(max_digits=10, decimal_places=2),
    "unit_duration": IntegerField(),
    "campaign_target": BooleanField(),
    "campaign_response": BooleanField(),
    "send_word_as_attachment": BooleanField(),
}


def doubled(lines: QuerySet[SegmentLine]) -> Exists:
    """Whether an earlier line among these has the same contact."""
    return Exists(lines.order_by().filter(contact=OuterRef("contact"), pk__lt=OuterRef("pk")))


EMAIL = CorrespondenceType.EMAIL
