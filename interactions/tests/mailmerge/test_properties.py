"""For any text at all: it appears as typed or is refused, and the document keeps its shape."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from interactions.mailmerge import DocumentError, letter_name, read_template
from interactions.mailmerge.values import ILLEGAL

from .makers import docx, field, lines, p, part_of, r

TEMPLATE = read_template(
    docx(
        p(
            r("A {{ X }} B"),
            field(" MERGEFIELD X "),
            field(" IF ", field("MERGEFIELD X"), ' = "" "e" "f"'),
        )
        + p(field(' HYPERLINK "', field("MERGEFIELD X"), '"', result="link")),
        {"header": p(r("{{ X }}"))},
    )
)
ANY_TEXT = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text("<>&\"'{}«»]!-\\ \t\n\r\u00a0;ax0.", max_size=40),
    st.sampled_from(["{{ X }}", "]]>", "</w:t>", "slot0x0.", "&#0;", "&lt;", "\\* Upper", "<!--"]),
)


def shape(letter: bytes, part: str) -> list[str]:
    """The tags of a part, breaks and tabs and the text elements between them left out."""
    root = part_of(letter, part)
    found = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name not in ("t", "br", "tab"):
            found.append(f"{name} {sorted(element.attrib.items())}")
    return found


EMPTY = TEMPLATE.letter({"X": "x"})
PARTS = ("word/document.xml", "word/header.xml")


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
@example("\r\n")
@example("x\x00y")
@example("x" * 100_000)
def test_any_text(value: str) -> None:
    if ILLEGAL.search(value):
        with pytest.raises(DocumentError, match="X"):
            TEMPLATE.letter({"X": value})
        return
    letter = TEMPLATE.letter({"X": value})
    typed = value.replace("\r\n", "\n").replace("\r", "\n")
    assert lines(letter)[0] == f"A {typed} B{typed}{'f' if typed else 'e'}"
    assert lines(letter, "word/header.xml") == [typed]
    assert [shape(letter, part) for part in PARTS] == [shape(EMPTY, part) for part in PARTS]
    assert TEMPLATE.text({"X": value}).startswith(f"A {value} B")


DATED = read_template(docx(p(field(' MERGEFIELD X \\@ "d.M.yyyy" \\# "# ##0,00" \\* Caps'))))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.none(),
        ANY_TEXT,
        st.integers(),
        st.dates(),
        st.datetimes(),
        st.decimals(),
        st.decimals(places=2),
    ),
    st.sampled_from(["en", "fi", "de", "", "zz-ZZ"]),
)
def test_any_value_in_any_language(
    value: str | int | Decimal | datetime.date | None, language: str
) -> None:
    for template in (DATED, TEMPLATE):
        if isinstance(value, str) and ILLEGAL.search(value):
            with pytest.raises(DocumentError, match="X"):
                template.letter({"X": value}, language=language)
        else:
            lines(template.letter({"X": value}, language=language))


@settings(max_examples=200, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=2), st.integers(0, 6))
def test_a_number_after_a_picture_is_that_number(value: Decimal, places: int) -> None:
    picture = "0." + "0" * places if places else "0"
    template = read_template(docx(p(field(f' MERGEFIELD X \\# "{picture}"'))))
    shown = Decimal(template.text({"X": value}))
    assert abs(shown - value) * 2 <= Decimal(1).scaleb(-places)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**7), st.text(max_size=200), st.text(max_size=200))
def test_any_name_is_a_file_name(number: int, company: str, person: str) -> None:
    name = letter_name(number, company, person)
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert name.isprintable() or " " in name
    assert name == name.strip(" .")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "{{",
                "}}",
                "{{ X }}",
                " X ",
                "X",
                "<tab>",
                "{{ X",
                "Y }}",
                "{{ \\* Upper }}",
            ]
        ),
        max_size=8,
    )
)
def test_typed_braces_in_any_runs(words: list[str]) -> None:
    """However the text is split into runs, the letter reads as if it had been typed in one."""
    tab = "<w:r><w:tab/></w:r>"
    split = p(*(tab if word == "<tab>" else r(word, "<w:b/>") for word in words))
    together = p(*(tab if part == "<tab>" else r(part) for part in _joined(words)))
    values = {"X": "value", "Y": "other"}
    one, two = (read_template(docx(body)) for body in (split, together))
    assert lines(one.letter(values)) == lines(two.letter(values))
    assert one.fields == two.fields


def _joined(words: list[str]) -> list[str]:
    parts: list[str] = []
    for word in words:
        if parts and "<tab>" not in (word, parts[-1]):
            parts[-1] += word
        else:
            parts.append(word)
    return parts
