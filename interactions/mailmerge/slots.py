"""The places in a document where something is written for each letter.

While a part is being compiled, a place is held by a *token*: a short ASCII string that occurs
nowhere else in the document. Once the part is written out as bytes, it is cut at the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import DocumentError
from .values import ILLEGAL, Expression, MergeField, Scope, Value, as_text, legal

# What a text run must not hold as it is: markup, line ends, tabs, and what XML cannot hold at all.
SPECIAL = re.compile(ILLEGAL.pattern[:-1] + "&<>\t\n\r]")
BREAK = re.compile(r"[\t\n\r]")
# Stands between the values of a letter while they are written together. XML cannot hold it.
BETWEEN = "\x1f"
OTHER_ILLEGAL = re.compile(ILLEGAL.pattern.replace("\x0e-\x1f", "\x0e-\x1e"))
CODE_QUOTES = str.maketrans('"“”„\t\r\n', "''''   ")

# A letter has some tens; a document made to keep the server busy has a million.
MOST_FIELDS = 10_000


@dataclass(frozen=True)
class Slot:
    """One thing to write: an expression, in a run whose tags have the namespace prefix `prefix`."""

    expression: Expression
    prefix: str = "w:"

    def render(self, scope: Scope) -> bytes:
        """The bytes between the tags of the `w:t` (or `w:instrText`) that holds the slot.

        A value is always text: nothing in it is markup, a field, or the end of a quoted word of a
        code.
        """
        text = self.expression.text(scope)  # which has refused what XML cannot hold
        if not SPECIAL.search(text):
            return text.encode()
        text = escaped(text)
        return (broken(text, self.prefix) if BREAK.search(text) else text).encode()

    @property
    def plain_name(self) -> str:
        """The field whose value is written as it is; empty if there is more to do."""
        plain = isinstance(self.expression, MergeField) and self.expression.plain
        return self.expression.names()[0] if plain else ""


@dataclass(frozen=True)
class CodeSlot(Slot):
    """A value inside the code of a field that Word works out: it cannot leave the quotes it stands
    in.
    """

    bare: bool = False

    @property
    def plain_name(self) -> str:
        """None: a code has rules of its own."""
        return ""

    def render(self, scope: Scope) -> bytes:
        """The value, in quotes of its own if the code has none round it."""
        text = legal(self.expression.text(scope), self.expression.names()[0])
        text = escaped(text.translate(CODE_QUOTES).replace("\\", "\\\\"))
        return (f'"{text}"' if self.bare else text).encode()


def escaped(text: str) -> str:
    """The text with its XML markup characters written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def broken(text: str, prefix: str) -> str:
    """The text with elements for line ends and tabs, which leave the `w:t` for a moment."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character, tag in (("\n", "br"), ("\t", "tab")):
        element = f"</{prefix}t><{prefix}{tag}/>"
        text = text.replace(character, f'{element}<{prefix}t xml:space="preserve">')
    return text


class Writer:
    """Writes the slots of one letter after the other: values that stand as they are all at once."""

    def __init__(self, slots: list[Slot]) -> None:
        self._slots = slots
        plain = [slot for slot in slots if slot.plain_name]
        self._prefix = plain[0].prefix if plain else ""
        together = [slot.prefix == self._prefix and bool(slot.plain_name) for slot in slots]
        self._names = [slot.plain_name for slot, one in zip(slots, together, strict=True) if one]
        self._apart = [at for at, one in enumerate(together) if not one]

    def write(self, scope: Scope) -> list[bytes]:
        """What each slot holds, as XML. DocumentError if a value cannot be written."""
        if not self._names:
            return [slot.render(scope) for slot in self._slots]
        text = BETWEEN.join([_plain(scope.value(name), scope) for name in self._names])
        if OTHER_ILLEGAL.search(text) or text.count(BETWEEN) >= len(self._names):
            return [slot.render(scope) for slot in self._slots]  # the first bad one says its name
        text = escaped(text)
        if BREAK.search(text):
            text = broken(text, self._prefix)
        written = text.encode().split(BETWEEN.encode())
        for at in self._apart:
            written.insert(at, self._slots[at].render(scope))
        return written


def _plain(value: Value, scope: Scope) -> str:
    return value if isinstance(value, str) else as_text(value, scope)


class Slots:
    """All slots of a document, each different one once, and their tokens."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.all: list[Slot] = []
        self._index: dict[Slot, int] = {}
        self._count = 0
        parts, number = list(parts), 0
        while any(b"slot%dx" % number in part for part in parts):
            number += 1
        self.mark = f"slot{number}x"

    def token(self, slot: Slot) -> str:
        """The string that holds the place of the slot."""
        self._count += 1
        if self._count > MOST_FIELDS:
            raise DocumentError("too-many-fields", limit=MOST_FIELDS)
        index = self._index.setdefault(slot, len(self.all))
        if index == len(self.all):
            self.all.append(slot)
        return self.token_of(index)

    def token_of(self, index: int) -> str:
        """The token of a number; numbers beyond the slots are free for other uses."""
        return f"{self.mark}{index}."

    def cut(self, text: bytes) -> tuple[list[bytes], list[int]]:
        """The literal text between the tokens (one more than tokens), and the numbers of the
        tokens.
        """
        pieces = re.split(rb"%s(\d+)\." % self.mark.encode(), text)
        return pieces[0::2], [int(number) for number in pieces[1::2]]

    def names(self, order: Iterable[int]) -> list[str]:
        """The merge field names of these slots, in order of first use."""
        return list(dict.fromkeys(n for i in order for n in self.all[i].expression.names()))
