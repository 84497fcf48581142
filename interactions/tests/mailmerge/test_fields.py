"""Every way in which Word writes a merge field, and the text that stands there afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from interactions.mailmerge import DocumentError, read_template

from .makers import W, code, docx, field, lines, mark, p, part_of, r, simple

BOLD = "<w:b/>"

VALUES = {"First_Name": "Ada", "Company": "Analytical Ltd", "City": "London", "My Field": "mine"}


def merged(body: str, values: dict[str, Any] | None = None, **options: object) -> list[str]:
    """The paragraphs of a letter of this body, made twice."""
    template = read_template(docx(body, **options))  # type: ignore[arg-type]
    letter = template.letter(values or VALUES)
    assert letter == template.letter(values or VALUES)
    return lines(letter)


@pytest.mark.parametrize(
    "content",
    [
        simple(" MERGEFIELD First_Name "),
        simple("MERGEFIELD First_Name \\* MERGEFORMAT"),
        simple(' MERGEFIELD "First_Name" '),
        simple("mergefield  FIRST_NAME"),
        field(" MERGEFIELD First_Name "),
        field(" MERGEFIELD First_Name \\* MERGEFORMAT "),
        field(' MERGEFIELD "First_Name" \\m '),
        field(" MERGE", "FIELD Fir", "st_Na", "me "),
        field(" MERGEFIELD ", '<w:proofErr w:type="spellStart"/>', "First_Name"),
        field(
            '<w:bookmarkStart w:id="1" w:name="a"/>',
            " MERGEFIELD First_Name",
            '<w:bookmarkEnd w:id="1"/>',
        ),
        mark("begin") + code("MERGEFIELD First_Name") + mark("end"),
        mark("begin") + code("MERGEFIELD First_Name") + mark("separate") + mark("end"),
        field(
            " MERGEFIELD First_Name ",
            result=r("«Fir") + '<w:proofErr w:type="gramEnd"/>' + r("st»"),
        ),
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>MERGEFIELD First_Name</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>old</w:t><w:fldChar w:fldCharType="end"/></w:r>',
        f'<w:hyperlink r:id="x">{field(" MERGEFIELD First_Name ")}</w:hyperlink>',
        f"<w:sdt><w:sdtPr/><w:sdtContent>{field(' MERGEFIELD First_Name ')}</w:sdtContent></w:sdt>",
        f'<w:ins w:id="9" w:author="x">{field(" MERGEFIELD First_Name ")}</w:ins>',
        f"<w:smartTag>{simple(' MERGEFIELD First_Name ')}</w:smartTag>",
        r("{{ First_Name }}"),
        r("{{First_Name}}"),
        r("{{ first_name }}"),
        r("{") + r("{ First") + '<w:proofErr w:type="spellEnd"/>' + r("_Name }", BOLD) + r("}"),
        r("{{ ") + '<w:bookmarkStart w:id="1" w:name="a"/>' + r("First_Name") + r(" }}"),
        r("{{\u00a0First_Name\u00a0}}"),
    ],
)
def test_a_field_becomes_its_value(content: str) -> None:
    assert merged(p(r("Dear "), content, r("!"))) == ["Dear Ada!"]


@pytest.mark.parametrize("strict", [False, True])
def test_both_dialects(strict: bool) -> None:
    body = p(simple("MERGEFIELD City"), r("; "), field("MERGEFIELD Company"), r("; {{ City }}"))
    assert merged(body, strict=strict) == ["London; Analytical Ltd; London"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (field(' MERGEFIELD "My Field" '), "My Field"),
        (field(" MERGEFIELD “My Field” "), "My Field"),
        (field(" MERGEFIELD My Field \\* Upper"), "My Field"),
        (r("{{ My   Field }}"), "My Field"),
        (field(" MERGEFIELD Etunimi_äö "), "Etunimi_äö"),
        (field(' MERGEFIELD "a \\"b\\" \\\\c" '), 'a "b" \\c'),
    ],
)
def test_names_as_written(content: str, name: str) -> None:
    assert read_template(docx(p(content))).fields == (name,)


def test_names_are_in_order_of_first_use_and_once() -> None:
    body = p(r("{{ B }}"), field("MERGEFIELD A"), r("{{ B }} {{ a }}"))
    parts = {"header": p(r("{{ H }}")), "footnotes": p(r("{{ A }}"))}
    assert read_template(docx(body, parts)).fields == ("B", "A", "a", "H")


def test_several_in_a_paragraph_and_typed_ones_that_are_none() -> None:
    body = p(r("{{City}}{{ City }}, {{}} {{ }} {City} {{Ci"), "<w:r><w:tab/></w:r>", r("ty}} }}"))
    assert merged(body) == ["LondonLondon, {{}} {{ }} {City} {{Ci\tty}} }}"]


def test_typed_fields_among_other_things_in_one_run() -> None:
    run = (
        '<w:r><w:rPr><w:b/></w:rPr><w:tab/><w:t xml:space="preserve">a {{ Ci</w:t>'
        "<w:t>ty }}{{</w:t><w:t>Company}}</w:t><w:br/>"
        '<w:t xml:space="preserve">{{City}} b</w:t><w:tab/></w:r>'
    )
    assert merged(p(run, run)) == ["\ta LondonAnalytical Ltd\nLondon b\t" * 2]
    assert {look for _, marks in looks(p(run)) for look in marks} == {"b"}


def test_guillemets_are_text() -> None:
    assert merged(p(r("«City»"))) == ["«City»"]


def test_a_missing_value_is_empty() -> None:
    assert merged(p(r("["), field("MERGEFIELD Nowhere"), r("{{ None }}]"))) == ["[]"]


def test_look_up_is_exact_before_it_is_generous() -> None:
    values = {"NAME": "capitals", "name": "small"}
    assert merged(p(r("{{ name }} {{ NAME }} {{ Name }}")), values) == ["small capitals small"]


def looks(body: str) -> list[tuple[str, list[str]]]:
    root = part_of(read_template(docx(body)).letter(VALUES))
    space = f"{{{W}}}"
    runs = [each for each in root.iter(f"{space}r") if "".join(each.itertext())]
    return [
        (
            "".join(run.itertext()),
            [each.tag.removeprefix(space) for each in run.iterfind(f"{space}rPr/*")],
        )
        for run in runs
    ]


def test_the_value_looks_like_the_old_result() -> None:
    italic = code(" MERGEFIELD City ", "<w:i/>")
    assert looks(p(field(italic, look=BOLD))) == [("London", ["b"])]
    assert looks(p(mark("begin") + italic + mark("end"))) == [("London", ["i"])]
    charformat = code(" MERGEFIELD City \\* CHARFORMAT", "<w:i/>")
    assert looks(p(field(charformat, look=BOLD))) == [("London", ["i"])]
    assert looks(p(simple("MERGEFIELD City", look="<w:u/>"))) == [("London", ["u"])]
    typed = p(r("a "), r("{{", BOLD), r(" City }} b", "<w:i/>"))
    assert looks(typed) == [("a ", []), ("London", ["b"]), (" b", ["i"])]


def test_text_boxes_in_both_branches() -> None:
    box = f"<w:txbxContent>{p(field('MERGEFIELD City'), r(' {{ Company }}'))}</w:txbxContent>"
    content = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = p(r("{{ Fir"), r("st_Name }} "), content, field("MERGEFIELD City"))
    assert merged(body) == ["Ada London", "London Analytical Ltd", "London Analytical Ltd"]
    template = read_template(docx(body))
    assert template.text(VALUES) == "Ada London\nLondon Analytical Ltd"


def test_tables_and_block_content_controls() -> None:
    cell = f"<w:tc>{p(field('MERGEFIELD City'))}</w:tc><w:tc>{p(r('{{ Company }}'))}</w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell}</w:tr><w:tr>{cell}</w:tr></w:tbl>"
    body = f"<w:sdt><w:sdtContent>{table}</w:sdtContent></w:sdt>{p()}"
    assert merged(body) == ["London", "Analytical Ltd", "London", "Analytical Ltd", ""]
    shown = "London\tAnalytical Ltd"
    assert read_template(docx(body)).text(VALUES) == f"{shown}\n{shown}\n"


@pytest.mark.parametrize("kind", ["header", "footer", "footnotes", "endnotes"])
def test_other_parts(kind: str) -> None:
    content = p(simple("MERGEFIELD City"), r(" {{ Company }}"))
    if kind.endswith("notes"):
        content = f'<w:{kind[:-1]} w:id="2">{content}</w:{kind[:-1]}>'
    letter = read_template(docx(p(), {kind: content})).letter(VALUES)
    assert lines(letter, f"word/{kind}.xml") == ["London Analytical Ltd"]


def test_foreign_fields_stay() -> None:
    page = field(" PAGE ", result="7")
    toc = field(' TOC \\o "1-3" ', result=r("see ") + field("MERGEFIELD City") + r(" here"))
    body = p(page, simple(" NUMPAGES ", "9"), toc)
    assert merged(body) == ["79see London here"]
    letter = read_template(docx(body)).letter(VALUES)
    codes = [each.text for each in part_of(letter).iter(f"{{{W}}}instrText")]
    assert codes == [" PAGE ", " NUMPAGES ", ' TOC \\o "1-3" ']


def test_a_field_over_several_paragraphs_leaves_one() -> None:
    body = (
        p(r("a "), mark("begin"), code("MERGEFIELD City"), mark("separate"), r("x"))
        + p(r("y"))
        + p(r("z"), mark("end"), r(" b"))
        + p(r("c"))
    )
    assert merged(body) == ["a London b", "c"]


def test_deleted_text_is_no_field() -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>{{ City }}</w:delText></w:r></w:del>'
    assert merged(p(gone, r("{{ City }}"))) == ["London"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (p(mark("begin"), code("MERGEFIELD City"), mark("separate"), r("x")), "field-unfinished"),
        (p(field(" MERGEFIELD ")), "field-code"),
        (p(*(mark("begin") + code(" IF ") for _ in range(21))), "field-code"),
        (p(r("{{ X }}" * 10_001)), "too-many-fields"),
        (p(field(" MERGEFIELD ", field(" MERGEFIELD City "))), "field-nested"),
        (p(field(" MERGEFIELD ", field(" PAGE "))), "field-nested"),
        (p(field(" INCLUDEPICTURE ", field(" MERGEFIELD City "))), "field-nested"),
        (p(field(field(" MERGEFIELD City "), " x ")), "field-nested"),
        (p(field(" IF ", field(" MERGEFIELD City "))), "field-code"),
        (
            p(
                field(
                    " IF ", field("MERGEFIELD City"), ' = "a" "', "<w:r><w:drawing/></w:r>", '" "b"'
                )
            ),
            "field-picture",
        ),
        (
            "<w:tbl><w:tr><w:tc>"
            + p(mark("begin"), code("MERGEFIELD City"))
            + "</w:tc><w:tc>"
            + p(mark("end"))
            + "</w:tc></w:tr></w:tbl>",
            "field-across",
        ),
    ],
)
def test_what_cannot_be_merged_is_refused(body: str, problem: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_template(docx(body))
    assert refused.value.code == problem
    assert str(refused.value).endswith(".")


def test_notes() -> None:
    body = p(
        '<w:ins w:id="1">' + r("new") + "</w:ins>",
        field(" NEXT "),
        field(" ADDRESSBLOCK \\f x"),
        '<w:r><w:commentReference w:id="1"/></w:r>',
    )
    notes = read_template(docx(body)).notes
    assert [(note.code, note.detail) for note in notes] == [
        ("tracked-changes", ""),
        ("comments", ""),
        ("unsupported-field", "ADDRESSBLOCK"),
        ("unsupported-field", "NEXT"),
    ]
    assert notes[2].text.startswith("The field ADDRESSBLOCK is not filled")
    assert read_template(docx(p(r("plain")))).notes == ()
