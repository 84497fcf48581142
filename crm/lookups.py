"""The words a contact is found by, and the question "does a word begin so?" in SQL.

A search matches the beginnings of words, the same on every database. PostgreSQL answers from an
index on the words of the column (migration 0002), which needs no extension of the server's.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Lookup, TextField
from django.utils.translation import gettext as _

# From so many digits on, what is typed is a phone number, however it is spaced.
PHONE_DIGITS = 6
WORDS_SQL = "array_to_tsvector(array_remove(string_to_array({}, ' '), ''))"
_PHONE = re.compile(r"[\d\s()+/.-]+")
_INTERNATIONAL = re.compile(r"\s*(\+|00)")


def search_text(values: Iterable[str], phones: Iterable[str]) -> str:
    """What a contact is found by: the values as they are, then their parts and bare numbers."""
    whole = " ".join(filter(None, (*values, *phones))).casefold()
    words = dict.fromkeys(whole.split())
    parts = [part for word in words for part in re.split(r"\W+", word) if part and part != word]
    numbers = [number for phone in phones for number in phone_numbers(phone)]
    more = dict.fromkeys(one for one in (*parts, *numbers) if one not in words)
    return " ".join((whole, *more)).strip()


def phone_numbers(phone: str) -> list[str]:
    """The digits of a phone number, without country code (one to three digits) or trunk zero."""
    digits = re.sub(r"\D", "", phone).lstrip("0")
    if len(digits) < PHONE_DIGITS:
        return []
    return [digits[cut:] for cut in range(4 if _INTERNATIONAL.match(phone) else 1)]


def without_letters(phone: str) -> str:
    """A phone number as typed; refuses letters, and what has no digit at all."""
    if any(character.isalpha() for character in phone):
        raise ValidationError(_("A phone number has no letters."))
    if phone and not any(character.isdigit() for character in phone):
        raise ValidationError(_("A phone number has digits."))
    return phone


def asked_words(text: str) -> Sequence[str]:
    """What somebody typed into a search box as words to look for; a phone number is one word."""
    if _PHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text).lstrip("0")
        if len(digits) >= PHONE_DIGITS:
            return [digits]
    return text.casefold().split()


@CharField.register_lookup
@TextField.register_lookup
class BeginsWord(Lookup):
    """A word of the column, which is kept casefolded, begins with the text asked for."""

    lookup_name = "begins_word"

    def get_prep_lookup(self) -> Any:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """For SQLite: a text search with a blank in front."""
        left, parameters = self.process_lhs(compiler, connection)
        asked = re.sub(r"([%_\\])", r"\\\1", str(self.rhs))
        return f"(' ' || {left}) LIKE %s ESCAPE '\\'", [*parameters, f"% {asked}%"]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """For PostgreSQL: the words of the column are the index's."""
        left, parameters = self.process_lhs(compiler, connection)
        asked = re.sub(r"(['\\])", r"\1\1", str(self.rhs))
        return f"{WORDS_SQL.format(left)} @@ %s::tsquery", [*parameters, f"'{asked}':*"]


@CharField.register_lookup
class TrigramsLike(Lookup):
    """Only for PostgreSQL with pg_trgm: a text that has much of what was typed, in any order."""

    lookup_name = "trigrams_like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The operator of pg_trgm: how much of what was typed is in the text."""
        left, parameters = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} %%> {right}", [*parameters, *more]
