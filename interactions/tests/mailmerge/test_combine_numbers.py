"""Nothing is twice in a combined document that must be there once; what counts begins anew."""

from __future__ import annotations

import pytest
from lxml import etree

from interactions.mailmerge import read_template

from .books import S, combined, sections
from .makers import (
    PAGE,
    docx,
    field,
    p,
    part_of,
    r,
    unzipped,
)
from .test_letters import office_letter

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

PICTURE = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:docPr id="{}" name="Picture"/></wp:inline></w:drawing></w:r>'
)


def test_no_number_or_name_is_there_twice() -> None:
    body = p(
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>',
        '<w:bookmarkStart w:id="3" w:name="Offer"/>',
        PICTURE.format(1),
        r("{{ X }}"),
        '<w:bookmarkEnd w:id="3"/>',
        '<w:hyperlink w:anchor="Offer">' + r("see") + "</w:hyperlink>",
        field(" REF Offer \\h ", result="x"),
        field(" PAGEREF Offers \\h ", result="x"),
    ).replace("<w:p ", '<w:p w14:paraId="1A2B3C4D" ') + p(
        PICTURE.format(2), '<w:sdt><w:sdtPr><w:id w:val="77"/></w:sdtPr><w:sdtContent/></w:sdt>'
    )
    header = p(
        PICTURE.format(1),
        r("{{ X }}"),
        '<w:bookmarkStart w:id="3" w:name="H"/><w:bookmarkEnd w:id="3"/>',
    )
    section = PAGE.replace(
        "<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="r_header"/>'
    )
    source = docx(body, {"header": header, "footer": p(PICTURE.format(3))}, section=section)
    data = combined(read_template(source), {"X": "a"}, {"X": "b"}, {"X": "a"})
    roots = [etree.fromstring(x) for n, x in unzipped(data).items() if n.endswith(".xml")]
    pictures = [each.get("id") for root in roots for each in root.iter(f"{DRAWING}docPr")]
    assert len(pictures) == len(set(pictures)) == 2 * 3 + 2 + 1
    starts = [each for root in roots for each in root.iter(f"{S}bookmarkStart")]
    ends = [each.get(f"{S}id") for root in roots for each in root.iter(f"{S}bookmarkEnd")]
    assert len(starts) == len({each.get(f"{S}name") for each in starts}) == 3 + 2
    assert sorted(ends) == sorted(each.get(f"{S}id") for each in starts)
    assert len(set(ends)) == 5
    main = part_of(data)
    names = [each.get(f"{S}name") for each in main.iter(f"{S}bookmarkStart")]
    assert [each.get(f"{S}anchor") for each in main.iter(f"{S}hyperlink")] == names
    codes = [each.text for each in main.iter(f"{S}instrText")]
    assert codes[::2] == [f" REF {name} \\h " for name in names]
    assert set(codes[1::2]) == {" PAGEREF Offers \\h "}
    assert "paraId" not in unzipped(data)["word/document.xml"].decode().replace("xmlns:w14", "")
    assert not list(main.iter(f"{S}id"))


def test_numbered_lists_begin_anew() -> None:
    data = combined(read_template(office_letter()), {}, {}, {})
    numbers = [each.get(f"{S}val") for each in part_of(data).iter(f"{S}numId")]
    assert numbers[0::2] == numbers[1::2]
    assert len(set(numbers)) == 3
    numbering = part_of(data, "word/numbering.xml")
    known = {each.get(f"{S}numId"): each for each in numbering.iter(f"{S}num")}
    before = part_of(office_letter(), "word/numbering.xml")
    assert len(known) == len(list(before.iter(f"{S}num"))) + 3
    for number in numbers:
        starts = [each.get(f"{S}val") for each in known[number].iter(f"{S}startOverride")]
        assert starts
        assert set(starts) == {"1"}


def test_bullets_are_shared() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    bullet = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    source = docx(p(bullet, r("{{ X }}")), {"numbering": numbering})
    data = combined(read_template(source), {"X": "a"}, {"X": "b"})
    assert [each.get(f"{S}val") for each in part_of(data).iter(f"{S}numId")] == ["1", "1"]
    assert unzipped(data)["word/numbering.xml"] == unzipped(source)["word/numbering.xml"]


