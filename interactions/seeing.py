"""The log through the eyes of one who sees little of it."""

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from crm import sight
from crm.models import Contact
from interactions.models import InteractionLogEntry, LoggedSegment

# With more contacts, or more entries of logged segments, looking at each entry is faster.
FEW_CONTACTS, FEW_ENTRIES = 2000, 20_000


def by_index(rows: QuerySet[InteractionLogEntry]) -> QuerySet[InteractionLogEntry]:
    """The same entries; where one sees few, found by their contacts and logged segments.

    Of "one of the two is seen" no database makes two ways into its indexes by itself: it would look
    through the whole log to find those few.
    """
    if sight.now() is None or not _sees_little():
        return rows
    entries = InteractionLogEntry.whole.order_by().values("pk")
    of_contacts = entries.filter(contact__in=Contact.objects.order_by().values("pk"))
    of_segments = entries.filter(logged_segment__in=LoggedSegment.objects.order_by().values("pk"))
    return rows.filter(Q(pk__in=of_contacts.union(of_segments)))


def _sees_little() -> bool:
    """Two short questions: the first stops counting, the second adds up what stands in rows."""
    contacts: Any = Contact.objects.order_by().values("pk")[: FEW_CONTACTS + 1]
    if contacts.count() > FEW_CONTACTS:
        return False
    total = LoggedSegment.objects.order_by().aggregate(n=Coalesce(Sum("entry_count"), 0))["n"]
    return bool(total <= FEW_ENTRIES)
