"""Verification: is the log still what was written, and does every letter still come out the same?

For each logged segment: the seal, the proof of each entry, the hash of each document and print
pack, and each letter produced again. The same of interactions in no logged segment (created by
themselves, calls, letters sent again with later values): these have proofs, but no seal. The
bytes of a letter are compared with what was noted when it was produced for the first time, by the
first verification after Log; facts and document are proven by then. Every fault is named. Nothing
is repaired; only the hashes of letters not noted yet are written.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from crm import erasures
from crm.models import Erasure
from crm.sql import by_pk
from interactions import documents, letters, mailmerge, mergefields, proofs
from interactions.models import (
    Document,
    EntryProof,
    InteractionLogEntry,
    LoggedSegment,
)

CHUNK = 500
REFUSED = (documents.DocumentLost, mailmerge.DocumentError)
Progress = Callable[[int], None]
Entries = QuerySet[InteractionLogEntry]


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was. `code` for programs, `sentence` for people.

    Codes: document, altered, disagrees, letter, unmade, added, removed, seal, count, pack, erasure.
    """

    code: str
    sentence: str
    segment: str = ""
    position: int | None = None


@dataclass
class Verdict:
    """What a verification looked at, and what it found."""

    segments: int = 0
    entries: int = 0
    documents: int = 0
    letters: int = 0
    # Letters produced for the first time: their hashes are noted from now on.
    noted: int = 0
    # Entries that an erasure emptied, or took a name from: of these the digest of then is kept.
    erased: int = 0
    # Logged segments from before there were seals.
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether all is as it was."""
        return not self.faults


def verify_log(*, progress: Progress | None = None) -> Verdict:
    """Everything: all documents of the log and of templates, all segments and interactions."""
    verdict = Verdict()
    lost = _verify_documents(Document.objects.order_by("pk").iterator(), verdict)
    for some in by_pk(LoggedSegment.whole.all(), 20):
        verdict.segments += len(some)
        for logged in some:
            _verify(logged, _of(logged), verdict, lost, progress)
    _verify(None, _singles(), verdict, lost, progress)
    _verify_erasures(verdict)
    return verdict


def _verify_erasures(verdict: Verdict) -> None:
    """Whether only what the chain of erasures says was emptied, and the chain is whole."""
    broken = [erasure.pk for erasure in erasures.broken()]
    noted = {erasure.pk: erasure.proofs for erasure in Erasure.objects.exclude(pk__in=broken)}
    for pk in broken:
        said = _("Erasure %(number)s is not what was written.") % {"number": pk}
        verdict.faults.append(Fault("erasure", said))
    emptied = EntryProof.objects.filter(erasure__isnull=False).order_by("pk")
    for proof in emptied.iterator(chunk_size=CHUNK):
        digests = noted.get(proof.erasure_id or 0, {}).get(str(proof.pk))
        if digests != [proof.digest, proof.emptied] and proof.erasure_id not in broken:
            said = _("Interaction no. %(entry)s was emptied, and no erasure says so.")
            verdict.faults.append(Fault("erasure", said % {"entry": proof.pk}))


def verify_segment(logged: LoggedSegment, *, progress: Progress | None = None) -> Verdict:
    """One logged segment, what carries its number beside its log, and the documents of both."""
    verdict = Verdict(segments=1)
    beside = _singles().filter(segment_number=logged.segment_number)
    used = Q(pk__in=_letters(logged.entries.all())) | Q(pk__in=_letters(beside))
    lost = _verify_documents(Document.objects.filter(used).order_by("pk"), verdict)
    _verify(logged, _of(logged), verdict, lost, progress)
    _verify(None, beside, verdict, lost, progress, is_whole=False)
    return verdict


def _of(logged: LoggedSegment) -> Entries:
    return InteractionLogEntry.whole.filter(logged_segment=logged)


def _singles() -> Entries:
    """What was said outside of logged segments; what is kept for later was not said yet."""
    return InteractionLogEntry.whole.filter(logged_segment=None, postponed=False)


def _letters(entries: Entries) -> Any:
    return entries.order_by().exclude(document=None).values("document")


def _verify_documents(rows: Iterable[Document], verdict: Verdict) -> set[int]:
    """Recomputes each document's hash; returns the ids of those lost or altered."""
    lost = set()
    for document in rows:
        verdict.documents += 1
        try:
            documents.read(document)
        except documents.DocumentLost as error:
            lost.add(document.pk)
            verdict.faults.append(Fault("document", f"{error} SHA-256: {document.sha256}"))
    return lost


def _verify(
    logged: LoggedSegment | None,
    entries: Entries,
    verdict: Verdict,
    lost: set[int],
    progress: Progress | None,
    *,
    is_whole: bool = True,
) -> None:
    run = _Run(logged, verdict, lost)
    for some in by_pk(entries.select_related("document", "proof", "contact"), CHUNK):
        for entry in some:
            run.entry(entry)
        run.note()
        if progress is not None and len(some) == CHUNK:
            progress(verdict.entries)
    if is_whole:
        run.whole()


