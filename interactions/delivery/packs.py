"""Print packs: the hard copies of a logged segment in one file, in order, kept with it.

A pack is made of its entries and of nothing else: made again it has the same bytes. What must not
be posted any more (the contact blocked, gone or unwilling, the entry cancelled since) is never
taken out of a kept file, which is the record: it is named, and a new pack is made without it.
"""

import hashlib
import re
import tempfile
from typing import IO, TYPE_CHECKING, BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import work
from crm.models import blocked
from interactions import mailmerge
from interactions.delivery.scope import WANTS_NO_LETTERS, Entries, Scope
from interactions.letters.pdfs import write_pdf_of
from interactions.letters.together import letters_of, zip_with_manifest
from interactions.models import (
    Delivery,
    EntryProof,
    InteractionLogEntry,
    LoggedSegment,
    PrintPack,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PDF, ZIP = "pdf", "zip"
MUST_NOT_BE_POSTED = Q(cancelled=True) | Q(contact=None) | blocked("contact__") | WANTS_NO_LETTERS
# What LibreOffice writes of the moment; replaced by as many zeros.
OF_THE_MOMENT = re.compile(
    rb"/(?:CreationDate|ModDate) ?\([^)]*\)|/ID ?\[[^\]]*\]|/DocChecksum ?/[0-9A-F]+"
)


def make_pack(
    scope: Scope,
    *,
    by: "User | None",
    file_format: str = "",
    progress: work.Progress = work.nobody,
) -> PrintPack:
    """Makes a pack of the hard copies that wait to be printed, and notes them as delivered.

    As PDF, or where LibreOffice is missing as Word documents in a zip file. Whoever is blocked by
    now is left out and failed, with the reason. Raises work.Refused where nothing is to be printed.
    The pack belongs to the logged segment of the entries.
    """
    file_format = file_format or (PDF if mailmerge.has_office() else ZIP)
    logged = scope.segment()
    if logged is None:
        raise work.Refused(_("The letter of a single interaction is downloaded from its page."))
    refuse_blocked(scope)
    entries = list(scope.to_print().values_list("pk", flat=True))
    if not entries:
        raise work.Refused(_("No letter waits to be printed."))
    with tempfile.TemporaryFile() as out:
        count = _write(entries, out, file_format, progress)
        return _keep(logged, entries, out, count, file_format, by)


def make_anew(
    pack: PrintPack, *, by: "User | None", progress: work.Progress = work.nobody
) -> PrintPack:
    """A new pack of the letters of an old one that may still be posted, in its order.

    Raises work.Refused where none may.
    """
    gone = set(not_to_be_posted(pack).values_list("pk", flat=True))
    there = set(_in_order(pack.entries).exclude(document=None).values_list("pk", flat=True))
    entries = [pk for pk in pack.entries if pk in there - gone]
    if not entries:
        raise work.Refused(_("No letter of it may be posted any more."))
    file_format = pack.name.rpartition(".")[2]
    with tempfile.TemporaryFile() as out:
        count = _write(entries, out, file_format, progress)
        return _keep(pack.logged_segment, entries, out, count, file_format, by)


def not_to_be_posted(pack: PrintPack) -> Entries:
    """The entries of a pack that must not be posted any more, in its order."""
    return _in_order(pack.entries).filter(MUST_NOT_BE_POSTED).select_related("contact__company")


def number_deleted(pack: PrintPack) -> int:
    """How many entries of a pack were deleted since: their letters must not be posted either."""
    return len(pack.entries) - _in_order(pack.entries).count()


def with_stops(logged: LoggedSegment) -> list[PrintPack]:
    """Its packs, each with how many of its letters must not be posted any more (`stopped`).

    By a fixed number of statements; what is in the packs is read only where there is such a letter.
    """
    packs = list(logged.packs.defer("entries").select_related("logged_segment"))
    gone = _stopped(logged) if packs else set()
    lists = dict(logged.packs.values_list("pk", "entries")) if gone else {}
    for pack in packs:
        pack.stopped = len(gone.intersection(lists.get(pack.pk, ())))  # type: ignore[attr-defined]
    return packs


def _stopped(logged: LoggedSegment) -> set[int]:
    """The entries of a segment, logged or sent again, that must not be posted, deleted ones too."""
    again = Q(logged_segment=None, segment_number=logged.segment_number)
    entries = InteractionLogEntry.whole.filter(Q(logged_segment=logged) | again)
    proofs = EntryProof.objects.filter(Q(logged_segment=logged) | Q(logged_segment=None))
    return {
        *entries.filter(MUST_NOT_BE_POSTED).order_by().values_list("pk", flat=True),
        *proofs.filter(erased=True).order_by().values_list("pk", flat=True),
    }


def refuse_blocked(scope: Scope) -> int:
    """Fails the hard copies of contacts that are blocked, or gone, or want no letters."""
    of_nobody = Q(contact=None) | blocked("contact__")
    refused = _fail(scope, of_nobody, _("The contact is blocked."))
    return refused + _fail(scope, WANTS_NO_LETTERS, _("The contact wants no letters."))


def _fail(scope: Scope, condition: Q, reason: str) -> int:
    rows = scope.to_print().order_by().filter(condition)
    return InteractionLogEntry.whole.filter(pk__in=rows).update(
        delivery=Delivery.FAILED, delivery_error=reason, delivery_at=timezone.now()
    )


@transaction.atomic
def _keep(
    logged: LoggedSegment,
    entries: list[int],
    out: IO[bytes],
    count: int,
    file_format: str,
    by: "User | None",
) -> PrintPack:
    """Stores the pack; its entries are delivered from then on, in the same transaction."""
    out.seek(0)
    digest = hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]
    size = out.seek(0, 2)
    out.seek(0)
    number = logged.packs.count() + 1
    name = f"{logged.segment_number} print {number}.{file_format}"
    pack = PrintPack.objects.create(
        logged_segment=logged,
        name=name,
        file=File(out, name=name),
        size=size,
        sha256=digest,
        entries=entries,
        letters=count,
        by=by,
    )
    InteractionLogEntry.whole.filter(pk__in=entries, delivery=Delivery.QUEUED).update(
        delivery=Delivery.DELIVERED, delivery_error="", delivery_at=timezone.now()
    )
    return pack


def make_again(pack: PrintPack, out: BinaryIO) -> str:
    """Makes a pack's file once more from its entries; returns its SHA-256: the same as before."""
    _write(pack.entries, out, pack.name.rpartition(".")[2], work.nobody)
    out.seek(0)
    return hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]


def _write(
    entries: list[int], out: BinaryIO | IO[bytes], file_format: str, progress: work.Progress
) -> int:
    """The letters of these entries, in this order."""
    rows = _in_order(entries)
    if file_format == ZIP:
        return zip_with_manifest(letters_of(rows, progress=progress), out)  # type: ignore[arg-type]
    with tempfile.TemporaryFile() as made:
        count = write_pdf_of(rows, made, progress=progress)
        made.seek(0)
        out.write(OF_THE_MOMENT.sub(_zeros, made.read()))
    return count


def _zeros(found: "re.Match[bytes]") -> bytes:
    """The same place in the file, without the moment: names stay, digits become zeros."""
    name, rest = re.match(rb"(/[A-Za-z]+)(.*)", found[0], re.DOTALL).groups()  # type: ignore[union-attr]
    return bytes(name) + re.sub(rb"[0-9A-Fa-f]", b"0", rest)


def _in_order(entries: list[int]) -> Entries:
    rows = InteractionLogEntry.whole.filter(pk__in=entries).select_related("document")
    return rows.order_by("position", "pk")