def note(kind: str, number: int, content: str, type_: str = "") -> str:
    attribute = f'w:type="{type_}" ' if type_ else ""
    return f'<w:{kind} {attribute}w:id="{number}">{content}</w:{kind}>'


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_every_letter_has_its_own_notes(kind: str) -> None:
    notes = (
        note(kind, -1, p(), "separator")
        + note(kind, 0, p(), "continuationSeparator")
        + note(kind, 1, p(r("for {{ X }}")))
        + note(kind, 2, p(r("fixed")))
    )
    body = p(*(f'<w:r><w:{kind}Reference w:id="{n}"/></w:r>' for n in (2, 1)), r("{{ X }}"))
    settings = "<w:zoom/><w:compat/>"
    source = docx(body, {f"{kind}s": notes, "settings": settings})
    data = combined(read_template(source), {"X": "a"}, {"X": "b"})
    root = part_of(data, f"word/{kind}s.xml")
    shown = {each.get(f"{S}id"): "".join(each.itertext()) for each in root}
    assert len(shown) == len(root) == 6
    used = [each.get(f"{S}id") for each in part_of(data).iter(f"{S}{kind}Reference")]
    assert [shown[each] for each in used] == ["fixed", "for a", "fixed", "for b"]
    assert [etree.QName(each).localname for each in sections(data)[0]][:2] == [
        "footnotePr",
        "endnotePr",
    ]
    names = [etree.QName(each).localname for each in part_of(data, "word/settings.xml")]
    assert names == (["zoom", "endnotePr", "compat"] if kind == "endnote" else ["zoom", "compat"])


def test_page_one_of_two_counts_the_letter() -> None:
    footer = p(r("Page "), field(" PAGE "), r(" of "), field(" NUMPAGES \\* Arabic "))
    section = PAGE.replace(
        "<w:sectPr>", '<w:sectPr><w:footerReference w:type="default" r:id="r_footer"/>'
    )
    source = docx(p(r("{{ X }}")), {"footer": footer}, section=section)
    template = read_template(source)
    codes = "".join(part_of(combined(template, {}, {}), "word/footer.xml").itertext())
    assert " SECTIONPAGES \\* Arabic " in codes
    assert "NUMPAGES" not in codes
    alone = unzipped(template.letter({}))["word/footer.xml"]
    assert b" NUMPAGES " in alone


def test_pictures_in_two_headers_that_differ() -> None:
    kinds = ("header", "footer")
    references = "".join(f'<w:{k}Reference w:type="default" r:id="r_{k}"/>' for k in kinds)
    parts = {kind: p(PICTURE.format(1), PICTURE.format(2), r("{{ X }}")) for kind in kinds}
    section = PAGE.replace("<w:sectPr>", f"<w:sectPr>{references}")
    template = read_template(docx(p(PICTURE.format(1), r("{{ X }}")), parts, section=section))
    data = combined(template, *({"X": str(number)} for number in range(501)))
    roots = [etree.fromstring(x) for n, x in unzipped(data).items() if n.endswith(".xml")]
    pictures = [each.get("id") for root in roots for each in root.iter(f"{DRAWING}docPr")]
    assert len(pictures) == len(set(pictures)) == 501 * (1 + 2 + 2)
    assert max(int(each) for each in pictures) < 2**31


STYLED = (
    '<w:style w:type="paragraph" w:styleId="Clause"><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr>'
    '<w:ind w:left="111"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="Clause"/></w:style>'
)
LEVELS = (
    '<w:abstractNum w:abstractNumId="2">'
    '<w:lvl w:ilvl="0"><w:start w:val="5"/><w:numFmt w:val="decimal"/>'
    '<w:pStyle w:val="Clause"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:pStyle w:val="Sub"/>'
    '</w:lvl></w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="2"/>'
    '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="3"/></w:lvlOverride></w:num>'
    '<w:numIdMacAtCleanup w:val="1"/>'
)


def test_lists_of_styles_keep_their_level_start_and_indent() -> None:
    body = "".join(
        p(
            f'<w:pPr><w:pStyle w:val="{style}"/><w:spacing/><w:jc w:val="left"/></w:pPr>',
            r("{{ X }}"),
        )
        for style in ("Clause", "Sub")
    )
    template = read_template(docx(body, {"styles": STYLED, "numbering": LEVELS}))
    data = combined(template, {"X": "a"}, {"X": "b"})
    found = [
        [etree.QName(each).localname for each in properties if each.tag != f"{S}sectPr"]
        for properties in part_of(data).iter(f"{S}pPr")
    ]
    assert found == [["pStyle", "numPr", "spacing", "ind", "jc"]] * 4
    assert [each.get(f"{S}val") for each in part_of(data).iter(f"{S}ilvl")] == ["0", "1"] * 2
    assert [each.get(f"{S}val") for each in part_of(data).iter(f"{S}numId")] == ["5", "5", "6", "6"]
    assert {each.get(f"{S}left") for each in part_of(data).iter(f"{S}ind")} == {"111"}
    numbering = part_of(data, "word/numbering.xml")
    assert [etree.QName(each).localname for each in numbering] == [
        "abstractNum",
        *["num"] * 3,
        "numIdMacAtCleanup",
    ]
    for number in numbering[2:4]:
        starts = [each.get(f"{S}val") for each in number.iter(f"{S}startOverride")]
        assert starts == ["5", "3"]
