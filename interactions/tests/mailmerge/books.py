"""Make a combined document and look at it."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping

from lxml import etree

from interactions.mailmerge import Template, Value, combine

from .makers import (
    STRICT_R,
    R,
    W,
    part_of,
    unzipped,
)

S = f"{{{W}}}"


def combined(template: Template, *values: Mapping[str, Value]) -> bytes:
    """The combined document; it must be whole, the same twice, and lead nowhere that does not
    exist.
    """
    outs = [io.BytesIO(), io.BytesIO()]
    for out in outs:
        assert combine(((template, each, "en") for each in values), out) == len(values)
    assert outs[0].getvalue() == outs[1].getvalue()
    check_links(outs[0].getvalue())
    return outs[0].getvalue()


def check_links(data: bytes) -> None:
    parts = unzipped(data)
    assert len({name.lower() for name in parts}) == len(parts)
    types = [each.get("PartName") for each in etree.fromstring(parts["[Content_Types].xml"])]
    named = [name.lstrip("/") for name in types if name]
    assert len(named) == len(set(named))
    assert set(named) <= set(parts)
    links = etree.fromstring(parts["word/_rels/document.xml.rels"])
    ids = [each.get("Id") for each in links]
    assert len(ids) == len(set(ids))
    used = part_of(data).xpath("//@*[namespace-uri()=$a or namespace-uri()=$b]", a=R, b=STRICT_R)
    assert set(used) <= set(ids)
    for link in (each for each in links if each.get("TargetMode") != "External"):
        target = link.get("Target", "")
        assert posixpath.normpath(posixpath.join("/word", target))[1:] in parts


def sections(data: bytes) -> list[etree._Element]:
    return list(part_of(data).iter(f"{S}sectPr"))


def children(section: etree._Element) -> dict[str, dict[str, str]]:
    return {
        etree.QName(each).localname: {etree.QName(k).localname: v for k, v in each.attrib.items()}
        for each in section
    }
