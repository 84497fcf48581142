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

from .books import combined
from .makers import PAGE, docx, field, lines, p, part_of, r, unzipped

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


FIELDS = ("A", "B", "C")
SEVERAL = read_template(
    docx(
        p(r("1 {{ A }} 2 {{ B }}"), field(" MERGEFIELD C \\* Upper "), r("3 {{ C }} 4 {{ A }}"))
        + p(field(' HYPERLINK "', field("MERGEFIELD B"), '"', result="link")),
        {"header": p(r("{{ C }}|{{ B }}"))},
        section=PAGE.replace(
            "<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="r_header"/>'
        ),
    )
)
ANY_VALUES = st.fixed_dictionaries(dict.fromkeys(FIELDS, ANY_TEXT))


def typed(value: str) -> str:
    """The value as Word reads it back: every line end is one."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def read_back(values: dict[str, str]) -> tuple[str, str]:
    """What the body and the header of SEVERAL read."""
    a, b, c = (typed(values[name]) for name in FIELDS)
    return f"1 {a} 2 {b}{c.upper()}3 {c} 4 {a}", f"{c}|{b}"


def illegal(values: dict[str, str]) -> str:
    """The names of values that no document can hold."""
    return "".join(name for name in FIELDS if ILLEGAL.search(values[name]))


@settings(max_examples=300, deadline=None)
@given(ANY_VALUES)
@example({"A": "\x1f", "B": "", "C": ""})
@example({"A": "a\r", "B": "\nb", "C": "\t"})
@example({"A": "", "B": "\ud800", "C": "\x1f\x1f"})
@example(
    {"A": "]]>", "B": "\u202e\u0645\u0631\u062d\u0628\u0627", "C": "\U0001f469\u200d\U0001f680"}
)
def test_values_that_are_written_together_stay_apart(values: dict[str, str]) -> None:
    if bad := illegal(values):
        with pytest.raises(DocumentError, match=f"“[{bad}]” has the character"):
            SEVERAL.letter(values)
        return
    letter = SEVERAL.letter(values)
    body, header = read_back(values)
    assert (lines(letter)[0], lines(letter, "word/header.xml")) == (body, [header])
    plain = SEVERAL.letter(dict.fromkeys(FIELDS, "x"))
    assert [shape(letter, part) for part in PARTS] == [shape(plain, part) for part in PARTS]


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_VALUES, min_size=1, max_size=4))
@example([{"A": "x" * 100_000, "B": "&" * 100_000, "C": "\n" * 1000}, dict.fromkeys(FIELDS, "")])
def test_any_text_in_combined_letters(letters: list[dict[str, str]]) -> None:
    """Each letter reads as if it stood alone, and the document has the shape of plain letters."""
    if any(map(illegal, letters)):
        with pytest.raises(DocumentError):
            combined(SEVERAL, *letters)
        return
    data = combined(SEVERAL, *letters)
    bodies, headers = zip(*map(read_back, letters), strict=True)
    assert lines(data)[::2] == list(bodies)
    plain = combined(SEVERAL, *({"A": "x", "B": "x", "C": str(n)} for n in range(len(letters))))
    assert tags(data) == tags(plain)
    shown = [lines(data, name)[0] for name in unzipped(data) if name.startswith("word/header")]
    assert sorted(shown) == sorted(set(headers))


def tags(data: bytes) -> list[str]:
    """The elements of the main part, breaks and tabs and the text between them left out."""
    found = (etree.QName(each).localname for each in part_of(data).iter(etree.Element))
    return [name for name in found if name not in ("t", "br", "tab")]


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
