"""Which field each column of a file means: as it was chosen before, else by its heading."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm.importing.headings import ALSO, fold, guess
from crm.models import RememberedMapping

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# So many of one's earlier files are asked about a heading that says nothing by itself.
ASKED = 50


def propose(user: "User", head: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """A field for each heading ("" for none), and the options: what the user chose last time.

    A file with other headings is guessed by their names, then by what the user chose for the same
    heading of any file.
    """
    same = RememberedMapping.objects.filter(user=user, headings=_fingerprint(head)).first()
    if same is not None:
        return [_known(field) for _heading, field in same.mapping], same.options
    guessed = guess(head)
    chosen: dict[str, str] = {}
    for one in RememberedMapping.objects.filter(user=user)[:ASKED]:
        for heading, field in one.mapping:
            chosen.setdefault(heading, _known(field))
    for place, heading in enumerate(head):
        field = chosen.get(fold(heading), "")
        if not guessed[place] and field and field not in guessed:
            guessed[place] = field
    return guessed, {}


def remember(
    user: "User", head: Sequence[str], mapping: Sequence[str], options: dict[str, Any]
) -> None:
    """Keeps what was chosen for a file with these headings."""
    pairs = [(fold(heading), field) for heading, field in zip(head, mapping, strict=True)]
    RememberedMapping.objects.update_or_create(
        user=user,
        headings=_fingerprint(head),
        defaults={"mapping": pairs, "options": options},
    )


def _fingerprint(head: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(fold(one) for one in head).encode()).hexdigest()


def _known(field: str) -> str:
    """A field that there still is."""
    return field if field in ALSO else ""
