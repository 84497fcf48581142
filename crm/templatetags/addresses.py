"""The tag `url` for every template, by crm/routes.py: pages name a hundred addresses.

Django's own tries each pattern anew, which was a tenth of what a page took. Where it has more to
say (named arguments, the admin's own names) it is asked as ever.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as djangos
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from crm.routes import route

register = template.Library()


class AddressNode(URLNode):
    """An address by the arguments' places, as Django gives it."""

    def render(self, context: Any) -> Any:
        """The address, escaped; "" where it is kept under a name (`as`)."""
        view = self.view_name.resolve(context)
        arguments = [one.resolve(context) for one in self.args]
        # What no address takes is Django's to tell.
        if self.kwargs or not _is_plain(view) or not all(map(_is_said, arguments)):
            return super().render(context)
        try:
            found = route(view, *arguments)
        except NoReverseMatch:  # Django's own says which, or keeps quiet where there is a name
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


def _is_plain(view: Any) -> bool:
    return isinstance(view, str) and not view.startswith("admin:")


def _is_said(argument: Any) -> bool:
    return isinstance(argument, int) or (isinstance(argument, str) and argument != "")


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """{% url "view" argument … [as name] %}, as Django's own."""
    node = djangos(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
