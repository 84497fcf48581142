"""The trail of a worksheet: its steps, and steps that were saved to be used again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.routes import route
from segments.models.header import Segment


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
    MEND = "mend", _("Take out lines with a problem")


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

    def get_absolute_url(self) -> str:
        """The criteria in words."""
        return route("segments:saved_criteria", self.pk)
