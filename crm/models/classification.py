"""Groups, relations, responsibilities and profiles, each with the rows that link contacts to it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.contact import Contact, ContactType
from crm.models.setup import Coded


class MailingGroup(Coded):
    """Contacts that get the same mailings."""

    class Meta(Coded.Meta):
        verbose_name = _("mailing group")
        verbose_name_plural = _("mailing groups")


class IndustryGroup(Coded):
    """An industry that companies work in."""

    class Meta(Coded.Meta):
        verbose_name = _("industry group")
        verbose_name_plural = _("industry groups")


class BusinessRelation(Coded):
    """What a company is to us: customer, vendor, bank, ..."""

    class Meta(Coded.Meta):
        verbose_name = _("business relation")
        verbose_name_plural = _("business relations")


class JobResponsibility(Coded):
    """What a person answers for: purchasing, marketing, ..."""

    class Meta(Coded.Meta):
        verbose_name = _("job responsibility")
        verbose_name_plural = _("job responsibilities")


def _contact_key(related_name: str) -> Any:
    return models.ForeignKey(
        Contact, models.CASCADE, related_name=related_name, verbose_name=_("contact")
    )


class ContactMailingGroup(models.Model):
    """One contact in one mailing group."""

    contact = _contact_key("mailing_groups")
    group = models.ForeignKey(
        MailingGroup, models.PROTECT, related_name="links", verbose_name=_("mailing group")
    )

    class Meta:
        verbose_name = _("mailing group of a contact")
        verbose_name_plural = _("mailing groups of contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "group"), name="crm_contactmailinggroup_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.group)


class ContactIndustryGroup(models.Model):
    """One company in one industry group."""

    contact = _contact_key("industry_groups")
    group = models.ForeignKey(
        IndustryGroup, models.PROTECT, related_name="links", verbose_name=_("industry group")
    )

    class Meta:
        verbose_name = _("industry group of a company")
        verbose_name_plural = _("industry groups of companies")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "group"), name="crm_contactindustrygroup_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.group)

    def clean(self) -> None:
        _only_for(self.contact, ContactType.COMPANY)


class ContactBusinessRelation(models.Model):
    """One relation of one company to us."""

    contact = _contact_key("business_relations")
    relation = models.ForeignKey(
        BusinessRelation, models.PROTECT, related_name="links", verbose_name=_("business relation")
    )

    class Meta:
        verbose_name = _("business relation of a company")
        verbose_name_plural = _("business relations of companies")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "relation"), name="crm_contactbusinessrelation_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.relation)

    def clean(self) -> None:
        _only_for(self.contact, ContactType.COMPANY)


class ContactJobResponsibility(models.Model):
    """One responsibility of one person."""

    contact = _contact_key("job_responsibilities")
    responsibility = models.ForeignKey(
        JobResponsibility,
        models.PROTECT,
        related_name="links",
        verbose_name=_("job responsibility"),
    )

    class Meta:
        verbose_name = _("job responsibility of a person")
        verbose_name_plural = _("job responsibilities of persons")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "responsibility"), name="crm_contactjobresponsibility_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.responsibility)

    def clean(self) -> None:
        _only_for(self.contact, ContactType.PERSON)


def _only_for(contact: Contact, kind: ContactType) -> None:
    """Industries and relations belong to companies, responsibilities to persons (1.19)."""
    if contact.type != kind:
        raise ValidationError(
            _("This is only for contacts of type %(type)s.") % {"type": kind.label}
        )


class ProfileQuestionnaire(Coded):
    """A set of questions about contacts."""

    contact_type = models.CharField(
        _("asked of"), max_length=10, choices=ContactType.choices, blank=True
    )

    class Meta(Coded.Meta):
        verbose_name = _("profile questionnaire")
        verbose_name_plural = _("profile questionnaires")


class ProfileQuestion(models.Model):
    """One question of a questionnaire."""

    questionnaire = models.ForeignKey(
        ProfileQuestionnaire,
        models.CASCADE,
        related_name="questions",
        verbose_name=_("profile questionnaire"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=250)
    multiple_answers = models.BooleanField(_("several answers allowed"), default=False)

    class Meta:
        verbose_name = _("profile question")
        verbose_name_plural = _("profile questions")
        ordering = ("questionnaire", "position", "pk")

    def __str__(self) -> str:
        return self.text


class ProfileAnswer(models.Model):
    """One possible answer; its code is unique over all questionnaires, for criteria name it."""

    question = models.ForeignKey(
        ProfileQuestion, models.CASCADE, related_name="answers", verbose_name=_("profile question")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("answer"), max_length=250)

    class Meta:
        verbose_name = _("profile answer")
        verbose_name_plural = _("profile answers")
        ordering = ("question", "position", "pk")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Codes are upper case, as in every set-up table."""
        self.code = self.code.strip().upper()


class ContactProfileAnswer(models.Model):
    """What one contact answered."""

    contact = _contact_key("profile_answers")
    answer = models.ForeignKey(
        ProfileAnswer, models.PROTECT, related_name="links", verbose_name=_("profile answer")
    )
    answered_at = models.DateTimeField(_("answered"), auto_now=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("profile answer of a contact")
        verbose_name_plural = _("profile answers of contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "answer"), name="crm_contactprofileanswer_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.answer)
