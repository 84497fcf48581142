"""The chain of erasures: what each did, under a digest that holds the one before it.

Who notes the last digest elsewhere can tell later that no erasure was changed, added or taken away.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from crm.models import Erasure


def begin(numbers: Sequence[str], *, by: User | None, reason: str) -> Erasure:
    """A new link of the chain, open until `close`; the caller lets nobody else begin one."""
    last = Erasure.objects.order_by("-pk").first()
    return Erasure.objects.create(
        numbers=list(numbers),
        at=timezone.now(),
        by=by,
        by_name=by.get_username() if by else "",
        reason=reason,
        previous=last.digest if last else "",
    )


def close(erasure: Erasure) -> None:
    """Writes what was done, and the digest of it all."""
    erasure.digest = digest(erasure)
    erasure.save()


def digest(erasure: Erasure) -> str:
    """The SHA-256 of all that an erasure says, and of the digest before it."""
    names = ("previous", "numbers", "by_name", "reason", "counts", "proofs", "seals")
    said = {name: getattr(erasure, name) for name in names}
    said["at"] = f"{erasure.at.timestamp():.6f}"
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def broken() -> Iterator[Erasure]:
    """Erasures that are not what was written, or do not follow the one before them."""
    before = ""
    for erasure in Erasure.objects.order_by("pk").iterator(chunk_size=100):
        if erasure.previous != before or erasure.digest != digest(erasure):
            yield erasure
        before = erasure.digest
