"""Where a contact is to be reached for a while."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from crm.models.contact import Contact


class AlternativeAddress(models.Model):
    """Where a contact is to be reached between two dates, both included; an open end is blank."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="alternative_addresses", verbose_name=_("contact")
    )
    code = models.CharField(_("code"), max_length=20)
    address = models.CharField(_("address"), max_length=100, blank=True)
    address_2 = models.CharField(_("address 2"), max_length=100, blank=True)
    post_code = models.CharField(_("post code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=50, blank=True)
    country = CountryField(_("country"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("alternative address")
        verbose_name_plural = _("alternative addresses")
        ordering = ("contact", "starts_on")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "starts_on"), name="crm_alternativeaddress_one_a_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="crm_alternativeaddress_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.address}"

    def clean(self) -> None:
        """One address at a time: no two of a contact hold on the same day."""
        if self.starts_on is None or (self.ends_on and self.ends_on < self.starts_on):
            return
        others = AlternativeAddress.objects.filter(contact=self.contact_id).exclude(pk=self.pk)
        meanwhile = others.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on))
        if self.ends_on:
            meanwhile = meanwhile.filter(starts_on__lte=self.ends_on)
        if other := meanwhile.first():
            raise ValidationError(
                {
                    "starts_on": _("The address %s holds on some of these days. Let it end before.")
                    % other.code
                }
            )
