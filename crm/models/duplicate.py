"""Contacts that look like the same one, and the numbers of those that were merged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact
from crm.sight import Seen, with_all


class DuplicateKey(models.Model):
    """What a contact may share with others, while duplicates are looked for; else empty."""

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = (models.Index(fields=("kind", "key", "contact"), name="crm_duplicatekey_block"),)

    def __str__(self) -> str:
        return self.key


class DuplicatePair(Seen):
    """Two contacts that look like one, the older first; dismissed: somebody said they differ."""

    first = models.ForeignKey(
        Contact, models.CASCADE, related_name="+", verbose_name=_("first contact")
    )
    second = models.ForeignKey(
        Contact, models.CASCADE, related_name="+", verbose_name=_("second contact")
    )
    score = models.PositiveSmallIntegerField(_("likeness (%)"))
    reasons = models.CharField(_("reasons"), max_length=100)
    found_at = models.DateTimeField(_("found"), auto_now=True)
    dismissed = models.BooleanField(_("not the same"), default=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )

    seen_names = ("first", "second")
    seen_by = with_all(*seen_names)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ("-score", "pk")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="crm_duplicatepair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="crm_duplicatepair_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} = {self.second}"


class FormerNumber(models.Model):
    """The number of a contact that was merged into another: links and criteria still find it."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="+", verbose_name=_("contact")
    )

    class Meta:
        verbose_name = _("former number")
        verbose_name_plural = _("former numbers")

    def __str__(self) -> str:
        return self.number
