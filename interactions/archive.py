"""What a logged segment kept of its header and its trail, in the reader's language."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from interactions.models import LoggedSegment


@dataclass(frozen=True)
class Step:
    """One step of the trail as it was: what it did, in words and numbers."""

    number: int
    kind: str
    words: str
    added: int
    removed: int
    lines_after: int
    by: str
    at: datetime.datetime | None


def header(logged: LoggedSegment) -> Iterator[tuple[str, str]]:
    """Label and text of each value of the header that was set."""
    for name, kept in logged.header.items():
        if isinstance(kept, Mapping):
            text = in_our_language(kept.get("text")) or str(kept.get("value", ""))
            yield in_our_language(kept.get("label")) or name, text


def trail(logged: LoggedSegment) -> Iterator[Step]:
    """The steps in order."""
    for step in logged.trail:
        yield Step(
            number=step["number"],
            kind=in_our_language(step.get("kind_words")) or step["kind"],
            words=in_our_language(step.get("words")),
            added=step["added"],
            removed=step["removed"],
            lines_after=step["lines_after"],
            by=step.get("by", ""),
            at=_moment(step.get("at", "")),
        )


def in_our_language(texts: Any) -> str:
    """Of a text kept in several languages the reader's, else English, else any."""
    if not isinstance(texts, Mapping):
        return str(texts or "")
    ours = (get_language() or "en").partition("-")[0]
    return str(texts.get(ours) or texts.get("en") or next(iter(texts.values()), ""))


def _moment(text: str) -> datetime.datetime | None:
    moment = parse_datetime(text) if text else None
    return timezone.localtime(moment) if moment and timezone.is_aware(moment) else moment
