"""The cells of a line, drawn without a template: there are hundreds of them on a worksheet.

As template nodes they were a third of what the page took; the rest of the line is a template.
"""

from collections.abc import Iterator

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from segments.grid import Cell, Row

register = template.Library()

NOTHING = "–"


@register.simple_tag
def line_cells(row: Row, line_url: str, *, may_change: bool) -> SafeString:
    """The cells of a line behind its name. A cell's link leads to its form, one step below."""
    own = gettext("own")
    return mark_safe("\n".join(_cells(row, line_url, own, may_change=may_change)))  # noqa: S308 - escaped below


def _cells(row: Row, line_url: str, own: str, *, may_change: bool) -> Iterator[str]:
    for cell in row.cells:
        if may_change and cell.is_editable:
            said = _link(row.pk, cell, line_url, own)
        elif cell.name == "document":
            said = _letter(cell, line_url, own)
        else:
            said = conditional_escape(cell.text)
        css = f' class="{cell.classes}"' if cell.classes else ""
        yield f'<td id="c-{row.pk}-{cell.name}"{css}>{said}</td>'


def _link(pk: str, cell: Cell, line_url: str, own: str) -> str:
    said = conditional_escape(cell.text or NOTHING)
    mark = f'<span class="visually-hidden"> ({own})</span>' if cell.is_own else ""
    name = cell.name
    return f'<a class="cell" id="e-{pk}-{name}" href="{line_url}{name}/">{said}{mark}</a>'


def _letter(cell: Cell, line_url: str, own: str) -> str:
    """Where the line's letter is written: on the line's page, beside the grid where it can be."""
    if not cell.text:
        return f'<span class="nothing">{gettext("none")}</span>'
    title, whose = conditional_escape(cell.text), own if cell.is_own else gettext("inherited")
    return (
        f'<a class="plain-link" href="{line_url}#letter" title="{title}"'
        f' hx-get="{line_url}" hx-target="#panel">{whose}</a>'
    )
