"""What a line says: the chain line -> segment -> template as SQL expressions, in one place.

Page, check, log and merge all read lines through `EffectiveLines`. Section 5 of the product's
design is the source of each rule; chain.py has the tools.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from crm.choices import CorrespondenceType
from interactions import mergefields
from interactions.models import TemplateLanguage
from segments.chain import ID, Chain, constant, text
from segments.models import Segment, SegmentLine

# What a line can say; annotated as says_<name>.
NAMES = (
    "template_id",
    "description",
    "salesperson_id",
    "language",
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
    "subject",  # last: its merge fields may name the others
)
IN_SUBJECTS = {"salesperson_id", "campaign_id", "description", "personal_comment"}


class EffectiveLines(Chain):
    """The lines of one segment with what they say."""

    def lines(self, *names: str, at: int | None = None) -> QuerySet[Any]:
        """The lines present, in order, with says_<name> for each name (by default for all)."""
        present = SegmentLine.objects.present(self.segment, at).order_by("pk")
        return self.annotate(present, names or NAMES)

    def annotate(self, lines: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
        """Adds says_<name>; later ones build on says_template_id and says_language."""
        wanted = set(names)
        if wanted & {"subject", "document_id"}:
            wanted.add("language")
        if "subject" in wanted and self.subjects:
            wanted |= IN_SUBJECTS
        ordered = [
            name for name in NAMES if name in wanted and name not in ("template_id", "subject")
        ]
        # What a subject may name comes before it.
        names = ["template_id", *ordered, *(wanted & {"subject"})]
        return lines.annotate(**{f"says_{name}": getattr(self, name) for name in names})

    def with_facts(self, lines: QuerySet[Any]) -> QuerySet[Any]:
        """Adds `facts`: what the letter of a line is made of. The lines carry all of NAMES."""
        row = self.row
        names: Any = {name: getattr(row, name) for name in ("language", "salesperson", "campaign")}
        facts = mergefields.facts_expression(row.prefix, our=self.our, **names, **row.line)
        return lines.annotate(facts=facts)

    # -- one expression a value ----------------------------------------------------------------

    @cached_property
    def template_id(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(F("override__template_id"), self.of_segment("template_id"), output_field=ID)

    @cached_property
    def description(self) -> Coalesce:
        """Line, else segment."""
        return text("override__description", self.of_segment("description"))

    @cached_property
    def salesperson_id(self) -> Coalesce:
        """Line, else segment, else contact."""
        return Coalesce(
            F("override__salesperson_id"),
            self.of_segment("salesperson_id"),
            F("contact__salesperson_id"),
            output_field=ID,
        )

    @cached_property
    def language(self) -> Coalesce:
        """Line; else the contact's where there is a letter in it; else segment; else template."""
        there = Q(contact__language__in=list(self.own_documents))
        for template in self.templates:
            written = [row.language for row in self._written(template)]
            there |= Q(says_template_id=template, contact__language__in=written)
        contact = Case(When(there, then=F("contact__language")), output_field=TextField())
        above = self.of_segment("language"), self.of_template("language")
        return text("override__language", contact, *above)

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
            Case(*ours, *theirs, default=constant(None, ID), output_field=ID),
            output_field=ID,
        )

    @cached_property
    def subject(self) -> Any:
        """As it is written, its merge fields resolved."""
        return mergefields.resolved(self.subject_written, self.subjects, self.row)

    @cached_property
    def subject_written(self) -> Coalesce:
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
        return text("override__subject", in_language, of_template, header)

    @cached_property
    def correspondence_type(self) -> Coalesce:
        """Line; a segment that ignores preferences; a template likewise or without any; contact."""
        own = self.segment.correspondence_type
        forced = Value(own if self.segment.ignore_contact_correspondence_type else "")
        of_template = Value(own) if own else self.of_template("correspondence_type")
        ignoring = [
            pk for pk, row in self.templates.items() if row.ignore_contact_correspondence_type
        ]
        preferred = Q(contact__correspondence_type="") | Q(says_template_id__in=ignoring)
        above = Case(When(preferred, then=of_template), output_field=TextField())
        return text("override__correspondence_type", forced, above, "contact__correspondence_type")

    @cached_property
    def information_flow(self) -> Coalesce:
        """Line, else segment, else template."""
        return self.first_text("information_flow")

    @cached_property
    def initiated_by(self) -> Coalesce:
        """Line, else segment, else template."""
        return self.first_text("initiated_by")

    @cached_property
    def date(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(F("override__date"), self.of_segment("date"), output_field=DateField())

    @cached_property
    def cost(self) -> Coalesce:
        """Line, else the segment's unit cost, else the template's."""
        return self.first_value("cost", 0)

    @cached_property
    def duration(self) -> Coalesce:
        """Line, else the segment's unit duration, else the template's; minutes."""
        return self.first_value("duration", 0)

    @cached_property
    def campaign_id(self) -> Coalesce:
        """Line, else segment, else template."""
        return Coalesce(
            F("override__campaign_id"),
            self.of_segment("campaign_id"),
            self.of_template("campaign_id"),
            output_field=ID,
        )

    @cached_property
    def campaign_target(self) -> Coalesce:
        """Line, else segment, else template."""
        return self.first_value("campaign_target", False)

    @cached_property
    def campaign_response(self) -> Coalesce:
        """Line, else segment, else template."""
        return self.first_value("campaign_response", False)

    @cached_property
    def send_word_as_attachment(self) -> Coalesce:
        """Line, else segment."""
        return Coalesce(
            F("override__send_word_as_attachment"),
            self.of_segment("send_word_as_attachment"),
            output_field=BooleanField(),
        )

    @cached_property
    def evaluation(self) -> Coalesce:
        """The line's."""
        return text("override__evaluation")

    @cached_property
    def personal_comment(self) -> Coalesce:
        """The line's."""
        return text("override__personal_comment")


def date_from_within(segment: Segment) -> Coalesce:
    """The date that a line says, for a subquery that looks out at the line."""
    above = constant(segment.date, DateField())
    return Coalesce(OuterRef("override__date"), above, output_field=DateField())


def doubled(lines: QuerySet[SegmentLine]) -> Exists:
    """Whether an earlier line among these has the same contact."""
    return Exists(lines.order_by().filter(contact=OuterRef("contact"), pk__lt=OuterRef("pk")))


EMAIL = CorrespondenceType.EMAIL
