"""What becomes of the log when a contact is deleted (1.18 of the reference)."""

from typing import Any

from crm.models import Contact
from interactions.models import InteractionLogEntry


def leave_to_company(instance: Contact, **_signal: Any) -> None:
    """What was said to a person stays with the company; of a company's own the contact is blank."""
    if instance.company_id:
        entries = InteractionLogEntry.objects.filter(contact=instance)
        entries.update(contact=instance.company_id)
