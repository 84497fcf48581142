"""What a logged segment kept of its header and its trail, in the reader's language."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from interactions.models import LoggedSegment


@dataclass(frozen=True)
class Step:
    """One step of the trail as it was: what it did, in words and numbers."""

    number: int
    kind: str
    words: Sequence[str]
    added: int
    removed: int
    lines_after: int
    by: str
    at: datetime.datetime | None


def header(logged: LoggedSegment) -> Iterator[tuple[str, str]]:
    """Label and text of each value of the header that was set; its number stands above already."""
    for name, kept in logged.header.items():
        if name != "number" and kept["value"] is not False:
            text = _("yes") if kept["value"] is True else in_our_language(kept["text"])
            yield str(in_our_language(kept["label"])), str(text)


def trail(logged: LoggedSegment) -> Iterator[Step]:
    """The steps in order."""
    for step in logged.trail:
        yield Step(
            number=step["number"],
            kind=str(in_our_language(step["kind_words"])),
            words=in_our_language(step["words"]),
            added=step["added"],
            removed=step["removed"],
            lines_after=step["lines_after"],
            by=step["by"],
            at=_moment(step["at"]),
        )


def in_our_language(said: Mapping[str, Any]) -> Any:
    """Of what was kept in several languages the reader's, else the English."""
    ours = (get_language() or "en").partition("-")[0]
    return said.get(ours, said["en"])


def _moment(text: str) -> datetime.datetime | None:
    moment = parse_datetime(text)
    return timezone.localtime(moment) if moment else None
