"""What a value looks like in a letter: switches, languages, characters."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from interactions.mailmerge import DocumentError, Value, read_template

from .makers import W, changed, docx, field, lines, p, part_of, r

DAY = datetime.date(2026, 11, 20)
NBSP = "\u00a0"


def shown(value: Value, switches: str = "", language: str = "en") -> str:
    """The text of a field with these switches, the same by letter() and by text()."""
    template = read_template(docx(p(field(f" MERGEFIELD X {switches} "))))
    (line,) = lines(template.letter({"X": value}, language=language))
    assert line == template.text({"X": value}, language=language)
    return line


@pytest.mark.parametrize(
    ("value", "switches", "text"),
    [
        ("jean o'neil", "\\* Upper", "JEAN O'NEIL"),
        ("Äiti", "\\* LOWER", "äiti"),
        ("hello big World", "\\* FirstCap", "Hello big World"),
        ("hello big-small McDonald", "\\* Caps", "Hello Big-small McDonald"),
        ("x", "\\*Upper \\* MERGEFORMAT", "X"),
        ("x", "\\* MERGEFORMAT \\* Upper", "X"),
        ("Ltd", '\\b "of " \\f "!"', "of Ltd!"),
        ("", '\\b "of " \\f "!"', ""),
        (None, '\\b "of " \\f "!"', ""),
        ("Ltd", '\\b"of "', "of Ltd"),
        ("ltd", '\\b "of " \\* Upper', "of LTD"),
        ("x", '\\b "say \\"hi\\" "', 'say "hi" x'),
        (DAY, '\\@ "d.M.yyyy"', "20.11.2026"),
        ("2026-11-20", '\\@ "d.M.yyyy"', "20.11.2026"),
        ("2026-11-20", '\\@"dd/MM/yy"', "20/11/26"),
        ("2026-01-05T09:07:00", '\\@ "d.M.yyyy HH:mm"', "5.1.2026 09:07"),
        ("2026-01-05T15:07:00", '\\@ "h:mm am/pm"', "3:07 pm"),
        (DAY, "\\@ \"dddd, d MMMM yyyy 'at noon'\"", "Friday, 20 November 2026 at noon"),
        (DAY, '\\@ "ddd d MMM"', "Fri 20 Nov"),
        (DAY, '\\@ "MMMM" \\* Upper', "NOVEMBER"),
        ("2026-02-30", '\\@ "d.M.yyyy"', "2026-02-30"),
        ("20261120", '\\@ "d.M.yyyy"', "20261120"),
        ("tomorrow", '\\@ "d.M.yyyy"', "tomorrow"),
        ("2026-11-20", "", "2026-11-20"),
        ("1234.5", "", "1234.5"),
        ("1234.5", '\\# "0,00"', "1234,50"),
        (Decimal("1234.5"), '\\# "0.00"', "1234.50"),
        (1234567, '\\# "#,##0"', "1,234,567"),
        (1234567, '\\# "# ##0,00"', f"1{NBSP}234{NBSP}567,00"),
        ("1234567.891", '\\# "#.##0,00"', "1.234.567,89"),
        ("1234567.891", '\\# "#,##0.00"', "1,234,567.89"),
        (12, '\\# "0000"', "0012"),
        (0, '\\# "#"', ""),
        ("0.5", '\\# "0"', "1"),
        ("2.5", '\\# "0"', "3"),
        ("-0.001", '\\# "0,00"', "0,00"),
        ("-1234.5", '\\# "#,##0.00"', "-1,234.50"),
        ("-5", '\\# "0;(0)"', "(5)"),
        ("0", '\\# "0;-0;nil"', "nil"),
        ("1.5", '\\# "0.##"', "1.5"),
        ("2", '\\# "0.##"', "2"),
        ("12.5", '\\# "0,00 €"', "12,50 €"),
        ("12.5", '\\# "€ 0,00"', "€ 12,50"),
        ("12", "\\# 0,00", "12,00"),
        ("twelve", '\\# "0,00"', "twelve"),
        ("1,5", '\\# "0,00"', "1,5"),
        ("1" * 60, '\\# "0.0"', "1" * 60 + ".0"),
        (Decimal("NaN"), '\\# "0,00"', "NaN"),
    ],
)
def test_switches(value: Value, switches: str, text: str) -> None:
    assert shown(value, switches) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("en", DAY, "20 November 2026"),
        ("en-GB", DAY, "20 November 2026"),
        ("en_US", DAY, "November 20, 2026"),
        ("fi", DAY, "20.11.2026"),
        ("fi-FI", DAY, "20.11.2026"),
        ("sv", DAY, "20 november 2026"),
        ("de", DAY, "20. November 2026"),
        ("fr", DAY, "20 novembre 2026"),
        ("es", DAY, "20 de noviembre de 2026"),
        ("xx", DAY, "20 November 2026"),
        ("fi", Decimal("1234.50"), f"1{NBSP}234,50"),
        ("en", Decimal("1234.50"), "1,234.50"),
        ("de", Decimal("-1234567.5"), "-1.234.567,5"),
        ("fi", 999, "999"),
        ("fi", -1000, f"-1{NBSP}000"),
        ("en", Decimal("1E+3"), "1,000"),
        ("en", Decimal("0.00"), "0.00"),
        ("en", 0, "0"),
    ],
)
def test_values_in_the_language_of_the_letter(language: str, value: Value, text: str) -> None:
    assert shown(value, language=language) == text


def test_finnish_months_stand_in_the_partitive_after_a_day() -> None:
    assert shown(DAY, '\\@ "d. MMMM yyyy"', "fi") == "20. marraskuuta 2026"
    assert shown(DAY, '\\@ "MMMM yyyy"', "fi") == "marraskuu 2026"
    assert shown(DAY, '\\@ "dddd d. MMMM"', "fi") == "perjantai 20. marraskuuta"


def test_typed_fields_take_switches() -> None:
    template = read_template(docx(p(r('{{ X \\@ "d.M.yyyy" }} {{ Y \\* Upper }}'))))
    assert template.text({"X": "2026-11-20", "Y": "y"}) == "20.11.2026 Y"


@pytest.mark.parametrize(
    "value",
    [
        "{{ Y }}",
        "{ MERGEFIELD Y }",
        "«Y»",
        "<w:t>Y</w:t>",
        "</w:t></w:r></w:p>",
        "]]> <![CDATA[ & &amp; &#x41; \"'",
        "slot0x0. slot0x1.",
        "  two  spaces  ",
        "日本語 \U0001f600 עברית",
        "%(name)s %s {0}",
        "\u2028 \u0085 \u00ad \u200b",
        "x" * 100_000,
        "é" * 600,
    ],
)
def test_text_appears_as_typed(value: str) -> None:
    template = read_template(docx(p(r("{{ X }}|{{ Y }}"))))
    assert lines(template.letter({"X": value, "Y": "secret"})) == [f"{value}|secret"]


def test_line_breaks_and_tabs_are_elements() -> None:
    template = read_template(docx(p(r("{{ X }}"))))
    letter = template.letter({"X": "a\nb\r\nc\rd\te\n"})
    assert lines(letter) == ["a\nb\nc\nd\te\n"]
    (run,) = part_of(letter).iter(f"{{{W}}}r")
    assert [each.tag.rpartition("}")[2] for each in run] == [
        "t",
        "br",
        "t",
        "br",
        "t",
        "br",
        "t",
        "tab",
        "t",
        "br",
        "t",
    ]


@pytest.mark.parametrize(
    "character", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ud800", "\ufffe", "\uffff"]
)
def test_what_xml_cannot_hold_is_refused_by_name(character: str) -> None:
    body = p(r("{{ First }} {{ Other }}"), field("MERGEFIELD Other \\* Upper"))
    template = read_template(docx(body))
    values = {"First": "fine", "Other": f"bad {character}"}
    for make in (template.letter, template.text):
        with pytest.raises(DocumentError) as refused:
            make(values)
        assert refused.value.code == "illegal-character"
        assert f"“Other” has the character U+{ord(character):04X}" in str(refused.value)


def test_other_namespace_prefixes() -> None:
    body = p(r("{{ X }}"))
    template = read_template(docx(body))
    for prefix in ("", "ns0:"):
        declared = f'xmlns:{prefix[:-1]}="{W}"' if prefix else f'xmlns="{W}"'
        xml = (
            f"<{prefix}document "
            f"{declared}><{prefix}body><{prefix}p><{prefix}r><{prefix}t>{{{{ X }}}}"
            f"</{prefix}t></{prefix}r></{prefix}p></{prefix}body></{prefix}document>"
        )
        other = read_template(changed(docx(body), word__document=xml.encode()))
        assert lines(other.letter({"X": "a\n<b>"})) == lines(template.letter({"X": "a\n<b>"}))
