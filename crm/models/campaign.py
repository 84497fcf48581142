"""Campaigns, and what contacts bought."""

from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact
from crm.models.setup import NumberSeries, Salesperson, validate_number
from crm.routes import route


class CampaignStatus(models.TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Campaign(models.Model):
    """A push with a name and an end, that segments and interactions belong to."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[validate_number],
        help_text=_("Left empty, the next number of the series is taken."),
    )
    description = models.CharField(_("description"), max_length=100)
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.PLANNED
    )
    starting_date = models.DateField(_("starting date"), null=True, blank=True)
    ending_date = models.DateField(_("ending date"), null=True, blank=True)
    salesperson = models.ForeignKey(
        Salesperson, models.PROTECT, null=True, blank=True, verbose_name=_("salesperson")
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(starting_date=None)
                | Q(ending_date=None)
                | Q(ending_date__gte=F("starting_date")),
                name="crm_campaign_ends_after_start",
                violation_error_message=_("The ending date is before the starting date."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.description}"

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return route("crm:campaign", self.number)

    @transaction.atomic
    def save(self, *args: Any, **options: Any) -> None:
        """Saves it, numbered from the series when it has no number."""
        if not self.number:
            self.number = NumberSeries.take(NumberSeries.CAMPAIGN, Campaign)
        super().save(*args, **options)


class Purchase(models.Model):
    """What a contact bought, as an ERP exports it (in place of the reference's value entries)."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="purchases", verbose_name=_("contact")
    )
    item = models.CharField(_("item"), max_length=50)
    item_category = models.CharField(_("item category"), max_length=50, blank=True)
    posting_date = models.DateField(_("posting date"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=1)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    external_id = models.CharField(
        _("external ID"), max_length=50, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering = ("-posting_date", "-pk")
        indexes = (models.Index(fields=("item",), name="crm_purchase_item"),)
        constraints = (
            models.UniqueConstraint(
                fields=("external_id",),
                condition=~Q(external_id=""),
                name="crm_purchase_external_id_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.posting_date} {self.item}"
