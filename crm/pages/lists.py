"""Lists: filters, sorting, pages."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import ListView

from crm import words
from crm.codes import read_together
from crm.models import SavedView
from crm.pages.base import ModelPage, Rows
from crm.pages.exports import ExportedPage
from crm.paging import CappedPaginator
from crm.panels import list_actions

# What may stand in the address of any list, besides its filters.
OF_LISTS = ("page", "sort")


def unknown_keys(filterset: Any, query: QueryDict, others: Iterable[str]) -> list[str]:
    """What an address asks for and no filter is called: ignoring it would show too much."""
    known = set(others)
    for name, field in filterset.form.fields.items():
        endings = getattr(field.widget, "widgets_names", ("",))
        known |= {f"{name}{ending}" for ending in endings}
    return sorted(set(query) - known)


class ListPage(ExportedPage, ModelPage, ListView):
    """A table of rows: filters that say themselves, sorting, pages of 50.

    columns    names of fields, for a plain table; the first one links to the row
    sorts      names one may sort by, or {name: (fields...)} where the fields differ from the name
    related    what select_related shall fetch
    shown      the fields that the page shows, where it shall read no others
    create     the name of the page that makes a new row
    empty_text what an empty table says to do
    other_keys what else may stand in the address, besides filters, page and sort
    export     the columns of its export, see exports.py
    """

    template_name = "generic/list.html"
    context_object_name = "rows"
    paginator_class = CappedPaginator
    paginate_by = 50
    filterset_class: Any = None
    columns: tuple[str, ...] = ()
    sorts: tuple[str, ...] | dict[str, tuple[str, ...]] = ()
    related: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    create = ""
    empty_text = ""
    other_keys: tuple[str, ...] = ()

    def get_title(self) -> str:
        return capfirst(str(self.title or self.model._meta.verbose_name_plural))

    @property
    def orderings(self) -> dict[str, tuple[str, ...]]:
        """What one may sort by: name -> fields."""
        if isinstance(self.sorts, dict):
            return self.sorts
        return {name: (name,) for name in self.sorts}

    @property
    def sort(self) -> str:
        """The order asked for ("name" or "-name"), "" for the model's own; others are ignored."""
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.removeprefix("-") in self.orderings else ""

    def get_queryset(self) -> Rows:
        """The rows that pass the filters; none at all when a filter was mistyped."""
        rows = super().get_queryset()
        if self.related:
            rows = rows.select_related(*self.related)
        self.filterset: Any = None
        if self.filterset_class is not None:
            self.filterset = self.filterset_class(self.request.GET, rows, request=self.request)
            rows = rows.none() if self.is_broken else self.filterset.qs
        return self.in_order(rows)

    @cached_property
    def unknown_keys(self) -> list[str]:
        """What the address asks for in vain."""
        return unknown_keys(self.filterset, self.request.GET, (*OF_LISTS, *self.other_keys))

    @property
    def is_broken(self) -> bool:
        """Whether a filter was not understood."""
        if self.filterset is None:
            return False
        return bool(self.unknown_keys) or not self.filterset.is_valid()

    def in_order(self, rows: Rows) -> Rows:
        """The rows as sorted; the primary key makes the order total, so pages never overlap."""
        fields = self.orderings.get(self.sort.removeprefix("-"), ())
        if not fields:
            return rows.order_by(*_own_order(rows))
        sign = "-" if self.sort.startswith("-") else ""
        return rows.order_by(*(f"{sign}{field}" for field in (*fields, "pk")))

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """One page; a page number that is not there gives the nearest one."""
        rows = queryset.only(*self.shown) if self.shown else queryset
        paginator = self.get_paginator(rows, page_size)
        paginator.ids_first = bool(self.sort)  # type: ignore[attr-defined]
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        shown["rows"] = self.prepare(shown["rows"])
        if self.filterset is not None:
            read_together(self.filterset.form.fields.values())
        readable = self.filterset is not None and not self.is_broken
        chips = words.chips(self.filterset, self.request.GET) if readable else []
        return shown | {
            "filterset": self.filterset,
            "chips": chips,
            "is_filtered": bool(chips) or self.is_broken,
            "is_broken": self.is_broken,
            "unknown_keys": self.unknown_keys if self.is_broken else [],
            "columns": self.columns,
            "sort": self.sort,
            "orderings": self.orderings,
            "empty_text": self.empty_text,
            "saved_views": SavedView.objects.filter(
                user=self.request.user.pk, path=self.request.path
            ),
            "create_url": reverse(self.create) if self.create and shown["may"]["add"] else "",
            "list_actions": list_actions.collect(self.request, self.model)
            if not self.is_broken
            else [],
        }


def _own_order(rows: Rows) -> tuple[Any, ...]:
    """The order that a queryset has of itself, made total."""
    own = tuple(rows.query.order_by) or tuple(rows.model._meta.ordering)
    return own if own and own[-1] in ("pk", "-pk") else (*own, "-pk")
