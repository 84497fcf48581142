"""The help of a page, where its frame wants it."""

from typing import Any

from django import template

from crm import manual

register = template.Library()


@register.inclusion_tag("_help.html", takes_context=True)
def help_panel(context: dict[str, Any]) -> dict[str, Any]:
    """The panel that the button in the head opens; nothing on pages without a help."""
    return _help(context)


@register.inclusion_tag("_help_button.html", takes_context=True)
def help_button(context: dict[str, Any]) -> dict[str, Any]:
    """The button in the head."""
    return _help(context)


@register.inclusion_tag("admin/_help.html", takes_context=True)
def admin_help(context: dict[str, Any]) -> dict[str, Any]:
    """A few words above the pages of Django admin."""
    return _help(context)


def _help(context: dict[str, Any]) -> dict[str, Any]:
    """Error pages have no request, or one that led nowhere."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    page = manual.page_of(match)
    if request is None or match is None or page is None:
        return {"help": None}
    return {"help": page, "links": manual.links_of(page, match, request.user)}
