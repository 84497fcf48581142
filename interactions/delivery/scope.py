"""Which entries a delivery is about: those of a logged segment, or one."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q, QuerySet

from crm.choices import CorrespondenceType
from crm.models import Channel, Consent
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment

Entries = QuerySet[InteractionLogEntry]
WANTS_NO_LETTERS = Q(contact__in=Consent.objects.forbidding(Channel.POST))


@dataclass(frozen=True)
class Scope:
    """A set of entries that a job can be told of in JSON.

    Of a segment there are two sets: what Log wrote (`logged`), and what was said once more with
    fresh values (`number`): those entries carry the segment's number, but are none of its log.
    """

    logged: int | None = None
    number: str = ""
    entry: int | None = None

    @classmethod
    def of(cls, subject: LoggedSegment | InteractionLogEntry) -> Self:
        """The entries of a logged segment, or one entry."""
        if isinstance(subject, LoggedSegment):
            return cls(logged=subject.pk)
        return cls(entry=subject.pk)

    @property
    def arguments(self) -> dict[str, Any]:
        """As a job's arguments."""
        return {name: value for name, value in vars(self).items() if value}

    def entries(self) -> Entries:
        """The entries of it that count."""
        rows = InteractionLogEntry.whole.counted()
        if self.entry is not None:
            return rows.filter(pk=self.entry)
        if self.logged is not None:
            return rows.filter(logged_segment=self.logged)
        return rows.filter(logged_segment=None, segment_number=self.number)

    def segment(self) -> LoggedSegment | None:
        """The logged segment that it belongs to, by whichever way; None for a single entry."""
        rows = LoggedSegment.whole.defer("header", "trail")
        if self.logged is not None:
            return rows.filter(pk=self.logged).first()
        numbers = self.entries().order_by().exclude(segment_number="").values("segment_number")
        return rows.filter(segment_number__in=numbers[:1]).first()

    def queued(self) -> Entries:
        """Those that wait to be sent by e-mail."""
        return self.entries().filter(
            delivery=Delivery.QUEUED, correspondence_type=CorrespondenceType.EMAIL
        )

    def to_print(self) -> Entries:
        """Those that wait to be printed, in line order."""
        rows = self.entries().filter(
            delivery=Delivery.QUEUED, correspondence_type=CorrespondenceType.HARD_COPY
        )
        return rows.exclude(document=None).order_by("position", "pk")
