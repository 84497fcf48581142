"""Controls of forms drawn without a template for each of their parts.

Fields of filters offer hundreds of options, and Django includes two templates for every one of
them, which was most of what such a page took; a page of criteria has a hundred plain inputs.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from django.forms import SelectMultiple
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
SELECT, OPTION = f"{FOLDER}select.html", f"{FOLDER}select_option.html"
# Those that Django draws by its input.html alone.
INPUTS = {
    f"{FOLDER}{name}.html"
    for name in ("text", "number", "email", "url", "password", "hidden", "date", "checkbox")
}


class Renderer(TemplatesSetting):
    """Django's, but for plain inputs, and for selects whose options are Django's own."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == SELECT and _is_plain(widget := context["widget"]):
            return _select(widget["name"], widget["attrs"], _groups(widget["optgroups"]))
        return str(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    """What Django's template of an input says."""
    named = {"type": widget["type"], "name": widget["name"]}
    value = widget["value"]
    said = named if value is None else named | {"value": str(value)}
    return mark_safe(f"<input{_attributes(said)}{_attributes(widget['attrs'])}>")  # noqa: S308 - escaped below


def _is_plain(widget: Mapping[str, Any]) -> bool:
    groups = (choices for _name, choices, _index in widget["optgroups"])
    return all(option["template_name"] == OPTION for choices in groups for option in choices)


class CodesSelect(SelectMultiple):
    """Its choices are codes with what each means, as plain text and without groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        choices: Any = self.choices
        options = (
            f'<option value="{escape(code)}"{" selected" if code in chosen else ""}>'
            f"{escape(text)}</option>"
            for code, text in choices
        )
        given = self.build_attrs(self.attrs, attrs) | {"multiple": True}
        return _select(name, given, options)


def _select(name: str, given: Mapping[str, Any], options: Iterator[str]) -> SafeString:
    """What Django's template of a select says."""
    opening = f'<select name="{conditional_escape(name)}"{_attributes(given)}>'
    return mark_safe("\n".join([opening, *options, "</select>"]))  # noqa: S308 - escaped above and below


def _groups(groups: Any) -> Iterator[str]:
    for name, choices, _index in groups:
        if name:
            yield f'<optgroup label="{conditional_escape(name)}">'
        for option in choices:
            value, attributes = escape(str(option["value"])), option["attrs"]
            said = _attributes(attributes) if attributes else ""
            yield f'<option value="{value}"{said}>{_words(option["label"])}</option>'
        if name:
            yield "</optgroup>"


def _words(label: Any) -> str:
    """As conditional_escape says it, without its detours for what is a plain text mostly."""
    return escape(label) if type(label) is str else conditional_escape(label)


def _attributes(given: Mapping[str, Any]) -> str:
    """False is left out, True stands alone."""
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in given.items()
        if value is not False
    )
