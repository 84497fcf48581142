"""What verbs say when they are done, with numbers."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest
from django.utils.translation import ngettext

from segments.models import SegmentStep


def lines(count: int) -> str:
    """So many lines."""
    return ngettext("%(count)s line", "%(count)s lines", count) % {"count": intcomma(count)}


def added(count: int) -> str:
    """So many lines came."""
    said = ngettext("%(count)s line was added.", "%(count)s lines were added.", count)
    return said % {"count": intcomma(count)}


def done(step: SegmentStep) -> str:
    """What a step did to the lines."""
    count = {"count": intcomma(step.added or step.removed)}
    if step.added:
        return added(step.added)
    said = ngettext(
        "%(count)s line was removed. Back brings it again.",
        "%(count)s lines were removed. Back brings them again.",
        step.removed,
    )
    return said % count


def warn_of(request: HttpRequest, form: Any) -> None:
    """What is doubtful in the letter that was just stored."""
    for warning in form.warnings:
        messages.warning(request, warning)
