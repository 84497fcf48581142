"""The header of a worksheet, and its own letters."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.choices import MOST_MINUTES, CorrespondenceType, InformationFlow, InitiatedBy
from crm.languages import LANGUAGES
from crm.models import Campaign, NumberSeries, Salesperson, validate_number
from crm.routes import route
from crm.sight import Seen
from interactions.models import Document, InteractionTemplate, LoggedSegment


class Segment(Seen):
    """The header of a worksheet. An empty value means: as the template (design, section 5)."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[validate_number],
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
    unit_duration = models.PositiveIntegerField(
        _("unit duration (min)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_MINUTES)],
    )
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

    # True while a step is written: nothing lies beyond the pointer then (see trail.step).
    is_at_end = False
    # True of one made to be played on: the database knows nothing of its lines (see replay.py).
    is_fresh = False

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
        return route("segments:segment", self.number)

    def clean(self) -> None:
        """A number is used once: a logged segment keeps it for ever."""
        if LoggedSegment.whole.filter(segment_number=self.number).exists():
            raise ValidationError({"number": _("%s has been logged already.") % self.number})

    @transaction.atomic
    def save(self, *args: Any, **options: Any) -> None:
        """Saves it, numbered from the series when it has no number."""
        if not self.number:
            self.number = _next_number()
        super().save(*args, **options)


def _next_number() -> str:
    """The next of the series; of those that were typed, some may have been logged by now."""
    while True:
        number = NumberSeries.take(NumberSeries.SEGMENT, Segment)
        if not LoggedSegment.whole.filter(segment_number=number).exists():
            return number


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
