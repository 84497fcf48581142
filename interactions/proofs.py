"""Proofs: what is written beside entries, to show later that nobody altered the log.

The digest of an entry is a SHA-256 over what it said: its place, its values, its document's hash
and the facts of its letter. One statement computes it for all entries; `digest` says the same in
Python, from the values alone, so that a log that moved to another database is still proven. The
seal of a logged segment is a SHA-256 over its header, its trail and all digests in order: who notes
it elsewhere can tell that nothing was taken away, added or exchanged, proofs included.
"""

import functools
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Round

from crm.sql import insert_from, sha256_of_lines
from interactions.models import EntryProof, InteractionLogEntry, LoggedSegment

IDS = ("position", "template_id", "salesperson_id", "campaign_id", "duration")
BETWEEN = "|"
KEY = LoggedSegment._meta.pk


class _Sha256(Func):
    """Of a text in UTF-8. Django's own one reads backslashes as escapes on PostgreSQL."""

    function = "SHA256"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **context)


class _PlainJson(Func):
    """JSON as the one text that PostgreSQL writes it as; SQLite is taught it, see teach_sqlite."""

    function = "PLAIN_JSON"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)


def plain_json(value: Any) -> str:
    """JSON as PostgreSQL writes it: short names before long ones, no escapes that need not be."""
    return json.dumps(_in_order(value), ensure_ascii=False)


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in _sorted(tuple(value))}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


@functools.lru_cache(maxsize=1000)
def _sorted(names: tuple[str, ...]) -> list[str]:
    """Remembered: the facts of half a million letters have the same names."""
    return sorted(names, key=lambda name: (len(name.encode()), name.encode()))


def teach_sqlite(connection: Any, **_signal: Any) -> None:
    """Gives a new connection to SQLite the function that _PlainJson calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "PLAIN_JSON", 1, lambda text: plain_json(json.loads(text)), deterministic=True
        )


def digest_expression() -> _Sha256:
    """The digest of an entry as its database computes it."""
    whole: Any = BigIntegerField()
    cents = Round(ExpressionWrapper(F("cost") * 100, DecimalField(max_digits=14, decimal_places=2)))
    parts: list[Any] = [Coalesce(F(name), Value(0)) for name in IDS]
    parts += [
        Cast(cents, whole),
        Case(When(own_document=True, then=Value(1)), default=Value(0)),
        Coalesce(F("document__sha256"), Value(""), output_field=TextField()),
    ]
    texts = [Concat(Cast(part, TextField()), Value(BETWEEN, TextField())) for part in parts]
    return _Sha256(Concat(*texts, _PlainJson(F("merge_values")), output_field=TextField()))


def digest(entry: InteractionLogEntry) -> str:
    """The digest of an entry, from its values; its document must be fetched."""
    parts = [
        *(getattr(entry, name) or 0 for name in IDS),
        int((Decimal(entry.cost) * 100).to_integral_value()),
        int(entry.own_document),
        entry.document.sha256 if entry.document else "",
        plain_json(entry.merge_values),
    ]
    return hashlib.sha256(BETWEEN.join(map(str, parts)).encode()).hexdigest()


def prove(logged: LoggedSegment) -> None:
    """Writes the proofs of a logged segment's entries, and its seal; the caller holds it.

    Two statements read all entries once each; nothing of it grows but with the entries.
    """
    entries = InteractionLogEntry.whole.filter(logged_segment=logged)
    write_proofs(logged, entries.order_by("position", "pk"))
    # As it is stored, for that is what will be read again.
    logged.refresh_from_db(fields=["header", "trail", "logged_at"])
    logged.seal = seal(logged)
    logged.save(update_fields=["seal"])


def extend(logged: LoggedSegment, entries: QuerySet[InteractionLogEntry]) -> int:
    """Proves entries that joined a logged segment later with leave; returns how many.

    A seal that is broken by then stays broken. The caller holds the logged segment.
    """
    if not logged.seal:
        return 0
    held = logged.seal == seal(logged)
    added = write_proofs(logged, entries.order_by("position", "pk"))
    logged.entry_count += added
    logged.seal = seal(logged) if held else logged.seal
    logged.save(update_fields=["entry_count", "seal"])
    return added


def write_proofs(logged: LoggedSegment | None, entries: QuerySet[InteractionLogEntry]) -> int:
    """One INSERT ... SELECT of the digests of these entries, of a logged segment or of none."""
    columns: dict[str, Any] = {
        "entry": F("pk"),
        "logged_segment": Value(logged.pk if logged else None, output_field=KEY),
        "position": F("position"),
        "digest": digest_expression(),
        "letter": "",
        "erased": False,
        "emptied": "",
    }
    return insert_from(EntryProof, entries, columns)


def seal(logged: LoggedSegment) -> str:
    """The SHA-256 of header, trail and the digests of all proofs in order, erased ones too.

    The database hashes the digests: half a million of them need not come here.
    """
    at = logged.logged_at.timestamp()
    said = [
        plain_json([logged.segment_number, logged.description, f"{at:.6f}"]),
        plain_json([logged.header, logged.trail]),
    ]
    proofs = EntryProof.objects.filter(logged_segment=logged).order_by("position", "pk")
    return sha256_of_lines("".join(f"{text}\n" for text in said), proofs.values_list("digest"))


def mark_erased(entries: QuerySet[InteractionLogEntry]) -> int:
    """Notes that these entries are about to be deleted with leave."""
    gone = entries.order_by().values("pk")
    return EntryProof.objects.filter(pk__in=gone).update(erased=True)
