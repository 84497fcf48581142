"""Looking takes only so long; doing may take longer."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from crm.sql import TooLong, time_limit


def limited(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a look shows; where it takes too long, `too_long`: the seconds that it was given."""
    try:
        with time_limit(settings.PREVIEW_SECONDS):
            return look()
    except TooLong:
        return {"too_long": settings.PREVIEW_SECONDS}
