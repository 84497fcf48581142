"""What contacts said about being written to or called: a history that is never changed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact


class Channel(models.TextChoices):
    """A way to reach a contact that one may allow or forbid by itself."""

    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text message")


class ConsentState(models.TextChoices):
    """What was said of a channel."""

    CONSENTED = "consented", _("Consented")
    OPTED_OUT = "opted_out", _("Opted out")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    CLEARED = "cleared", _("Nothing said")


class ConsentSource(models.TextChoices):
    """How we know of it."""

    FORM = "form", _("Form")
    PHONE = "phone", _("Phone")
    WRITING = "writing", _("Letter or e-mail")
    PERSON = "person", _("In person")
    LINK = "link", _("Unsubscribe link")
    IMPORT = "import", _("Import")
    CARD = "card", _("Contact card")
    ADMIN = "admin", _("Administrator")


# What forbids a channel.
FORBIDDING = (ConsentState.OPTED_OUT, ConsentState.WITHDRAWN)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Sets of consents that more than one place asks for."""

    def current(self) -> Self:
        """What holds now: at most one of a contact and channel."""
        return self.filter(is_current=True)

    def forbidding(self, channel: str) -> models.QuerySet[Any, Any]:
        """Ids of the contacts who forbid a channel; for a subquery."""
        found = self.current().filter(channel=channel, state__in=FORBIDDING)
        return found.order_by().values("contact")


class Consent(models.Model):
    """One thing a contact said of one channel. Of e-mail `Contact.email_opt_out` says the same."""

    contact = models.ForeignKey(
        Contact,
        models.CASCADE,
        related_name="consents",
        db_index=False,
        verbose_name=_("contact"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("what was said"), max_length=10, choices=ConsentState.choices)
    source = models.CharField(_("source"), max_length=10, choices=ConsentSource.choices)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    date = models.DateField(_("date"), default=timezone.localdate)
    is_current = models.BooleanField(_("holds now"), default=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("written down"), auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent or opt-out")
        verbose_name_plural = _("consents and opt-outs")
        ordering = ("-date", "-pk")
        indexes = (
            models.Index(fields=("contact", "channel"), name="crm_consent_of_contact"),
            models.Index(
                fields=("channel", "state", "contact"),
                name="crm_consent_now",
                condition=Q(is_current=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "channel"),
                condition=Q(is_current=True),
                name="crm_consent_one_now",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display()}"

    @property
    def forbids(self) -> bool:
        """Whether the channel must not be used."""
        return self.state in FORBIDDING
