"""The order of names: Finnish, the same on every database, without a collation of the server's.

The key is bytes, compared byte by byte: SQLite compares blobs so and PostgreSQL bytea, whatever
their locale. Letters with marks sort with their base letter, but å, ä and ö are letters of their
own after z (Kielitoimiston aakkostusohje: v and w apart, æ as ä, ø as ö).
"""

import unicodedata

_OWN_LETTERS = {
    "å": "\x7b",
    "ä": "\x7c",
    "æ": "\x7c",
    "ö": "\x7d",
    "ø": "\x7d",
    "ß": "ss",
    "đ": "d",
    "ð": "d",
    "þ": "th",
}
KEY_BYTES = 240


def sort_key(*parts: str) -> bytes:
    """The bytes by which these parts sort, first part first; at most KEY_BYTES of them."""
    return b"\x00".join(_key(part) for part in parts)[:KEY_BYTES]


def _key(text: str) -> bytes:
    """One part: folded case, no marks, runs of anything but letters and digits as one space."""
    letters = "".join(
        _letter(character) for character in unicodedata.normalize("NFC", text.lower())
    )
    return " ".join(letters.split()).encode()


def _letter(character: str) -> str:
    if character in _OWN_LETTERS:
        return _OWN_LETTERS[character]
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isalnum() else " "
