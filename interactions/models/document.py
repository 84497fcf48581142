"""Documents: addressed by what is in them, never changed, shared by all that use them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A stored file. Its bytes lie in the default storage under its SHA-256; see documents.py."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    # What the linter found when it was uploaded: names of merge fields in order of first use.
    merge_fields = models.JSONField(_("merge fields"), default=list, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes lie in the storage."""
        return f"documents/{self.sha256[:2]}/{self.sha256}"
