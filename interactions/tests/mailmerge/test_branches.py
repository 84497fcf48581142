"""IF fields, and values within the code of other fields."""

from __future__ import annotations

import pytest

from interactions.mailmerge import read_template

from .makers import W, code, docx, field, mark, p, part_of, r, simple
from .test_fields import merged


def branch(comparison: str, *sides: str) -> str:
    return field(" IF ", field(" MERGEFIELD X "), f" {comparison} ", *sides)


@pytest.mark.parametrize(
    ("comparison", "value", "shown"),
    [
        ('= "a"', "a", "then"),
        ('= "a"', "A", "else"),
        ('="a"', "a", "then"),
        ("= a", "a", "then"),
        ('= ""', "", "then"),
        ('= ""', None, "then"),
        ('<> ""', "", "else"),
        ('<> ""', "x", "then"),
        ('<>"x"', "x", "else"),
        ("> 9", "10", "then"),
        ("> 9", 10, "then"),
        ("< 9", "10", "else"),
        (">= 10", "10.0", "then"),
        ('<= "9,5"', "9.5", "then"),
        ("< 9,5", "9.5", "else"),
        ('= "1 000"', "1000", "else"),
        ('= "“q”"', "“q”", "then"),
        ("= “a”", "a", "then"),
        ('< "b"', "a", "then"),
        ('= "then" ', '" "injected" "', "else"),
    ],
)
def test_if(comparison: str, value: object, shown: str) -> None:
    body = p(branch(comparison, '"then" "else"'))
    assert merged(body, {"X": value}) == [shown]


def test_if_with_fields_and_lines_in_its_sides() -> None:
    inner = field(" IF ", field("MERGEFIELD X"), ' = "b" "two" "many"')
    body = p(branch('= "a"', '"of ', field("MERGEFIELD City"), '" ', '"', inner, '"'))
    assert merged(body, {"X": "a", "City": "Rome"}) == ["of Rome"]
    assert merged(body, {"X": "b", "City": "Rome"}) == ["two"]
    assert merged(body, {"X": "c", "City": "Rome"}) == ["many"]
    start = p(mark("begin"), code("IF "), field("MERGEFIELD X"), code(' = "a" "one'))
    two_lines = start + p(code('two" "none"'), mark("separate"), r("one"), mark("end"), r("!"))
    assert merged(two_lines, {"X": "a"}) == ["one\ntwo!"]
    assert merged(two_lines, {"X": "b"}) == ["none!"]


def test_if_without_else_and_with_simple_field_inside() -> None:
    body = p(field(" IF ", simple("MERGEFIELD X"), ' = "a" "yes"'))
    assert merged(body, {"X": "a"}) == ["yes"]
    assert merged(body, {"X": "b"}) == [""]
    assert read_template(docx(body)).fields == ("X",)


def test_an_old_result_with_fields_goes_with_its_if() -> None:
    body = p(
        field(" IF ", field("MERGEFIELD X"), ' = "a" "yes" "no"', result=field("MERGEFIELD City"))
    )
    assert merged(body, {"X": "a", "City": "Rome"}) == ["yes"]


def codes(body: str, value: str) -> str:
    root = part_of(read_template(docx(body)).letter({"X": value}))
    return "".join(each.text or "" for each in root.iter(f"{{{W}}}instrText"))


def test_a_value_in_the_code_of_a_link_stays_in_its_quotes() -> None:
    quoted = p(field(' HYPERLINK "mailto:', field(" MERGEFIELD X "), '" \\o "tip"', result="write"))
    assert codes(quoted, "a@b.fi") == ' HYPERLINK "mailto:a@b.fi" \\o "tip"'
    assert codes(quoted, 'a" \\l “x”\n&<') == ' HYPERLINK "mailto:a\' \\\\l \'x\' &<" \\o "tip"'
    bare = p(field(" HYPERLINK ", field(" MERGEFIELD X "), " ", result="write"))
    assert codes(bare, 'x.fi" INCLUDETEXT') == ' HYPERLINK "x.fi\' INCLUDETEXT" '
