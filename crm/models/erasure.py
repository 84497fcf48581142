"""That people were erased: when, by whom, why, and what proves it was only that."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One act of erasing, of one contact or of many; a chain that nobody can change unseen.

    `digest` is over all the rest and the digest before it. `proofs` has of each log entry
    that was emptied the digests of what it said and of what is left: {entry: [before, after]};
    `seals` the same of logged segments whose words named somebody: {segment no.: [before, after]}.
    """

    numbers = models.JSONField(_("contact nos."), default=list)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )
    by_name = models.CharField(_("user name"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    counts = models.JSONField(_("what went"), default=dict)
    proofs = models.JSONField(_("proofs"), default=dict)
    seals = models.JSONField(_("seals"), default=dict)
    previous = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {', '.join(self.numbers[:3])}"