class _Run:
    """One logged segment under verification, or what was said outside of any."""

    def __init__(self, logged: LoggedSegment | None, verdict: Verdict, lost: set[int]) -> None:
        self.logged, self.verdict, self.lost = logged, verdict, lost
        self.templates = letters.Templates()
        self.fresh: list[EntryProof] = []

    def entry(self, entry: InteractionLogEntry) -> None:
        """One entry: its proof, its columns beside its facts, its letter."""
        self.verdict.entries += 1
        proof: EntryProof | None = getattr(entry, "proof", None)
        if self.logged is None or self.logged.seal:
            self._proven(entry, proof)
        if entry.document is not None and entry.document_id not in self.lost:
            self._letter(entry, proof)

    def _proven(self, entry: InteractionLogEntry, proof: EntryProof | None) -> None:
        if proof is None or proof.erased:
            self._fault("added", _("was added after Log"), entry)
        elif proof.erasure_id is not None:
            self.verdict.erased += 1
            if proof.emptied != proofs.digest(entry):
                self._fault("altered", _("was altered after an erasure"), entry)
        elif proof.digest != proofs.digest(entry):
            self._fault("altered", _("was altered after Log"), entry)
        elif names := disagreeing(entry):
            said = _("says other values than its letter: %s") % ", ".join(names)
            self._fault("disagrees", said, entry)

    def _letter(self, entry: InteractionLogEntry, proof: EntryProof | None) -> None:
        """Produces the letter again; compares its bytes, or notes them."""
        self.verdict.letters += 1
        try:
            _name, data = letters.letter(entry, self.templates)
        except REFUSED as error:
            self._fault("unmade", str(error), entry)
            return
        made = hashlib.sha256(data).hexdigest()
        if proof is not None and not proof.letter:
            proof.letter = made
            self.fresh.append(proof)
        elif proof is not None and proof.letter != made:
            self._fault("letter", _("no longer makes the same letter"), entry)

    def note(self) -> None:
        """Notes the letters that were produced for the first time."""
        EntryProof.objects.bulk_update(self.fresh, ["letter"])
        self.verdict.noted += len(self.fresh)
        self.fresh = []

    def whole(self) -> None:
        """What no entry can tell: entries that are missing, the seal, print packs."""
        if self.logged is not None:
            self._packs(self.logged)
            self.verdict.unsealed += not self.logged.seal
        if self.logged is not None and not self.logged.seal:
            return
        for position, entry_id in _removed(self.logged):
            said = _("Interaction %(position)s of %(segment)s was removed (no. %(entry)s).")
            values = {"position": position, "segment": self._number or "–", "entry": entry_id}
            self.verdict.faults.append(Fault("removed", said % values, self._number, position))
        if self.logged is not None:
            self._sealed(self.logged)

    def _sealed(self, logged: LoggedSegment) -> None:
        if logged.proofs.count() != logged.entry_count:
            said = _("%(segment)s has not as many proofs as interactions were logged.")
            self._of_segment("count", said)
        if logged.seal != proofs.seal(logged):
            said = _("The seal of %(segment)s is broken: its header, its trail or its proofs.")
            self._of_segment("seal", said)

    def _packs(self, logged: LoggedSegment) -> None:
        """Each print pack is the file that was made."""
        for pack in logged.packs.defer("entries"):
            was_deleted = not pack.file and not pack.sha256  # with leave: a person in it was erased
            if not was_deleted and not pack.is_as_made():
                said = _("The print pack %(pack)s is missing or was altered.") % {"pack": pack.name}
                self.verdict.faults.append(Fault("pack", said, self._number))

    @property
    def _number(self) -> str:
        return self.logged.segment_number if self.logged else ""

    def _of_segment(self, code: str, said: str) -> None:
        self.verdict.faults.append(Fault(code, said % {"segment": self._number}, self._number))

    def _fault(self, code: str, what: str, entry: InteractionLogEntry) -> None:
        said = _("Interaction %(position)s of %(segment)s (%(contact)s) %(what)s.")
        if self.logged is None:
            said = _("Interaction no. %(entry)s of %(date)s (%(contact)s) %(what)s.")
        values = {
            "entry": entry.pk,
            "date": entry.date,
            "position": entry.position,
            "segment": self._number,
            "contact": entry.contact or entry.merge_values.get("number") or "–",
            "what": what,
        }
        position = entry.position if self.logged else None
        self.verdict.faults.append(Fault(code, said % values, entry.segment_number, position))


def disagreeing(entry: InteractionLogEntry) -> list[str]:
    """The columns that say something else than the facts of the entry's letter."""
    facts, columns = entry.merge_values, ("description", "subject", "language", "segment_number")
    said = {name: getattr(entry, name) for name in columns} | {"date": entry.date.isoformat()}
    if not entry.logged_segment_id and _is_said_again(entry.description, facts):
        del said["description"]
    return [name for name, value in said.items() if name in facts and facts[name] != value]


def _is_said_again(description: str, facts: mergefields.Facts) -> bool:
    """Whether it is the description of the letter after some words; see delivery/again.py."""
    _words, colon, told = description.partition(": ")
    return bool(colon) and str(facts.get("description", "")).startswith(told)


def _removed(logged: LoggedSegment | None) -> Iterator[tuple[int, int]]:
    """Place and number of the entries that are gone without leave."""
    there = InteractionLogEntry.whole.filter(pk=OuterRef("entry"), logged_segment=logged)
    of_it = EntryProof.objects.filter(logged_segment=logged, erased=False)
    gone = of_it.filter(~Exists(there)).order_by("position", "pk")
    yield from gone.values_list("position", "entry")
