"""Cards of contacts and campaigns, and the small verbs on them."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm import access, duplicates, inheritance, links, sight
from crm.forms import ContactForm
from crm.links import LINK_KINDS, LinkKind
from crm.models import Campaign, Contact, FormerNumber, MarketingSetup
from crm.pages import CreatePage, DetailPage, EditPage
from crm.pages.forms import SavedPage
from crm.panels import (
    campaign_actions,
    campaign_panels,
    contact_actions,
    contact_panels,
)

MOST_PEOPLE = 50
MOST_PURCHASES = 10


class ContactPage(DetailPage):
    """A contact's card. `refused` is a link form that could not be saved, to be shown again."""

    model = Contact
    # Without "erasure", which few have: one table more doubles the planning of the statement.
    queryset = Contact.objects.select_related(
        *("company", "territory", "salesperson", "salutation", "organizational_level"),
        "changed_by",
    )
    template_name = "crm/contact.html"
    http_method_names = ["get", "head"]
    refused: ModelForm | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The card; the number of a contact that was merged into another leads to that one."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            former = FormerNumber.objects.filter(number=kwargs["number"]).values("contact")
            kept = Contact.objects.filter(pk__in=former).first()
            if kept is None:
                raise
            return redirect(kept)

    def get_title(self) -> str:
        return str(self.object.name)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        contact = self.object
        people = list(contact.people.by_name()[: MOST_PEOPLE + 1]) if contact.is_company else []
        return super().get_context_data(
            links=links.shown(contact, self.request.user, self.refused),
            people=people[:MOST_PEOPLE],
            more_people=len(people) > MOST_PEOPLE,
            purchases=contact.purchases.all()[:MOST_PURCHASES],
            addresses=contact.alternative_addresses.all(),
            panels=contact_panels.collect(self.request, contact),
            contact_actions=contact_actions.collect(self.request, contact),
            **context,
        )


class SavedContactPage(SavedPage):
    """What creating and changing a contact share: the company's values, who it was."""

    followed = 0

    def save_form(self, form: Any) -> Contact:
        """Saves it with what it has from its company; its people follow a company."""
        contact: Contact = form.instance
        user: Any = self.request.user
        self.followed = inheritance.save(contact, by=user, typed=form.changed_data)
        return contact

    def get_done_text(self) -> str:
        """Also how many people followed."""
        said = super().get_done_text()
        if not self.followed:
            return said
        followed = ngettext(
            "%(count)s person of it had the same values and has the new ones now.",
            "%(count)s people of it had the same values and have the new ones now.",
            self.followed,
        )
        return format_html("{} {}", said, followed % {"count": intcomma(self.followed)})


class EditContactPage(SavedContactPage, EditPage):
    """A contact, changed."""

    model = Contact
    queryset = Contact.objects.filter(erasure=None)
    form_class = ContactForm
    template_name = "crm/contact_form.html"


class NewContactPage(SavedContactPage, CreatePage):
    """A new contact with the defaults of the set-up; ?company=C1 begins a person of that one.

    One that looks like a stored contact is saved only when that is confirmed.
    """

    model = Contact
    template_name = "crm/contact_form.html"

    def get_initial(self) -> dict[str, Any]:
        """Defaults; a person's come from the company it is begun from."""
        setup = MarketingSetup.load()
        initial = {
            name: getattr(setup, f"default_{name}")
            for name in ("language", "country", "territory", "salesperson", "correspondence_type")
        }
        if sight.now():  # one's own, so that one sees what one has made
            initial["salesperson"] = access.salesperson_of(self.request.user)
        number = self.request.GET.get("company", "").replace("\x00", "")
        company = Contact.objects.filter(number=number, type="company").first()
        if company is not None:
            inherited = inheritance.values_of(company)
            initial |= {name.removesuffix("_id"): value for name, value in inherited.items()}
            initial |= {"type": "person", "company": company}
        return initial

    def form_valid(self, form: Any) -> HttpResponse:
        """Asks first where the contact looks like another, unless that one was shown and denied."""
        contact = form.instance
        contact.prepare()
        similar = duplicates.similar_to(contact)
        denied = set(self.request.POST.getlist("somebody_else"))
        if {one.number for one, _likeness in similar} <= denied:
            return super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form, similar=similar))


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
    touch(contact, by=request.user)
    messages.success(request, _("%(thing)s was added.") % {"thing": added})
    return redirect(contact)


def touch(contact: Contact, *, by: Any) -> None:
    """A contact is changed by what is linked to it, too (1.19 of the reference)."""
    Contact.objects.filter(pk=contact.pk).update(changed_at=timezone.now(), changed_by=by)


def _with_status(answer: Any, status: int) -> HttpResponse:
    answer.status_code = status
    return answer


@require_POST
def remove_link(request: HttpRequest, number: str, kind: str, pk: int) -> HttpResponse:
    """Takes the contact out of a group, or the like."""
    link = _permitted_kind(request, kind, "delete")
    contact = get_object_or_404(Contact, number=number)
    row = get_object_or_404(link.model, contact=contact, pk=pk)
    words = str(row)
    row.delete()
    touch(contact, by=request.user)
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
