"""The text of a document body as lines, for a page that shows a letter before it is made."""

from __future__ import annotations

from .fieldtree import TEXT_OF
from .ooxml import MARKUP, Element, local

SKIPPED = frozenset({f"{MARKUP}Fallback", "del", "moveFrom", "instrText", "rPr", "pPr", "sdtPr"})


def plain_text(body: Element) -> str:
    """Paragraphs on lines of their own, the cells of a row parted by tabs.

    Text boxes follow their paragraph.
    """
    lines: list[str] = []
    _block(body, lines)
    return "\n".join(lines)


def _block(container: Element, lines: list[str]) -> None:
    for each in container:
        name = local(each)
        if name == "p":
            _paragraph(each, lines)
        elif name == "tr":
            lines.append("\t".join(_cell(cell) for cell in each.iter() if _own_cell(cell, each)))
        elif name not in SKIPPED:
            _block(each, lines)


def _own_cell(cell: Element, row: Element) -> bool:
    """Whether the cell is of this row and not of a table within it."""
    if local(cell) != "tc":
        return False
    return next(each for each in cell.iterancestors() if local(each) == "tr") is row


def _cell(cell: Element) -> str:
    lines: list[str] = []
    _block(cell, lines)
    return "\n".join(lines)


def _paragraph(paragraph: Element, lines: list[str]) -> None:
    boxes: list[Element] = []
    words: list[str] = []
    _inline(paragraph, words, boxes)
    lines.append("".join(words))
    for box in boxes:
        _block(box, lines)


def _inline(container: Element, words: list[str], boxes: list[Element]) -> None:
    for each in container:
        name = local(each)
        if name == "txbxContent":
            boxes.append(each)
        elif name == "t":
            words.append(each.text or "")
        elif name in TEXT_OF:
            words.append(TEXT_OF[name])
        elif name and name not in SKIPPED:
            _inline(each, words, boxes)
