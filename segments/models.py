"""The worksheet's tables: a header, narrow lines that inherit from it, and a trail of steps."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.choices import CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from crm.languages import LANGUAGES
from crm.models import Campaign, Contact, NumberSeries, Salesperson
from interactions.models import Document, InteractionTemplate, LoggedSegment


class Segment(models.Model):
    """The header of a worksheet. An empty value means: as the template (design, section 5)."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        blank=True,
        help_text=_("Left empty, the next number of the series is taken."),
    )
    description = models.CharField(_("description"), max_length=100, blank=True)
    date = models.DateField(_("date"), default=timezone.localdate)
    salesperson = models.ForeignKey(
        Salesperson, models.PROTECT, null=True, blank=True, verbose_name=_("salesperson")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, verbose_name=_("campaign")
    )
    campaign_target = models.BooleanField(_("campaign target"), null=True, blank=True)
    campaign_response = models.BooleanField(_("campaign response"), null=True, blank=True)
    template = models.ForeignKey(
        InteractionTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("interaction template"),
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    correspondence_type = models.CharField(
        _("correspondence type"), max_length=10, choices=CorrespondenceType.choices, blank=True
    )
    ignore_contact_correspondence_type = models.BooleanField(
        _("ignore contacts' correspondence type"), default=False
    )
    information_flow = models.CharField(
        _("information flow"), max_length=10, choices=InformationFlow.choices, blank=True
    )
    initiated_by = models.CharField(
        _("initiated by"), max_length=10, choices=InitiatedBy.choices, blank=True
    )
    unit_cost = models.DecimalField(
        _("unit cost"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    unit_duration = models.PositiveIntegerField(_("unit duration (min)"), null=True, blank=True)
    send_word_as_attachment = models.BooleanField(_("send the letter as attachment"), default=False)
    # The step at which the worksheet stands: undo and redo move this number and nothing else.
    current_step = models.PositiveIntegerField(_("step"), default=0, editable=False)
    follows = models.ForeignKey(
        LoggedSegment,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="open_follow_ups",
        verbose_name=_("follows"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(unit_cost=None) | Q(unit_cost__gte=Decimal(0)),
                name="segments_segment_cost_not_negative",
                violation_error_message=_("A cost cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.description}".strip()

    def get_absolute_url(self) -> str:
        """The worksheet."""
        return reverse("segments:segment", args=[self.number])

    @transaction.atomic
    def save(self, *args: Any, **options: Any) -> None:
        """Saves it, numbered from the series when it has no number."""
        if not self.number:
            self.number = NumberSeries.take(NumberSeries.SEGMENT)
        super().save(*args, **options)


class SegmentDocument(models.Model):
    """The segment's own letter in one language, in place of the template's."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="documents", verbose_name=_("segment")
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", verbose_name=_("document")
    )

    class Meta:
        verbose_name = _("document of a segment")
        verbose_name_plural = _("documents of segments")
        ordering = ("segment", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("segment", "language"), name="segments_segmentdocument_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.document}"


class LineQuerySet(models.QuerySet["SegmentLine"]):
    """Sets of lines."""

    def present(self, segment: Segment, at: int | None = None) -> Self:
        """The lines in the segment at a step, by default at the one where it stands."""
        step = segment.current_step if at is None else at
        return self.filter(
            Q(removed_step=None) | Q(removed_step__gt=step), segment=segment, added_step__lte=step
        )


class SegmentLine(models.Model):
    """A contact on a segment, and which steps brought and took it. The rest: see LineOverride."""

    segment = models.ForeignKey(
        Segment,
        models.CASCADE,
        related_name="lines",
        db_index=False,
        verbose_name=_("segment"),
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="segment_lines", verbose_name=_("contact")
    )
    added_step = models.PositiveIntegerField(_("added by step"))
    removed_step = models.PositiveIntegerField(_("removed by step"), null=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment line")
        verbose_name_plural = _("segment lines")
        ordering = ("pk",)
        indexes = (models.Index(fields=("segment", "id"), name="segments_line_in_order"),)
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
    duration = models.PositiveIntegerField(_("duration (min)"), null=True, blank=True)
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


class StepKind(models.TextChoices):
    """What a step of the trail did."""

    ADD = "add", _("Add contacts")
    REDUCE = "reduce", _("Remove contacts")
    REFINE = "refine", _("Keep only contacts")
    ADD_BY_HAND = "add_by_hand", _("Add by hand")
    REMOVE_BY_HAND = "remove_by_hand", _("Remove by hand")
    REUSE_LOGGED = "reuse_logged", _("Reuse logged segment")
    PASTE = "paste", _("Add a list")
    SAMPLE = "sample", _("Keep a random sample")
    ONE_PER = "one_per", _("Keep one of each")
    REFRESH = "refresh", _("Refresh")


class SegmentStep(models.Model):
    """One step of the trail: what was asked, by whom, when, and what it did."""

    segment = models.ForeignKey(
        Segment,
        models.CASCADE,
        related_name="steps",
        db_index=False,
        verbose_name=_("segment"),
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind.choices)
    criteria = models.JSONField(_("criteria"), default=dict)
    options = models.JSONField(_("options"), default=dict)
    # The sentence of the step in every language of ours, said when it was made: {"en": [...]}.
    words = models.JSONField(_("in words"), default=dict)
    added = models.PositiveIntegerField(_("added"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)
    lines_after = models.PositiveIntegerField(_("lines after"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("segment step")
        verbose_name_plural = _("segment steps")
        ordering = ("segment", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("segment", "number"), name="segments_segmentstep_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.get_kind_display()}"


class SavedCriteria(models.Model):
    """Steps of a trail, kept to be used again."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    description = models.CharField(_("description"), max_length=100, blank=True)
    # A list of {kind, criteria, options}, in order.
    steps = models.JSONField(_("steps"), default=list)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last used by"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("saved criteria")
        verbose_name_plural = _("saved criteria")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.description}".strip()
