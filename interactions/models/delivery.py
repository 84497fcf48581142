"""What delivery keeps beside the entries: the pace of mails, and what was printed."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.routes import route
from interactions.models.log import LoggedSegment


class MailPace(models.Model):
    """One row: when the next mail may leave, whichever worker sends it."""

    next_at = models.DateTimeField(_("next"))

    class Meta:
        verbose_name = _("pace of mails")
        verbose_name_plural = _("pace of mails")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.next_at)


def _path(_pack: "PrintPack", name: str) -> str:
    """A place that nobody can guess and no other pack has."""
    return f"packs/{secrets.token_hex(16)}/{name[-100:]}"


class PrintPack(models.Model):
    """The letters of a logged segment as they were made to be printed, in one file; it is kept.

    `entries` are the ids of the log entries in it, in its order: of these the same bytes are made
    again. Where somebody in it was erased since, the file is gone and `sha256` empty.
    """

    logged_segment = models.ForeignKey(
        LoggedSegment, models.CASCADE, related_name="packs", verbose_name=_("logged segment")
    )
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=_path, max_length=300)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    entries = models.JSONField(_("entries"), default=list)
    letters = models.PositiveIntegerField(_("letters"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("print pack")
        verbose_name_plural = _("print packs")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name

    def is_as_made(self) -> bool:
        """Whether the file is there, and the one that was made."""
        try:
            with self.file.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except (FileNotFoundError, ValueError):  # ValueError: it names no file
            return False

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return route("interactions:pack", self.logged_segment.segment_number, self.pk)
