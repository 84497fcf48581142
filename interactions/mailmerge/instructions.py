r"""Field codes: from `MERGEFIELD Name \* Upper` and `IF x = "a" "then" "else"` to something that
knows its value.

A code is a list of text and of the fields nested in it, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from .errors import DocumentError
from .values import Branch, Expression, MergeField, Parts

QUOTES = {'"': '"', "“": "“”", "”": "“”", "„": "“”"}
OPERATORS = ("<>", "<=", ">=", "=", "<", ">")
CASES = {"upper", "lower", "firstcap", "caps"}
# Switches of MERGEFIELD that are followed by a word; \m and \v stand alone.
WITH_ARGUMENT = {"*", "#", "@", "b", "f"}

Code = Sequence[str | Expression]


@dataclass(frozen=True)
class Token:
    """A word of a field code. A quoted word is never a switch or an operator."""

    parts: Parts
    quoted: bool = False

    @property
    def text(self) -> str:
        """The word as written, without what is nested in it."""
        return "".join(part for part in self.parts if isinstance(part, str))


def keyword(code: Sequence[Any]) -> str:
    """The kind of field in capitals, "" if it does not begin with a word."""
    start = "".join(takewhile(lambda part: isinstance(part, str), code))
    word = start.split(maxsplit=1)[:1]
    return re.split(r'["=\\]', word[0])[0].upper() if word else ""


def read_code(code: Code) -> Expression | None:
    """The merge field or IF that the code says; None for a field of another kind."""
    kind = keyword(code)
    if kind == "MERGEFIELD":
        return _merge_field(list(tokens(code))[1:], code)
    if kind == "IF":
        return _branch(list(tokens(code))[1:], code)
    return None


def read_typed(text: str) -> MergeField | None:
    r"""The field of `{{ Name }}`, perhaps with switches: `{{ Date \@ "d.M.yyyy" }}`."""
    name, backslash, switches = text.partition("\\")
    name = " ".join(name.split())
    if not name:
        return None
    return _merge_field([Token((name,), True), *tokens([backslash + switches])], [text])


def written(code: Sequence[object]) -> str:
    """A code in short, for a message."""
    text = "".join(part if isinstance(part, str) else "…" for part in code)
    return " ".join(text.split())[:80]


def tokens(code: Code) -> Iterator[Token]:
    """The words of a code: separated by space, in quotes, an operator, or a switch."""
    items = [each for part in code for each in (part if isinstance(part, str) else (part,))]
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, str) and item.isspace():
            at += 1
        elif isinstance(item, str) and item in QUOTES:
            at, parts = _quoted(items, at + 1, QUOTES[item])
            yield Token(parts, True)
        elif operator := _operator(items, at):
            at += len(operator)
            yield Token((operator,))
        else:
            at, parts = _bare(items, at)
            yield Token(parts)


def _operator(items: list[str | Expression], at: int) -> str:
    ahead = "".join(each for each in items[at : at + 2] if isinstance(each, str))
    if not isinstance(items[at], str):
        return ""
    return next((each for each in OPERATORS if ahead.startswith(each)), "")


def _quoted(items: list[str | Expression], at: int, ends: str) -> tuple[int, Parts]:
    found: list[str | Expression] = []
    while at < len(items):
        item = items[at]
        if item == "\\" and at + 1 < len(items) and items[at + 1] in ('"', "\\"):
            at += 1
            item = items[at]
        elif isinstance(item, str) and item in ends:
            return at + 1, _joined(found)
        found.append(item)
        at += 1
    return at, _joined(found)


def _bare(items: list[str | Expression], at: int) -> tuple[int, Parts]:
    start, found = at, list[str | Expression]()
    while at < len(items):
        item = items[at]
        if isinstance(item, str) and (item.isspace() or item in QUOTES or _operator(items, at)):
            break
        if at > start and isinstance(item, str) and item == "\\":
            break
        found.append(item)
        at += 1
        # \*Upper, \b"x": the word of a switch may follow without a space.
        if len(found) == 2 and found[0] == "\\":
            break
    return at, _joined(found)


def _joined(items: list[str | Expression]) -> Parts:
    """Neighbouring characters as one string."""
    parts: list[str | Expression] = []
    for item in items:
        if isinstance(item, str) and parts and isinstance(parts[-1], str):
            parts[-1] += item
        else:
            parts.append(item)
    return tuple(parts)


def _merge_field(words: list[Token], code: Sequence[object]) -> MergeField:
    if any(not isinstance(part, str) for word in words for part in word.parts):
        raise DocumentError("field-nested", field=written(code))
    name, switches = _name(words)
    if not name:
        raise DocumentError("field-code", field=written(code))
    found: dict[str, str] = {}
    while switches:
        switch = switches.pop(0)
        letter = switch.text[1:].lower() if not switch.quoted and switch.text[:1] == "\\" else ""
        if letter in WITH_ARGUMENT and switches:
            argument = switches.pop(0).text
            if letter != "*" or argument.lower() in CASES | {"charformat"}:
                found[letter] = argument
    style = found.get("*", "").lower()
    return MergeField(
        name=name,
        date=found.get("@", ""),
        number=found.get("#", ""),
        case=style if style in CASES else "",
        before=found.get("b", ""),
        after=found.get("f", ""),
        charformat=style == "charformat",
    )


def _name(words: list[Token]) -> tuple[str, list[Token]]:
    """The name is one quoted word, or all bare words before the first switch."""
    if words and words[0].quoted:
        return words[0].text, words[1:]
    count = next(
        (index for index, word in enumerate(words) if word.quoted or word.text[:1] == "\\"),
        len(words),
    )
    return " ".join(word.text for word in words[:count]), words[count:]


def _branch(words: list[Token], code: Sequence[object]) -> Branch:
    at = next(
        (i for i, word in enumerate(words) if not word.quoted and word.text in OPERATORS), None
    )
    if at != 1 or len(words) < 4:
        raise DocumentError("field-code", field=written(code))
    operator = words[1].text
    then = words[3].parts
    other = words[4].parts if len(words) > 4 and words[4].text[:1] != "\\" else ()
    return Branch(words[0].parts, operator, words[2].parts, then, other)
