"""What every page's frame needs: icons, theme, navigation, form controls, sortable heads."""

from functools import cache
from typing import Any

from django import template
from django.db.models import Model
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    SelectMultiple,
)
from django.forms.renderers import get_default_renderer
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from crm.routes import route

register = template.Library()

THEMES = ("auto", "light", "dark")
# Line drawings on a grid of 16 by 16, one path each.
ICONS = {
    "home": "M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4",
    "contacts": "M5.5 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1 13.5c0-2.5 2-4 4.5-4s4.5 1.5 "
    "4.5 4M10.5 2.8a2.5 2.5 0 0 1 0 4.4M12 9.8c1.9.5 3 1.8 3 3.7",
    "segments": "M7 3a5.5 5.5 0 1 0 6 6H7zM9.5 1.5a5 5 0 0 1 5 5h-5z",
    "logged": "M2 2.5h12v3.5H2zM3 6v7.5h10V6M6.5 9h3",
    "interactions": "M2 2.5h12v8.5H7.5L4.5 13.5V11H2zM5 5.5h6M5 8h4",
    "templates": "M4 1.5h5.5L13 5v9.5H4zM9 1.5V5.5h4M6 8.5h5M6 11h5",
    "campaigns": "M2 6v3.5h2.5L11 13V2.5L4.5 6zM13 5.5a3.5 3.5 0 0 1 0 4.5M5 9.5l1 4h1.5",
    "criteria": "M2 2.5h12L9.5 8.5v5l-3-1.5V8.5z",
    "setup": "M2 4.5h6M12 4.5h2M10 2.5v4M2 11.5h2M8 11.5h6M6 9.5v4",
    "tables": "M2 3h12v10.5H2zM2 6.5h12M2 10h12M6.5 6.5v7",
    "search": "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
    "menu": "M2 4h12M2 8h12M2 12h12",
    "user": "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5",
    "plus": "M8 2.5v11M2.5 8h11",
    "close": "M3.5 3.5l9 9M12.5 3.5l-9 9",
    "check": "M2.5 8.5 6.5 12.5 13.5 4",
    "warning": "M8 2 14.5 13.5h-13zM8 6.5V10M8 11.7v.3",
    "edit": "M3 13h2.5L13.5 5 11 2.5 3 10.5zM9.5 4 12 6.5",
    "remove": "M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.5 9h7l.5-9",
    "document": "M4 1.5h5.5L13 5v9.5H4zM9 1.5V5.5h4",
    "company": "M3 14.5v-13h7v13M10 6h3.5v8.5M1.5 14.5h13M5.5 4.5h2M5.5 7.5h2M5.5 10.5h2",
    "person": "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5",
    "mail": "M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5",
    "back": "M9.5 3 4.5 8l5 5",
    "forward": "M6.5 3l5 5-5 5",
    "down": "M3 5.5l5 5 5-5",
    "undo": "M5.5 2.5 2.5 5.5l3 3M2.5 5.5H10a4 4 0 0 1 0 8H6",
    "redo": "M10.5 2.5l3 3-3 3M13.5 5.5H6a4 4 0 0 0 0 8h4",
    "download": "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
    "blocked": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4",
    "phone": "M4 2h2l1 3.5-1.5 1a8 8 0 0 0 4 4l1-1.5L14 10v2c0 1-.8 2-2 2A10 10 0 0 1 2 4"
    "c0-1.2 1-2 2-2z",
    "tasks": "M2.5 3.5h2v2h-2zM2.5 10.5h2v2h-2zM7 4.5h7M7 11.5h7",
    "help": "M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM6 6.2C6 5 6.9 4.3 8 4.3s2 .8 2 1.8c0 "
    "1.4-2 1.6-2 3M8 11.6v.2",
    "history": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5",
    "send": "M1.5 7.5 14.5 2 10.5 14 7.5 9z",
}


