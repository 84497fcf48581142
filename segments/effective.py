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
    When,
)
from django.db.models.functions import Coalesce

from crm.choices import CorrespondenceType
from interactions import mergefields
from segments.chain import Chain
from segments.fallback import ID, constant, text, value
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
    def template_id(self) -> Any:
        """Line, else segment."""
        return value(ID, "override__template_id", self.of_segment("template_id"))

    @cached_property
    def description(self) -> Any:
        """Line, else segment."""
        return text("override__description", self.of_segment("description"))

    @cached_property
    def salesperson_id(self) -> Any:
        """Line, else segment, else contact."""
        header = self.of_segment("salesperson_id")
        return value(ID, "override__salesperson_id", header, "contact__salesperson_id")

    @cached_property
    def language(self) -> Any:
        """Line; else the contact's where there is a letter in it; else segment; else template."""
        contact = Case(
            When(self._is_written, then=F("contact__language")), output_field=TextField()
        )
        above = self.of_segment("language"), self.of_template("language")
        return text("override__language", contact, *above)

    @property
    def _is_written(self) -> Q:
        """That the segment or the line's template has a letter in the contact's language."""
        own, theirs = set(self.own_documents), self.in_languages("document_id")
        if self.only_template:
            return Q(contact__language__in=own | set(theirs[self.only_template.pk]))
        there = Q(contact__language__in=own)
        for template, written in theirs.items():
            there |= Q(says_template_id=template, contact__language__in=list(written))
        return there

    @cached_property
    def document_id(self) -> Any:
        """The line's own; else the segment's in that language; else the template's."""
        written = self.of_language("document_id", self.own_documents, ID)
        return value(ID, "override__document_id", written)

    @cached_property
    def subject(self) -> Any:
        """As it is written, its merge fields resolved."""
        return mergefields.resolved(self.subject_written, self.subjects, self.row)

    @cached_property
    def subject_written(self) -> Any:
        """The line's own; else the segment's in its language; else the template's; else any."""
        header = self.segment.subject
        ours = {self.header_language: header} if header else {}
        written = self.of_language("subject", ours, TextField())
        return text("override__subject", written, self.of_segment("subject"))

    @cached_property
    def correspondence_type(self) -> Any:
        """Line; a segment that ignores preferences; a template likewise or without any; contact."""
        own = self.segment.correspondence_type
        is_forced = own and self.segment.ignore_contact_correspondence_type
        of_template = constant(own, TextField()) if own else self.of_template("correspondence_type")
        ignoring = {
            pk for pk, row in self.templates.items() if row.ignore_contact_correspondence_type
        }
        if is_forced or (self.only_template and ignoring):
            above = of_template
        else:
            preferred = Q(contact__correspondence_type="") | Q(says_template_id__in=ignoring)
            above = Case(When(preferred, then=of_template), output_field=TextField())
        return text("override__correspondence_type", above, "contact__correspondence_type")

    @cached_property
    def information_flow(self) -> Any:
        """Line, else segment, else template."""
        return self.first_text("information_flow")

    @cached_property
    def initiated_by(self) -> Any:
        """Line, else segment, else template."""
        return self.first_text("initiated_by")

    @cached_property
    def date(self) -> Any:
        """Line, else segment."""
        return value(DateField(), "override__date", self.of_segment("date"))

    @cached_property
    def cost(self) -> Any:
        """Line, else the segment's unit cost, else the template's."""
        return self.first_value("cost", 0)

    @cached_property
    def duration(self) -> Any:
        """Line, else the segment's unit duration, else the template's; minutes."""
        return self.first_value("duration", 0)

    @cached_property
    def campaign_id(self) -> Any:
        """Line, else segment, else template."""
        above = self.of_segment("campaign_id"), self.of_template("campaign_id")
        return value(ID, "override__campaign_id", *above)

    @cached_property
    def campaign_target(self) -> Any:
        """Line, else segment, else template."""
        return self.first_value("campaign_target", False)

    @cached_property
    def campaign_response(self) -> Any:
        """Line, else segment, else template."""
        return self.first_value("campaign_response", False)

    @cached_property
    def send_word_as_attachment(self) -> Any:
        """Line, else segment."""
        header = self.of_segment("send_word_as_attachment")
        return value(BooleanField(), "override__send_word_as_attachment", header)

    @cached_property
    def evaluation(self) -> Any:
        """The line's."""
        return text("override__evaluation")

    @cached_property
    def personal_comment(self) -> Any:
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
