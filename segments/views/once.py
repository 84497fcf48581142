"""What was shown is what is done, and a second click does it no second time."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from crm.once import remember, remembered
from interactions.models import LoggedSegment
from segments import trail
from segments.models import Segment, SegmentStep
from segments.trail import WorksheetError
from segments.views.access import Request
from segments.views.telling import done

T = TypeVar("T")
MADE = "follow_ups"


def as_shown(request: Request, segment: Segment, work: Callable[[], T]) -> T:
    """Does the work where the segment stands at the step that the form showed, its field `at`.

    Whoever sends none is believed. Raises WorksheetError where it stands elsewhere by now.
    """
    shown = request.POST.get("at")
    with transaction.atomic():
        trail.lock(segment)
        if shown is not None and shown != str(segment.current_step):
            raise WorksheetError(
                _("Somebody changed the segment meanwhile, or you clicked twice: look again.")
            )
        return work()


def tell(request: Request, segment: Segment, work: Callable[[], SegmentStep | None]) -> str:
    """Does the work of a form as it was shown and says how many; returns what refuses it."""
    try:
        step = as_shown(request, segment, work)
    except WorksheetError as error:
        return str(error)
    if step is None:
        return _("Nothing would change: no step was written.")
    messages.success(request, done(step))
    return ""


def made_once(
    request: Request, logged: LoggedSegment, make: Callable[[], Segment]
) -> tuple[Segment, bool]:
    """The segment that a form makes of a logged one, and whether it was made only now.

    Clicks wait for each other at the logged segment's row; see crm/once.py.
    """
    with transaction.atomic():
        LoggedSegment.objects.select_for_update().only("pk").get(pk=logged.pk)
        before = Segment.objects.filter(number=remembered(request, MADE)).first()
        if before is not None:
            return before, False
        segment = make()
        remember(request, MADE, segment.number)
        return segment, True
