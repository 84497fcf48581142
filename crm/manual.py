"""The help of each page: a text by the name of its view, behind the button in the head.

Each app says in `help/` what its pages are for; whoever adds a page adds its text there:

    tell({
        "crm:contacts": Page(
            _("All companies and people whom you may write to."),   # what the page is for
            _("Search or filter, then open a contact."),            # what to do next
            To("crm:contact_create", _("New contact"), right="crm.add_contact"),
            To("crm:contact", _("To the contact"), "number"),       # with a place of this page's
        ),
        "admin:crm_territory": Page(_("Sales territories.")),       # all pages of a ModelAdmin
    })

config/tests/test_help.py walks the addresses and names every page that has none.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import ResolverMatch, reverse
from django.utils.functional import Promise

Words = str | Promise
# What Django admin puts behind the name of a model for each of its pages.
OF_ADMIN = ("_changelist", "_add", "_change", "_delete", "_history")


class To:
    """A link to the next thing; `places` are those of the page's own address that it shares."""

    def __init__(self, view: str, label: Words, *places: str, right: str = "") -> None:
        self.view, self.label, self.places, self.right = view, label, places, right


@dataclass(frozen=True)
class Key:
    """A key of the page, and what it does."""

    key: str
    words: Words


class Page:
    """What a page is for, what to do next (if anything), where to go on, and its keys."""

    def __init__(self, purpose: Words, *more: Words | To | Key) -> None:
        self.purpose = purpose
        self.links = [one for one in more if isinstance(one, To)]
        self.keys = [one for one in more if isinstance(one, Key)]
        advice = [one for one in more if not isinstance(one, To | Key)]
        self.advice = advice[0] if advice else ""


pages: dict[str, Page] = {}
tell = pages.update


def page_of(match: ResolverMatch | None) -> Page | None:
    """The help of the page that an address led to; pages of a ModelAdmin share one."""
    name = match.view_name if match else ""
    if name.startswith("admin:"):
        for ending in OF_ADMIN:
            name = name.removesuffix(ending)
    return pages.get(name)


def links_of(page: Page, match: ResolverMatch, user: Any) -> list[tuple[str, Words]]:
    """Where to go on from a page, for whoever may: address and words."""
    return [
        (reverse(to.view, kwargs={place: match.kwargs[place] for place in to.places}), to.label)
        for to in page.links
        if not to.right or user.has_perm(to.right)
    ]
