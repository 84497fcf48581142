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
from interactions.models.proof import EntryProof
from interactions.models.task import Task
from interactions.models.template import InteractionGroup, InteractionTemplate, TemplateLanguage

__all__ = [
    "CampaignEntry",
    "CampaignTarget",
    "Delivery",
    "Document",
    "EntryProof",
    "InteractionGroup",
    "InteractionLogEntry",
    "InteractionTemplate",
    "LogEntryComment",
    "LoggedSegment",
    "MailPace",
    "PrintPack",
    "Task",
    "TemplateLanguage",
]
