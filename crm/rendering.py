"""Selects drawn without a template for each option.

Fields of filters offer hundreds of options, and Django includes two templates for every one of
them, which was most of what such a page took.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class Renderer(TemplatesSetting):
    """Django's, but for selects whose options are Django's own."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT and _is_plain(context["widget"]):
            return _select(context["widget"])
        return str(super().render(template_name, context, request))


def _is_plain(widget: Mapping[str, Any]) -> bool:
    groups = (choices for _name, choices, _index in widget["optgroups"])
    return all(option["template_name"] == OPTION for choices in groups for option in choices)


def _select(widget: Mapping[str, Any]) -> SafeString:
    """What Django's template of a select says."""
    name, attributes = conditional_escape(widget["name"]), _attributes(widget["attrs"])
    options = "\n".join(_groups(widget["optgroups"]))
    return mark_safe(f'<select name="{name}"{attributes}>\n{options}\n</select>')  # noqa: S308 - escaped above and below


def _groups(groups: Any) -> Iterator[str]:
    for name, choices, _index in groups:
        if name:
            yield f'<optgroup label="{conditional_escape(name)}">'
        for option in choices:
            value = conditional_escape(str(option["value"]))
            label = conditional_escape(option["label"])
            yield f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'
        if name:
            yield "</optgroup>"


def _attributes(given: Mapping[str, Any]) -> str:
    """False is left out, True stands alone."""
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in given.items()
        if value is not False
    )
