"""What all plain pages share, and the card of one record."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.views.generic import DetailView
from django.views.generic.base import ContextMixin

Rows = QuerySet[Any, Any]
VERBS = ("add", "change", "delete")


class ModelPage(PermissionRequiredMixin, ContextMixin):
    """What all plain pages share: the model's permission, its names, look-up by number or code."""

    model: Any = None
    queryset: Rows | None = None
    verb: ClassVar[str] = "view"
    lookup = "number"
    title = ""
    raise_exception = True
    request: HttpRequest
    object: Any
    kwargs: dict[str, Any]

    def permission(self, verb: str) -> str:
        """The name of the permission to do something with this model, as Django spells it."""
        meta = self.model._meta
        return f"{meta.app_label}.{verb}_{meta.model_name}"

    def get_permission_required(self) -> tuple[str, ...]:
        return (self.permission(self.verb),)

    def get_queryset(self) -> Rows:
        """The rows the page is about."""
        rows = self.model._default_manager if self.queryset is None else self.queryset
        return rows.all()

    def get_object(self, queryset: Rows | None = None) -> Any:
        """The row that the address names; 404 where there is none."""
        rows = self.get_queryset() if queryset is None else queryset
        return get_object_or_404(rows, **{self.lookup: self.kwargs[self.lookup]})

    def get_record_url(self) -> str:
        """The address of the record that the page shows, changes or has made."""
        return str(self.object.get_absolute_url())

    def get_title(self) -> str:
        """The page's one heading."""
        return capfirst(str(self.title))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        may = {verb: self.request.user.has_perm(self.permission(verb)) for verb in VERBS}
        shared = {"title": self.get_title(), "labels": self.model._meta, "may": may}
        return super().get_context_data(model=self.model, **shared, **context)


class DetailPage(ModelPage, DetailView):
    """One record's card."""

    def get_title(self) -> str:
        return str(self.title or self.object)
