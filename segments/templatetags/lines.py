"""A line of the worksheet, drawn without a template: there are hundreds of cells on a page.

As template nodes they were a third of what the page took. The page and grid.js read the same: a
cell's link leads to its form, one step below the line's own page.
"""

from collections.abc import Iterator
from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from crm.models import Contact
from crm.templatetags.frame import icon
from segments.grid import Cell, Row

register = template.Library()

NOTHING = "–"


@register.simple_tag
def line_row(row: Row, *, may_change: bool) -> SafeString:
    """A line of the grid: its box to tick for who may change it, who it is, its cells."""
    url, contact = escape(row.url), row.line.contact
    words = _words(get_language())
    own, tick = words["own"], _tick(row, words) if may_change else ""
    who = f'<td class="who" role="rowheader">{_who(row, contact, url, words)}</td>'
    cells = "\n".join(_cells(row, url, own, may_change=may_change))
    return mark_safe(f'<tr id="l-{row.pk}">\n{tick}{who}\n{cells}\n</tr>')  # noqa: S308 - escaped below


@cache
def _words(_language: str) -> dict[str, str]:
    """What every line says, in the reader's language."""
    return {
        "own": gettext("own"),
        "Company": gettext("Company"),
        "Person": gettext("Person"),
        "called": gettext("called"),
        "tick": gettext("Tick %(contact)s"),
    }


def _tick(row: Row, words: dict[str, str]) -> str:
    label = escape(words["tick"] % {"contact": row.line.contact})
    return (
        '<td class="tick"><input type="checkbox" class="form-check-input" form="bulk" name="line"'
        f' value="{row.pk}" aria-label="{label}"></td>\n'
    )


def _who(row: Row, contact: Contact, url: str, words: dict[str, str]) -> str:
    is_company = contact.is_company
    kind = words["Company" if is_company else "Person"]
    called = f' <span class="badge-mark good">{words["called"]}</span>' if row.is_called else ""
    return (
        f'<a href="{url}" hx-get="{url}" hx-target="#panel">{escape(contact.name)}</a>{called}\n'
        f'<small class="quiet"><span title="{kind}">{icon("company" if is_company else "person")}'
        f'<span class="visually-hidden">{kind}</span></span>'
        f' <span class="code">{escape(contact.number)}</span></small>'
    )


def _cells(row: Row, line_url: str, own: str, *, may_change: bool) -> Iterator[str]:
    pk = row.pk
    for cell in row.cells:
        if may_change and cell.is_editable:
            said = _link(pk, cell, line_url, own)
        elif cell.name == "document":
            said = _letter(cell, line_url, own)
        else:
            said = escape(cell.text)
        css = f' class="{cell.classes}"' if cell.classes else ""
        yield f'<td id="c-{pk}-{cell.name}"{css}>{said}</td>'


def _link(pk: str, cell: Cell, line_url: str, own: str) -> str:
    said = escape(cell.text or NOTHING)
    mark = f'<span class="visually-hidden"> ({own})</span>' if cell.is_own else ""
    name = cell.name
    return f'<a class="cell" id="e-{pk}-{name}" href="{line_url}{name}/">{said}{mark}</a>'


def _letter(cell: Cell, line_url: str, own: str) -> str:
    """Where the line's letter is written: on the line's page, beside the grid where it can be."""
    if not cell.text:
        return f'<span class="nothing">{gettext("none")}</span>'
    title, whose = escape(cell.text), own if cell.is_own else gettext("inherited")
    return (
        f'<a class="plain-link" href="{line_url}#letter" title="{title}"'
        f' hx-get="{line_url}" hx-target="#panel">{whose}</a>'
    )
