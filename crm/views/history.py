"""The audit trail: searched by managers, and seen on its record by whoever may see that."""

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import sight
from crm.audit.filters import AuditFilter
from crm.audit.reading import changes, kind_label, of_record, seen
from crm.audit.tables import watched
from crm.exporting import Column
from crm.models import AuditEntry
from crm.pages import ListPage
from crm.pages.base import Rows

OF_USERS = "auth."


def _said(entry: AuditEntry) -> str:
    """What changed, in one cell."""
    said = (
        f"{one.label}: {_('was changed') if one.is_secret else f'{one.old} → {one.new}'}"
        for one in changes(entry)
    )
    return "; ".join(said)


COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("When"), "at"),
    (gettext_lazy("By"), "by"),
    (gettext_lazy("By way of"), "act"),
    (gettext_lazy("Record"), lambda entry: f"{kind_label(entry)} {entry.label or entry.row}"),
    (gettext_lazy("What was done"), "verb"),
    (gettext_lazy("Changes"), _said),
)


class HistoryPage(ListPage):
    """All changes of what one sees, newest first; those of users for whoever may see users."""

    model = AuditEntry
    filterset_class = AuditFilter
    template_name = "crm/history.html"
    export = COLUMNS

    def get_queryset(self) -> Rows:
        rows = AuditEntry.objects.all()
        if not self.request.user.has_perm("auth.view_user"):
            rows = rows.exclude(kind__startswith=OF_USERS)
        self.queryset = seen(rows)
        return super().get_queryset()


class RecordHistoryPage(ListPage):
    """What happened to one record; also after it has gone."""

    model = AuditEntry
    template_name = "crm/history.html"
    export = COLUMNS
    empty_text = gettext_lazy("Nothing was changed since changes are put down.")  # type: ignore[assignment]

    @cached_property
    def record_model(self) -> Any:
        """The model that the address names; 404 for one that has no history of its own."""
        one = watched.get(self.kwargs["kind"])
        if one is None or one.subject:
            raise Http404
        return one.model

    @cached_property
    def record(self) -> Any:
        """The record; None where it is not there any more."""
        return self.record_model._default_manager.filter(pk=self.kwargs["pk"]).first()

    @property
    def is_out_of_sight(self) -> bool:
        """Whether it cannot be told if one would see the record, were it there."""
        return bool(sight.now()) and issubclass(self.record_model, sight.Seen)

    def get_permission_required(self) -> tuple[str, ...]:
        meta = self.record_model._meta
        return (f"{meta.app_label}.view_{meta.model_name}",)

    def get_queryset(self) -> Rows:
        label_of = watched[self.kwargs["kind"]].label
        label = getattr(self.record, label_of, "") if label_of and "__" not in label_of else ""
        self.queryset = of_record(self.kwargs["kind"], self.kwargs["pk"], label)
        if self.record is None and (self.is_out_of_sight or not self.queryset.exists()):
            raise Http404
        return super().get_queryset()

    def get_title(self) -> str:
        name = self.record or f"{self.record_model._meta.verbose_name} {self.kwargs['pk']}"
        return _("History of %(record)s") % {"record": name}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **context)
