"""What becomes of worksheets when a person is erased: the lines go as if they had never been."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.erasing import EraseRefused
from crm.models import Contact, Erasure
from segments.models import LineOverride, SegmentLine
from segments.moving import drop_lines, hold_segments


def drop_from_segments(contacts: Sequence[Contact], erasure: Erasure) -> dict[str, int]:
    """Takes the lines of contacts out of every step of every segment, with what they say."""
    if not hold_segments(contacts):
        raise EraseRefused([_("The contact is just being added to a segment. Try again.")])
    lines = SegmentLine.objects.filter(contact__in=contacts).order_by()
    gone = list(lines.values_list("pk", flat=True))
    overrides = LineOverride.objects.filter(line__in=gone).count()
    drop_lines(SegmentLine.objects.filter(pk__in=gone))
    return {_("Lines of open segments"): len(gone), _("Overrides of lines"): overrides}
