"""Which tables of this floor the audit trail watches.

Entries are a record themselves: of them is watched what people do to them afterwards. Those that
are cancelled with their logged segment are not told one by one.
"""

from crm.audit import register
from interactions import models


def register_all() -> None:
    """Templates, the target groups' decisions by hand, and acts on the log."""
    register(models.InteractionGroup, label="code")
    register(models.InteractionTemplate, label="code")
    register(
        models.TemplateLanguage,
        subject="template",
        label="template__code",
        leave_out=("template",),
    )
    register(
        models.LoggedSegment,
        label="segment_number",
        leave_out=("logged_at", "by", "seal", "header", "trail"),
    )
    register(
        models.CampaignEntry,
        subject="campaign",
        label="campaign__number",
        leave_out=("cancelled", "by"),
    )
    register(
        models.CampaignTarget,
        subject="campaign",
        label="campaign__number",
        leave_out=("campaign",),
        only="by_hand",
    )
    register(
        models.InteractionLogEntry,
        label="contact__number",
        fields=("evaluation", "cancelled_itself", "postponed", "attempt_failed"),
        verbs=("changed", "deleted"),
        values=False,
    )
    register(
        models.LogEntryComment,
        subject="entry",
        label="entry__segment_number",
        fields=("text",),
        secret=("text",),
    )
