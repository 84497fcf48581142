"""Keeps contacts that are on a segment from being deleted, where no key of the database does.

Deleting a contact is rare and waits; adding half a million is frequent and does not. Whoever adds
holds the table of lines from before it reads the contacts until its end, so after waiting for it
the deletion sees its lines, and an Add that waits for a deletion does not see the contact any more.
"""

from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crm.models import Contact
from crm.sql import hold_table
from segments.models import SegmentLine


def keep_contacts_on_segments(instance: Contact, **_signal: Any) -> None:
    """Refuses to delete a contact that is on an open segment, undone steps included."""
    hold_table(SegmentLine)
    lines = SegmentLine.objects.filter(contact=instance)
    if lines.exists():
        message = _("%s is on an open segment.") % instance
        raise ProtectedError(message, set(lines.select_related("segment")[:10]))
