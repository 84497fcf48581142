"""Pages that change a record: create, edit, delete."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import DetailView
from django.views.generic.edit import CreateView, UpdateView

from crm import sight
from crm.pages.base import ModelPage, Rows


class SavedPage(ModelPage):
    """What create and edit share: saving, the words afterwards, where to go on."""

    done_text = ""
    cancel = ""
    form_class: Any = None

    def get_parent(self) -> str:
        """What the page belongs to, in words; leads to the same place as Cancel."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    def get_cancel_url(self) -> str:
        """Where one goes who changes his mind."""
        return reverse(self.cancel) if self.cancel else self.get_record_url()

    def form_valid(self, form: BaseModelForm) -> HttpResponse:
        """Saves; where somebody was quicker with the same number, says so and keeps the form."""
        try:
            with transaction.atomic():
                self.object = self.save_form(form)
        except IntegrityError:
            form.add_error(
                None,
                _(
                    "This could not be saved, because another record has the same number. "
                    "If you left the number empty, type one that is free, or ask an administrator "
                    "to move the number series on; then save again."
                ),
            )
            return self.form_invalid(form)  # type: ignore[attr-defined]
        if sight.is_lost(self.object):
            messages.success(self.request, sight.HANDED_OVER % {"record": self.object})
            return HttpResponseRedirect(reverse("home"))
        messages.success(self.request, self.get_done_text())
        return HttpResponseRedirect(self.get_success_url())

    def save_form(self, form: BaseModelForm) -> Model:
        """Saves the record; pages whose record takes more with it say so here."""
        saved: Model = form.save()
        return saved

    def get_done_text(self) -> str:
        """What the next page says, with a link to the record."""
        link = format_html('<a href="{}">{}</a>', self.get_record_url(), self.object)
        return format_html(str(self.done_text), record=link)

    def get_success_url(self) -> str:
        return self.get_record_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = {"cancel_url": self.get_cancel_url(), "parent": self.get_parent()}
        return super().get_context_data(**shown, **context)


class CreatePage(SavedPage, CreateView):
    """A form for a new record. `cancel` names the page to go back to."""

    verb = "add"
    template_name = "generic/form.html"

    def get_title(self) -> str:
        return capfirst(self.title or _("New %(thing)s") % {"thing": self.model._meta.verbose_name})

    def get_done_text(self) -> str:
        self.done_text = self.done_text or _("{record} was created.")
        return super().get_done_text()


class EditPage(SavedPage, UpdateView):
    """A form to change a record. `delete` names the page that deletes it."""

    verb = "change"
    template_name = "generic/form.html"
    delete_page = ""

    def get_title(self) -> str:
        return str(self.title or _("Edit %(record)s") % {"record": self.object_as_stored})

    def get_object(self, queryset: Rows | None = None) -> Any:
        """The record, and how it names itself before the form touches it."""
        self.object = super().get_object(queryset)
        self.object_as_stored = str(self.object)
        self.stored_url = self.get_record_url()
        return self.object

    def get_parent(self) -> str:
        return self.object_as_stored

    def get_cancel_url(self) -> str:
        return self.stored_url

    def get_done_text(self) -> str:
        self.done_text = self.done_text or _("{record} was saved.")
        return super().get_done_text()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        url = ""
        if self.delete_page and shown["may"]["delete"]:
            url = reverse(self.delete_page, kwargs=self.kwargs)
        return shown | {"delete_url": url}


class DeletePage(ModelPage, DetailView):
    """Says what would go, asks, deletes; refuses while other records need the record.

    `done` names the page to go to afterwards.
    """

    verb = "delete"
    template_name = "generic/confirm_delete.html"
    done = ""
    kept_by = ""

    def get_title(self) -> str:
        return self.title or _("Delete %(record)s?") % {"record": self.object}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Deletes the record, or tells what keeps it."""
        self.object = self.get_object()
        name = str(self.object)
        try:
            self.delete_object()
        except ProtectedError as error:
            self.kept_by = _kinds(error.protected_objects)
            return self.render_to_response(self.get_context_data(), status=409)
        messages.success(request, _("%(record)s was deleted.") % {"record": name})
        return HttpResponseRedirect(reverse(self.done))

    def delete_object(self) -> None:
        """Deletes the record; pages whose record takes more with it say so here."""
        self.object.delete()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        cancel_url = self.get_record_url()
        return super().get_context_data(cancel_url=cancel_url, kept_by=self.kept_by, **context)


def _kinds(rows: set[Model]) -> str:
    """Which kinds of records these are, in words, each once."""
    return ", ".join(sorted({str(row._meta.verbose_name_plural) for row in rows}))
