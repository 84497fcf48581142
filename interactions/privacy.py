"""What this app tells the ground floor of persons: what is theirs, what goes, what stays."""

from django.db.models import Exists, OuterRef

from crm import erasing, mentions, personal, retention
from interactions import retaining
from interactions.erasing import (
    being_delivered,
    empty_entries,
    his_facts,
    letters_and_packs,
    letters_of,
    sealed_anew,
)
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionLogEntry,
    InteractionTemplate,
    LogEntryComment,
    LoggedSegment,
    Task,
)


def register() -> None:
    """Called once, by ready()."""
    personal.nest(InteractionLogEntry, LogEntryComment, "entry")
    personal.shape(InteractionLogEntry, "merge_values", his_facts)
    personal.files.append(letters_of)
    erasing.register(InteractionLogEntry, empty_entries, stays=True)
    erasing.keep(CampaignTarget)
    erasing.holds.append(being_delivered)
    erasing.counted.append(letters_and_packs)
    erasing.harmless.add("delivery.mail")
    mentions.register(CampaignEntry, "description")
    mentions.register(InteractionTemplate, "description")
    mentions.register(LogEntryComment, "text")
    mentions.register(LoggedSegment, "description", "header", "trail", around=sealed_anew)
    mentions.register(Task, "description")
    retention.rules.extend(retaining.RULES)
    entries = InteractionLogEntry.whole.filter(contact=OuterRef("pk"))
    retention.in_use.append(Exists(Task.whole.filter(contact=OuterRef("pk"), done_at=None)))
    retention.happened.append(lambda day: Exists(entries.filter(date__gte=day)))
