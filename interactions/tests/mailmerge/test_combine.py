"""Many letters in one document: each as if it were alone."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document

from interactions.mailmerge import DocumentError, Template, Value, combine, read_template

from .books import S, children, combined, sections
from .makers import (
    PAGE,
    STRICT_W,
    R,
    W,
    code,
    docx,
    field,
    lines,
    mark,
    p,
    part_of,
    r,
    unzipped,
)
from .test_letters import office_letter
from .test_names import Forwards


def test_every_letter_is_a_section_of_its_own() -> None:
    template = read_template(docx(p(r("Dear {{ X }}")) + p(r("Yours {{ X }}"))))
    data = combined(template, {"X": "a"}, {"X": "b\nb"}, {"X": ""})
    assert lines(data) == ["Dear a", "Yours a", "Dear b\nb", "Yours b\nb", "Dear ", "Yours "]
    assert len(sections(data)) == len(Document(io.BytesIO(data)).sections) == 3
    for section in sections(data):
        found = children(section)
        assert list(found) == ["type", "pgSz", "pgMar", "pgNumType"]
        assert found["type"] == {"val": "nextPage"}
        assert found["pgNumType"] == {"start": "1"}
    assert part_of(data)[0][-1].tag == f"{S}sectPr"


def test_one_letter_alone() -> None:
    template = read_template(docx(p(r("Dear {{ X }}"))))
    assert lines(combined(template, {"X": "a"})) == ["Dear a"]
    assert len(sections(combined(template, {"X": "a"}))) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", []),
        ("<w:tbl><w:tr><w:tc>" + p(r("{{ X }}")) + "</w:tc></w:tr></w:tbl>", ["{}"]),
        (f"<w:sdt><w:sdtContent>{p(r('{{ X }}'))}</w:sdtContent></w:sdt>", ["{}"]),
        (p('<w:pPr><w:jc w:val="left"/><w:pPrChange/></w:pPr>', r("{{ X }}")), ["{}"]),
        (p(r("{{ X }}")) + '<w:bookmarkEnd w:id="4"/>', ["{}"]),
    ],
)
def test_letters_that_end_in_something_else(body: str, words: list[str]) -> None:
    data = combined(read_template(docx(body)), {"X": "a"}, {"X": "b"})
    shown = [line for line in lines(data) if line]
    assert shown == [each.format(value) for value in ("a", "b") for each in words]
    assert len(sections(data)) == 2
    alone = lines(combined(read_template(docx(body)), {"X": "a"}))
    assert lines(data)[len(lines(data)) - len(alone) :] == [
        line.replace("a", "b") for line in alone
    ]


def test_a_document_without_a_section() -> None:
    data = combined(read_template(docx(p(r("{{ X }}")), section="")), {"X": "a"}, {"X": "b"})
    assert lines(data) == ["a", "b"]
    assert len(sections(data)) == 2


def test_headers_of_each_letter() -> None:
    template = read_template(office_letter())
    values = [
        {"Company": name, "Number": 7, "City": name.lower()} for name in ("A", "B", "A", "C & D")
    ]
    data = combined(template, *values)
    shown = Document(io.BytesIO(data)).sections
    assert [each.header.paragraphs[0].text for each in shown] == ["A", "B", "A", "C & D"]
    assert {each.footer.paragraphs[0].text for each in shown} == {"Number 7"}
    headers = {name for name in unzipped(data) if name.startswith("word/header")}
    assert headers == {"word/header1.xml", "word/header1x1.xml", "word/header1x2.xml"}
    links = {name for name in unzipped(data) if name.startswith("word/_rels/header")}
    assert links == {f"word/_rels/{name[5:]}.rels" for name in headers}
    assert all(len(each.header.part.rels) for each in shown)


def two_sections(first: str, second: str) -> str:
    middle = PAGE.replace("<w:sectPr>", f"<w:sectPr>{first}")
    return (
        p(f"<w:pPr>{middle}</w:pPr>", r("one"))
        + p(r("{{ X }}"))
        + PAGE.replace("<w:sectPr>", f'<w:sectPr>{second}<w:type w:val="continuous"/>')
    )


def test_a_first_section_does_not_inherit_from_the_letter_before() -> None:
    header = '<w:headerReference w:type="default" r:id="r_header"/>'
    source = docx(
        two_sections("", header), {"header": p(r("only on the second {{ X }}"))}, section=""
    )
    data = combined(read_template(source), {"X": "a"}, {"X": "b"})
    shown = [each.header.paragraphs[0].text for each in Document(io.BytesIO(data)).sections]
    assert shown == ["", "only on the second a", "", "only on the second b"]
    types = [children(each)["type"]["val"] for each in sections(data)]
    assert types == ["nextPage", "continuous"] * 2
    starts = [children(each).get("pgNumType") for each in sections(data)]
    assert starts == [{"start": "1"}, None] * 2


def test_a_second_section_inherits_from_its_own_letter() -> None:
    header = '<w:headerReference w:type="default" r:id="r_header"/>'
    source = docx(two_sections(header, ""), {"header": p(r("for {{ X }}"))}, section="")
    data = combined(read_template(source), {"X": "a"}, {"X": "b"})
    shown = [each.header.paragraphs[0].text for each in Document(io.BytesIO(data)).sections]
    assert shown == ["for a", "for a", "for b", "for b"]


def test_a_letter_keeps_its_odd_page_and_its_first_number() -> None:
    number = '<w:pgNumType w:fmt="lowerRoman" w:start="3"/>'
    section = f'<w:sectPr><w:type w:val="oddPage"/>{number}</w:sectPr>'
    data = combined(read_template(docx(p(r("{{ X }}")), section=section)), {}, {})
    assert children(sections(data)[0]) == {
        "type": {"val": "oddPage"},
        "pgNumType": {"fmt": "lowerRoman", "start": "3"},
    }


def test_strict_documents() -> None:
    header = '<w:headerReference w:type="default" r:id="r_header"/>'
    source = docx(two_sections("", header), {"header": p(r("h {{ X }}"))}, section="", strict=True)
    data = combined(read_template(source), {"X": "a"}, {"X": "b"})
    assert lines(data) == ["one", "a", "one", "b"]
    everything = b"".join(unzipped(data).values())
    assert STRICT_W.encode() in everything
    assert W.encode() not in everything
    assert R.encode() not in everything


def test_a_multi_paragraph_field_and_an_if_in_every_letter() -> None:
    start = p(mark("begin"), code("IF "), field("MERGEFIELD X"), code(' = "a" "one'))
    body = start + p(code('two" "none"'), mark("separate"), r("one"), mark("end"))
    data = combined(read_template(docx(body)), {"X": "a"}, {"X": "b"})
    assert lines(data) == ["one\ntwo", "none"]


def test_refusals() -> None:
    template = read_template(docx(p(r("{{ X }}"))))
    other = read_template(docx(p(r("{{ X }}!"))))
    for letters, problem in (
        ([], "no-letters"),
        ([(template, {}, "en"), (other, {}, "en")], "different-templates"),
        ([(template, {"X": "a"}, "en"), (template, {"X": "\x00"}, "en")], "illegal-character"),
    ):
        with pytest.raises(DocumentError) as refused:
            combine(letters, io.BytesIO())
        assert refused.value.code == problem


def test_each_letter_in_its_language() -> None:
    template = read_template(docx(p(field(' MERGEFIELD X \\@ "d. MMMM"'))))
    out = io.BytesIO()
    combine([(template, {"X": "2026-11-20"}, language) for language in ("fi", "de")], out)
    assert lines(out.getvalue()) == ["20. marraskuuta", "20. November"]


def test_to_a_connection_in_flat_memory() -> None:
    template = read_template(office_letter())

    class Counting(Forwards):
        def write(self, data: object) -> int:
            return len(data)  # type: ignore[arg-type]

    def letters(count: int) -> Iterator[tuple[Template, dict[str, Value], str]]:
        for number in range(count):
            yield template, {"First_Name": f"Name {number}" * 20, "Company": "A"}, "en"

    peaks = []
    for count in (100, 3000):
        tracemalloc.start()
        assert combine(letters(count), Counting()) == count  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Word lists of the letters spill to disk at 1 MiB; the texts of 3,000 letters are 15 MB.
    assert peaks[1] < peaks[0] + 3 * 2**20


def test_a_continuous_letter_begins_a_page_all_the_same() -> None:
    section = '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'
    data = combined(read_template(docx(p(r("{{ X }}")), section=section)), {}, {})
    assert [children(each)["type"]["val"] for each in sections(data)] == ["nextPage"] * 2


def test_sizes_follow_a_part_whose_length_was_not_known() -> None:
    """For readers that never see the directory at the end."""
    data = combined(read_template(docx(p(r("{{ X }}")))), {"X": "a"}, {"X": "b"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        main = archive.getinfo("word/document.xml")
    assert main.flag_bits & 8
    end = main.header_offset + 30 + len(main.filename) + main.compress_size
    sizes = struct.unpack_from("<4s3I", data, end)
    assert sizes == (b"PK\x07\x08", main.CRC, main.compress_size, main.file_size)
