"""What is prepared once and said many times."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.choices import MOST_MINUTES, CorrespondenceType, InformationFlow, InitiatedBy
from crm.languages import LANGUAGES
from crm.models import Campaign, Coded
from crm.routes import route
from interactions.models.document import Document


class InteractionGroup(Coded):
    """A bucket of templates for statistics."""

    class Meta(Coded.Meta):
        verbose_name = _("interaction group")
        verbose_name_plural = _("interaction groups")


class InteractionTemplate(Coded):
    """The end of the chain line -> segment -> template: what holds where nothing else is said."""

    group = models.ForeignKey(
        InteractionGroup, models.PROTECT, related_name="templates", verbose_name=_("group")
    )
    unit_cost = models.DecimalField(_("unit cost"), max_digits=10, decimal_places=2, default=0)
    unit_duration = models.PositiveIntegerField(
        _("unit duration (min)"), default=0, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    information_flow = models.CharField(
        _("information flow"), max_length=10, choices=InformationFlow.choices, blank=True
    )
    initiated_by = models.CharField(
        _("initiated by"), max_length=10, choices=InitiatedBy.choices, blank=True
    )
    correspondence_type = models.CharField(
        _("correspondence type"), max_length=10, choices=CorrespondenceType.choices, blank=True
    )
    ignore_contact_correspondence_type = models.BooleanField(
        _("ignore contact's correspondence type"), default=False
    )
    language = models.CharField(_("default language"), max_length=10, choices=LANGUAGES, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, verbose_name=_("campaign")
    )
    campaign_target = models.BooleanField(_("campaign target"), default=False)
    campaign_response = models.BooleanField(_("campaign response"), default=False)
    for_calls = models.BooleanField(
        _("for phone calls"),
        default=False,
        help_text=_("Phone calls begin with this template; one template can have it."),
    )

    class Meta(Coded.Meta):
        verbose_name = _("interaction template")
        verbose_name_plural = _("interaction templates")
        constraints = (
            models.CheckConstraint(
                condition=Q(unit_cost__gte=0),
                name="interactions_template_cost_not_negative",
                violation_error_message=_("A cost cannot be negative."),
            ),
            models.UniqueConstraint(
                fields=("for_calls",),
                condition=Q(for_calls=True),
                name="interactions_template_one_for_calls",
                violation_error_message=_("Another template is the one for phone calls."),
            ),
        )

    def get_absolute_url(self) -> str:
        """The template's page."""
        return route("interactions:template", self.code)


class TemplateLanguage(models.Model):
    """A template's subject and letter in one language."""

    template = models.ForeignKey(
        InteractionTemplate,
        models.CASCADE,
        related_name="languages",
        verbose_name=_("interaction template"),
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )

    class Meta:
        verbose_name = _("language of a template")
        verbose_name_plural = _("languages of templates")
        ordering = ("template", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("template", "language"), name="interactions_templatelanguage_once"
            ),
        )

    def __str__(self) -> str:
        return self.get_language_display()
