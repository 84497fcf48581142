"""A second click writes nothing a second time; see crm/once.py."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from crm.models import Contact
from crm.once import remember, remembered

Row = TypeVar("Row", bound=Model)


def written_once(
    request: HttpRequest, contact: Contact, model: type[Row], write: Callable[[], Row]
) -> tuple[Row, bool]:
    """The row that a form writes about a contact, and whether it was written only now.

    Clicks wait for each other at the contact's row.
    """
    kind = f"written_{model._meta.model_name}"
    with transaction.atomic():
        list(Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).values("pk"))
        number = remembered(request, kind)
        before = model._default_manager.filter(pk=number).first() if number else None
        if before is not None:
            return before, False
        row = write()
        remember(request, kind, row.pk)
        return row, True
