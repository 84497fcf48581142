"""Values that contacts, templates, segments and log entries share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# A duration is stored in 32 bits by PostgreSQL and, so that sums always fit in 64, by SQLite too.
MOST_MINUTES = 2**31 - 1


class CorrespondenceType(models.TextChoices):
    """How one writes to a contact; blank means no preference."""

    HARD_COPY = "hard_copy", _("Hard copy")
    EMAIL = "email", _("E-mail")


class Sees(models.TextChoices):
    """Whose contacts and segments readers and marketers see."""

    EVERYBODY = "everybody", _("Those of everybody")
    TEAM = "team", _("Their own and their team's")
    OWN = "own", _("Only their own")


class InformationFlow(models.TextChoices):
    """Which way the information went."""

    OUTBOUND = "outbound", _("Outbound")
    INBOUND = "inbound", _("Inbound")


class InitiatedBy(models.TextChoices):
    """Who began the interaction."""

    US = "us", _("Us")
    THEM = "them", _("Them")


class Evaluation(models.TextChoices):
    """How an interaction went, in the marketer's judgement."""

    VERY_POSITIVE = "very_positive", _("Very positive")
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")
    VERY_NEGATIVE = "very_negative", _("Very negative")
