"""What verbs on the log say when they are done, with numbers."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.choices import Evaluation
from interactions.cancelling import Restored


def evaluated(count: int, said: dict[str, Any]) -> str:
    """So many say it now."""
    words = ngettext(
        "%(count)s interaction: %(evaluation)s.", "%(count)s interactions: %(evaluation)s.", count
    )
    label = dict(Evaluation.choices).get(said["evaluation"], _("Not evaluated"))
    return words % {"count": intcomma(count), "evaluation": label}


def cancelled(count: int) -> str:
    """So many do not count any more."""
    said = ngettext(
        "%(count)s interaction was cancelled.", "%(count)s interactions were cancelled.", count
    )
    return said % {"count": intcomma(count)}


def restored(result: Restored) -> str:
    """So many count again, and so many do not."""
    said = ngettext(
        "%(count)s interaction was restored.", "%(count)s interactions were restored.", result.count
    ) % {"count": intcomma(result.count)}
    if not result.held:
        return said
    held = ngettext(
        "%(count)s stays cancelled: what it belongs to is cancelled.",
        "%(count)s stay cancelled: what they belong to is cancelled.",
        result.held,
    )
    return f"{said} {held % {'count': intcomma(result.held)}}"


def deleted(count: int) -> str:
    """So many are gone for good."""
    said = ngettext(
        "%(count)s cancelled interaction was deleted.",
        "%(count)s cancelled interactions were deleted.",
        count,
    )
    return said % {"count": intcomma(count)}
