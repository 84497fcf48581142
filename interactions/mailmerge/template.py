"""A letter read once and written many times.

Reading cuts the document at its merge fields. What never changes is compressed then and there; a
letter is the laying of values between ready pieces, one checksum, and a new directory at the end of
the zip file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import DocumentError, Note
from .fields import replace_fields
from .ooxml import RELATIONSHIPS, STRICT, Element, child, is_word, local, parse, serialise
from .package import unpack
from .parts import CONTENT_TYPES, Outline, facts, forget_data_source, outline
from .plaintext import plain_text
from .slots import Slots, Writer
from .typed import replace_typed
from .values import Scope, Value
from .zipstream import (
    DEFLATED,
    LAST_BLOCK,
    Packed,
    central_record,
    end_record,
    literal_block,
    local_header,
    pack,
    value_block,
)

NOTES = frozenset({"footnoteReference", "endnoteReference"})


class Pieces:
    """A part with slots: its literal text between them, as it is and compressed, and the order of
    the slots.
    """

    def __init__(self, name: str, xml: bytes, slots: Slots) -> None:
        self.name = name
        literals, self.order = slots.cut(xml)
        self._first, self._first_crc = len(literals[0]), zlib.crc32(literals[0])
        self._plain = [piece for literal in literals for piece in (literal, b"")][1:-1]
        self._packed = [piece for each in literals for piece in (literal_block(each), b"")][:-1]
        self._packed.append(LAST_BLOCK)
        self._encoded = name.encode()

    def fill(self, values: Sequence[bytes], blocks: Sequence[bytes]) -> Packed:
        """The part with these values of the slots, given as text and as deflate blocks."""
        plain, packed = self._plain.copy(), self._packed.copy()
        plain[0::2] = [values[index] for index in self.order]
        packed[1:-1:2] = [blocks[index] for index in self.order]
        text = b"".join(plain)
        crc = zlib.crc32(text, self._first_crc)
        return Packed(DEFLATED, b"".join(packed), crc, self._first + len(text))

    def entry(self, part: Packed, offset: int) -> tuple[bytes, bytes]:
        """Its local header and its record in the directory."""
        return local_header(self._encoded, part), central_record(self._encoded, part, offset)


@dataclass(frozen=True)
class Still:
    """The parts that are the same in every letter, as the beginning of a zip file and of its
    directory.
    """

    data: bytes
    directory: bytes
    count: int


class Template:
    """A document with merge fields. Immutable: letters may be made from several threads.

    `fields` are the names used, in order of first use (body, then headers, footers and notes), as
    written. `notes` are facts that do not hinder the merge.
    """

    def __init__(self, parts: dict[str, bytes]) -> None:
        forget_data_source(parts)
        self.parts = parts
        self.outline: Outline = outline(parts)
        texts = _texts(parts, self.outline)
        self.slots = Slots(parts.values())
        notes = facts(parts, texts)
        notes += [Note("unsupported-field", kind) for kind in _compile(texts, self.slots)]
        self.notes: tuple[Note, ...] = tuple(notes)
        self._writer = Writer(self.slots.all)
        self.compiled = {name: serialise(root) for name, root in texts.items()}
        pieces = (Pieces(name, xml, self.slots) for name, xml in self.compiled.items())
        self.moving = [each for each in pieces if each.order]
        order = [index for each in self.moving for index in each.order]
        self.fields: tuple[str, ...] = tuple(self.slots.names(order))
        self._still = _still(parts, {each.name for each in self.moving})
        self._text = self._text_pieces(texts[self.outline.main])
        self.has_notes = any(local(each) in NOTES for each in texts[self.outline.main].iter())

    def letter(self, values: Mapping[str, Value], *, language: str = "en") -> bytes:
        """One .docx. The same values and language give the same bytes.

        DocumentError if a value cannot be written.
        """
        texts = self.render(Scope(values, language))
        blocks = [value_block(text) for text in texts]
        written, directory = [self._still.data], [self._still.directory]
        offset = len(self._still.data)
        for pieces in self.moving:
            part = pieces.fill(texts, blocks)
            header, record = pieces.entry(part, offset)
            written += (header, part.data)
            directory.append(record)
            offset += len(header) + len(part.data)
        records = b"".join(directory)
        end = end_record(self._still.count + len(self.moving), len(records), offset)
        return b"".join((*written, records, end))

    def text(self, values: Mapping[str, Value], *, language: str = "en") -> str:
        """The text of the letter's body: a paragraph a line, cells parted by tabs."""
        scope = Scope(values, language)
        literals, order = self._text
        words = [self.slots.all[index].expression.text(scope) for index in order]
        return literals[0] + "".join(w + t for w, t in zip(words, literals[1:], strict=True))

    @property
    def relationship_base(self) -> str:
        """What the types of relationships begin with in the dialect of this document."""
        strict = f'"{STRICT}"'.encode() in self.compiled[self.outline.main]
        return RELATIONSHIPS[strict]

    def render(self, scope: Scope) -> list[bytes]:
        """What each slot of the document holds in one letter, as XML."""
        return self._writer.write(scope)

    def _text_pieces(self, root: Element) -> tuple[list[str], list[int]]:
        text = plain_text(root)
        pieces = re.split(rf"{self.slots.mark}(\d+)\.", text)
        return pieces[0::2], [int(number) for number in pieces[1::2]]


def read_template(data: bytes) -> Template:
    """Check an uploaded .docx and read it. DocumentError says what is wrong and what to do."""
    return Template(unpack(data))


def _texts(parts: dict[str, bytes], outline: Outline) -> dict[str, Element]:
    """The parts with text, parsed. Every other part is seen to be XML where it should be."""
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and name not in outline.kinds:
            parse(part)
    texts = {name: parse(parts[name]) for name in outline.kinds}
    if not all(is_word(root) for root in texts.values()):
        raise DocumentError("damaged")
    if child(texts[outline.main], "body") is None:
        raise DocumentError("damaged")
    return texts


def _compile(texts: dict[str, Element], slots: Slots) -> list[str]:
    """Put slots into the parsed parts. Returns the kinds of fields that are not filled."""
    unsupported: set[str] = set()
    for root in texts.values():
        unsupported |= replace_fields(root, slots)
        replace_typed(root, slots)
    return sorted(unsupported)


def _still(parts: dict[str, bytes], moving: set[str]) -> Still:
    data, directory, count = bytearray(), bytearray(), 0
    for name in sorted((name for name in parts if name not in moving), key=_rank):
        part, encoded = pack(parts[name]), name.encode()
        directory += central_record(encoded, part, len(data))
        data += local_header(encoded, part) + part.data
        count += 1
    return Still(bytes(data), bytes(directory), count)


def _rank(name: str) -> int:
    """Content types and relationships first: some programs know a .docx by its first parts."""
    first = (CONTENT_TYPES, "_rels/.rels")
    return first.index(name) if name in first else 2 if name.startswith("word/") else 3
