"""Pages of a contact's alternative addresses; they stand under the contact's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.forms import AddressForm
from crm.models import AlternativeAddress, Contact
from crm.pages import CreatePage, EditPage, ModelPage


class AddressPage(ModelPage):
    """What they share: the contact of the address line, to whose card one returns."""

    model = AlternativeAddress
    lookup = "pk"
    object: Any

    @cached_property
    def contact(self) -> Contact:
        """The contact that the page's address names."""
        return get_object_or_404(Contact, number=self.kwargs["number"], erasure=None)

    def get_queryset(self) -> QuerySet[Any, Any]:
        """The addresses of that contact only."""
        return AlternativeAddress.objects.filter(contact=self.contact)

    def get_record_url(self) -> str:
        return self.contact.get_absolute_url()

    def get_parent(self) -> str:
        """The contact's name."""
        return self.contact.name


class NewAddressPage(AddressPage, CreatePage):
    """One more address of a contact."""

    form_class = AddressForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": AlternativeAddress(contact=self.contact)}


class EditAddressPage(AddressPage, EditPage):
    """An address, changed."""

    form_class = AddressForm


@require_POST
def delete_address(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Deletes one alternative address."""
    if not request.user.has_perm("crm.delete_alternativeaddress"):
        raise PermissionDenied
    contact = get_object_or_404(Contact, number=number)
    row = get_object_or_404(AlternativeAddress, contact=contact, pk=pk)
    row.delete()
    messages.success(request, _("The address %(code)s was deleted.") % {"code": row.code})
    return redirect("crm:contact", number)
