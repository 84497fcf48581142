"""What the merge fields say in one letter."""

from collections.abc import Iterator, Mapping

from interactions.mailmerge.values import ILLEGAL, Value
from interactions.mergefields import words
from interactions.mergefields.facts import Facts
from interactions.mergefields.fields import BY_NAME, FIELDS


class Values(Mapping[str, Value]):
    """The values of one letter by field name or alias, each computed when it is asked for.

    A letter uses a dozen of the fields; the rest costs nothing.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.language = words.language_of(facts)

    def __getitem__(self, name: str) -> Value:
        value = BY_NAME[name.casefold()].value(self._facts, self.language)
        return _printable(value) if isinstance(value, str) else value

    def __iter__(self) -> Iterator[str]:
        return (name for field in FIELDS for name in (field.name, *field.aliases))

    def __len__(self) -> int:
        return sum(1 for _name in self)


def _printable(text: str) -> str:
    """Without invisible characters that Word cannot hold; its vertical tab as a line end.

    They come in with pasted and imported texts, and one would keep all letters from being made.
    """
    return ILLEGAL.sub("", text.replace("\x0b", "\n")) if ILLEGAL.search(text) else text


def values(facts: Facts) -> Values:
    """What every merge field says in the letter made of these facts."""
    return Values(facts)
