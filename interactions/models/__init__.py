"""The tables of templates, documents and the log, by noun."""

from interactions.models.delivery import MailPace, PrintPack
from interactions.models.document import Document
from interactions.models.log import (
    CampaignEntry,
    CampaignTarget,
    Delivery,
    InteractionLogEntry,
    LogEntryComment,
    LoggedSegment,
)
from interactions.models.template import InteractionGroup, InteractionTemplate, TemplateLanguage

__all__ = [
    "CampaignEntry",
    "CampaignTarget",
    "Delivery",
    "Document",
    "InteractionGroup",
    "InteractionLogEntry",
    "InteractionTemplate",
    "LogEntryComment",
    "LoggedSegment",
    "MailPace",
    "PrintPack",
    "TemplateLanguage",
]
