"""Cards of contacts and campaigns, and the small verbs on them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.links import LINK_KINDS, LinkKind
from crm.models import Campaign, Contact, MarketingSetup
from crm.pages import CreatePage, DetailPage, ListPage
from crm.panels import (
    campaign_actions,
    campaign_columns,
    campaign_panels,
    contact_actions,
    contact_panels,
)

MOST_PEOPLE = 50
MOST_PURCHASES = 10


class ContactPage(DetailPage):
    """A contact's card. `refused` is a link form that could not be saved, to be shown again."""

    model = Contact
    queryset = Contact.objects.select_related(
        "company", "territory", "salesperson", "salutation", "organizational_level"
    )
    template_name = "crm/contact.html"
    http_method_names = ["get", "head"]
    refused: ModelForm | None = None

    def get_title(self) -> str:
        return str(self.object.name)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        contact = self.object
        people = contact.people.by_name()[: MOST_PEOPLE + 1] if contact.is_company else []
        return super().get_context_data(
            links=[
                kind.shown(contact, self.request.user, self.refused)
                for kind in LINK_KINDS.values()
                if kind.suits(contact)
            ],
            people=people[:MOST_PEOPLE],
            more_people=len(people) > MOST_PEOPLE,
            purchases=contact.purchases.all()[:MOST_PURCHASES],
            addresses=contact.alternative_addresses.all(),
            panels=contact_panels.collect(self.request, contact),
            contact_actions=contact_actions.collect(self.request, contact),
            **context,
        )


class NewContactPage(CreatePage):
    """A new contact with the defaults of the set-up; ?company=C1 begins a person of that one."""

    model = Contact

    def get_initial(self) -> dict[str, Any]:
        """Defaults; a person's come from the company it is begun from."""
        setup = MarketingSetup.load()
        initial = {
            name: getattr(setup, f"default_{name}")
            for name in ("language", "country", "territory", "salesperson", "correspondence_type")
        }
        number = self.request.GET.get("company", "").replace("\x00", "")
        company = Contact.objects.filter(number=number, type="company").first()
        if company is not None:
            inherited = "language country territory salesperson address address_2 post_code city"
            initial |= {name: getattr(company, name) for name in inherited.split()}
            initial |= {"type": "person", "company": company}
        return initial


@require_POST
def add_link(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Puts the contact into one more group, or the like; a refused form comes back on the card."""
    link = _permitted_kind(request, kind, "add")
    contact = get_object_or_404(Contact, number=number)
    if not link.suits(contact):
        raise Http404
    form = link.form_for(contact, request.POST)
    form.instance.by = request.user  # kept where the row has a place for it
    if not form.is_valid():
        card = ContactPage.as_view(refused=form)
        request.method = "GET"
        return _with_status(card(request, number=number), 422)
    added = form.save()
    messages.success(request, _("%(thing)s was added.") % {"thing": added})
    return redirect(contact)


def _with_status(answer: Any, status: int) -> HttpResponse:
    answer.status_code = status
    return answer


@require_POST
def remove_link(request: HttpRequest, number: str, kind: str, pk: int) -> HttpResponse:
    """Takes the contact out of a group, or the like."""
    link = _permitted_kind(request, kind, "delete")
    row = get_object_or_404(link.model, contact__number=number, pk=pk)
    words = str(row)
    row.delete()
    messages.success(request, _("%(thing)s was taken off.") % {"thing": words})
    return redirect("crm:contact", number)


def _permitted_kind(request: HttpRequest, kind: str, verb: str) -> LinkKind:
    """The kind of link that the address names: 404 where there is none, 403 without the right."""
    if kind not in LINK_KINDS:
        raise Http404
    link = LINK_KINDS[kind]
    if not link.permits(request.user, verb):
        raise PermissionDenied
    return link


class CampaignPage(DetailPage):
    """A campaign's card."""

    model = Campaign
    queryset = Campaign.objects.select_related("salesperson")
    template_name = "crm/campaign.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            panels=campaign_panels.collect(self.request, self.object),
            campaign_actions=campaign_actions.collect(self.request, self.object),
            **context,
        )


class CampaignListPage(ListPage):
    """Campaigns, with the numbers that higher floors know of them."""

    model = Campaign
    template_name = "crm/campaigns.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = super().get_context_data(**context)
        rows = list(shown["rows"])
        columns = [
            column for found in campaign_columns.collect(self.request, rows) for column in found
        ]
        for row in rows:
            row.numbers = [column.counts.get(row.pk, 0) for column in columns]
        return shown | {"rows": rows, "count_columns": columns}
