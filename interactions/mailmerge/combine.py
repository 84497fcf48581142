"""Many letters of one template in one document: streamed, so that memory does not grow with the
letters.

What does grow is a line in the directory for each header that differs from all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import BinaryIO

from .copies import BLANK, Letters
from .errors import DocumentError
from .growing import Growing
from .headers import Header, HeaderParts, HeaderText
from .marks import Copy
from .ooxml import WORD_TYPE, parse, serialise
from .parts import CONTENT_TYPES, relationships, rels_name
from .template import Template
from .values import Scope, Value
from .zipstream import ZipStream, pack

Letter = tuple[Template, Mapping[str, Value], str]


def combine(letters: Iterable[Letter], out: BinaryIO, *, marked: bool = False) -> int:
    """Write one .docx of (template, values, language) letters to `out`; returns how many.

    Each letter begins on a new page, at page number one, with its own headers, footers, notes and
    lists; if `marked`, with a bookmark by which `pdf.letter_pages` knows it. All must be of the
    same template. DocumentError for another template, for no letters, and for what cannot be
    written; `out` then holds a torn file.
    """
    source = iter(letters)
    first = next(source, None)
    if first is None:
        raise DocumentError("no-letters")
    with closing(_Book(first[0], ZipStream(out), marked=marked)) as book:
        return book.write(_scopes(first, source))


def _scopes(first: Letter, rest: Iterator[Letter]) -> Iterator[Scope]:
    yield Scope(first[1], first[2])
    for template, values, language in rest:
        if template is not first[0]:
            raise DocumentError("different-templates")
        yield Scope(values, language)


class _Book:
    """One combined document while it is being written."""

    def __init__(self, template: Template, archive: ZipStream, *, marked: bool) -> None:
        self._template, self._archive = template, archive
        self._main = template.outline.main
        self._headers = _headers(template)
        places = {each.relationship: index for index, each in enumerate(self._headers)}
        self._letters = Letters(template, places, marked=marked)
        self._texts = [
            HeaderText(
                template.compiled[each.name],
                template.slots,
                place,
                len(self._headers),
                one=self._letters.one_section,
            )
            for place, each in enumerate(self._headers)
        ]
        own = (each.name for each in self._headers)
        relations = {n: template.parts[rels_name(n)] for n in own if rels_name(n) in template.parts}
        self._parts = HeaderParts(relations)
        self._types = _list(CONTENT_TYPES, template)
        self._links = _list(rels_name(self._main), template)
        self._growing: list[Growing] = [self._types, self._links, *self._letters.repeated]

    def write(self, scopes: Iterator[Scope]) -> int:
        """Write everything. A letter is written when it is known whether another one follows."""
        self._write_still()
        part = self._archive.stream(self._main)
        part.write(self._letters.head)
        count, copy = 1, self._copy(0, next(scopes))
        for scope in scopes:
            part.write(self._letters.fill(copy, last=False))
            copy = self._copy(count, scope)
            count += 1
        part.write(self._letters.fill(copy, last=True))
        part.close()
        self._parts.write(self._archive)
        for each in self._growing:
            each.write(self._archive)
        self._archive.close()
        return count

    def close(self) -> None:
        """Give back the space on disk, also when writing has failed."""
        self._parts.close()
        for each in self._growing:
            each.close()

    def _copy(self, number: int, scope: Scope) -> Copy:
        values = self._template.render(scope)
        ids = [self._header(place, values) for place in range(len(self._headers))]
        copy = Copy(number, values, ids)
        for each in self._letters.repeated:
            each.add(copy)
        return copy

    def _header(self, place: int, values: list[bytes]) -> bytes:
        """The relationship id of the header with these values, made if there is none yet."""
        header = self._headers[place]
        number, is_new = header.number(values)
        relationship = header.id_of(number)
        if is_new:
            name = header.name_of(number)
            self._parts.add(header, name, self._texts[place].pack(number, values))
            if number:
                self._enter(name, header.kind, relationship, header.type)
        return relationship.encode()

    def _enter(self, name: str, kind: str, relationship: str, type_: str) -> None:
        """Enter a new part in the content types and the relationships of the main document."""
        override = f'<Override PartName="/{name}" ContentType="{WORD_TYPE}{kind}+xml"/>'
        link = f'<Relationship Id="{relationship}" Type="{type_}" Target="/{name}"/>'
        self._types.append(override.encode())
        self._links.append(link.encode())

    def _write_still(self) -> None:
        own = {self._main, self._types.name, self._links.name}
        own |= {each.name for each in self._headers}
        own |= {each.name for each in self._letters.repeated}
        own |= {rels_name(each.name) for each in self._headers}
        for name, part in self._template.parts.items():
            if name not in own:
                self._archive.add(name, pack(self._letters.replaced.get(name, part)))
        if self._letters.blank:
            self._write_blank()

    def _write_blank(self) -> None:
        """An empty header and footer for sections that must not take those of the letter before."""
        root = parse(self._template.parts[self._main])
        space = root.tag[1 : root.tag.rindex("}")]
        base = self._template.relationship_base
        for element, kind in BLANK.values():
            name = f"word/blank_{kind}.xml"
            xml = f'<w:{element} xmlns:w="{space}"><w:p/></w:{element}>'
            self._archive.add(name, pack(xml.encode()))
            self._enter(name, kind, f"blank_{kind}", f"{base}/{kind}")


def _headers(template: Template) -> list[Header]:
    """The headers and footers with merge fields that the main document leads to."""
    links = {each.target: each for each in relationships(template.parts, template.outline.main)}
    return [
        Header(
            pieces.name,
            link.kind,
            link.id,
            f"{template.relationship_base}/{link.kind}",
            pieces.order,
        )
        for pieces in template.moving
        if (link := links.get(pieces.name)) and link.kind in ("header", "footer")
    ]


def _list(name: str, template: Template) -> Growing:
    """A part that is a list of elements, such as the content types, ready to be continued."""
    root, end = parse(template.parts.get(name, EMPTY_LINKS)), template.slots.token_of(0)
    if len(root):
        root[-1].tail = end
    else:
        root.text = end
    head, tail = serialise(root).split(end.encode())
    return Growing(name, head, tail)


EMPTY_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
