"""Who works at a worksheet, and how each reader likes it laid out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from segments.models.header import Segment


class SegmentEditor(models.Model):
    """When somebody changed a segment last: the others who have it open are told."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="editors", verbose_name=_("segment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("editor of a segment")
        verbose_name_plural = _("editors of segments")
        constraints = (
            models.UniqueConstraint(fields=("segment", "user"), name="segments_segmenteditor_once"),
        )

    def __str__(self) -> str:
        return f"{self.segment}: {self.user}"


class LineColumns(models.Model):
    """Which columns of the lines a reader wants to see, in this order."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("user"),
    )
    # Names of columns.COLUMNS; one that is not there any more is left out.
    names = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("columns of a reader")
        verbose_name_plural = _("columns of readers")

    def __str__(self) -> str:
        return str(self.user)
