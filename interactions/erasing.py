"""What becomes of the log when a person is erased: entries stay and say nothing of the person.

Of an entry remain when, by which template, for which campaign, what it cost and how it went. What
it said goes: facts, subject, own letter, comments, the address it went to. Its proof keeps the
digest of what it said (so the seal of the logged segment still holds) and gains that of what is
left; the erasure notes both. Print packs lose their file: it holds the letter.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.mentions import Blank
from crm.models import Contact, Erasure
from crm.sql import delete_rows
from crm.storage import after_commit
from crm.work.files import delete_file
from interactions import cancelling, documents, letters, mailmerge, proofs
from interactions.delivery import claims
from interactions.mergefields.facts import OF_CONTACT, OF_LINE
from interactions.models import (
    Delivery,
    Document,
    EntryProof,
    InteractionLogEntry,
    InteractionTemplate,
    LogEntryComment,
    LoggedSegment,
    PrintPack,
)

Counts = dict[str, int]
# What nobody sent yet is not sent; of what is just being sent nobody knows.
NEVER_SENT = {
    Delivery.QUEUED: Delivery.CANCELLED,
    Delivery.IN_PROGRESS: Delivery.UNCERTAIN,
}


def being_delivered(contacts: Sequence[Contact]) -> Iterator[str]:
    """Refuses while a worker has one of the letters in hand."""
    rows = InteractionLogEntry.whole.filter(contact__in=contacts, delivery=Delivery.IN_PROGRESS)
    for number, by in rows.order_by("pk").values_list("contact__number", "delivery_by")[:100]:
        if claims.is_at_work(by):
            yield _("A letter to %s is being delivered just now. Try again in a moment.") % number


def letters_and_packs(contacts: Sequence[Contact]) -> Counts:
    """How many letters, comments and print packs would go."""
    entries = InteractionLogEntry.whole.filter(contact__in=contacts)
    return {
        _("Letters"): entries.exclude(document=None).count(),
        _("Letters not sent yet"): entries.filter(delivery=Delivery.QUEUED).count(),
        _("Comments on log entries"): LogEntryComment.objects.filter(entry__in=entries).count(),
        _("Files of print packs"): len(_packs(entries)),
    }


def empty_entries(contacts: Sequence[Contact], erasure: Erasure) -> Counts:
    """Empties the entries of these contacts, and notes in the erasure what proves it."""
    entries = InteractionLogEntry.whole.filter(contact__in=contacts).order_by()
    list(_segments(entries).select_for_update().order_by("pk").values_list("pk", flat=True))
    counts = {
        capfirst(_("interactions kept for later")): _drop_postponed(entries),
        _("Comments on log entries"): delete_rows(
            LogEntryComment.objects.filter(entry__in=entries)
        ),
        _("Files of print packs"): _empty_packs(entries),
        _("Letters"): entries.exclude(document=None).count(),
    }
    own = list(Document.objects.filter(pk__in=entries.filter(own_document=True).values("document")))
    _blank(entries)
    documents.release_all(own)
    erasure.proofs |= _prove(entries, erasure)
    erasure.save(update_fields=["proofs"])
    return counts


def _drop_postponed(entries: Any) -> int:
    """What was kept for later counts nowhere: it goes whole."""
    kept = entries.filter(postponed=True)
    used = list(Document.objects.filter(pk__in=kept.filter(own_document=True).values("document")))
    cancelling.drop_what_hangs_on(kept)
    gone = delete_rows(kept)
    documents.release_all(used)
    return gone


def _blank(entries: Any) -> None:
    """Takes from the entries what they said."""
    segment = LoggedSegment.whole.filter(pk=OuterRef("logged_segment"))
    template = InteractionTemplate.objects.filter(pk=OuterRef("template"))
    as_the_segment = Q(description=Subquery(segment.values("description")))
    states = [When(delivery=one, then=Value(other)) for one, other in NEVER_SENT.items()]
    entries.update(
        merge_values={},
        document=None,
        own_document=False,
        description=Case(
            When(as_the_segment, then=F("description")),
            default=Subquery(template.values("description")),
        ),
        delivery=Case(*states, default=F("delivery")),
        **dict.fromkeys(("subject", "delivered_to", "delivery_error", "via"), ""),
    )


def _prove(entries: Any, erasure: Erasure) -> dict[str, list[str]]:
    """Notes the digests of what is left; returns those of before and after by entry."""
    proven = EntryProof.objects.filter(entry__in=entries.values("pk")).order_by()
    left = InteractionLogEntry.whole.filter(pk=OuterRef("pk"))
    now = Subquery(left.values(digest_now=proofs.digest_expression()))
    proven.update(erasure=erasure, letter="", emptied=now)
    rows = proven.values_list("entry", "digest", "emptied")
    return {str(entry): [before, after] for entry, before, after in rows}


# -- print packs -----------------------------------------------------------------------------------


def _segments(entries: Any) -> Any:
    return LoggedSegment.whole.filter(segment_number__in=entries.values("segment_number"))


def _packs(entries: Any) -> list[PrintPack]:
    """The packs whose file holds a letter of these entries."""
    ids = set(entries.values_list("pk", flat=True))
    packs = PrintPack.objects.filter(logged_segment__in=_segments(entries.order_by())).exclude(
        file=""
    )
    return [pack for pack in packs if ids.intersection(pack.entries)]


def _empty_packs(entries: Any) -> int:
    """Takes the files away, and these entries from the lists; the rest can be printed again."""
    packs = _packs(entries)
    ids = set(entries.values_list("pk", flat=True))
    for pack in packs:
        pack.entries = [one for one in pack.entries if one not in ids]
    return drop_files(packs)


def drop_files(packs: Sequence[PrintPack]) -> int:
    """Takes the files of packs away, once this is committed; the rows say that there was one."""
    for pack in packs:
        after_commit(partial(delete_file, str(pack.file.name)))
        pack.file, pack.sha256, pack.size = "", "", 0
    PrintPack.objects.bulk_update(packs, ["file", "sha256", "size", "entries"], batch_size=50)
    return len(packs)


# -- words of logged segments ----------------------------------------------------------------------


def sealed_anew(logged: Sequence[LoggedSegment], write: Callable[[], None], blank: Blank) -> None:
    """Lets words of logged segments be blanked, in their entries too; seals anew what was whole.

    What was and what is stands in the erasure that is going on: the last one.
    """
    erasure = Erasure.objects.order_by("-pk")[0]
    held = {one.pk: one.seal for one in logged if one.seal and one.seal == proofs.seal(one)}
    write()
    erasure.proofs |= _blank_others(logged, erasure, blank)
    for one in LoggedSegment.whole.filter(pk__in=held):
        one.seal = proofs.seal(one)
        one.save(update_fields=["seal"])
        erasure.seals[one.segment_number] = [held[one.pk], one.seal]
    erasure.save(update_fields=["proofs", "seals"])


# Ids named in one statement.
CHUNK = 5000
SAID = ("description", "subject", "merge_values")


def _blank_others(
    logged: Sequence[LoggedSegment], erasure: Erasure, blank: Blank
) -> dict[str, list[str]]:
    """What the segment said of the person stands in the entries of all its contacts."""
    entries = InteractionLogEntry.whole.filter(logged_segment__in=logged).order_by("pk")
    changed = []
    for entry in entries.only(*SAID).iterator(chunk_size=500):
        said = {name: blank(getattr(entry, name)) for name in SAID}
        if any(getattr(entry, name) != value for name, value in said.items()):
            vars(entry).update(said)
            changed.append(entry)
    InteractionLogEntry.whole.bulk_update(changed, SAID, batch_size=200)
    noted: dict[str, list[str]] = {}
    for start in range(0, len(changed), CHUNK):
        ids = [entry.pk for entry in changed[start : start + CHUNK]]
        noted |= _prove(InteractionLogEntry.whole.filter(pk__in=ids), erasure)
    return noted


# -- one person's data -----------------------------------------------------------------------------


def his_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Of the facts of a letter those of the person and of what was said; no salesperson's phone."""
    return {name: facts[name] for name in (*OF_CONTACT, *OF_LINE) if facts.get(name)}


def letters_of(contact: Contact) -> Iterator[tuple[str, bytes]]:
    """Every letter that was made for a contact; where one cannot be made again, why."""
    entries = InteractionLogEntry.whole.filter(contact=contact).exclude(document=None)
    templates = letters.Templates()
    for entry in entries.select_related("document").order_by("date", "pk"):
        place = f"letters/{entry.date} {entry.pk}"
        try:
            name, data = letters.letter(entry, templates)
        except (documents.DocumentLost, mailmerge.DocumentError) as error:
            yield f"{place}.txt", str(error).encode()
        else:
            yield f"{place} {name}", data
