"""A second click does nothing a second time."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from crm.models import Contact
from interactions.models import InteractionLogEntry

WRITTEN = "interactions_written"
REMEMBERED = 20


def new_token() -> str:
    """What a form carries in its field `once`."""
    return get_random_string(20)


def written_once(
    request: HttpRequest, contact: Contact, write: Callable[[], InteractionLogEntry]
) -> tuple[InteractionLogEntry, bool]:
    """The entry that a form writes, and whether it was written only now.

    The session keeps what was written for the form's `once`; clicks wait for each other at the
    contact's row.
    """
    once = request.POST.get("once", "")[:40]
    with transaction.atomic():
        list(Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).values("pk"))
        written = _written(request)
        before = InteractionLogEntry.objects.filter(pk=written.get(once, 0)).first()
        if before is not None:
            return before, False
        entry = write()
        if once:
            kept = dict(list(written.items())[1 - REMEMBERED :])
            request.session[WRITTEN] = {**kept, once: entry.pk}
            request.session.save()  # now, while a second click is waiting
        return entry, True


def _written(request: HttpRequest) -> dict[str, int]:
    """Read anew: this request's session was read before it held the row."""
    return type(request.session)(request.session.session_key).get(WRITTEN) or {}