# Drawn once: a list shows a hundred of them.
DRAWN = {
    name: format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        '<path d="{}"/></svg>',
        path,
    )
    for name, path in ICONS.items()
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing of that name, hidden from screen readers: words stand beside it."""
    return DRAWN[name]


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """What the reader chose: auto, light or dark."""
    return _cookie(context, "theme", THEMES, "auto")


@register.simple_tag(takes_context=True)
def painted_theme(context: dict[str, Any]) -> str:
    """Light or dark: for "auto", what the reader's browser said last."""
    chosen = theme(context)
    if chosen != "auto":
        return chosen
    return _cookie(context, "theme_seen", ("light", "dark"), "light")


def _cookie(context: dict[str, Any], name: str, known: tuple[str, ...], default: str) -> str:
    """A cookie's value where it is a known one; error pages have no request."""
    request: HttpRequest | None = context.get("request")
    value = request.COOKIES.get(name, default) if request else default
    return value if value in known else default


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], view: str, label: str, icon_name: str) -> SafeString:
    """A link of the navigation, marked when its page or a page below is open.

    Without a template of its own: each page has a dozen.
    """
    url = route(view)
    path = context["request"].path
    here = path == url or (url != route("home") and path.startswith(url))
    mark = ' aria-current="page"' if here else ""
    link = f'<a href="{escape(url)}"{mark}>{DRAWN[icon_name]}<span>{escape(label)}</span></a>'
    return mark_safe(f"<li>{link}</li>")  # noqa: S308 - escaped above


@register.filter
def control(field: BoundField, placeholder: str = "") -> SafeString:
    """A form's control with the class that its kind of widget wants."""
    widget = field.field.widget
    css = "form-control form-control-sm"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        css = "choices"
    elif isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select form-select-sm"
    attrs: dict[str, str | bool] = {"class": f"{css} {widget.attrs.get('class', '')}".strip()}
    if isinstance(widget, SelectMultiple) and "size" not in widget.attrs:
        attrs |= {"data-choose": "", "size": "4"}
    if placeholder:
        attrs["placeholder"] = placeholder
    drawn = field.as_widget(attrs=attrs)
    if field.field.show_hidden_initial:  # as Django does where it draws a field itself
        drawn += field.as_hidden(only_initial=True)
    return drawn


@register.filter
def drawn(part: dict[str, Any]) -> SafeString:
    """A part of a control that has several, as its renderer draws it."""
    return mark_safe(get_default_renderer().render(part["template_name"], {"widget": part}))  # noqa: S308 - it escapes


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the control is one tick box, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the control is several boxes, that want a legend rather than a label."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def named(form: Any, names: str) -> list[BoundField]:
    """The fields of a form by name, in that order; names it does not have are left out."""
    return [form[name] for name in names.split() if name in form.fields]


@register.inclusion_tag("generic/_sort_head.html", takes_context=True)
def sort_head(context: dict[str, Any], name: str, label: str, css: str = "") -> dict[str, Any]:
    """A column's head: a link that sorts by it, first up, then down."""
    current = context.get("sort", "")
    state = {name: "ascending", f"-{name}": "descending"}.get(current, "none")
    return {
        "request": context["request"],
        "label": capfirst(label),
        "css": css,
        "state": state,
        "wanted": f"-{name}" if state == "ascending" else name,
        "sortable": name in context.get("orderings", {}),
    }


@register.filter
def column_label(model: type[Model], name: str) -> str:
    """The heading of a model's field."""
    return _label(model._meta.model, name, get_language())


@cache
def _label(model: type[Model], name: str, _language: str | None) -> str:
    return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))


@register.filter
def column_value(row: Model, name: str) -> Any:
    """What a row says in a column: a choice in words, else the value."""
    value = getattr(row, name)
    if words := _choices(type(row), name):
        value = words.get(value, value)
    return "" if value is None else value


@cache
def _choices(model: type[Model], name: str) -> dict[Any, Any]:
    """The words of a column's choices: get_..._display makes them anew for each row."""
    field: Any = next((one for one in model._meta.fields if one.name == name), None)
    return dict(field.flatchoices) if field is not None and field.choices else {}


@register.simple_tag(takes_context=True)
def panel(context: template.RequestContext, entry: tuple[str, dict[str, Any]]) -> str:
    """A panel of crm/panels.py: its template, with its context over the page's own."""
    name, own = entry
    with context.push(**own):
        return get_template(name).template.render(context)  # type: ignore[attr-defined]
