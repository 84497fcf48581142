"""Lines: narrow rows that inherit, and beside them what a line says differently."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from crm.choices import MOST_MINUTES, CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from crm.languages import LANGUAGES
from crm.models import Campaign, Contact, Salesperson
from interactions.models import Document, InteractionTemplate
from segments.models.header import Segment


class Unforeseen(Func):
    """The key of a segment, kept from PostgreSQL's planner: it expects a segment of usual size.

    Of one that was made just now it has no statistics, expects a single line, and looks up each of
    fifty thousand by itself.
    """

    template = "(SELECT %(expressions)s)"
    output_field = models.BigIntegerField()

    def __init__(self, key: int) -> None:
        super().__init__(Value(key))


class LineQuerySet(models.QuerySet["SegmentLine"]):
    """Sets of lines."""

    def present(self, segment: Segment, at: int | None = None) -> Self:
        """The lines in the segment at a step, by default at the one where it stands."""
        lines = self.filter(segment=Unforeseen(segment.pk) if segment.is_fresh else segment)
        if segment.is_at_end and at is None:
            return lines.filter(removed_step=None)
        step = segment.current_step if at is None else at
        return lines.filter(Q(removed_step=None) | Q(removed_step__gt=step), added_step__lte=step)


class SegmentLine(models.Model):
    """A contact on a segment, and which steps brought and took it. The rest: see LineOverride.

    The database does not check its two keys: on half a million lines that is most of the cost of an
    Add (docs/benchmarks.md). A segment's row is held by whoever writes its lines, and so by whoever
    deletes it; guard.py keeps contacts that are on a segment from being deleted.
    """

    segment = models.ForeignKey(
        Segment,
        models.CASCADE,
        related_name="lines",
        db_index=False,
        db_constraint=False,
        verbose_name=_("segment"),
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        related_name="segment_lines",
        db_index=False,
        db_constraint=False,
        verbose_name=_("contact"),
    )
    added_step = models.PositiveIntegerField(_("added by step"))
    removed_step = models.PositiveIntegerField(_("removed by step"), null=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment line")
        verbose_name_plural = _("segment lines")
        ordering = ("pk",)
        # "Is this contact on that segment?" is asked of every contact that matches: an index of
        # both columns, for without statistics SQLite else reads all lines of the segment each time.
        indexes = (
            models.Index(fields=("segment", "id"), name="segments_line_in_order"),
            models.Index(fields=("contact", "segment"), name="segments_line_of_contact"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(removed_step=None) | Q(removed_step__gt=F("added_step")),
                name="segments_line_removed_after_added",
            ),
        )

    def __str__(self) -> str:
        return str(self.contact)


class LineOverride(models.Model):
    """What one line says differently. An empty value means: as the segment, else the template."""

    line = models.OneToOneField(
        SegmentLine,
        models.CASCADE,
        primary_key=True,
        related_name="override",
        verbose_name=_("segment line"),
    )
    template = models.ForeignKey(
        InteractionTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("interaction template"),
    )
    description = models.CharField(_("description"), max_length=100, blank=True)
    salesperson = models.ForeignKey(
        Salesperson, models.PROTECT, null=True, blank=True, verbose_name=_("salesperson")
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    correspondence_type = models.CharField(
        _("correspondence type"), max_length=10, choices=CorrespondenceType.choices, blank=True
    )
    information_flow = models.CharField(
        _("information flow"), max_length=10, choices=InformationFlow.choices, blank=True
    )
    initiated_by = models.CharField(
        _("initiated by"), max_length=10, choices=InitiatedBy.choices, blank=True
    )
    date = models.DateField(_("date"), null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=2, null=True, blank=True)
    duration = models.PositiveIntegerField(
        _("duration (min)"), null=True, blank=True, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, verbose_name=_("campaign")
    )
    campaign_target = models.BooleanField(_("campaign target"), null=True, blank=True)
    campaign_response = models.BooleanField(_("campaign response"), null=True, blank=True)
    send_word_as_attachment = models.BooleanField(
        _("send the letter as attachment"), null=True, blank=True
    )
    evaluation = models.CharField(
        _("evaluation"), max_length=15, choices=Evaluation.choices, blank=True
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("own document"),
    )
    personal_comment = models.TextField(_("personal comment"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("override of a line")
        verbose_name_plural = _("overrides of lines")
        constraints = (
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=Decimal(0)),
                name="segments_lineoverride_cost_not_negative",
                violation_error_message=_("A cost cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return str(self.line)
